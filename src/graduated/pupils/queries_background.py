"""Reading a pupil's background: attendance, part-time timetables, suspensions, health. What was struck is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import local
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Attendance, Health, HealthStruck, PartTime, Pupil, Suspension, SuspensionStruck
from graduated.rules.attendance import PartTimeSpan, Period, percent, percent_words
from graduated.rules.health import HealthFact, kind_of, kind_words
from graduated.rules.suspensions import Suspended, days_words
from graduated.rules.vocabulary import HealthKind


@dataclass(frozen=True, slots=True)
class Entry:
    """When something was entered and by whom; struck when it was corrected or withdrawn, and then why."""

    entry_id: int
    recorded_at: datetime
    recorded_by: str
    struck: bool
    why: str

    @property
    def recorded_on(self) -> date:
        """The day of entry at the school."""
        return local(self.recorded_at).date()


@dataclass(frozen=True, slots=True)
class AttendanceRow(Entry):
    """Attendance in a period, in half-day sessions."""

    starts: date
    ends: date
    possible: int
    authorised: int
    unauthorised: int

    @property
    def period(self) -> Period:
        """The days and the figures, as the rules take them."""
        return Period(self.starts, self.ends, self.possible, self.authorised, self.unauthorised)

    @property
    def percent(self) -> str:
        """Attendance in words; empty when no session was possible."""
        return percent_words(percent(self.period))


@dataclass(frozen=True, slots=True)
class PartTimeRow(Entry):
    """A part-time timetable; `parents_agree` is none when it was not said."""

    starts: date
    ends: date | None
    hours: Decimal
    review_on: date | None
    reason: str
    way_back: str
    parents_agree: bool | None

    @property
    def span(self) -> PartTimeSpan:
        """The days and hours, as the rules take them."""
        return PartTimeSpan(self.starts, self.ends, self.hours, self.review_on)


@dataclass(frozen=True, slots=True)
class SuspensionRow(Entry):
    """A suspension; one of no days says that there was none, as it was looked up on that day."""

    starts: date
    days: Decimal
    reason: str

    @property
    def suspended(self) -> Suspended:
        """The day and the days, as the rules take them."""
        return Suspended(self.starts, self.days)

    @property
    def words(self) -> str:
        """How long, in words."""
        return days_words(self.days)


@dataclass(frozen=True, slots=True)
class HealthRow(Entry):
    """A health fact; `label` is its kind as people read it."""

    kind: HealthKind
    label: str
    detail: str
    since: date | None
    until: date | None
    document_id: int | None

    @property
    def fact(self) -> HealthFact:
        """The fact, as the rules take it."""
        return HealthFact(self.kind, self.detail, self.since, self.until)


_BY = (func.coalesce(User.name, "The system").label("recorded_by"),)
_ATTENDANCE: Any = (
    select(
        Attendance.id, Attendance.recorded_at, *_BY, Attendance.starts, Attendance.ends, Attendance.possible,
        Attendance.authorised, Attendance.unauthorised, Attendance.replaces_id, Attendance.why_replaced,
        Attendance.withdrawn,
    )
    .outerjoin(User, User.id == Attendance.recorded_by_id)
    .where(Attendance.pupil_id == bindparam("pupil_id"))
    .order_by(Attendance.starts, Attendance.id)
)  # fmt: skip
_PART_TIMES: Any = (
    select(
        PartTime.id, PartTime.recorded_at, *_BY, PartTime.starts, PartTime.ends, PartTime.hours, PartTime.review_on,
        PartTime.reason, PartTime.way_back, PartTime.parents_agree, PartTime.replaces_id, PartTime.why_replaced,
        PartTime.withdrawn,
    )
    .outerjoin(User, User.id == PartTime.recorded_by_id)
    .where(PartTime.pupil_id == bindparam("pupil_id"))
    .order_by(PartTime.starts, PartTime.id)
)  # fmt: skip
_SUSPENSIONS: Any = (
    select(
        Suspension.id, Suspension.recorded_at, *_BY, Suspension.starts, Suspension.days, Suspension.reason,
        SuspensionStruck.id.label("struck_id"), SuspensionStruck.why,
    )
    .outerjoin(User, User.id == Suspension.recorded_by_id)
    .outerjoin(SuspensionStruck, SuspensionStruck.suspension_id == Suspension.id)
    .where(Suspension.pupil_id == bindparam("pupil_id"))
    .order_by(Suspension.starts, Suspension.id)
)  # fmt: skip
_HEALTH: Any = (
    select(
        Health.id, Health.recorded_at, *_BY, Health.kind, Health.detail, Health.since, Health.until,
        Health.document_id, HealthStruck.id.label("struck_id"), HealthStruck.why,
    )
    .outerjoin(User, User.id == Health.recorded_by_id)
    .outerjoin(HealthStruck, HealthStruck.health_id == Health.id)
    .where(Health.pupil_id == bindparam("pupil_id"))
    .order_by(Health.since, Health.id)
)  # fmt: skip
_OF_THE_ROLL = select(Pupil.attendance_percent).where(Pupil.id == bindparam("pupil_id"))
_WHOSE: dict[str, Any] = {
    name: select(model.pupil_id).where(model.id == bindparam("entry_id"))
    for name, model in (
        ("attendance", Attendance),
        ("part_time", PartTime),
        ("suspension", Suspension),
        ("health", Health),
    )
}


def _whose(kind: str, entry_id: int) -> Subject | None:
    pupil_id = db.session.scalar(_WHOSE[kind], {"entry_id": entry_id})
    return Subject(pupil_id=pupil_id) if pupil_id else None


@finder("attendance")
def find_attendance(attendance_id: int) -> Subject | None:
    """Whose attendance it is."""
    return _whose("attendance", attendance_id)


@finder("part_time")
def find_part_time(part_time_id: int) -> Subject | None:
    """Whose part-time timetable it is."""
    return _whose("part_time", part_time_id)


@finder("suspension")
def find_suspension(suspension_id: int) -> Subject | None:
    """Whose suspension it is."""
    return _whose("suspension", suspension_id)


@finder("health")
def find_health(health_id: int) -> Subject | None:
    """Whose health fact it is."""
    return _whose("health", health_id)


def _followers(rows: Sequence[Any]) -> dict[int, Any]:
    return {row.replaces_id: row for row in rows if row.replaces_id is not None}


def _entry(row: Any, followers: dict[int, Any]) -> tuple[int, datetime, str, bool, str]:
    follower = followers.get(row.id)
    return row.id, row.recorded_at, row.recorded_by, follower is not None, follower.why_replaced if follower else ""


def attendance_of(pupil_id: int, *, with_struck: bool = False) -> tuple[AttendanceRow, ...]:
    """Attendance by period, oldest first; without what was corrected or withdrawn unless asked for."""
    rows = db.session.execute(_ATTENDANCE, {"pupil_id": pupil_id}).all()
    followers = _followers(rows)
    found = (
        AttendanceRow(*_entry(row, followers), row.starts, row.ends, row.possible, row.authorised, row.unauthorised)
        for row in rows
        if not row.withdrawn
    )
    return tuple(one for one in found if with_struck or not one.struck)


def part_times_of(pupil_id: int, *, with_struck: bool = False) -> tuple[PartTimeRow, ...]:
    """Part-time timetables, oldest first; without what was changed or withdrawn unless asked for."""
    rows = db.session.execute(_PART_TIMES, {"pupil_id": pupil_id}).all()
    followers = _followers(rows)
    found = (
        PartTimeRow(
            *_entry(row, followers),
            row.starts,
            row.ends,
            row.hours,
            row.review_on,
            row.reason,
            row.way_back,
            row.parents_agree,
        )
        for row in rows
        if not row.withdrawn
    )
    return tuple(one for one in found if with_struck or not one.struck)


def suspensions_of(pupil_id: int, *, with_struck: bool = False) -> tuple[SuspensionRow, ...]:
    """Suspensions, and that there was none, oldest first; without what was struck unless asked for."""
    found = (
        SuspensionRow(
            row.id, row.recorded_at, row.recorded_by, row.struck_id is not None, row.why or "",
            row.starts, row.days, row.reason,
        )
        for row in db.session.execute(_SUSPENSIONS, {"pupil_id": pupil_id})
    )  # fmt: skip
    return tuple(one for one in found if with_struck or not one.struck)


def health_of(pupil_id: int, *, with_struck: bool = False) -> tuple[HealthRow, ...]:
    """Health facts by the day since which they hold; without what was struck unless asked for."""
    found = (
        HealthRow(
            row.id, row.recorded_at, row.recorded_by, row.struck_id is not None, row.why or "",
            kind_of(row.kind), kind_words(row.kind), row.detail, row.since, row.until, row.document_id,
        )
        for row in db.session.execute(_HEALTH, {"pupil_id": pupil_id})
    )  # fmt: skip
    return tuple(one for one in found if with_struck or not one.struck)


def percent_of_the_roll(pupil_id: int) -> Decimal | None:
    """Attendance as the last roll said it, a figure without a period."""
    return db.session.scalar(_OF_THE_ROLL, {"pupil_id": pupil_id})


def whose_entry(kind: str, entry_id: int) -> int:
    """The pupil of an entry in scope (the guard has looked)."""
    return int(db.session.execute(_WHOSE[kind], {"entry_id": entry_id}).scalar_one())
