"""How much of the planned provision really happened: one function, used everywhere (design §5, Dosage).

The identity that always holds, in minutes and in sessions:

    planned to date = (delivered - extra) + missed with a reason + not recorded

* **Planned** are the sessions on school days while the plan runs and the pupil belongs to the group. With weekdays
  they are those days; without, as many a week as agreed, never more than fit in the school days of a short week.
* A planned session is **to date** once its day is over, or as soon as it is logged; one without a weekday once the
  last school day of its week is over. So nothing counts against a school while it can still happen.
* **Delivered** are the pupil's own minutes. What goes beyond the plan (longer sessions, sessions that nobody planned,
  a session in the holidays) is delivered too and said apart as **extra**; percent may therefore pass 100.
* **Missed** has a recorded reason: cancelled, the pupil away, or a session that was shorter than planned.
* **Not recorded** is the rest. It is never called missed.

Entries dated after today wait. An entry that was withdrawn counts for nothing, nor does the cancelling of a session
that nobody had planned.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import date

from graduated.rules.vocabulary import AbsenceReason, CancelReason, Evidencing, ProvisionKind, SessionState, inside

BEHIND_BELOW = 75
"""Percent of the planned minutes below which Today speaks of a provision; ours, not the Code's."""

BEHIND_AFTER = 3
"""Planned sessions that must lie behind before a provision can be behind: one bad week is not a pattern."""

NO_REASON = "Reason not given"
SHORTER = "Session shorter than planned"


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """What was agreed for one pupil: minutes each time, how often, from when to when, and how it is evidenced.

    `weekdays` are 0 for Monday to 4 for Friday, or None when no day was fixed. `ends` is the plan's (or, when it runs
    on, the day up to which it ran on); `place_from` and `place_until` are the pupil's own days in the group.
    """

    kind: ProvisionKind
    evidencing: Evidencing
    minutes: int
    times_a_week: int
    weekdays: frozenset[int] | None
    starts: date
    ends: date | None
    place_from: date | None = None
    place_until: date | None = None


@dataclass(frozen=True, slots=True)
class LoggedSession:
    """One entry for one pupil. A weekly tick is an entry on any day of its week.

    `minutes` is what the session lasted, `pupil_minutes` what the pupil had of it if that differs.
    """

    on: date
    minutes: int
    state: SessionState
    reason: CancelReason | None = None
    present: bool = True
    absence_reason: AbsenceReason | None = None
    pupil_minutes: int | None = None

    @property
    def had(self) -> int:
        """Minutes that the pupil had; nothing when cancelled or away."""
        if self.state is not SessionState.DELIVERED or not self.present:
            return 0
        return max(0, self.minutes if self.pupil_minutes is None else self.pupil_minutes)

    @property
    def why(self) -> str | None:
        """The label of the reason for which it was missed; None when the pupil had it."""
        if self.state is SessionState.CANCELLED:
            return self.reason.label if self.reason else NO_REASON
        if not self.present:
            return self.absence_reason.label if self.absence_reason else NO_REASON
        return None


@dataclass(frozen=True, slots=True)
class Dose:
    """Minutes and sessions of one provision, or of several together; the module says what each word means.

    Reasons count minutes in `missed_by_reason` and whole sessions in `sessions_missed_by_reason`.

    `percent` is delivered of planned to date, None when nothing was planned yet or the support is not logged.
    """

    planned_to_date_minutes: int = 0
    delivered_minutes: int = 0
    extra_minutes: int = 0
    missed_by_reason: dict[str, int] = field(default_factory=dict)
    not_recorded_minutes: int = 0
    to_come_minutes: int = 0
    whole_plan_minutes: int = 0
    sessions_planned_to_date: int = 0
    sessions_delivered: int = 0
    sessions_extra: int = 0
    sessions_missed: int = 0
    sessions_not_recorded: int = 0
    sessions_whole_plan: int = 0
    logged: bool = True
    sessions_missed_by_reason: dict[str, int] = field(default_factory=dict)

    @property
    def missed_minutes(self) -> int:
        """All minutes missed with a recorded reason."""
        return sum(self.missed_by_reason.values())

    @property
    def percent(self) -> int | None:
        """Delivered of planned to date, rounded half up; 100 is never said of less than all."""
        if not self.logged or self.planned_to_date_minutes == 0:
            return None
        planned, delivered = self.planned_to_date_minutes, self.delivered_minutes
        rounded = (200 * delivered + planned) // (2 * planned)
        return 99 if rounded == 100 and delivered < planned else rounded

    @property
    def behind(self) -> bool:
        """Whether Today should speak of it: under three quarters after at least three planned sessions."""
        percent = self.percent
        return percent is not None and percent < BEHIND_BELOW and self.sessions_planned_to_date >= BEHIND_AFTER

    @property
    def sentence(self) -> str:
        """One line for every page and the pack; counts are sessions where nothing else is said.

        "70%: 7 of 10 sessions, 210 of 300 minutes to date · 2 missed: 1 ill or away, 1 no adult free · 1 not recorded"
        """
        if not self.logged:
            return f"{self.planned_to_date_minutes:,} minutes planned to date; this support is not logged"
        if not self.planned_to_date_minutes:
            also = f"; {self.delivered_minutes:,} minutes were delivered" if self.delivered_minutes else ""
            return f"Nothing was planned to date{also}"
        had, planned = self.sessions_delivered - self.sessions_extra, self.sessions_planned_to_date
        minutes = f"{self.delivered_minutes:,} of {self.planned_to_date_minutes:,} minutes to date"
        parts = [f"{self.percent}%: {had:,} of {_count(planned, 'session')}, {minutes}"]
        if self.sessions_missed:
            largest_first = sorted(self.sessions_missed_by_reason.items(), key=lambda item: (-item[1], item[0]))
            reasons = ", ".join(_for_a_reason(number, label) for label, number in largest_first)
            parts.append(f"{self.sessions_missed:,} missed: {reasons or NO_REASON.lower()}")
        if SHORTER in self.missed_by_reason:
            parts.append(f"{_count(self.missed_by_reason[SHORTER], 'minute')} lost to shorter sessions")
        if self.sessions_not_recorded:
            parts.append(f"{self.sessions_not_recorded:,} not recorded")
        if self.extra_minutes:
            parts.append(f"{_count(self.extra_minutes, 'minute')} delivered beyond the plan")
        return " · ".join(parts)

    @property
    def sessions_to_come(self) -> int:
        """Planned sessions that can still happen."""
        return self.sessions_whole_plan - self.sessions_planned_to_date

    @property
    def whole_plan(self) -> str:
        """The plan to its end in a line: "Whole plan: 20 sessions, 600 minutes; 10 sessions, 300 minutes to come"."""
        if not self.whole_plan_minutes:
            return ""
        whole = f"Whole plan: {_count(self.sessions_whole_plan, 'session')}, {self.whole_plan_minutes:,} minutes"
        if not self.to_come_minutes:
            return f"{whole}; none to come"
        return f"{whole}; {_count(self.sessions_to_come, 'session')}, {self.to_come_minutes:,} minutes to come"

    @property
    def words(self) -> str:
        """Everything said of it, as a paragraph of the pack: to date, to the end of the plan, and behind."""
        return " ".join(f"{part}." for part in (self.sentence, self.whole_plan, self.behind_words) if part)

    @property
    def behind_words(self) -> str:
        """That it is behind, in words; and when the sessions nobody recorded could be the reason, that too."""
        if not self.behind:
            return ""
        known = self.delivered_minutes + self.not_recorded_minutes
        if 100 * known >= BEHIND_BELOW * self.planned_to_date_minutes:
            return f"Behind as far as it is recorded: under {BEHIND_BELOW}% delivered, and some is not recorded"
        return f"Behind the plan: under {BEHIND_BELOW}% of what was planned to date was delivered"


_NUMBERS = tuple(each for each in fields(Dose) if each.type == "int")


def together(doses: Iterable[Dose]) -> Dose:
    """Several provisions as one; support that is not logged is left out, as it could only dilute what is known."""
    total = Dose()
    for one in doses:
        if one.logged:
            total = _add(total, one)
    return total


def between(now: Dose, before: Dose) -> Dose:
    """What lies between two days of one provision: counted up to the later, without what was counted up to the earlier.

    What is still to come is the later day's, and the whole plan what was planned in between and is to come.
    """
    until = {
        "to_come_minutes": 0,
        "whole_plan_minutes": before.planned_to_date_minutes,
        "sessions_whole_plan": before.sessions_planned_to_date,
    }
    numbers = {
        each.name: getattr(now, each.name) - until.get(each.name, getattr(before, each.name)) for each in _NUMBERS
    }
    return Dose(
        **numbers,
        missed_by_reason=_less(now.missed_by_reason, before.missed_by_reason),
        sessions_missed_by_reason=_less(now.sessions_missed_by_reason, before.sessions_missed_by_reason),
        logged=now.logged,
    )


def _add(one: Dose, other: Dose) -> Dose:
    """Two doses summed; whether it is logged is the first one's."""
    sums = {each.name: getattr(one, each.name) + getattr(other, each.name) for each in _NUMBERS}
    return Dose(
        **sums,
        missed_by_reason=_merged(one.missed_by_reason, other.missed_by_reason),
        sessions_missed_by_reason=_merged(one.sessions_missed_by_reason, other.sessions_missed_by_reason),
        logged=one.logged,
    )


def _merged(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {label: one.get(label, 0) + other.get(label, 0) for label in {**one, **other}}


def _less(now: dict[str, int], before: dict[str, int]) -> dict[str, int]:
    return {label: number - before.get(label, 0) for label, number in now.items() if number > before.get(label, 0)}


def _for_a_reason(number: int, label: str) -> str:
    """One reason as a line says it: "2 ill or away", and never "2 another reason"."""
    if label == CancelReason.OTHER.label:
        return f"{number:,} for another reason"
    if label == NO_REASON:
        return f"{number:,} with no reason given"
    return f"{number:,} {inside(label)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
