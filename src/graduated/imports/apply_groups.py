"""Taking a file of teaching groups: places, who teaches them, and from that whose pupils are whose."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.imports.compare_groups import GroupsPlan
from graduated.people.models import StaffGroup
from graduated.pupils.models import TeachingGroup
from graduated.pupils.services import refresh_assignments
from graduated.rules.vocabulary import AssignmentSource

_PLACES = select(TeachingGroup).where(TeachingGroup.id.in_(bindparam("ids", expanding=True)))
_TEACHING = select(StaffGroup).where(StaffGroup.id.in_(bindparam("ids", expanding=True)))


def apply_groups(plan: GroupsPlan) -> None:
    """Write what the dry run showed. Inside one write()."""
    for place in db.session.scalars(_PLACES, {"ids": list(plan.leave)}).all():
        db.session.delete(place)
    subjects = dict(plan.rename)
    for place in db.session.scalars(_PLACES, {"ids": list(subjects)}).all():
        place.subject = subjects[place.id]
    for row in db.session.scalars(_TEACHING, {"ids": list(plan.untaught)}).all():
        db.session.delete(row)
    db.session.flush()
    db.session.add_all(
        TeachingGroup(pupil_id=pupil_id, name=name, subject=subject) for pupil_id, name, subject in plan.join
    )
    db.session.add_all(
        StaffGroup(user_id=user_id, kind=AssignmentSource.TEACHING.value, name=name) for user_id, name in plan.teach
    )
    db.session.flush()
    refresh_assignments()
