"""How much of the planned provision was delivered, read for one cycle, some pupils or the whole school.

Every figure comes from `rules.dosage.dose`; what stands here only finds what was planned and what was logged. The
number of queries does not depend on how many pupils are asked for.

* A provision runs from its start to its end, but not past the review of its cycle. When the review said "continue" it
  runs on until the next plan is agreed, and that plan's copy counts from there: nothing falls between two cycles, and
  nothing is counted twice.
* A review sees its cycle as the seal will close it: up to the day on which it is held, early or late (`AtReview`), so
  that the sitting, the last look and the record say the same figures.
* Sessions of a group count for a pupil who was marked present or away; one that did not happen counts for every pupil
  whose place covers the day.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from operator import itemgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.models import IN_FORCE, DeliveredSession, Presence, WeeklyTick
from graduated.plan.models import Cycle, Group, Place, Provision
from graduated.rules.calendar import TermDates, school_weeks
from graduated.rules.dosage import Dose, LoggedSession, PlannedDose, days_not_logged, dose
from graduated.rules.vocabulary import CancelReason, CycleStatus, Evidencing, SessionState
from graduated.school.queries import bank_holidays, terms

_Before = aliased(Provision)
_Next = aliased(Cycle)
_FAR = timedelta(days=7 * 60)
_AGREED = (CycleStatus.AGREED, CycleStatus.REVIEWED, CycleStatus.LEFT, CycleStatus.PLAN_ISSUED)


Calendar = tuple[tuple[TermDates, ...], frozenset[date]]
"""The school's terms and the bank holidays."""


@dataclass(frozen=True, slots=True)
class ProvisionDose:
    """One provision of one pupil with its dose to date; `group_id` is None for support in class."""

    provision_id: int
    pupil_id: int
    cycle_id: int
    group_id: int | None
    name: str
    running: bool
    planned: PlannedDose
    dose: Dose
    missing_days: tuple[date, ...] = ()
    group_name: str = ""
    staff_id: int | None = None
    weekdays: tuple[int, ...] = ()
    at: time | None = None
    last_logged: date | None = None


@dataclass(frozen=True, slots=True)
class AtReview:
    """A cycle as its review closes it: on which day, and the provisions that are said to continue."""

    cycle_id: int
    held_on: date
    going_on: frozenset[int] = frozenset()


_COLUMNS = (
    Provision.id,
    Provision.pupil_id,
    Provision.cycle_id,
    Provision.place_id,
    Provision.name,
    Provision.kind,
    Provision.evidencing,
    Provision.minutes,
    Provision.times_a_week,
    Provision.weeks,
    Provision.starts,
    Provision.ends,
    Provision.runs_on,
    Provision.stopped_on,
    Cycle.status,
    Cycle.ends.label("cycle_ends"),
    Cycle.review_due,
    Cycle.agreed_on,
    Place.group_id,
    Place.starts.label("place_from"),
    Place.ends.label("place_until"),
    Group.weekdays,
    Group.name.label("group_name"),
    Group.staff_id,
    Group.at,
    _Before.id.label("before_id"),
    _Next.agreed_on.label("next_agreed_on"),
)


def _provisions(*where: ColumnElement[bool]) -> Any:
    return (
        select(*_COLUMNS)
        .join(Cycle, Cycle.id == Provision.cycle_id)
        .outerjoin(Place, Place.id == Provision.place_id)
        .outerjoin(Group, Group.id == Place.group_id)
        .outerjoin(
            _Before,
            (_Before.cycle_id == Cycle.previous_id)
            & _Before.runs_on.is_(True)
            & or_(
                _Before.place_id == Provision.place_id,
                _Before.place_id.is_(None) & Provision.place_id.is_(None) & (_Before.name == Provision.name),
            ),
        )
        # The pupil is named so that the index of a pupil's cycles finds the next one, not a walk over the school's.
        .outerjoin(
            _Next,
            (_Next.pupil_id == Cycle.pupil_id) & (_Next.previous_id == Cycle.id) & _Next.agreed_on.is_not(None),
        )
        .where(*where)
        .order_by(Provision.cycle_id, Provision.position, Provision.id)
    )


_OF_PUPILS = _provisions(Provision.pupil_id.in_(bindparam("pupil_ids", expanding=True)))
_OF_CYCLE = _provisions(Provision.cycle_id == bindparam("cycle_id"))
_RUNNING = _provisions(or_(Cycle.status == CycleStatus.AGREED, Provision.runs_on.is_(True)))


def _sessions(*of: ColumnElement[bool]) -> Any:
    return (
        select(
            DeliveredSession.id,
            DeliveredSession.group_id,
            DeliveredSession.held_on,
            DeliveredSession.minutes,
            DeliveredSession.state,
            DeliveredSession.reason,
            Presence.pupil_id,
            Presence.present,
            Presence.minutes.label("pupil_minutes"),
            Presence.reason.label("absence_reason"),
        )
        .outerjoin(Presence, and_(Presence.delivered_session_id == DeliveredSession.id, *of))
        .where(
            DeliveredSession.group_id.in_(bindparam("group_ids", expanding=True)),
            DeliveredSession.held_on >= bindparam("first"),
            *IN_FORCE,
        )
        .order_by(DeliveredSession.held_on, DeliveredSession.id)
    )


_SESSIONS = _sessions()
_SESSIONS_OF_ONE = _sessions(Presence.pupil_id == bindparam("pupil_id"))
_TICKS = (
    select(WeeklyTick.provision_id, WeeklyTick.week_of, WeeklyTick.happened, WeeklyTick.reason)
    .where(WeeklyTick.provision_id.in_(bindparam("provision_ids", expanding=True)))
    .order_by(WeeklyTick.id)
)


def doses_of_cycle(cycle_id: int, on: date | None = None, review: AtReview | None = None) -> dict[int, Dose]:
    """The dose of every provision of a cycle, by its id, up to a day (today unless said) or as a review saw it."""
    found = _measured(_OF_CYCLE, {"cycle_id": cycle_id}, on, review=review)
    return {one.provision_id: one.dose for one in found}


def doses_of_pupils(pupil_ids: Collection[int], on: date | None = None) -> dict[int, dict[int, Dose]]:
    """The doses of all cycles of these pupils: pupil id to provision id to dose, up to a day (today unless said)."""
    found: dict[int, dict[int, Dose]] = {pupil_id: {} for pupil_id in pupil_ids}
    for one in _measured(_OF_PUPILS, {"pupil_ids": list(pupil_ids)}, on):
        found.setdefault(one.pupil_id, {})[one.provision_id] = one.dose
    return found


def provision_doses_of_pupils(
    pupil_ids: Collection[int],
    on: date | None = None,
    review: AtReview | None = None,
    silent_since: date | None = None,
) -> tuple[ProvisionDose, ...]:
    """The same with name, cycle and group of each provision; one cycle as its review sees it, where that is said.

    With `silent_since`, `missing_days` are filled as in `running_doses`, for cycles that are over too.
    """
    return _measured(_OF_PUPILS, {"pupil_ids": list(pupil_ids)}, on, silent_since, review=review)


def doses_on_two_days(
    pupil_ids: Collection[int], before: date, on: date
) -> tuple[tuple[ProvisionDose, ...], tuple[ProvisionDose, ...]]:
    """The same up to a day before and up to a day, from one reading: what lies between is a period's own."""
    rows, known = _rows(_OF_PUPILS, {"pupil_ids": list(pupil_ids)}), (terms(), bank_holidays())
    log = _Log(rows)
    return _counted(rows, log, before, known), _counted(rows, log, on, known)


def running_doses(
    on: date | None = None, silent_since: date | None = None, calendar: Calendar | None = None
) -> tuple[ProvisionDose, ...]:
    """Every provision that runs on that day, of every pupil in sight.

    With `silent_since`, `missing_days` are the fixed days from then up to yesterday that nobody has logged. `calendar`
    saves reading the terms again.
    """
    return tuple(one for one in _measured(_RUNNING, {}, on, silent_since, calendar) if one.running)


@lru_cache(maxsize=4096)
def _told(
    planned: PlannedDose,
    logged: tuple[LoggedSession, ...],
    calendar: tuple[TermDates, ...],
    holidays: frozenset[date],
    silent_since: date | None,
    on: date,
) -> tuple[Dose, tuple[date, ...]]:
    """What the rules say, remembered: they walk every school day of a plan, and many pages show the same plan."""
    missing = days_not_logged(planned, logged, calendar, holidays, silent_since, on) if silent_since else ()
    return dose(planned, logged, calendar, holidays, on), missing


def _measured(
    statement: Any,
    given: Mapping[str, Any],
    on: date | None,
    silent_since: date | None = None,
    known: Calendar | None = None,
    review: AtReview | None = None,
) -> tuple[ProvisionDose, ...]:
    rows = _rows(statement, given)
    if review is not None:
        rows = [_as_reviewed(row, review) for row in rows]
    return _counted(rows, _Log(rows), on or today(), known or (terms(), bank_holidays()), silent_since)


def _rows(statement: Any, given: Mapping[str, Any]) -> list[Any]:
    return list({row.id: row for row in db.session.execute(statement, dict(given))}.values())


def _counted(
    rows: list[Any], log: _Log, day: date, known: Calendar, silent_since: date | None = None
) -> tuple[ProvisionDose, ...]:
    calendar, holidays = known
    found = []
    for row in rows:
        plan = _planned(row, day, calendar, holidays)
        entries = log.of(row, plan)
        agreed = row.status in _AGREED
        # A draft promises nothing yet.
        counted, missing = (
            _told(plan, tuple(entries), calendar, holidays, silent_since, day)
            if agreed
            else (Dose(logged=row.evidencing is not Evidencing.NONE), ())
        )
        found.append(
            ProvisionDose(
                provision_id=row.id,
                pupil_id=row.pupil_id,
                cycle_id=row.cycle_id,
                group_id=row.group_id,
                name=row.name,
                running=agreed and plan.starts <= day and (plan.ends is None or day <= plan.ends),
                planned=plan,
                dose=counted,
                missing_days=missing,
                group_name=row.group_name or "",
                staff_id=row.staff_id,
                weekdays=tuple(row.weekdays or ()),
                at=row.at,
                last_logged=max((one.on for one in entries if one.on <= day), default=None),
            )
        )
    return tuple(found)


def _as_reviewed(row: Any, review: AtReview) -> Any:
    """A row of the reviewed cycle as it stands once the seal has closed it; any other row as it is."""
    if row.cycle_id != review.cycle_id or row.status not in _AGREED:
        return row
    until = row.place_until
    closed = {
        # The seal, or the agreement of the next plan, ends a place that the pupil still had at the meeting.
        "place_until": None if until is not None and until >= review.held_on - timedelta(days=1) else until,
        "status": CycleStatus.REVIEWED,
        "cycle_ends": review.held_on,
        "runs_on": row.id in review.going_on,
        # The plan that follows begins after this review, also when it is agreed on the same day.
        "next_agreed_on": None,
    }
    return SimpleNamespace(**{**row._mapping, **closed})


def _planned(row: Any, day: date, calendar: tuple[TermDates, ...], holidays: frozenset[date]) -> PlannedDose:
    fixed = frozenset(row.weekdays or ())
    starts = max(row.starts, row.agreed_on) if row.before_id and row.agreed_on else row.starts
    return PlannedDose(
        kind=row.kind,
        evidencing=row.evidencing,
        minutes=row.minutes,
        times_a_week=row.times_a_week,
        # The plan's own number a week counts; days are used where they say the same.
        weekdays=fixed if fixed and len(fixed) == row.times_a_week else None,
        starts=starts,
        ends=_last_day(row, day, calendar, holidays),
        place_from=row.place_from,
        place_until=row.place_until,
    )


def _last_day(row: Any, on: date, calendar: tuple[TermDates, ...], holidays: frozenset[date]) -> date | None:
    """Up to when a provision runs; None while nothing ends it."""
    ends: date | None
    if row.runs_on:
        # Nobody knows yet how long it runs on, so nothing of it is still to come.
        ends = row.next_agreed_on - timedelta(days=1) if row.next_agreed_on else max(on, row.cycle_ends or on)
    else:
        ends = row.ends or _after_weeks(row, calendar, holidays)
        if row.status is CycleStatus.AGREED:
            ends = ends or row.review_due
        else:
            ends = min((day for day in (ends, row.cycle_ends) if day), default=None)
    return min((day for day in (ends, row.stopped_on) if day), default=None)


def _after_weeks(row: Any, calendar: tuple[TermDates, ...], holidays: frozenset[date]) -> date | None:
    if not row.weeks:
        return None
    weeks = school_weeks(row.starts, row.starts + _FAR, calendar, holidays)[: row.weeks]
    return weeks[-1] + timedelta(days=6) if len(weeks) == row.weeks else None


class _Log:
    """What was logged of some groups and ticked for some provisions, read once, in the order in which it happened."""

    def __init__(self, rows: list[Any]) -> None:
        self._lines: dict[tuple[int, int], list[_Line]] = defaultdict(list)  # of a pupil in a group
        self._cancelled: dict[int, dict[int, _Line]] = defaultdict(dict)  # of a group, each session once
        self._ticks: dict[int, list[LoggedSession]] = defaultdict(list)
        groups = sorted({row.group_id for row in rows if row.group_id is not None})
        if groups:
            since = [row.place_from if row.before_id is None else max(row.place_from, row.starts)
                     for row in rows if row.group_id is not None]  # fmt: skip
            self._take_sessions(groups, min(since), {row.pupil_id for row in rows})
        ticked = {row.id: row.minutes for row in rows if row.evidencing is Evidencing.WEEKLY}
        if ticked:
            self._take_ticks(ticked)

    def of(self, row: Any, plan: PlannedDose) -> list[LoggedSession]:
        """The entries of one provision, and none of those of the cycle before or after."""
        if row.group_id is None:
            return self._ticks[row.id]
        lines = self._lines.get((row.group_id, row.pupil_id), [])
        cancelled = self._cancelled.get(row.group_id)
        if cancelled:
            lines = sorted((*lines, *cancelled.values()), key=_when)
        first = row.place_from if row.before_id is None else max(row.place_from, plan.starts)
        last = date.max if row.place_until is None else row.place_until
        if row.next_agreed_on is not None and plan.ends is not None:
            last = min(last, plan.ends)
        within = lines[bisect_left(lines, first, key=_day) : bisect_right(lines, last, key=_day)]
        return [entry for _held_on, _number, entry in within] + self._ticks[row.id]

    def _take_sessions(self, groups: list[int], first: date, pupils: set[int]) -> None:
        statement, given = _SESSIONS, {"group_ids": groups, "first": first}
        if len(pupils) == 1:  # of the groups of one pupil nobody else's presence is wanted
            statement, given = _SESSIONS_OF_ONE, {**given, "pupil_id": next(iter(pupils))}
        for number, group, on, minutes, state, reason, pupil, present, own, absence in db.session.execute(
            statement, given
        ):
            if state is SessionState.CANCELLED:
                self._cancelled[group].setdefault(number, (on, number, _session(on, minutes, state, reason)))
            else:
                entry = _session(on, minutes, state, None, present, absence, own if present else None)
                self._lines[group, pupil].append((on, number, entry))

    def _take_ticks(self, minutes: Mapping[int, int]) -> None:
        rows = db.session.execute(_TICKS, {"provision_ids": list(minutes)})
        newest = {(tick.provision_id, tick.week_of): tick for tick in rows}
        codes = {reason.value: reason for reason in CancelReason}
        for (provision_id, week_of), tick in newest.items():
            state = SessionState.DELIVERED if tick.happened else SessionState.CANCELLED
            reason = None if tick.happened else codes.get(tick.reason)
            self._ticks[provision_id].append(LoggedSession(week_of, minutes[provision_id], state, reason))


_Line = tuple[date, int, LoggedSession]
"""A day, the number of the session, and what it was for one pupil."""
_when = itemgetter(0, 1)
_day = itemgetter(0)
_session = lru_cache(maxsize=16384)(LoggedSession)
"""One object for what was logged alike: a group has the same for most of its pupils, and many pages ask again."""


__all__ = [
    "AtReview",
    "ProvisionDose",
    "doses_of_cycle",
    "doses_of_pupils",
    "doses_on_two_days",
    "provision_doses_of_pupils",
    "running_doses",
]
