"""What this package hangs into the people floor: assignments follow the groups, an accepted link joins the adult."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.hooks import once
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.hooks import Accepted
from graduated.pupils.models import Adult, Pupil, TeachingGroup
from graduated.pupils.queries_family import adults_of
from graduated.pupils.services import refresh_assignments
from graduated.rules.vocabulary import AssignmentSource, Relationship

_ADULT = select(Adult).where(Adult.id == bindparam("adult_id"))
_BORN = select(Pupil.born_on, Pupil.rights_pass_on).where(Pupil.id == bindparam("pupil_id"))
_CLASSES = select(Pupil.registration_group).distinct().order_by(Pupil.registration_group)
_TEACHING = select(TeachingGroup.name).distinct().order_by(TeachingGroup.name)


def join_adult(accepted: Accepted) -> None:
    """The account of a parent or young person belongs to the adult whom the link was made for."""
    if accepted.adult_id is not None and accepted.role.is_family:
        adult = db.session.scalars(_ADULT, {"adult_id": accepted.adult_id}).one()
        adult.user_id = accepted.user_id


def born_on_if_open(adult_id: int, child_id: int) -> date | None:
    """The child's date of birth while an adult may come in for them: linked, not barred; a pupil once rights passed."""
    one = next((one for one in adults_of(child_id) if one.adult_id == adult_id), None)
    row = db.session.execute(_BORN, {"pupil_id": child_id}).first()
    if one is None or one.barred or row is None:
        return None
    passed = row.rights_pass_on <= today()
    return row.born_on if passed or one.relationship is not Relationship.SELF else None


def is_of_another_adult(adult_id: int, child_id: int, user_id: int) -> bool:
    """Whether an account already belongs to another adult of the same child."""
    return any(one.user_id == user_id and one.adult_id != adult_id for one in adults_of(child_id))


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
once(hooks.child_doors, born_on_if_open)
once(hooks.address_taken, is_of_another_adult)
