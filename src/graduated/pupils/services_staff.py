"""Who works with whom: by hand, and by class, tutor or teaching group as the school's files say it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, null, or_, select, union_all

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people.models import StaffGroup
from graduated.pupils.models import Assignment, Pupil, TeachingGroup
from graduated.rules.vocabulary import AssignmentSource

BY_GROUP = (AssignmentSource.REGISTRATION, AssignmentSource.TEACHING)
Key = tuple[int, int, AssignmentSource, str]

_ONE = select(Assignment).where(
    Assignment.user_id == bindparam("user_id"),
    Assignment.pupil_id == bindparam("pupil_id"),
    Assignment.source == bindparam("source"),
    Assignment.reason == bindparam("reason"),
)
_BY_ID = select(Assignment).where(Assignment.id == bindparam("assignment_id"))
_HERE = or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day"))
_PUPIL = bindparam("only", type_=Integer)
_ONLY = or_(_PUPIL.is_(None), Pupil.id == _PUPIL)
_ANY = (Assignment.id, Assignment.user_id, Assignment.pupil_id, Assignment.source, Assignment.reason, Assignment.ends)
_GROUP = (null(), StaffGroup.user_id, Pupil.id, StaffGroup.kind, StaffGroup.name, null())
_STANDING_AND_WANTED: Any = union_all(
    select(*_ANY).where(Assignment.source.in_(BY_GROUP), or_(_PUPIL.is_(None), Assignment.pupil_id == _PUPIL)),
    select(*_GROUP)
    .join(Pupil, Pupil.registration_group == StaffGroup.name)
    .where(StaffGroup.kind == AssignmentSource.REGISTRATION.value, _HERE, _ONLY),
    select(*_GROUP)
    .join(TeachingGroup, TeachingGroup.name == StaffGroup.name)
    .join(Pupil, Pupil.id == TeachingGroup.pupil_id)
    .where(StaffGroup.kind == AssignmentSource.TEACHING.value, _HERE, _ONLY),
)
"""What is recorded by group, with its number; and, without one, what class, tutor and teaching groups say."""
_BY_IDS = select(Assignment).where(Assignment.id.in_(bindparam("ids", expanding=True)))


@writes("Staff assigned to the pupil")
def assign(
    user_id: int,
    pupil_id: int,
    source: AssignmentSource = AssignmentSource.HAND,
    reason: str = "",
    starts: date | None = None,
    ends: date | None = None,
) -> int:
    """Make a pupil one of a person's own, from a date (today) until a date; the same reason again renews it."""
    given = {"user_id": user_id, "pupil_id": pupil_id, "source": source, "reason": reason}
    row = db.session.scalars(_ONE, given).one_or_none()
    if row is None:
        row = Assignment(**given, starts=starts or today(), ends=ends)
        db.session.add(row)
    else:
        is_running = row.starts <= today() and (row.ends is None or row.ends >= today())
        row.starts = starts or (row.starts if is_running else today())
        row.ends = ends
    db.session.flush()
    return row.id


@writes("Staff no longer assigned to the pupil")
def end_assignment(assignment_id: int, last_day: date | None = None) -> int:
    """A pupil is no longer one of a person's own after a day (yesterday, so it counts at once)."""
    row = db.session.scalars(_BY_ID, {"assignment_id": assignment_id}).one()
    row.ends = last_day or today() - timedelta(days=1)
    return row.id


@writes("Assignments renewed from groups")
def refresh_assignments(pupil_id: int | None = None) -> int:
    """Bring assignments by class, tutor and teaching group in line with the groups; how many rows changed.

    New ones begin today, those no longer true ended yesterday, others are left alone: doing it again changes nothing.
    Assignments by hand, as lead teacher or by an intervention are never touched. With `pupil_id`, only that pupil's.
    """
    day = today()
    standing: dict[Key, tuple[int, bool]] = {}
    wanted: set[Key] = set()
    for number, *about, ends in db.session.execute(_STANDING_AND_WANTED, {"day": day, "only": pupil_id}):
        key: Key = (about[0], about[1], about[2], about[3])
        if number is None:
            wanted.add(key)
        else:
            standing[key] = number, ends is None or ends >= day
    # Those that run and should not, and those that should and do not.
    other = [number for key, (number, runs) in standing.items() if runs != (key in wanted)]
    for row in db.session.scalars(_BY_IDS, {"ids": sorted(other)}).all() if other else ():
        if row.ends is None or row.ends >= day:
            row.ends = day - timedelta(days=1)
        else:
            row.starts, row.ends = day, None
    new = sorted(wanted - standing.keys())
    for user_id, child_id, source, reason in new:
        db.session.add(Assignment(user_id=user_id, pupil_id=child_id, source=source, reason=reason, starts=day))
    db.session.flush()
    return len(other) + len(new)
