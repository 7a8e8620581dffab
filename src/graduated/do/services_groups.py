"""Making groups and keeping them: who runs them, when, and which pupils are in them from when until when.

A change of adult, day or time is kept and amends nobody's plan (design §4, Group). When a pupil leaves a group that an
agreed plan names, the plan is amended with the reason: what was promised never shrinks in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.do.models import IN_FORCE, DeliveredSession, GroupCover, Presence
from graduated.people.models import User
from graduated.plan.details import Because
from graduated.plan.models import Cycle, Group, GroupChange, Place, Provision
from graduated.plan.rows import DAYS
from graduated.plan.services import stop_provision
from graduated.plan.services_draft import release
from graduated.plan.services_provision import TIME_TO_LOG, end_place, group_reason
from graduated.pupils.models import Assignment
from graduated.pupils.services import assign
from graduated.rules.timetable import MOST_PUPILS, most_at_once
from graduated.rules.vocabulary import AssignmentSource, CycleStatus, Role, SessionState
from graduated.school.models import Intervention
from graduated.web.filters import long_date

DAY = timedelta(days=1)


class GroupRefused(ValueError):
    """A change that a group does not take; the sentence says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class GroupDetails:
    """A group as it is to be. `times` holds a weekday's own time ("13:30" by "0" for Monday) where it differs."""

    name: str
    starts: date
    minutes: int
    times_a_week: int
    intervention_id: int | None = None
    staff_id: int | None = None
    staff_role: Role | None = None
    ends: date | None = None
    weekdays: tuple[int, ...] = ()
    at: time | None = None
    times: dict[str, str] = field(default_factory=dict)


_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_PLACE = select(Place).where(Place.id == bindparam("place_id"))
_PLACES = select(Place.pupil_id, Place.starts, Place.ends).where(Place.group_id == bindparam("group_id"))
_STAFF_NAME = select(User.name).where(User.id == bindparam("user_id"))
_KIND = select(Intervention.name).where(Intervention.id == bindparam("intervention_id"))
_PLANNED = (
    select(Provision.id, Cycle.status)
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .where(Provision.place_id == bindparam("place_id"), Provision.stopped_on.is_(None))
)
_PROMISED = (
    select(Provision.place_id, Provision.ends, Cycle.review_due)
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .join(Place, Place.id == Provision.place_id)
    .where(
        Place.group_id == bindparam("group_id"),
        Cycle.status == CycleStatus.AGREED,
        Provision.stopped_on.is_(None),
    )
)
_BEYOND = select(Place).where(
    Place.group_id == bindparam("group_id"), or_(Place.ends.is_(None), Place.ends > bindparam("last_day"))
)
_LAST_THERE = (
    select(func.max(DeliveredSession.held_on))
    .join(Presence, Presence.delivered_session_id == DeliveredSession.id)
    .where(
        DeliveredSession.group_id == bindparam("group_id"),
        DeliveredSession.state == SessionState.DELIVERED,
        Presence.pupil_id == bindparam("pupil_id"),
        Presence.present.is_(True),
        *IN_FORCE,
    )
)
_COVER = select(GroupCover).where(GroupCover.id == bindparam("cover_id"))
_FORMER_NAMES = select(GroupChange.before).where(
    GroupChange.group_id == bindparam("group_id"), GroupChange.what == "Name"
)
_COVERED = select(Assignment).where(
    Assignment.user_id == bindparam("user_id"),
    Assignment.source == AssignmentSource.GROUP,
    Assignment.reason.in_(bindparam("reasons", expanding=True)),
    Assignment.pupil_id.in_(select(Place.pupil_id).where(Place.group_id == bindparam("group_id"))),
    or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
)


@writes("Group made")
def make_group(details: GroupDetails) -> int:
    """Make a group without pupils."""
    group = Group(name="", starts=details.starts, weekdays=[], minutes=0, times_a_week=0)
    _fill(group, details)
    db.session.add(group)
    db.session.flush()
    return group.id


@writes("Group changed")
def change_group(group_id: int, details: GroupDetails, version: int | None = None) -> int:
    """Change a group; each thing that changed is kept. Raises Clash, or GroupRefused: no pupil may fall outside."""
    group = _group(group_id)
    check_version(group, version)
    places = db.session.execute(_PLACES, {"group_id": group_id}).all()
    if any(row.starts < details.starts for row in places):
        raise GroupRefused("A pupil joined before that day. Let the group begin no later than its first pupil.")
    if details.ends is not None:
        _end_places(group_id, details.ends)
    before, reason = _words(group), group_reason(group)
    _fill(group, details)
    db.session.flush()
    after = _words(group)
    for what in before:
        if before[what] != after[what]:
            change = GroupChange(
                group_id=group_id, on=today(), what=what, before=before[what][:120], after=after[what][:120]
            )
            db.session.add(change)
    if any(before[what] != after[what] for what in ("Name", "Adult")):
        _hand_over(group, reason, [row.pupil_id for row in places if row.ends is None or row.ends >= today()])
    return group_id


@writes("Pupil joins a group")
def join(group_id: int, pupil_ids: tuple[int, ...], starts: date) -> int:
    """Pupils join from a day on; who is in already is left alone. Gives how many joined. Raises GroupRefused."""
    group = _group(group_id)
    if starts < group.starts:
        raise GroupRefused("The group begins later. Give a day on or after its first.")
    if group.ends is not None and starts > group.ends:
        raise GroupRefused("The group has ended by then. Change its last day first.")
    places = db.session.execute(_PLACES, {"group_id": group_id}).all()
    there = {row.pupil_id for row in places if row.ends is None or row.ends >= starts}
    new = [pupil_id for pupil_id in dict.fromkeys(pupil_ids) if pupil_id not in there]
    taken = most_at_once([(row.starts, row.ends) for row in places], (starts, None))
    if taken + len(new) > MOST_PUPILS:
        raise GroupRefused(
            f"A group has {MOST_PUPILS} pupils at most: {taken} are in and {len(new)} would join. Make a second group."
        )
    for pupil_id in new:
        db.session.add(Place(pupil_id=pupil_id, group_id=group_id, starts=starts, ends=group.ends))
        if group.staff_id is not None:
            assign(group.staff_id, pupil_id, AssignmentSource.GROUP, group_reason(group))
    db.session.flush()
    return len(new)


@writes("Pupil leaves a group")
def leave(place_id: int, because: Because) -> int:
    """A pupil's last day in a group. An agreed plan that has the place is amended. Gives the group's id."""
    place = db.session.scalars(_PLACE, {"place_id": place_id}).one()
    if because.on < place.starts:
        raise GroupRefused("The pupil joined after that day. Give a later one.")
    _refuse_before_logged(place, because.on)
    for row in db.session.execute(_PLANNED, {"place_id": place_id}).all():
        if row.status is CycleStatus.AGREED:
            stop_provision(row.id, because)
    end_place(place_id, because.on)
    return place.group_id


@writes("Cover taken back")
def end_cover(cover_id: int) -> int:
    """Somebody does not take the group after all; they no longer see its pupils for that reason. Gives its id."""
    cover = db.session.scalars(_COVER, {"cover_id": cover_id}).one()
    group = _group(cover.group_id)
    names = {group.name, *db.session.scalars(_FORMER_NAMES, {"group_id": group.id})}
    given = {
        "user_id": cover.user_id,
        "group_id": group.id,
        "reasons": [f"Covers {name[:50]} on {cover.on.isoformat()}" for name in sorted(names)],
        "day": today(),
    }
    for row in db.session.scalars(_COVERED, given).all():
        row.ends = today() - DAY
    db.session.delete(cover)
    db.session.flush()
    return group.id


def _end_places(group_id: int, last_day: date) -> None:
    """A group that ends takes its pupils with it, but never what an agreed plan still promises."""
    given = {"group_id": group_id, "last_day": last_day}
    promised = {
        row.place_id
        for row in db.session.execute(_PROMISED, {"group_id": group_id})
        if min((day for day in (row.ends, row.review_due) if day is not None), default=date.max) > last_day
    }
    beyond = db.session.scalars(_BEYOND, given).all()
    held = sum(1 for place in beyond if place.id in promised)
    if held:
        whose = "One pupil’s agreed plan has" if held == 1 else f"The agreed plans of {held} pupils have"
        raise GroupRefused(f"{whose} the group after that day. Let them leave first, so that the plan says why.")
    for place in beyond:
        _refuse_before_logged(place, last_day)
        place.ends = max(last_day, place.starts)
    db.session.flush()


def _refuse_before_logged(place: Place, last_day: date) -> None:
    """What was delivered counts while a pupil belongs to the group: nobody leaves before a session they were in."""
    given = {"group_id": place.group_id, "pupil_id": place.pupil_id}
    last = db.session.scalar(_LAST_THERE, given)
    if last is not None and last_day < last and (place.ends is None or last <= place.ends):
        raise GroupRefused(
            f"The log has a pupil there on {long_date(last)}, after that day. Give a later day, or correct the log."
        )


def _group(group_id: int) -> Group:
    return db.session.scalars(_GROUP, {"group_id": group_id}).one()


def _fill(group: Group, details: GroupDetails) -> None:
    if details.ends is not None and details.ends < details.starts:
        raise GroupRefused("The last day lies before the first. Put one of them right.")
    group.name, group.intervention_id = details.name.strip(), details.intervention_id
    group.staff_id, group.staff_role = details.staff_id, details.staff_role
    group.starts, group.ends = details.starts, details.ends
    group.weekdays, group.at = sorted(details.weekdays), details.at
    group.times = {key: own for key, own in details.times.items() if int(key) in details.weekdays}
    group.minutes = details.minutes
    group.times_a_week = len(details.weekdays) or details.times_a_week


def _hand_over(group: Group, reason_before: str, pupil_ids: list[int]) -> None:
    """Whoever runs the group counts its pupils as their own; who ran it before has some days to log what is late."""
    reason = group_reason(group)
    for pupil_id in pupil_ids:
        if group.staff_id is not None:
            assign(group.staff_id, pupil_id, AssignmentSource.GROUP, reason)
        if reason_before != reason:
            release(pupil_id, AssignmentSource.GROUP, reason_before)
        release(pupil_id, AssignmentSource.GROUP, reason, keep=group.staff_id, last_day=today() + TIME_TO_LOG)


def _words(group: Group) -> dict[str, str]:
    adult = db.session.scalar(_STAFF_NAME, {"user_id": group.staff_id}) if group.staff_id is not None else None
    kind = db.session.scalar(_KIND, {"intervention_id": group.intervention_id}) if group.intervention_id else None
    found: dict[str, Any] = {
        "Name": group.name,
        "Intervention": kind or "Not in the library",
        "Adult": adult or "Nobody named",
        "Days": ", ".join(DAYS[day] for day in group.weekdays) or f"{group.times_a_week} a week, no fixed day",
        "Time": _time_words(group),
        "Minutes": str(group.minutes),
        "First day": long_date(group.starts),
        "Last day": long_date(group.ends) if group.ends else "Open",
    }
    return found


def _time_words(group: Group) -> str:
    usual = f"{group.at:%H:%M}" if group.at else "No fixed time"
    own = [f"{DAYS[int(key)]} {at}" for key, at in sorted((group.times or {}).items())]
    return ", ".join([usual, *own])
