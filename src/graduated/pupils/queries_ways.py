"""Every adult of every family of the school: who has a sign-in, is invited and until when, is barred, was last seen.

Four queries, whatever the number of families.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.access.identity import require_actor
from graduated.access.policy import Hat
from graduated.db.clock import local, now, today
from graduated.db.session import db
from graduated.people.invitations import WRONG_DAYS
from graduated.people.models import Invitation, SignInSession, User
from graduated.pupils.models import Adult, Bar, FamilyLink, Pupil
from graduated.pupils.queries import name_of
from graduated.pupils.queries_family import adult_name
from graduated.rules.family_ways import Way, way_of
from graduated.rules.vocabulary import Relationship

_TOLD_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WayIn:
    """One adult as they stand to one child. `until` is the last day of an invitation that waits, or waited."""

    family_link_id: int
    pupil_id: int
    pupil_name: str
    class_name: str
    adult_id: int
    adult_name: str
    relationship: Relationship
    may_view: bool
    way: Way
    until: date | None
    printed: bool
    last_seen: datetime | None


@dataclass(frozen=True, slots=True)
class DeadInvitation:
    """An invitation that died of wrong dates of birth, and after which the adult was not invited again."""

    pupil_id: int
    pupil_name: str
    family_link_id: int
    adult_name: str
    made_on: date


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that is good now: until when, whether on paper, and whether they have a sign-in already."""

    until: datetime
    printed: bool
    has_sign_in: bool


_SIGN_IN_NAME = select(User.email).join(Adult, Adult.user_id == User.id).where(Adult.id == bindparam("adult_id"))
_WAITING = (
    select(FamilyLink.id, Invitation.expires_at, Invitation.printed, Adult.user_id.is_not(None))
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .join(Invitation, Invitation.adult_id == FamilyLink.adult_id)
    .where(
        FamilyLink.pupil_id == bindparam("pupil_id"),
        Invitation.child_id == FamilyLink.pupil_id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > bindparam("moment"),
    )
    .order_by(Invitation.id)
)
_LINKS: Any = (
    select(
        FamilyLink.id, FamilyLink.pupil_id, FamilyLink.adult_id, FamilyLink.relationship, FamilyLink.may_view,
        Adult.title, Adult.forename, Adult.surname, Adult.user_id, Pupil.registration_group, Pupil.legal_forename,
        Pupil.legal_surname, Pupil.known_as, Pupil.known_surname,
    )
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .join(Pupil, Pupil.id == FamilyLink.pupil_id)
    .where(or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")))
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id, Adult.surname, Adult.forename, FamilyLink.id)
)  # fmt: skip
_BARRED = select(Bar.family_link_id).where(
    Bar.starts <= bindparam("day"), or_(Bar.ends.is_(None), Bar.ends >= bindparam("day"))
)
_INVITED = (
    select(
        Invitation.adult_id, Invitation.child_id, Invitation.expires_at, Invitation.used_at, Invitation.revoked_at,
        Invitation.wrong_days, Invitation.printed, Invitation.recorded_at,
    )
    .where(Invitation.adult_id.is_not(None))
    .order_by(Invitation.id)
)  # fmt: skip
# The machinery's table is of no school by itself, so the school is named here.
_SEEN = (
    select(SignInSession.user_id, func.max(SignInSession.last_seen_at))
    .where(SignInSession.school_id == bindparam("school_id"), SignInSession.hat == Hat.FAMILY.value)
    .group_by(SignInSession.user_id)
)


def ways_in() -> tuple[WayIn, ...]:
    """Every adult of the families of pupils who are here, by the child's name."""
    day, moment = today(), now()
    barred = set(db.session.scalars(_BARRED, {"day": day}))
    newest: dict[int, Any] = {row.adult_id: row for row in db.session.execute(_INVITED)}
    seen = {row[0]: row[1] for row in db.session.execute(_SEEN, {"school_id": require_actor().school_id})}
    return tuple(
        _way(row, newest.get(row.adult_id), moment, barred=row.id in barred, last_seen=seen.get(row.user_id))
        for row in db.session.execute(_LINKS, {"day": day})
    )


def _way(row: Any, newest: Any, moment: datetime, *, barred: bool, last_seen: datetime | None) -> WayIn:
    way = way_of(
        moment,
        barred=barred,
        has_sign_in=row.user_id is not None,
        wrong=newest is not None and newest.wrong_days >= WRONG_DAYS,
        expires_at=newest.expires_at if newest is not None else None,
        revoked=newest is not None and newest.revoked_at is not None,
    )
    waits = way in (Way.INVITED, Way.EXPIRED)
    return WayIn(
        row.id,
        row.pupil_id,
        name_of(row),
        row.registration_group,
        row.adult_id,
        adult_name(row.title, row.forename, row.surname),
        row.relationship,
        row.may_view,
        way,
        local(newest.expires_at).date() if waits else None,
        bool(newest.printed) if waits else False,
        last_seen if way is Way.SIGNS_IN else None,
    )


def sign_in_name(adult_id: int) -> str:
    """The name that an adult signs in with; "" for who has no sign-in."""
    return db.session.scalar(_SIGN_IN_NAME, {"adult_id": adult_id}) or ""


def waiting_of(pupil_id: int) -> dict[int, Waiting]:
    """The invitations that are good now for the adults of one child's family, by the link; one query."""
    rows = db.session.execute(_WAITING, {"pupil_id": pupil_id, "moment": now()})
    return {row[0]: Waiting(*row[1:]) for row in rows}


def dead_invitations() -> tuple[DeadInvitation, ...]:
    """Invitations of the last thirty days that died of wrong dates of birth: they may have reached a wrong person."""
    newest: dict[int, Any] = {row.adult_id: row for row in db.session.execute(_INVITED)}
    since = now() - _TOLD_FOR
    dead = {
        number: row
        for number, row in newest.items()
        if row.wrong_days >= WRONG_DAYS and row.used_at is None and row.recorded_at >= since
    }
    if not dead:
        return ()
    return tuple(
        DeadInvitation(
            link.pupil_id, name_of(link), link.id, adult_name(link.title, link.forename, link.surname),
            local(dead[link.adult_id].recorded_at).date(),
        )
        for link in db.session.execute(_LINKS, {"day": today()})
        if link.adult_id in dead and link.pupil_id == dead[link.adult_id].child_id
    )  # fmt: skip
