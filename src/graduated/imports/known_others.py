"""Teaching groups, teachers and families as recorded, each by a fixed number of queries."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, or_, select

from graduated.db.session import db
from graduated.imports.compare_contacts import KnownAdult, KnownLink
from graduated.imports.compare_groups import KnownPlace, KnownTeacher, KnownTeaching
from graduated.people.models import StaffGroup
from graduated.people.queries import staff
from graduated.pupils.models import Adult, Bar, FamilyLink, TeachingGroup
from graduated.rules.vocabulary import AssignmentSource

_PLACES = select(TeachingGroup.id, TeachingGroup.pupil_id, TeachingGroup.name, TeachingGroup.subject).order_by(
    TeachingGroup.id
)
_TEACHING = (
    select(StaffGroup.id, StaffGroup.user_id, StaffGroup.name)
    .where(StaffGroup.kind == AssignmentSource.TEACHING.value)
    .order_by(StaffGroup.id)
)
_ADULTS = select(
    Adult.id,
    Adult.surname,
    Adult.forename,
    Adult.title,
    Adult.email,
    Adult.phone,
    Adult.address,
    Adult.language,
    Adult.interpreter,
).order_by(Adult.id)
_LINKS = select(
    FamilyLink.id,
    FamilyLink.pupil_id,
    FamilyLink.adult_id,
    FamilyLink.relationship,
    FamilyLink.parental_responsibility,
    FamilyLink.lives_with,
).order_by(FamilyLink.id)
# A bar still to come counts too: what an order says is not for a file to change.
_BARRED = select(Bar.family_link_id).where(or_(Bar.ends.is_(None), Bar.ends >= bindparam("day")))


def known_places() -> list[KnownPlace]:
    """Every pupil's places in teaching groups."""
    return [KnownPlace(*row) for row in db.session.execute(_PLACES)]


def known_teachers() -> list[KnownTeacher]:
    """Staff with an account here today."""
    return [KnownTeacher(one.user_id, one.name, one.email) for one in staff()]


def known_teaching() -> list[KnownTeaching]:
    """Who teaches which group."""
    return [KnownTeaching(*row) for row in db.session.execute(_TEACHING)]


def known_adults() -> list[KnownAdult]:
    """The adults of the school's families."""
    return [KnownAdult(*row) for row in db.session.execute(_ADULTS)]


def known_links(today: date) -> list[KnownLink]:
    """How each adult stands to each child, and whether a bar is in force or to come."""
    barred = set(db.session.scalars(_BARRED, {"day": today}))
    return [KnownLink(*row, barred=row.id in barred) for row in db.session.execute(_LINKS)]
