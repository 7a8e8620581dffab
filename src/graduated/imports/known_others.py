"""Teaching groups, teachers, families, attendance and suspensions as recorded, each by a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from graduated.db.session import db
from graduated.imports.compare_background import KnownPeriod, KnownSuspension
from graduated.imports.compare_contacts import KnownAdult, KnownLink
from graduated.imports.compare_groups import KnownPlace, KnownTeacher, KnownTeaching
from graduated.people.models import StaffGroup
from graduated.people.queries import staff
from graduated.pupils.models import Adult, Attendance, Bar, FamilyLink, Suspension, SuspensionStruck, TeachingGroup
from graduated.rules.attendance import Period
from graduated.rules.suspensions import Suspended
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
_NEWER = aliased(Attendance)
_PERIODS = select(
    Attendance.id, Attendance.pupil_id, Attendance.starts, Attendance.ends, Attendance.possible,
    Attendance.authorised, Attendance.unauthorised,
).outerjoin(_NEWER, _NEWER.replaces_id == Attendance.id).where(
    _NEWER.id.is_(None), Attendance.withdrawn.is_(False)
).order_by(Attendance.id)  # fmt: skip
_SUSPENSIONS = (
    select(Suspension.id, Suspension.pupil_id, Suspension.starts, Suspension.days, Suspension.reason)
    .outerjoin(SuspensionStruck, SuspensionStruck.suspension_id == Suspension.id)
    .where(SuspensionStruck.id.is_(None))
    .order_by(Suspension.id)
)
# A bar still to come counts too: what an order says is not for a file to change.
_BARRED = select(Bar.family_link_id).where(or_(Bar.ends.is_(None), Bar.ends >= bindparam("day")))


def known_periods() -> dict[int, list[KnownPeriod]]:
    """Attendance that counts, by pupil."""
    found: dict[int, list[KnownPeriod]] = defaultdict(list)
    for row in db.session.execute(_PERIODS):
        period = Period(row.starts, row.ends, row.possible, row.authorised, row.unauthorised)
        found[row.pupil_id].append(KnownPeriod(row.id, period))
    return found


def known_suspensions() -> dict[int, list[KnownSuspension]]:
    """Entries on suspensions that count, by pupil."""
    found: dict[int, list[KnownSuspension]] = defaultdict(list)
    for row in db.session.execute(_SUSPENSIONS):
        found[row.pupil_id].append(KnownSuspension(row.id, Suspended(row.starts, row.days), row.reason))
    return found


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
