"""Counting what happened of one provision, week by week; what each word means is said in `rules/dosage.py`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from graduated.rules.calendar import TermDates, monday_of, school_days
from graduated.rules.dosage import SHORTER, Dose, LoggedSession, PlannedDose
from graduated.rules.vocabulary import Evidencing, SessionState


class _Slot(NamedTuple):
    """One planned session: its day if fixed, and the day that must be over before it is missing."""

    on: date | None
    due: date


@dataclass(slots=True)
class _Count:
    """What is being counted of one provision, whose planned session takes so many `minutes`."""

    minutes: int
    met: int = 0
    silent: int = 0
    delivered: int = 0
    extra: int = 0
    had: int = 0
    unplanned: int = 0
    missed: dict[str, int] = field(default_factory=dict)
    missed_sessions: dict[str, int] = field(default_factory=dict)

    def meet(self, entry: LoggedSession) -> None:
        """A planned session with its entry: had, missed, or had in part."""
        self.met += 1
        why = entry.why
        if why is not None:
            self._miss(why, self.minutes)
            self.missed_sessions[why] = self.missed_sessions.get(why, 0) + 1
            return
        minutes = entry.had
        self.had += 1
        self.delivered += minutes
        if minutes > self.minutes:
            self.extra += minutes - self.minutes
        elif minutes < self.minutes:
            self._miss(SHORTER, self.minutes - minutes)

    def go_beyond(self, entry: LoggedSession) -> None:
        """An entry that no planned session is left for: extra where the pupil had it, else nothing."""
        if entry.why is None:
            minutes = entry.had
            self.had += 1
            self.unplanned += 1
            self.delivered += minutes
            self.extra += minutes

    def _miss(self, why: str, minutes: int) -> None:
        self.missed[why] = self.missed.get(why, 0) + minutes

    def as_dose(self, whole: int, *, logged: bool) -> Dose:
        """The dose, with so many sessions in the whole plan."""
        to_date = self.met + self.silent
        return Dose(
            planned_to_date_minutes=to_date * self.minutes,
            delivered_minutes=self.delivered,
            extra_minutes=self.extra,
            missed_by_reason=self.missed,
            not_recorded_minutes=self.silent * self.minutes,
            to_come_minutes=(whole - to_date) * self.minutes,
            whole_plan_minutes=whole * self.minutes,
            sessions_planned_to_date=to_date,
            sessions_delivered=self.had,
            sessions_extra=self.unplanned,
            sessions_missed=sum(self.missed_sessions.values()),
            sessions_not_recorded=self.silent,
            sessions_whole_plan=whole,
            logged=logged,
            sessions_missed_by_reason=self.missed_sessions,
        )


def dose(
    planned: PlannedDose,
    logged: Iterable[LoggedSession],
    terms: Sequence[TermDates],
    bank_holidays: Collection[date],
    today: date,
) -> Dose:
    """What was planned, delivered, missed and not recorded up to today (design §5, Dosage). Minutes are the pupil's."""
    weeks = _slots(planned, terms, bank_holidays)
    entries = _entries_by_week(planned, logged, weeks, today)
    count = _Count(planned.minutes)
    for monday in sorted(weeks.keys() | entries.keys()):
        _week(count, weeks.get(monday, []), entries.get(monday, []), today)
    whole = sum(len(slots) for slots in weeks.values())
    return count.as_dose(whole, logged=planned.evidencing is not Evidencing.NONE)


def _slots(
    planned: PlannedDose, terms: Sequence[TermDates], bank_holidays: Collection[date]
) -> dict[date, list[_Slot]]:
    """The planned sessions by the Monday of their week; nothing outside term, plan or place."""
    last_known = max((term.ends for term in terms), default=planned.starts)
    first = max(planned.starts, planned.place_from or planned.starts)
    last = min(planned.ends or last_known, planned.place_until or last_known, last_known)
    return _weeks_of(first, last, planned.weekdays, planned.times_a_week, tuple(terms), frozenset(bank_holidays))


@lru_cache(maxsize=128)  # each is some ten kilobytes
def _weeks_of(
    first: date,
    last: date,
    weekdays: frozenset[int] | None,
    times_a_week: int,
    terms: tuple[TermDates, ...],
    bank_holidays: frozenset[date],
) -> dict[date, list[_Slot]]:
    """The same between two days; remembered and not to be changed, as all of a group, and many plans, have the same."""
    days_of_week: dict[date, list[date]] = defaultdict(list)
    for day in school_days(first, last, terms, bank_holidays):
        days_of_week[monday_of(day)].append(day)
    if weekdays is not None:
        return {
            monday: [_Slot(day, day) for day in days if day.weekday() in weekdays]
            for monday, days in days_of_week.items()
        }
    most_in_a_day = -(-times_a_week // 5)
    return {
        monday: [_Slot(None, days[-1])] * min(times_a_week, most_in_a_day * len(days))
        for monday, days in days_of_week.items()
    }


def _entries_by_week(
    planned: PlannedDose, logged: Iterable[LoggedSession], weeks: dict[date, list[_Slot]], today: date
) -> dict[date, list[LoggedSession]]:
    """What counts, by week and in order of date; a weekly tick stands for every session of its week."""
    by_week: dict[date, list[LoggedSession]] = defaultdict(list)
    if planned.evidencing is Evidencing.NONE:
        return by_week
    for entry in sorted(logged, key=lambda one: (one.on, one.why is not None)):
        if entry.state is not SessionState.WITHDRAWN and entry.on <= today:
            by_week[monday_of(entry.on)].append(entry)
    if planned.evidencing is Evidencing.WEEKLY:
        for monday, entries in by_week.items():
            tick = next((one for one in entries if one.why is None), entries[0])
            full = replace(tick, minutes=planned.minutes, pupil_minutes=None)
            by_week[monday] = [full] * max(1, len(weeks.get(monday, ())))
    return by_week


def _week(count: _Count, slots: list[_Slot], entries: list[LoggedSession], today: date) -> None:
    """One week: entries meet the planned session of their own day first, then the others of the week in order of date.

    So a session that was moved within its week is not both "not recorded" and extra.
    """
    free, moved = list(slots), []
    for entry in entries:
        own = next((place for place, slot in enumerate(free) if slot.on == entry.on), None)
        if own is None:
            moved.append(entry)
        else:
            del free[own]
            count.meet(entry)
    for entry in moved[: len(free)]:
        count.meet(entry)
    for entry in moved[len(free) :]:
        count.go_beyond(entry)
    count.silent += sum(slot.due < today for slot in free[len(moved) :])


def days_not_logged(
    planned: PlannedDose,
    logged: Iterable[LoggedSession],
    terms: Sequence[TermDates],
    bank_holidays: Collection[date],
    first: date,
    today: date,
) -> tuple[date, ...]:
    """Fixed days from `first` up to yesterday with a planned session and no entry that week which could be it.

    For "sessions not logged this week" on Today. Support without fixed days, or not logged, has none.
    """
    if planned.weekdays is None or planned.evidencing is not Evidencing.SESSION:
        return ()
    weeks: dict[date, list[date]] = defaultdict(list)
    since, until = monday_of(first), monday_of(today) + timedelta(days=6)
    for one in logged:
        if one.on >= since and one.state is not SessionState.WITHDRAWN:
            weeks[monday_of(one.on)].append(one.on)
    missing: list[date] = []
    # Weeks stand for themselves, so only those asked about are laid out, each of them whole.
    asked = replace(planned, starts=max(planned.starts, since), ends=min(planned.ends or until, until))
    for monday, slots in _slots(asked, terms, bank_holidays).items():
        within = [slot.due for slot in slots]
        week = weeks.get(monday, [])
        spare = sum(1 for on in week if on not in within)
        silent = [day for day in within if day not in week]
        missing += [day for day in silent[spare:] if first <= day < today]
    return tuple(missing)
