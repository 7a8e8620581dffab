"""What this package hangs into the people floor: assignments follow the groups, an accepted link joins the adult."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select

from graduated.db.hooks import once
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.hooks import Accepted
from graduated.pupils.models import Adult, Pupil, TeachingGroup
from graduated.pupils.services import refresh_assignments
from graduated.rules.vocabulary import AssignmentSource

_ADULT = select(Adult).where(Adult.id == bindparam("adult_id"))
_CLASSES = select(Pupil.registration_group).distinct().order_by(Pupil.registration_group)
_TEACHING = select(TeachingGroup.name).distinct().order_by(TeachingGroup.name)


def join_adult(accepted: Accepted) -> None:
    """The account of a parent or young person belongs to the adult whom the link was made for."""
    if accepted.adult_id is not None and accepted.role.is_family:
        adult = db.session.scalars(_ADULT, {"adult_id": accepted.adult_id}).one()
        adult.user_id = accepted.user_id


def groups_there_are() -> Mapping[str, Sequence[str]]:
    """Classes and teaching groups that pupils are in, by kind."""
    return {
        AssignmentSource.REGISTRATION.value: [name for name in db.session.scalars(_CLASSES) if name],
        AssignmentSource.TEACHING.value: list(db.session.scalars(_TEACHING)),
    }


def renew() -> None:
    """Assignments in line with the groups."""
    refresh_assignments()


once(hooks.staff_groups_changed, renew)
once(hooks.invitation_accepted, join_adult)
once(hooks.known_groups, groups_there_are)
