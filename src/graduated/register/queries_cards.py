"""Reading class cards: what a teacher needs of each pupil, and who has read which plan.

The number of queries does not grow with the pupils.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.access.identity import acting, require_actor
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.do.queries import ProvisionDose, running_doses
from graduated.people.models import User
from graduated.plan.models import Amendment, Cycle, Provision, Strategy
from graduated.plan.rows import DAYS
from graduated.pupils.models import Assignment
from graduated.register.models import PlanReading
from graduated.register.queries import Due, RegisterRow, Wanted, register_rows
from graduated.review.models import ActionItem, Review
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import CycleStatus, NeedType, ReviewStatus, SenStatus
from graduated.school.queries import school_details
from graduated.web.filters import clock_time

MOST_STRATEGIES = 5
"""A teacher keeps three to five in mind; the plan itself has all."""
MOST_ACTIONS = 2
AHEAD = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Running:
    """Something that runs now: what, when and with whom, "Mon, Wed 1.30 pm, 30 minutes · Sheila Tuck"."""

    name: str
    when: str
    who: str


@dataclass(frozen=True, slots=True)
class ReadState:
    """Whether a person has read a plan: `state` is "unread", "changed" (amended since) or "read"."""

    state: str
    on: date | None = None


UNREAD = ReadState("unread")


@dataclass(frozen=True, slots=True)
class CardRow:
    """One pupil of a class card. `reading` is the reader's own; none where there is no agreed plan to read.

    `is_own` says that the pupil is among the reader's own, so that links and the button are there.
    """

    pupil_id: int
    name: str
    registration_group: str
    status: SenStatus
    needs: tuple[NeedType, ...]
    strategies: tuple[str, ...]
    more_strategies: int
    running: tuple[Running, ...]
    due: Due
    actions: tuple[str, ...]
    cycle_id: int | None
    reading: ReadState | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class PlanReaders:
    """Who of those who work with a pupil has read the plan that holds: names, with the day for those who have."""

    pupil_id: int
    name: str
    registration_group: str
    cycle_id: int
    agreed_on: date | None
    read: tuple[str, ...]
    changed: tuple[str, ...]
    not_read: tuple[str, ...]


_AGREED = (
    select(Cycle.id, Cycle.pupil_id, Cycle.agreed_on)
    .where(Cycle.status == CycleStatus.AGREED)
    .order_by(Cycle.pupil_id, Cycle.starts.desc())
)
_STRATEGIES = (
    select(Strategy.cycle_id, Strategy.text)
    .join(Cycle, Cycle.id == Strategy.cycle_id)
    .where(Cycle.status == CycleStatus.AGREED)
    .order_by(Strategy.cycle_id, Strategy.position, Strategy.id)
)
_WHO: Any = (
    select(Provision.id, Provision.who, Provision.minutes, Provision.times_a_week)
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .where(or_(Cycle.status == CycleStatus.AGREED, Provision.runs_on.is_(True)))
)
_NAMES = select(User.id, User.name)
_ACTIONS = (
    select(ActionItem.pupil_id, ActionItem.what, ActionItem.who, ActionItem.by_when)
    .join(Review, Review.id == ActionItem.review_id)
    .where(Review.status == ReviewStatus.SEALED, ActionItem.done_on.is_(None), ActionItem.by_when <= bindparam("until"))
    .order_by(ActionItem.by_when, ActionItem.id)
)
_ASSIGNED: Any = (
    select(Assignment.user_id, Assignment.pupil_id, User.name)
    .join(User, User.id == Assignment.user_id)
    .where(Assignment.starts <= bindparam("day"), or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")))
    .order_by(User.name, Assignment.user_id)
)
_PUPILS_OF: Any = select(Assignment.pupil_id).where(
    Assignment.user_id == bindparam("user_id"),
    Assignment.starts <= bindparam("day"),
    or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
)
_READ = (
    select(PlanReading.cycle_id, PlanReading.recorded_by_id, func.max(PlanReading.recorded_at).label("at"))
    .join(Cycle, Cycle.id == PlanReading.cycle_id)
    .where(Cycle.status == CycleStatus.AGREED)
    .group_by(PlanReading.cycle_id, PlanReading.recorded_by_id)
)
_CHANGED = (
    select(Amendment.cycle_id, func.max(Amendment.recorded_at).label("at"))
    .join(Cycle, Cycle.id == Amendment.cycle_id)
    .where(Cycle.status == CycleStatus.AGREED)
    .group_by(Amendment.cycle_id)
)
_READ_ONE = _READ.where(PlanReading.cycle_id == bindparam("cycle_id"))
_CHANGED_ONE = _CHANGED.where(Amendment.cycle_id == bindparam("cycle_id"))


@contextmanager
def cards_in_sight() -> Iterator[None]:
    """Read with every pupil in sight where the school lets every teacher read every card; else as always."""
    actor = require_actor()
    if not school_details().class_cards_for_all:
        yield
        return
    with acting(replace(actor, reads_all_cards=True)):
        yield


def card_rows(*, with_actions: bool = False) -> tuple[CardRow, ...]:
    """The pupils in sight who are on SEN support or have a plan, by name.

    `with_actions` for those who may read what reviews decided.
    """
    me = require_actor().user_id
    own = pupils_of_staff(me)
    cycles: dict[int, int] = {}
    for cycle_id, pupil_id, _agreed in db.session.execute(_AGREED):
        cycles.setdefault(pupil_id, cycle_id)
    strategies = _lists(db.session.execute(_STRATEGIES))
    running, readings = _running(), _readings()
    actions = _actions() if with_actions else {}
    return tuple(
        _card(row, cycles.get(row.pupil_id), strategies, running, actions, readings, me, row.pupil_id in own)
        for row in register_rows(Wanted())
    )


def pupils_of_staff(user_id: int | None) -> frozenset[int]:
    """Which pupils a member of staff works with today."""
    return frozenset(db.session.scalars(_PUPILS_OF, {"user_id": user_id, "day": today()}))


def _card(
    row: RegisterRow,
    cycle_id: int | None,
    strategies: dict[int, list[str]],
    running: dict[int, list[Running]],
    actions: dict[int, list[str]],
    readings: dict[tuple[int, int | None], ReadState],
    me: int | None,
    is_own: bool,
) -> CardRow:
    known = strategies.get(cycle_id, []) if cycle_id is not None else []
    return CardRow(
        pupil_id=row.pupil_id,
        name=row.name,
        registration_group=row.registration_group or row.year_group.label,
        status=row.status,
        needs=row.needs,
        strategies=tuple(known[:MOST_STRATEGIES]),
        more_strategies=max(0, len(known) - MOST_STRATEGIES),
        running=tuple(running.get(row.pupil_id, ())),
        due=row.due,
        actions=tuple(actions.get(row.pupil_id, ())[:MOST_ACTIONS]),
        cycle_id=cycle_id,
        reading=readings.get((cycle_id, me), UNREAD) if cycle_id is not None else None,
        is_own=is_own,
    )


def plan_readers() -> tuple[PlanReaders, ...]:
    """For every plan that holds: who of the staff who work with the pupil has read it, the least read first."""
    assigned, readings = _assigned(), _readings()
    names = {row.id: row.name for row in db.session.execute(_NAMES)}
    cycles: dict[int, Any] = {}
    for row in db.session.execute(_AGREED):
        cycles.setdefault(row.pupil_id, row)
    found = []
    for pupil in register_rows(Wanted()):
        cycle = cycles.get(pupil.pupil_id)
        if cycle is None:
            continue
        said = {user: state for (cycle_id, user), state in readings.items() if cycle_id == cycle.id}
        staff = assigned.get(pupil.pupil_id, {})
        found.append(
            PlanReaders(
                pupil_id=pupil.pupil_id,
                name=pupil.name,
                registration_group=pupil.registration_group or pupil.year_group.label,
                cycle_id=cycle.id,
                agreed_on=cycle.agreed_on,
                read=_named(said, "read", names),
                changed=_named(said, "changed", names),
                not_read=tuple(name for user, name in staff.items() if user not in said),
            )
        )
    return tuple(sorted(found, key=lambda one: -len(one.not_read) - len(one.changed)))


def _named(said: dict[int | None, ReadState], state: str, names: dict[int, str]) -> tuple[str, ...]:
    return tuple(
        f"{names.get(user or 0, 'Somebody who left')}, {plain_date(one.on) if one.on else ''}"
        for user, one in said.items()
        if one.state == state
    )


def reading_of(cycle_id: int) -> ReadState:
    """Whether the person acting has read the plan of a cycle, and still knows all of it."""
    return _readings(cycle_id).get((cycle_id, require_actor().user_id), UNREAD)


def asked_to_read(pupil_id: int, cycle_id: int) -> ReadState | None:
    """Whether the person acting has read a plan that they are asked to read; none unless they work with the pupil."""
    return reading_of(cycle_id) if pupil_id in pupils_of_staff(require_actor().user_id) else None


def _readings(cycle_id: int | None = None) -> dict[tuple[int, int | None], ReadState]:
    """Who has read which plan: of every plan that holds, or of one."""
    read, amended = (_READ, _CHANGED) if cycle_id is None else (_READ_ONE, _CHANGED_ONE)
    given = {} if cycle_id is None else {"cycle_id": cycle_id}
    changed: dict[int, datetime] = {row.cycle_id: row.at for row in db.session.execute(amended, given)}
    return {
        (row.cycle_id, row.recorded_by_id): ReadState(
            "changed" if row.cycle_id in changed and changed[row.cycle_id] > row.at else "read", local(row.at).date()
        )
        for row in db.session.execute(read, given)
    }


def _assigned() -> dict[int, dict[int, str]]:
    """Who works with each pupil today: pupil id to user id to name."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for user_id, pupil_id, name in db.session.execute(_ASSIGNED, {"day": today()}):
        found[pupil_id][user_id] = name
    return found


def _lists(rows: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for key, text in rows:
        found[key].append(text)
    return found


def _actions() -> dict[int, list[str]]:
    """What reviews decided, as far as the person reads reviews: a school that opens its cards opens no review."""
    found: dict[int, list[str]] = defaultdict(list)
    with acting(replace(require_actor(), reads_all_cards=False)):
        rows = db.session.execute(_ACTIONS, {"until": today() + AHEAD}).all()
    for pupil_id, what, who, by_when in rows:
        if by_when is not None:
            found[pupil_id].append(f"{who}, by {plain_date(by_when)}: {what}")
    return found


def _running() -> dict[int, list[Running]]:
    """What runs today for each pupil."""
    names = {row.id: row.name for row in db.session.execute(_NAMES)}
    planned = {row.id: row for row in db.session.execute(_WHO)}
    found: dict[int, list[Running]] = defaultdict(list)
    for one in running_doses():
        row = planned.get(one.provision_id)
        who = names.get(one.staff_id or 0, "") or (row.who if row else "")
        found[one.pupil_id].append(Running(one.name, _when(one), who))
    return found


def _when(one: ProvisionDose) -> str:
    days = ", ".join(DAYS[day][:3] for day in one.weekdays) if one.weekdays else ""
    words = " ".join(part for part in (days, clock_time(one.at)) if part)
    if not words and one.planned.times_a_week:
        words = f"{one.planned.times_a_week} × a week"
    return ", ".join(part for part in (words, f"{one.planned.minutes} min" if one.planned.minutes else "") if part)
