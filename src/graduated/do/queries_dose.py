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

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import aliased

from graduated.access.once import read_once
from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.queries_logged import Log
from graduated.plan.models import Cycle, Group, Place, Provision
from graduated.rules.calendar import TermDates, school_weeks
from graduated.rules.dosage import Dose, LoggedSession, PlannedDose
from graduated.rules.dose_counting import days_not_logged, dose
from graduated.rules.vocabulary import CycleStatus, Evidencing
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


_PRICED = (
    *_COLUMNS,
    Provision.intervention_id,
    Provision.staff_role,
    Provision.group_size,
    Provision.rate_card_id,
    Provision.one_off_pence,
    Provision.agency_pence,
    Group.staff_role.label("group_role"),
    Cycle.number,
    Cycle.origin,
    Cycle.starts.label("cycle_starts"),
)
"""The same with what costs are worked out from, so that a page with both reads each provision once."""


def _provisions(*where: ColumnElement[bool], columns: tuple[Any, ...] = _PRICED) -> Any:
    return (
        select(*columns)
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
_RUNNING = _provisions(or_(Cycle.status == CycleStatus.AGREED, Provision.runs_on.is_(True)), columns=_COLUMNS)


def doses_of_cycle(cycle_id: int, on: date | None = None, review: AtReview | None = None) -> dict[int, Dose]:
    """The dose of every provision of a cycle, by its id, up to a day (today unless said) or as a review saw it."""
    if review is None:
        return {one.provision_id: one.dose for _row, one in provisions_of_cycle(cycle_id, on or today())}
    found = _measured(_OF_CYCLE, {"cycle_id": cycle_id}, on, review=review)
    return {one.provision_id: one.dose for one in found}


@read_once
def provisions_of_cycle(cycle_id: int, on: date) -> tuple[tuple[Any, ProvisionDose], ...]:
    """Every provision of a cycle as it was read (`_PRICED`), with its dose up to a day: for doses and costs alike."""
    rows = _rows(_OF_CYCLE, {"cycle_id": cycle_id})
    return tuple(zip(rows, _counted(rows, Log(rows), on, (terms(), bank_holidays())), strict=True))


def provisions_of_pupils(
    pupil_ids: Collection[int], on: date, before: date | None = None
) -> list[tuple[Any, ProvisionDose, Dose]]:
    """The same of all cycles of these pupils, with the dose up to a day before too, from one reading; else none."""
    rows, known = _rows(_OF_PUPILS, {"pupil_ids": list(pupil_ids)}), (terms(), bank_holidays())
    log = Log(rows)
    earlier = [one.dose for one in _counted(rows, log, before, known)] if before is not None else [Dose()] * len(rows)
    return list(zip(rows, _counted(rows, log, on, known), earlier, strict=True))


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


def running_doses(
    on: date | None = None, silent_since: date | None = None, calendar: Calendar | None = None
) -> tuple[ProvisionDose, ...]:
    """Every provision that runs on that day, of every pupil in sight.

    With `silent_since`, `missing_days` are the fixed days from then up to yesterday that nobody has logged. `calendar`
    saves reading the terms again.
    """
    return tuple(one for one in _measured(_RUNNING, {}, on, silent_since, calendar) if one.running)


@lru_cache(maxsize=8192)
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
    return _counted(rows, Log(rows), on or today(), known or (terms(), bank_holidays()), silent_since)


def _rows(statement: Any, given: Mapping[str, Any]) -> list[Any]:
    return list({row.id: row for row in db.session.execute(statement, dict(given))}.values())


def _counted(
    rows: list[Any], log: Log, day: date, known: Calendar, silent_since: date | None = None
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


__all__ = [
    "AtReview",
    "ProvisionDose",
    "doses_of_cycle",
    "doses_of_pupils",
    "provision_doses_of_pupils",
    "provisions_of_cycle",
    "provisions_of_pupils",
    "running_doses",
]
