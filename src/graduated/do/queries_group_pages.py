"""Groups as their pages show them: the list of all, and one with its pupils, their dose, cover and what was changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.models import GroupCover
from graduated.do.queries_dose import ProvisionDose, provision_doses_of_pupils
from graduated.do.queries_groups import find_group
from graduated.people.models import User
from graduated.plan.models import Cycle, Group, GroupChange, Place, Provision
from graduated.plan.rows import DAYS, dose_words
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.rules.timetable import covers, span_words, time_on
from graduated.rules.vocabulary import CycleStatus, Role, SenStatus
from graduated.school.models import Intervention


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list of all. `pupils` is how many are in it today, or on its first day."""

    group_id: int
    name: str
    intervention: str
    staff_name: str
    when: str
    starts: date
    ends: date | None
    pupils: int


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A pupil of a group. `plan` says which plan has the place; `dose` is of the plan that runs, None without one."""

    place_id: int
    pupil_id: int
    name: str
    starts: date
    ends: date | None
    plan: str
    cycle_id: int | None
    is_agreed: bool
    planned: str
    dose: ProvisionDose | None


@dataclass(frozen=True, slots=True)
class CoverLine:
    """Who takes a group on a day to come."""

    cover_id: int
    on: date
    name: str


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change of the group that was kept."""

    on: date
    what: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group to show and to edit; `when` has a line for each weekday, or says how often."""

    group_id: int
    name: str
    intervention_id: int | None
    intervention: str
    is_retired: bool
    staff_id: int | None
    staff_name: str
    staff_role: Role | None
    starts: date
    ends: date | None
    weekdays: tuple[int, ...]
    at: time | None
    times: dict[str, str]
    minutes: int
    times_a_week: int
    version: int

    @property
    def when(self) -> tuple[str, ...]:
        """As "Monday, 1.30 to 2.00 pm"."""
        if not self.weekdays:
            return (f"{dose_words(self.minutes, self.times_a_week, None, 1)}, on no fixed day",)
        return tuple(
            f"{DAYS[day]}, {span_words(time_on(day, self.at, self.times), self.minutes)}" for day in self.weekdays
        )

    @property
    def dose(self) -> str:
        """Minutes and times a week."""
        return dose_words(self.minutes, self.times_a_week, None, 1)


_COLUMNS = (
    Group.id.label("group_id"), Group.name, Group.intervention_id, Intervention.name.label("intervention"),
    Intervention.retired.label("is_retired"), Group.staff_id, User.name.label("staff_name"), Group.staff_role,
    Group.starts, Group.ends, Group.weekdays, Group.at, Group.times, Group.minutes, Group.times_a_week, Group.version,
)  # fmt: skip
_ALL = (
    select(*_COLUMNS)
    .outerjoin(Intervention, Intervention.id == Group.intervention_id)
    .outerjoin(User, User.id == Group.staff_id)
    .where(or_(Group.ends.is_(None), Group.ends >= bindparam("since")))
    .order_by(Group.name, Group.id)
)
_ONE = (
    select(*_COLUMNS)
    .outerjoin(Intervention, Intervention.id == Group.intervention_id)
    .outerjoin(User, User.id == Group.staff_id)
    .where(Group.id == bindparam("group_id"))
)
_SPANS = select(Place.group_id, Place.pupil_id, Place.starts, Place.ends)
_PLACES = (
    select(
        Place.id, Place.pupil_id, Place.starts, Place.ends, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as,
        Pupil.known_surname,
    )
    .join(Pupil, Pupil.id == Place.pupil_id)
    .where(Place.group_id == bindparam("group_id"))
    .order_by(Pupil.known_as, Pupil.legal_forename, Place.starts, Place.id)
)  # fmt: skip
_PLANNED = (
    select(
        Provision.place_id, Provision.id, Provision.cycle_id, Provision.minutes, Provision.times_a_week, Cycle.number,
        Cycle.status,
    )
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .join(Place, Place.id == Provision.place_id)
    .where(Place.group_id == bindparam("group_id"))
    .order_by(Cycle.starts, Provision.id)
)  # fmt: skip
_COVERS = (
    select(GroupCover.id, GroupCover.on, User.name)
    .join(User, User.id == GroupCover.user_id)
    .where(GroupCover.group_id == bindparam("group_id"), GroupCover.on >= bindparam("day"))
    .order_by(GroupCover.on, User.name)
)
_CHANGES = (
    select(GroupChange.on, GroupChange.what, GroupChange.before, GroupChange.after, User.name)
    .outerjoin(User, User.id == GroupChange.recorded_by_id)
    .where(GroupChange.group_id == bindparam("group_id"))
    .order_by(GroupChange.id.desc())
    .limit(40)
)
_PUPILS = (
    select(
        Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname, Pupil.year_group,
        Pupil.registration_group, SenStatusSpell.status,
    )
    .outerjoin(SenStatusSpell, (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None))
    .where(or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")))
    .order_by(Pupil.known_as, Pupil.legal_forename, Pupil.legal_surname, Pupil.id)
)  # fmt: skip
_PLACE_SUBJECT = select(Place.pupil_id).where(Place.id == bindparam("place_id"))
_COVER_GROUP = select(GroupCover.group_id).where(GroupCover.id == bindparam("cover_id"))
_GROUP_OF_PLACE = select(Place.group_id).where(Place.id == bindparam("place_id"))


@finder("place")
def find_place(place_id: int) -> Subject | None:
    """A pupil's place in a group."""
    pupil_id = db.session.scalar(_PLACE_SUBJECT, {"place_id": place_id})
    return Subject(pupil_id) if pupil_id is not None else None


@finder("cover")
def find_cover(cover_id: int) -> Subject | None:
    """A day's cover, by its group."""
    group_id = db.session.scalar(_COVER_GROUP, {"cover_id": cover_id})
    return find_group(group_id) if group_id is not None else None


def group_of_place(place_id: int) -> int:
    """The group that a place is in. It must be in sight (the guard has looked)."""
    return int(db.session.execute(_GROUP_OF_PLACE, {"place_id": place_id}).scalar_one())


def all_groups(since: date) -> tuple[GroupLine, ...]:
    """Every group in sight that runs, will run or ended since a day, by name."""
    spans: dict[int, list[Any]] = defaultdict(list)
    for place in db.session.execute(_SPANS):
        spans[place.group_id].append(place)
    found = []
    for row in map(_row, db.session.execute(_ALL, {"since": since})):
        day = min(max(today(), row.starts), row.ends or date.max)
        there = {place.pupil_id for place in spans[row.group_id] if covers((place.starts, place.ends), day)}
        found.append(
            GroupLine(
                group_id=row.group_id,
                name=row.name,
                intervention=row.intervention,
                staff_name=row.staff_name,
                when=_when(row),
                starts=row.starts,
                ends=row.ends,
                pupils=len(there),
            )
        )
    return tuple(found)


def group_row(group_id: int) -> GroupRow:
    """One group. It must be in sight (the guard has looked)."""
    return _row(db.session.execute(_ONE, {"group_id": group_id}).one())


def places_of(group_id: int) -> tuple[PlaceLine, ...]:
    """The pupils who are, will be or were in a group, with the plan that has each place and its dose."""
    given = {"group_id": group_id}
    rows = db.session.execute(_PLACES, given).all()
    planned = {row.place_id: row for row in db.session.execute(_PLANNED, given)}
    doses = provision_doses_of_pupils({row.pupil_id for row in rows}) if planned else ()
    by_provision = {one.provision_id: one for one in doses}
    lines = []
    for row in rows:
        plan = planned.get(row.id)
        lines.append(
            PlaceLine(
                place_id=row.id,
                pupil_id=row.pupil_id,
                name=name_of(row),
                starts=row.starts,
                ends=row.ends,
                plan=f"Cycle {plan.number}, {plan.status.inside}" if plan is not None else "",
                cycle_id=plan.cycle_id if plan is not None else None,
                is_agreed=plan is not None and plan.status is CycleStatus.AGREED,
                planned=dose_words(plan.minutes, plan.times_a_week, None, 1) if plan is not None else "",
                dose=by_provision.get(plan.id) if plan is not None else None,
            )
        )
    return tuple(lines)


def covers_ahead(group_id: int) -> tuple[CoverLine, ...]:
    """Who takes the group today or later."""
    rows = db.session.execute(_COVERS, {"group_id": group_id, "day": today()})
    return tuple(CoverLine(*row) for row in rows)


def group_changes(group_id: int) -> tuple[ChangeLine, ...]:
    """The newest changes that were kept."""
    rows = db.session.execute(_CHANGES, {"group_id": group_id})
    return tuple(ChangeLine(row.on, row.what, row.before, row.after, row.name or "") for row in rows)


def pupils_to_choose() -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """(id, name with year) of the pupils on SEN support or with a plan, and of all others at the school."""
    with_sen: list[tuple[str, str]] = []
    others: list[tuple[str, str]] = []
    rows = db.session.execute(_PUPILS, {"day": today()}).all()
    names = Counter(name_of(row) for row in rows)
    for row in rows:
        name = name_of(row)
        tutor = f", {row.registration_group}" if names[name] > 1 and row.registration_group else ""
        pair = (str(row.id), f"{name}, {row.year_group.label}{tutor}")
        (with_sen if row.status in (SenStatus.SUPPORT, SenStatus.PLAN) else others).append(pair)
    return with_sen, others


def _row(row: Any) -> GroupRow:
    values = row._asdict()
    values.update(
        intervention=row.intervention or "",
        is_retired=bool(row.is_retired),
        staff_name=row.staff_name or "",
        weekdays=tuple(sorted(row.weekdays or ())),
        times=dict(row.times or {}),
    )
    return GroupRow(**values)


def _when(row: GroupRow) -> str:
    """As "Mon, Wed and Fri, 9.30 to 9.50 am"; each day by itself where the times differ."""
    if row.times or len(row.weekdays) < 2:
        return "; ".join(row.when)
    names = [DAYS[day][:3] for day in row.weekdays]
    days = "Every day" if len(names) == len(DAYS) else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{days}, {span_words(row.at, row.minutes)}"
