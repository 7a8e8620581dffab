"""Writing provision: a group or a place in one, what is given in class, which outcomes it serves."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, time, timedelta

from sqlalchemy import bindparam, exists, func, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.people.models import User
from graduated.plan.details import PlanRefused, ProvisionDetails
from graduated.plan.models import Cycle, Group, GroupChange, Outcome, Place, Provision, ProvisionOutcome
from graduated.plan.rows import DAYS
from graduated.plan.services_draft import draft, position_in, release
from graduated.pupils import services as pupils
from graduated.rules.timetable import MOST_PUPILS, most_at_once
from graduated.rules.vocabulary import AssignmentSource, Evidencing, ProvisionKind

DAY = timedelta(days=1)
TIME_TO_LOG = timedelta(days=14)
"""How long whoever ran a group keeps the pupil among their own after the last session, to log what is late."""
_PROVISION = select(Provision).where(Provision.id == bindparam("provision_id"))
_OF_CYCLE = select(Provision).where(Provision.cycle_id == bindparam("cycle_id")).order_by(Provision.id)
_LINKS = select(ProvisionOutcome).where(ProvisionOutcome.provision_id == bindparam("provision_id"))
_PLACE = select(Place).where(Place.id == bindparam("place_id"))
_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_ALSO_AT_PLACE = select(func.count(Provision.id)).where(
    Provision.place_id == bindparam("place_id"), Provision.id != bindparam("provision_id")
)
_OTHERS_IN_GROUP = select(func.count(Place.id)).where(
    Place.group_id == bindparam("group_id"), Place.id != bindparam("place_id")
)
_UNPLANNED = (
    select(Place)
    .where(
        Place.pupil_id == bindparam("pupil_id"),
        Place.group_id == bindparam("group_id"),
        Place.starts <= bindparam("day"),
        Place.ends.is_(None),
        ~exists().where(Provision.place_id == Place.id),
    )
    .order_by(Place.id)
)
_PUPILS_IN = select(Place.pupil_id, Place.starts, Place.ends).where(Place.group_id == bindparam("group_id"))
_OUTCOMES_OF = select(Outcome.id).where(Outcome.cycle_id == bindparam("cycle_id"))
_STAFF_NAME = select(User.name).where(User.id == bindparam("user_id"))
_PLAIN = tuple(
    one.name
    for one in fields(ProvisionDetails)
    if one.name not in {"join_group_id", "staff_id", "weekdays", "at", "serves", "starts"}
)


def provision_row(provision_id: int) -> Provision:
    """The provision to be written, in scope."""
    return db.session.scalars(_PROVISION, {"provision_id": provision_id}).one()


@writes("Provision added")
def add_provision(cycle_id: int, details: ProvisionDetails) -> int:
    """Add provision to a draft: sessions with a group of their own or a place in one, or support in class."""
    return new_provision(draft(cycle_id), details)


def new_provision(cycle: Cycle, details: ProvisionDetails, starts: date | None = None) -> int:
    """The rows themselves; the caller has looked whether the plan takes them."""
    provision = Provision(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle.id,
        position=position_in(Provision, cycle.id),
        starts=starts or details.starts or cycle.starts,
    )
    _fill(provision, details)
    _take_place(provision, details)
    db.session.add(provision)
    db.session.flush()
    serve(provision, details.serves)
    return provision.id


@writes("Provision changed")
def change_provision(provision_id: int, details: ProvisionDetails, version: int | None = None) -> int:
    """Change provision of a draft. Raises Clash when somebody else saved it first."""
    provision = provision_row(provision_id)
    cycle = draft(provision.cycle_id)
    check_version(provision, version, {name: getattr(provision, name) for name in _PLAIN})
    _fill(provision, details)
    provision.starts = details.starts or cycle.starts
    _change_place(provision, details)
    serve(provision, details.serves)
    return provision_id


@writes("Provision removed from the draft")
def remove_provision(provision_id: int) -> int:
    """Take provision out of a draft. Gives the cycle's id."""
    provision = provision_row(provision_id)
    draft(provision.cycle_id)
    _delete(provision)
    return provision.cycle_id


def remove_provisions(cycle_id: int) -> None:
    """Take all provision out of a draft that is thrown away."""
    for provision in db.session.scalars(_OF_CYCLE, {"cycle_id": cycle_id}).all():
        _delete(provision)


def _delete(provision: Provision) -> None:
    for link in db.session.scalars(_LINKS, {"provision_id": provision.id}).all():
        db.session.delete(link)
    db.session.flush()
    place_id = provision.place_id
    provision.place_id = None
    db.session.flush()
    if place_id is not None:
        _give_up(place_id, provision.id)
    db.session.delete(provision)
    db.session.flush()


def serve(provision: Provision, outcome_ids: tuple[int, ...]) -> None:
    """Say which outcomes of its own cycle a provision is for."""
    known = set(db.session.scalars(_OUTCOMES_OF, {"cycle_id": provision.cycle_id}))
    wanted = set(outcome_ids) & known
    for link in db.session.scalars(_LINKS, {"provision_id": provision.id}).all():
        if link.outcome_id not in wanted:
            db.session.delete(link)
        wanted.discard(link.outcome_id)
    for outcome_id in sorted(wanted):
        db.session.add(ProvisionOutcome(pupil_id=provision.pupil_id, provision_id=provision.id, outcome_id=outcome_id))
    db.session.flush()


def _fill(provision: Provision, details: ProvisionDetails) -> None:
    if details.kind is ProvisionKind.SESSIONS:
        details = replace(details, evidencing=Evidencing.SESSION)
    elif details.evidencing is Evidencing.SESSION:
        details = replace(details, evidencing=Evidencing.WEEKLY)
    if details.staff_id is not None:
        name = db.session.scalar(_STAFF_NAME, {"user_id": details.staff_id})
        details = replace(details, who=name or details.who)
    for name in _PLAIN:
        value = getattr(details, name)
        setattr(provision, name, value.strip() if name in {"name", "who", "expected_impact"} else value)


def _take_place(provision: Provision, details: ProvisionDetails) -> None:
    """Sessions happen in a group, so that they can be logged; support in class has none."""
    if provision.kind is not ProvisionKind.SESSIONS:
        provision.place_id = None
        return
    group = _joined(provision, details) if details.join_group_id else _own_group(provision, details)
    provision.place_id = new_place(provision, group).id


def new_place(provision: Provision, group: Group, starts: date | None = None) -> Place:
    """Put the pupil into a group from the day the provision begins; whoever runs it counts the pupil as their own."""
    day = starts or provision.starts
    given = {"pupil_id": provision.pupil_id, "group_id": group.id, "day": day}
    place = db.session.scalars(_UNPLANNED, given).first()  # the pupil joined on the group's own page
    if place is None:
        place = Place(pupil_id=provision.pupil_id, group_id=group.id, starts=day)
        db.session.add(place)
        db.session.flush()
    _assign(group, provision.pupil_id)
    return place


def _joined(provision: Provision, details: ProvisionDetails) -> Group:
    group = db.session.scalars(_GROUP, {"group_id": details.join_group_id}).one_or_none()
    if group is None:
        raise PlanRefused("That group has ended. Choose another, or give the provision a group of its own.")
    others = [(row.starts, row.ends) for row in db.session.execute(_PUPILS_IN, {"group_id": group.id})
              if row.pupil_id != provision.pupil_id]  # fmt: skip
    if most_at_once(others, (provision.starts, None)) >= MOST_PUPILS:
        raise PlanRefused(f"That group has {MOST_PUPILS} pupils already. Choose another, or make a second one.")
    provision.minutes, provision.times_a_week = group.minutes, group.times_a_week
    if group.staff_id is not None:
        provision.who = db.session.scalar(_STAFF_NAME, {"user_id": group.staff_id}) or provision.who
    return group


def _own_group(provision: Provision, details: ProvisionDetails) -> Group:
    group = Group(name=provision.name, starts=provision.starts)
    _fill_group(group, provision, details)
    db.session.add(group)
    db.session.flush()
    return group


def _fill_group(group: Group, provision: Provision, details: ProvisionDetails) -> None:
    group.name, group.intervention_id = provision.name, provision.intervention_id
    group.staff_id, group.staff_role = details.staff_id, details.staff_role
    group.weekdays, group.at = sorted(details.weekdays), details.at
    group.minutes, group.times_a_week = provision.minutes, provision.times_a_week


def _assign(group: Group, pupil_id: int) -> None:
    if group.staff_id is not None:
        pupils.assign(group.staff_id, pupil_id, AssignmentSource.GROUP, group_reason(group))


def group_reason(group: Group) -> str:
    """What an assignment by a group is called; the number keeps two groups of one name apart."""
    return f"{group.name[:60]} ({group.id})"


def _change_place(provision: Provision, details: ProvisionDetails) -> None:
    place = place_row(provision.place_id)
    if place is None:
        _take_place(provision, details)
        return
    stays = details.join_group_id in (None, place.group_id) and provision.kind is ProvisionKind.SESSIONS
    if not stays:
        left, provision.place_id = place.id, None
        db.session.flush()
        _give_up(left, provision.id)
        _take_place(provision, details)
        return
    group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
    if not _is_shared_place(place.id, provision.id):
        place.starts = provision.starts
    if is_shared_group(group.id, place.id):
        provision.minutes, provision.times_a_week = group.minutes, group.times_a_week
        return
    _log_changes(group, details.staff_id, tuple(sorted(details.weekdays)), details.at)
    _fill_group(group, provision, details)
    group.starts = min(group.starts, place.starts)
    db.session.flush()


def place_row(place_id: int | None) -> Place | None:
    """The place to be written, if there is one."""
    return None if place_id is None else db.session.scalars(_PLACE, {"place_id": place_id}).one()


def _is_shared_place(place_id: int, provision_id: int) -> bool:
    return bool(db.session.scalar(_ALSO_AT_PLACE, {"place_id": place_id, "provision_id": provision_id}))


def is_shared_group(group_id: int, place_id: int) -> bool:
    """Whether others are in the group too, so that one pupil's plan does not change it."""
    return bool(db.session.scalar(_OTHERS_IN_GROUP, {"group_id": group_id, "place_id": place_id}))


def _give_up(place_id: int, provision_id: int) -> None:
    """Leave a group: a place that has not begun goes, one that has ends; an empty group likewise."""
    if _is_shared_place(place_id, provision_id):
        return
    place = db.session.scalars(_PLACE, {"place_id": place_id}).one()
    group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
    is_alone = not is_shared_group(group.id, place.id)
    begun = place.starts < today()
    if begun:
        place.ends = today() - DAY
    else:
        db.session.delete(place)
    release(place.pupil_id, AssignmentSource.GROUP, group_reason(group))
    db.session.flush()
    if is_alone and not begun and group.starts > today():
        db.session.delete(group)
    elif is_alone:
        group.ends = today() - DAY
    db.session.flush()


def end_places(cycle_id: int, on: date, but: frozenset[int] = frozenset()) -> None:
    """The pupil leaves the groups of a cycle after a day, but for the places that go on."""
    for provision in db.session.scalars(_OF_CYCLE, {"cycle_id": cycle_id}).all():
        if provision.place_id is not None and provision.place_id not in but:
            end_place(provision.place_id, on)


def end_place(place_id: int, on: date) -> None:
    """The pupil leaves a group after a day; a group that nobody is left in ends too."""
    place = db.session.scalars(_PLACE, {"place_id": place_id}).one()
    if place.ends is not None and place.ends <= on:
        return
    place.ends = on
    db.session.flush()
    group = db.session.scalars(_GROUP, {"group_id": place.group_id}).one()
    rest = db.session.execute(_PUPILS_IN, {"group_id": group.id}).all()
    if not any(row.pupil_id == place.pupil_id and (row.ends is None or row.ends > on) for row in rest):
        release(place.pupil_id, AssignmentSource.GROUP, group_reason(group), last_day=on + TIME_TO_LOG)
    if all(row.ends is not None and row.ends <= on for row in rest):
        group.ends = on


@writes("Group's adult, day or time changed")
def change_group(group_id: int, staff_id: int | None, weekdays: tuple[int, ...], at: time | None) -> int:
    """A change of adult, day or time: logged, and no amendment of anybody's plan (design §4, Group)."""
    group = db.session.scalars(_GROUP, {"group_id": group_id}).one()
    before = group.staff_id
    _log_changes(group, staff_id, tuple(sorted(weekdays)), at)
    group.times = {} if at != group.at else group.times  # a new time holds for every day
    group.staff_id, group.weekdays, group.at = staff_id, sorted(weekdays), at
    db.session.flush()
    for row in db.session.execute(_PUPILS_IN, {"group_id": group_id}).all():
        if row.ends is not None and row.ends < today():
            continue
        _assign(group, row.pupil_id)
        if before != staff_id:
            release(row.pupil_id, AssignmentSource.GROUP, group_reason(group), keep=staff_id)
    return group_id


def _log_changes(group: Group, staff_id: int | None, weekdays: tuple[int, ...], at: time | None) -> None:
    changes = (
        ("Adult", _staff_words(group.staff_id), _staff_words(staff_id)),
        ("Days", _day_words(tuple(group.weekdays)), _day_words(weekdays)),
        ("Time", _time_words(group.at), _time_words(at)),
    )
    for what, before, after in changes:
        if before != after:
            db.session.add(GroupChange(group_id=group.id, on=today(), what=what, before=before, after=after))


def _staff_words(user_id: int | None) -> str:
    name = db.session.scalar(_STAFF_NAME, {"user_id": user_id}) if user_id is not None else None
    return name or "Nobody named"


def _day_words(weekdays: tuple[int, ...]) -> str:
    return ", ".join(DAYS[day] for day in weekdays) or "No fixed day"


def _time_words(at: time | None) -> str:
    return f"{at:%H:%M}" if at else "No fixed time"
