"""Writing a pupil's background. Rows are never changed: a correction is a new row, and what it replaces is struck."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.pupils.models import Attendance, Health, HealthStruck, PartTime, Suspension, SuspensionStruck
from graduated.pupils.queries_background import (
    Entry,
    HealthRow,
    SuspensionRow,
    attendance_of,
    health_of,
    part_times_of,
    suspensions_of,
    whose_entry,
)
from graduated.rules import attendance, health, suspensions
from graduated.rules.attendance import PartTimeSpan, Period
from graduated.rules.health import HealthFact
from graduated.rules.suspensions import Suspended
from graduated.rules.vocabulary import HealthKind

E = TypeVar("E", bound=Entry)
_STRUCK = "This was corrected before. Correct the newer entry instead"


class BackgroundRefused(ValueError):
    """What cannot be recorded so; the sentence says why and how to mend it, `field` beside what it stands."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewPartTime:
    """A part-time timetable as it was agreed; `parents_agree` none: not said."""

    span: PartTimeSpan
    reason: str
    way_back: str = ""
    parents_agree: bool | None = None


@dataclass(frozen=True, slots=True)
class NewSuspension:
    """A suspension, or of no days that there was none; `reason` may say since when there was none."""

    suspended: Suspended
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewHealth:
    """A health fact, and the paper that says so; `called` is a kind in free words, of before there was a list."""

    fact: HealthFact
    document_id: int | None = None
    called: str = ""


def _refuse(found: tuple[str, str] | None) -> None:
    if found is not None:
        raise BackgroundRefused(*found)


def _why(words: str) -> str:
    if not words.strip():
        raise BackgroundRefused("why", "Say why it is corrected")
    return words.strip()


def _standing(rows: Iterable[E], entry_id: int) -> list[E]:
    """The others that count; the one to correct must be among them."""
    found = list(rows)
    others = [one for one in found if one.entry_id != entry_id]
    if len(others) == len(found):
        raise BackgroundRefused("why", _STRUCK)
    return others


@writes("Attendance recorded")
def record_attendance(pupil_id: int, period: Period) -> int:
    """Attendance in a period. Raises BackgroundRefused for figures that cannot be, or days that count already."""
    _refuse(attendance.fault(period, today(), [one.period for one in attendance_of(pupil_id)]))
    return _attendance(pupil_id, period)


@writes("Attendance corrected")
def correct_attendance(attendance_id: int, period: Period | None, why: str) -> int:
    """Other figures instead, or none when the entry should not be there at all; the old one stays, struck."""
    pupil_id = whose_entry("attendance", attendance_id)
    rows = attendance_of(pupil_id)
    others = _standing(rows, attendance_id)
    if period is not None:
        _refuse(attendance.fault(period, today(), [one.period for one in others]))
        return _attendance(pupil_id, period, attendance_id, _why(why))
    old = next(one.period for one in rows if one.entry_id == attendance_id)
    return _attendance(pupil_id, old, attendance_id, _why(why), withdrawn=True)


def _attendance(
    pupil_id: int, period: Period, replaces_id: int | None = None, why: str = "", *, withdrawn: bool = False
) -> int:
    row = Attendance(
        pupil_id=pupil_id,
        starts=period.starts,
        ends=period.ends,
        possible=period.possible,
        authorised=period.authorised,
        unauthorised=period.unauthorised,
        replaces_id=replaces_id,
        why_replaced=why,
        withdrawn=withdrawn,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Part-time timetable recorded")
def record_part_time(pupil_id: int, new: NewPartTime) -> int:
    """A part-time timetable. Raises BackgroundRefused when another holds on the same days."""
    _refuse(attendance.part_time_fault(new.span, [one.span for one in part_times_of(pupil_id)]))
    return _part_time(pupil_id, new)


@writes("Part-time timetable changed")
def change_part_time(part_time_id: int, new: NewPartTime | None, why: str) -> int:
    """Put right, reviewed or ended, or withdrawn when none is given; what stood before stays, struck."""
    pupil_id = whose_entry("part_time", part_time_id)
    rows = part_times_of(pupil_id)
    others = _standing(rows, part_time_id)
    if new is not None:
        _refuse(attendance.part_time_fault(new.span, [one.span for one in others]))
        return _part_time(pupil_id, new, part_time_id, _why(why))
    old = next(one for one in rows if one.entry_id == part_time_id)
    again = NewPartTime(old.span, old.reason, old.way_back, old.parents_agree)
    return _part_time(pupil_id, again, part_time_id, _why(why), withdrawn=True)


def _part_time(
    pupil_id: int, new: NewPartTime, replaces_id: int | None = None, why: str = "", *, withdrawn: bool = False
) -> int:
    if not new.reason.strip():
        raise BackgroundRefused("reason", "Say why the timetable is part-time")
    row = PartTime(
        pupil_id=pupil_id,
        starts=new.span.starts,
        ends=new.span.ends,
        hours=new.span.hours,
        reason=new.reason.strip(),
        review_on=new.span.review_on,
        way_back=new.way_back.strip(),
        parents_agree=new.parents_agree,
        replaces_id=replaces_id,
        why_replaced=why,
        withdrawn=withdrawn,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Suspension recorded")
def record_suspension(pupil_id: int, new: NewSuspension) -> int:
    """A suspension, or that there was none. A suspension strikes every “none” that it contradicts."""
    return _suspension(pupil_id, new, suspensions_of(pupil_id))


@writes("Suspension corrected")
def correct_suspension(suspension_id: int, new: NewSuspension | None, why: str) -> int:
    """Another entry instead, or none when it should not be there at all; the old one stays, struck."""
    pupil_id, reason = whose_entry("suspension", suspension_id), _why(why)
    others = _standing(suspensions_of(pupil_id), suspension_id)
    instead = _suspension(pupil_id, new, others) if new is not None else None
    struck = SuspensionStruck(pupil_id=pupil_id, suspension_id=suspension_id, instead_id=instead, why=reason)
    db.session.add(struck)
    db.session.flush()
    return instead or suspension_id


def _suspension(pupil_id: int, new: NewSuspension, others: Iterable[SuspensionRow]) -> int:
    rows = list(others)
    known = [one.suspended for one in rows]
    _refuse(suspensions.fault(new.suspended, today(), known))
    if not new.suspended.is_none and not new.reason.strip():
        raise BackgroundRefused("reason", "Say why the pupil was suspended")
    row = Suspension(pupil_id=pupil_id, starts=new.suspended.on, days=new.suspended.days, reason=new.reason.strip())
    db.session.add(row)
    db.session.flush()
    fallen = suspensions.contradicted(new.suspended, known)
    for one in rows:
        if one.suspended in fallen:
            why = "A suspension was recorded that lies before."
            db.session.add(SuspensionStruck(pupil_id=pupil_id, suspension_id=one.entry_id, instead_id=row.id, why=why))
    db.session.flush()
    return row.id


@writes("Health fact recorded")
def record_health(pupil_id: int, new: NewHealth) -> int:
    """A health fact, or that nothing is known. A fact strikes “nothing known”."""
    return _health(pupil_id, new, health_of(pupil_id))


@writes("Health fact corrected")
def correct_health(health_id: int, new: NewHealth | None, why: str) -> int:
    """Another fact instead, or none when it should not be there at all; the old one stays, struck."""
    pupil_id, reason = whose_entry("health", health_id), _why(why)
    others = _standing(health_of(pupil_id), health_id)
    instead = _health(pupil_id, new, others) if new is not None else None
    db.session.add(HealthStruck(pupil_id=pupil_id, health_id=health_id, instead_id=instead, why=reason))
    db.session.flush()
    return instead or health_id


def _health(pupil_id: int, new: NewHealth, others: Iterable[HealthRow]) -> int:
    rows, fact = list(others), new.fact
    _refuse(health.fault(fact, today(), [one.fact for one in rows]))
    row = Health(
        pupil_id=pupil_id,
        kind=new.called or fact.kind.value,
        detail=fact.detail.strip(),
        since=fact.since,
        until=fact.until,
        document_id=new.document_id,
    )
    db.session.add(row)
    db.session.flush()
    for one in rows:
        if one.fact.kind is HealthKind.NOTHING:
            why = "Something is known now." if fact.kind is not HealthKind.NOTHING else "Asked again."
            db.session.add(HealthStruck(pupil_id=pupil_id, health_id=one.entry_id, instead_id=row.id, why=why))
    db.session.flush()
    return row.id
