"""A further child of somebody who signs in already: they say when the child was born before anything is shown.

A slip of the SENCO at the list of known adults would else show a child's plan to a stranger at once. Until the parent
has confirmed, "may read" stays off; three wrong dates, or sixty days, end it, and setting "may read" asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.access.identity import acting, require_actor, system_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import invitations
from graduated.people.invitations import WRONG_DAYS, ForFamily
from graduated.people.models import Invitation, User
from graduated.pupils.models import Adult, FamilyLink, Pupil
from graduated.rules.vocabulary import Relationship, Role

GOOD_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A child who waits to be confirmed; never shown before it was."""

    invitation_id: int
    pupil_id: int
    born_on: date
    tries_left: int


_OTHERS = select(FamilyLink.id).where(
    FamilyLink.adult_id == bindparam("adult_id"), FamilyLink.pupil_id != bindparam("pupil_id")
)
_CONFIRMED = select(Invitation.id).where(
    Invitation.adult_id == bindparam("adult_id"),
    Invitation.child_id == bindparam("pupil_id"),
    Invitation.used_at.is_not(None),
)
_WAITING = (
    select(Invitation.id, Pupil.id, Pupil.born_on, Invitation.wrong_days)
    .join(Adult, Adult.id == Invitation.adult_id)
    .join(Pupil, Pupil.id == Invitation.child_id)
    .join(FamilyLink, (FamilyLink.adult_id == Adult.id) & (FamilyLink.pupil_id == Pupil.id))
    .where(
        Adult.user_id == bindparam("user_id"),
        FamilyLink.may_view.is_(False),
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > bindparam("moment"),
    )
    .order_by(Invitation.id)
)
_LINK = (
    select(FamilyLink)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .where(Adult.user_id == bindparam("user_id"), FamilyLink.pupil_id == bindparam("pupil_id"))
)


def must_confirm(adult_id: int, pupil_id: int) -> bool:
    """Whether an adult who signs in for another child has yet to say when this one was born.

    Asked when somebody on the staff sets "may read"; a load of data by the program itself is not held up.
    """
    given = {"adult_id": adult_id, "pupil_id": pupil_id}
    signs_in = db.session.scalar(select(Adult.user_id).where(Adult.id == adult_id)) is not None
    return (
        require_actor().user_id is not None
        and signs_in
        and db.session.execute(_OTHERS, given).first() is not None
        and db.session.execute(_CONFIRMED, given).first() is None
    )


@writes("Parent asked to confirm a further child")
def ask_to_confirm(link: FamilyLink) -> int:
    """Ask when they next sign in; the invitation's id. No link is made that could be sent anywhere."""
    user = select(User.email).join(Adult, Adult.user_id == User.id).where(Adult.id == link.adult_id)
    role = Role.YOUNG_PERSON if link.relationship is Relationship.SELF else Role.PARENT
    email = db.session.scalars(user).one()
    return invitations.wait_for_birthday(email, role, ForFamily(link.adult_id, link.pupil_id), GOOD_FOR)


def waiting_here() -> tuple[Waiting, ...]:
    """The children whom the person acting has yet to confirm at this school."""
    actor = require_actor()
    with acting(system_actor(actor.school_id, "Further child")):
        rows = db.session.execute(_WAITING, {"user_id": actor.user_id, "moment": now()}).all()
    return tuple(Waiting(row[0], row[1], row[2], WRONG_DAYS - row[3]) for row in rows)


def confirm(day: date) -> int | None:
    """The child born on that day may be read from now on; its id. A wrong day counts against every child who waits."""
    actor, waiting = require_actor(), waiting_here()
    right = next((one for one in waiting if one.born_on == day), None)
    with acting(system_actor(actor.school_id, f"{actor.name}, by date of birth")):
        if right is None:
            for one in waiting:
                invitations.try_day(one.invitation_id, day)
            return None
        return _open(right, actor.user_id)


@writes("Further child confirmed by date of birth")
def _open(one: Waiting, user_id: int | None) -> int | None:
    if not invitations.try_day(one.invitation_id, one.born_on):
        return None
    invitations.spend(one.invitation_id)
    link = db.session.scalars(_LINK, {"user_id": user_id, "pupil_id": one.pupil_id}).one()
    link.may_view = True
    return one.pupil_id
