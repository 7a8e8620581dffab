"""Writing down what was delivered. Nothing is ever changed: a correction is a new row that follows the old one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, literal, or_, select, union_all
from sqlalchemy.exc import NoResultFound

from graduated.access.identity import acting, require_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.do.models import IN_FORCE, DeliveredSession, GroupCover, Presence, WeeklyTick
from graduated.people.models import User
from graduated.plan.models import Group, Place, Provision
from graduated.pupils.services import assign
from graduated.rules.calendar import monday_of
from graduated.rules.vocabulary import (
    AbsenceReason,
    AssignmentSource,
    CancelReason,
    Censor,
    Engagement,
    Evidencing,
    SessionState,
)


@dataclass(frozen=True, slots=True)
class NewPresence:
    """One pupil of a session: there or away and why; minutes as the session's unless said."""

    pupil_id: int
    present: bool
    reason: AbsenceReason | None = None
    minutes: int | None = None
    engagement: Engagement | None = None
    note: str = ""
    reading: Decimal | None = None
    reading_censor: Censor | None = None


@dataclass(frozen=True, slots=True)
class NewSession:
    """What became of one session of a group on one day. `minutes` is how long it lasted, or should have.

    Where an entry stands for that day already, `another` says that the group met twice, and `instead_of` names the
    entry whose place this one takes. Without either, two people who log one session would count it twice.
    """

    held_on: date
    minutes: int
    state: SessionState = SessionState.DELIVERED
    reason: CancelReason | None = None
    note: str = ""
    presences: tuple[NewPresence, ...] = ()
    client_reference: str | None = None
    another: bool = False
    instead_of: int | None = None


class AlreadyLogged(Exception):
    """An entry stands for this group and day, and nobody has said whether this is the same session."""

    def __init__(self, session_id: int) -> None:
        super().__init__("a session of this group is logged on this day already")
        self.session_id = session_id


class FullSignIn(Exception):
    """More than a sign-in by PIN hands in (docs/decisions/032); the words say what, and what to do."""


@dataclass(frozen=True, slots=True)
class NewTick:
    """Whether support in class happened in a week."""

    provision_id: int
    happened: bool
    reason: CancelReason | None = None


_GROUP = select(Group).where(Group.id == bindparam("group_id"))
_STANDING = (
    select(DeliveredSession.id)
    .where(
        DeliveredSession.group_id == bindparam("group_id"),
        DeliveredSession.held_on == bindparam("day"),
        *IN_FORCE,
    )
    .order_by(DeliveredSession.id)
)
_ENTRY = (
    DeliveredSession.id,
    DeliveredSession.group_id,
    DeliveredSession.recorded_by_id,
    DeliveredSession.held_on,
)
_THERE = union_all(
    select(*_ENTRY, literal(True).label("by_reference")).where(
        DeliveredSession.client_reference == bindparam("reference")
    ),
    select(*_ENTRY, literal(False)).where(
        DeliveredSession.group_id == bindparam("group_id"),
        DeliveredSession.held_on == bindparam("day"),
        *IN_FORCE,
    ),
)
"""The entry with this reference, and those that stand for the group and day: each part has its index."""
_SESSION = select(DeliveredSession).where(DeliveredSession.id == bindparam("session_id"))
_FOLLOWER = select(DeliveredSession.id).where(DeliveredSession.replaces_id == bindparam("session_id"))
_AUTHORS = select(DeliveredSession.recorded_by_id).where(DeliveredSession.id.in_(bindparam("ids", expanding=True)))
_PRESENT = select(
    Presence.pupil_id,
    Presence.present,
    Presence.minutes,
    Presence.reason,
    Presence.engagement,
    Presence.note,
    Presence.reading,
    Presence.reading_censor,
    Presence.recorded_by_id,
).where(Presence.delivered_session_id == bindparam("session_id"))
_PLACES = select(Place.pupil_id).where(
    Place.group_id == bindparam("group_id"),
    Place.starts <= bindparam("day"),
    or_(Place.ends.is_(None), Place.ends >= bindparam("day")),
)
_RUN_BY = (
    select(Group.staff_id, Place.pupil_id)
    .select_from(Group)
    .outerjoin(
        Place,
        and_(
            Place.group_id == Group.id,
            Place.starts <= bindparam("day"),
            or_(Place.ends.is_(None), Place.ends >= bindparam("day")),
        ),
    )
    .where(Group.id == bindparam("group_id"))
)
"""Who runs a group, beside each pupil who has a place in it on a day."""
_COVER = select(GroupCover.id).where(
    GroupCover.group_id == bindparam("group_id"),
    GroupCover.user_id == bindparam("user_id"),
    GroupCover.on == bindparam("day"),
)
_PROVISION = select(Provision).where(Provision.id == bindparam("provision_id"))
_TICK = (
    select(WeeklyTick.happened, WeeklyTick.reason)
    .where(WeeklyTick.provision_id == bindparam("provision_id"), WeeklyTick.week_of == bindparam("week_of"))
    .order_by(WeeklyTick.id.desc())
    .limit(1)
)


@writes("Session logged")
def log_session(group_id: int, new: NewSession) -> int:
    """Log a session of a group. The same client reference again returns the first entry and writes nothing.

    Unless it says something else: whoever went back and mended the form has corrected what they sent before.
    Raises AlreadyLogged when another entry stands for the group and day and `new` does not say what is to become of it,
    and FullSignIn for more than a PIN hands in.
    """
    by_pin = bool(require_actor().on_device)
    if by_pin:
        _refuse_more_than_here_and_away(group_id, new)
    given = {"group_id": group_id, "day": new.held_on, "reference": new.client_reference}
    there = db.session.execute(_THERE, given).all()
    if new.client_reference is not None:
        seen = next((one for one in there if one.by_reference), None)
        new_plain = replace(new, client_reference=None)
        if seen is not None and (seen.group_id, seen.recorded_by_id) == (group_id, require_actor().user_id):
            if by_pin and seen.held_on != new.held_on:
                raise FullSignIn(f"That entry is of another day. {_FULLY}")
            return int(seen.id) if _says_the_same(seen.id, new) else correct_session(seen.id, new_plain)
        new = new if seen is None else new_plain  # another person's or group's: it says nothing here
    stands = sorted(one.id for one in there if not one.by_reference)
    if by_pin and (new.another or new.instead_of is not None) and _are_of_others(stands):
        raise FullSignIn(f"Somebody else has logged this session, and their entry stands. {_FULLY}")
    if new.instead_of is not None and new.instead_of in stands:
        return correct_session(new.instead_of, new)
    if stands and not new.another:
        raise AlreadyLogged(stands[-1])
    return _write(group_id, new, None)


_FULLY = "For that, sign in with your email address and password."


def _refuse_more_than_here_and_away(group_id: int, new: NewSession) -> None:
    """Who was here today and who was away and why, for the usual length: words and figures need a full sign-in."""
    usual = db.session.scalars(_GROUP, {"group_id": group_id}).one().minutes
    if new.held_on != today():
        raise FullSignIn(f"A PIN logs today’s sessions, and this entry is of another day. {_FULLY}")
    if new.minutes != usual:
        raise FullSignIn(f"A PIN logs sessions of the usual length, here {usual} minutes. {_FULLY}")
    if new.note or any(one.note for one in new.presences):
        raise FullSignIn(f"No notes are written with a PIN. {_FULLY}")
    more = ((one.reading, one.reading_censor, one.engagement, one.minutes) for one in new.presences)
    if any(value is not None for values in more for value in values):
        raise FullSignIn(f"With a PIN only who was here and who was away is logged, and no readings. {_FULLY}")


def _are_of_others(session_ids: Sequence[int]) -> bool:
    authors = set(db.session.scalars(_AUTHORS, {"ids": list(session_ids)}))
    return bool(authors - {require_actor().user_id})


def _says_the_same(session_id: int, new: NewSession) -> bool:
    """Whether an entry stands as it is sent now, for the pupils in the person's sight."""
    row = db.session.scalars(_SESSION, {"session_id": session_id}).one()
    there = {one.pupil_id: tuple(one[1:-1]) for one in db.session.execute(_PRESENT, {"session_id": session_id})}
    sent = {one.pupil_id: tuple(_columns(one, new.minutes).values()) for one in new.presences}
    reason = new.reason if new.state is SessionState.CANCELLED else None
    stands = (row.held_on, row.minutes, row.state, row.reason, row.note)
    return stands == (new.held_on, new.minutes, new.state, reason, new.note) and there == sent


@writes("Session corrected")
def correct_session(session_id: int, new: NewSession) -> int:
    """Put a new entry in the place of an earlier one, which is kept. Raises Clash when somebody did so already.

    Raises AlreadyLogged when the correction moves it to a day for which an entry stands.
    """
    old = db.session.scalars(_SESSION, {"session_id": session_id}).one()
    if db.session.scalar(_FOLLOWER, {"session_id": session_id}) is not None:
        raise Clash({"held_on": old.held_on})
    given = {"group_id": old.group_id, "day": new.held_on}
    stands = db.session.scalars(_STANDING, given).all() if new.held_on != old.held_on and not new.another else ()
    if stands:
        raise AlreadyLogged(stands[-1])
    row_id = _write(old.group_id, new, old.id)
    if new.state is SessionState.DELIVERED:
        _keep_unseen(old, row_id, new)
    return row_id


def _keep_unseen(old: DeliveredSession, row_id: int, new: NewSession) -> None:
    """A correction speaks of the pupils in its author's sight; what was written of the others of that session stays.

    Others are those who have left the group or the author's care since, and a child of the author's own.
    """
    given, actor = {"session_id": old.id}, require_actor()
    seen = {one.pupil_id for one in db.session.execute(_PRESENT, given)}
    if actor.is_system and actor.user_id is not None:  # an entry that waited: its author looks past their own sight
        seen = {one.pupil_id for one in new.presences}
    with acting(replace(actor, is_system=True)):
        everybody = db.session.execute(_PRESENT, given).all()
    for one in everybody:
        if one.pupil_id not in seen:
            lasted = new.minutes if one.present and one.minutes == old.minutes else one.minutes
            kept = {**one._mapping, "minutes": lasted}
            db.session.add(Presence(delivered_session_id=row_id, **kept))
    db.session.flush()


@writes("Session entry withdrawn")
def withdraw_session(session_id: int) -> int:
    """Undo an entry: a new row says that it is withdrawn. Undoing it again changes nothing."""
    old = db.session.scalars(_SESSION, {"session_id": session_id}).one()
    follower = db.session.scalar(_FOLLOWER, {"session_id": session_id})
    if follower is not None:
        return int(follower)
    return _write(old.group_id, NewSession(old.held_on, old.minutes, SessionState.WITHDRAWN), old.id)


def _write(group_id: int, new: NewSession, replaces_id: int | None) -> int:
    places = db.session.execute(_RUN_BY, {"group_id": group_id, "day": new.held_on}).all()
    if not places:
        raise NoResultFound("the group is not in sight")
    _check(new, {one.pupil_id for one in places})
    row = DeliveredSession(
        group_id=group_id,
        held_on=new.held_on,
        minutes=new.minutes,
        state=new.state,
        reason=new.reason if new.state is SessionState.CANCELLED else None,
        note=new.note,
        led_by_id=require_actor().user_id or places[0].staff_id,
        client_reference=new.client_reference,
        replaces_id=replaces_id,
    )
    db.session.add(row)
    db.session.flush()
    for one in new.presences:
        db.session.add(Presence(pupil_id=one.pupil_id, delivered_session_id=row.id, **_columns(one, new.minutes)))
    return row.id


def _columns(one: NewPresence, minutes: int) -> dict[str, Any]:
    """What is written of one pupil: who was away has a reason and nothing else."""
    return {
        "present": one.present,
        "minutes": (minutes if one.minutes is None else one.minutes) if one.present else 0,
        "reason": None if one.present else one.reason,
        "engagement": one.engagement if one.present else None,
        "note": one.note,
        "reading": one.reading if one.present else None,
        "reading_censor": one.reading_censor if one.present else None,
    }


def _check(new: NewSession, belong: set[int | None]) -> None:
    if new.held_on > today():
        raise ValueError("A session can be logged on its day or later, not before.")
    if new.state is SessionState.CANCELLED and new.reason is None:
        raise ValueError("Say why the session did not happen.")
    if new.state is not SessionState.DELIVERED and new.presences:
        raise ValueError("Nobody was in a session that did not happen.")
    if {one.pupil_id for one in new.presences} - belong:
        raise ValueError("A pupil had no place in the group on that day.")
    if new.state is SessionState.DELIVERED and not new.presences:
        raise ValueError("Mark at least one pupil.")


@writes("Weekly support ticked")
def tick_week(week_of: date, ticks: tuple[NewTick, ...]) -> int:
    """Say for a week which support in class happened; what stands already is left alone. Returns how many were new."""
    monday, written = monday_of(week_of), 0
    if monday > today():
        raise ValueError("A week can be ticked once it has begun.")
    for tick in ticks:
        provision = db.session.scalars(_PROVISION, {"provision_id": tick.provision_id}).one()
        if provision.evidencing is not Evidencing.WEEKLY:
            raise ValueError(f"{provision.name} is not ticked week by week.")
        code = tick.reason.value if tick.reason and not tick.happened else ""
        stands = db.session.execute(_TICK, {"provision_id": provision.id, "week_of": monday}).first()
        if stands is not None and tuple(stands) == (tick.happened, code):
            continue
        db.session.add(
            WeeklyTick(
                pupil_id=provision.pupil_id,
                provision_id=provision.id,
                week_of=monday,
                happened=tick.happened,
                reason=code,
            )
        )
        written += 1
    db.session.flush()
    return written


@writes("Group covered for a day")
def cover_group(group_id: int, user_id: int, on: date) -> int:
    """Let somebody take a group for one day: they may log it, and see its pupils on that day."""
    if on < today() - timedelta(days=31):
        raise ValueError("Cover can be entered for the last month and later.")
    seen = db.session.scalar(_COVER, {"group_id": group_id, "user_id": user_id, "day": on})
    if seen is not None:
        return int(seen)
    db.session.scalars(select(User.id).where(User.id == user_id)).one()
    group = db.session.scalars(_GROUP, {"group_id": group_id}).one()
    row = GroupCover(group_id=group_id, user_id=user_id, on=on)
    db.session.add(row)
    reason = f"Covers {group.name[:50]} on {on.isoformat()}"
    for pupil_id in db.session.scalars(_PLACES, {"group_id": group_id, "day": on}).all():
        assign(user_id, pupil_id, AssignmentSource.GROUP, reason, on, on)
    db.session.flush()
    return row.id
