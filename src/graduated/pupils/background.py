"""The page of a pupil's background, finished: what counts, what was struck, and the picture of attendance."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from graduated.pack.attendance_chart import attendance_chart
from graduated.pack.charts import Chart
from graduated.pack.evidence import AttendancePeriod
from graduated.pupils.queries import details_of
from graduated.pupils.queries_background import (
    AttendanceRow,
    Entry,
    HealthRow,
    PartTimeRow,
    SuspensionRow,
    attendance_of,
    health_of,
    part_times_of,
    percent_of_the_roll,
    suspensions_of,
)
from graduated.rules.attendance import months_recorded, percent_words, year_words
from graduated.rules.calendar import academic_year
from graduated.rules.nhs_number import spaced

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class AttendanceView:
    """Attendance: the newest period first; `years` says it by school year; months are those of the last twelve."""

    rows: tuple[AttendanceRow, ...]
    struck: tuple[AttendanceRow, ...]
    years: tuple[str, ...]
    months: int
    of_the_roll: str
    chart: Chart | None
    small: Chart | None


@dataclass(frozen=True, slots=True)
class PartTimeView:
    """One part-time timetable with how it stands: (words, kind of tag)."""

    row: PartTimeRow
    state: tuple[str, str]


@dataclass(frozen=True, slots=True)
class BackgroundView:
    """Everything on the page; what was struck stands apart."""

    attendance: AttendanceView
    part_times: tuple[PartTimeView, ...]
    part_times_struck: tuple[PartTimeRow, ...]
    suspensions: tuple[SuspensionRow, ...]
    suspensions_struck: tuple[SuspensionRow, ...]
    health: tuple[HealthRow, ...]
    health_struck: tuple[HealthRow, ...]


def page_of(pupil_id: int, day: date) -> BackgroundView:
    """A pupil's background on a day."""
    part_times, part_times_struck = _parted(part_times_of(pupil_id, with_struck=True))
    suspensions, suspensions_struck = _parted(suspensions_of(pupil_id, with_struck=True))
    health, health_struck = _parted(health_of(pupil_id, with_struck=True))
    return BackgroundView(
        attendance=_attendance(pupil_id, day),
        part_times=tuple(PartTimeView(one, _standing(one, day)) for one in part_times),
        part_times_struck=part_times_struck,
        suspensions=suspensions,
        suspensions_struck=suspensions_struck,
        health=tuple(reversed(health)),
        health_struck=health_struck,
    )


def _parted(rows: tuple[E, ...]) -> tuple[tuple[E, ...], tuple[E, ...]]:
    """What counts and what was struck, the newest first."""
    newest = tuple(reversed(rows))
    return tuple(one for one in newest if not one.struck), tuple(one for one in newest if one.struck)


def _attendance(pupil_id: int, day: date) -> AttendanceView:
    rows, struck = _parted(attendance_of(pupil_id, with_struck=True))
    bars = [period_of(one) for one in reversed(rows)]
    roll: Decimal | None = percent_of_the_roll(pupil_id)
    return AttendanceView(
        rows=rows,
        struck=struck,
        years=year_words(one.period for one in rows),
        months=months_recorded((one.period for one in rows), day),
        of_the_roll=percent_words(roll),
        # The page has the figures as a table of its own, with who entered them.
        chart=replace(attendance_chart(bars, 1080), rows=()) if bars else None,
        small=replace(attendance_chart(bars, 350), rows=()) if bars else None,
    )


def period_of(row: AttendanceRow) -> AttendancePeriod:
    """A period as page and pack show it."""
    return AttendancePeriod(
        name=academic_year(row.starts),
        start=row.starts,
        end=row.ends,
        possible=row.possible,
        authorised=row.authorised,
        unauthorised=row.unauthorised,
        percent=row.percent,
    )


def _standing(row: PartTimeRow, day: date) -> tuple[str, str]:
    if row.span.review_passed(day):
        return "The review date has passed", "warn"
    if row.span.runs_on(day):
        return "Runs now", "plan"
    return ("To come", "") if row.starts > day else ("Ended", "")


def details_for(pupil_id: int) -> tuple[tuple[str, str], ...]:
    """What forms ask for of the pupil's own record: (label, value); a blank is said as not recorded."""
    row = details_of(pupil_id)
    care = {None: "", False: "No", True: f"Yes, {row.care_authority or 'authority not recorded'}"}[row.in_care]
    facts = {None: "", False: "No", True: "Yes"}
    return (
        ("Address", row.address),
        ("NHS number", spaced(row.nhs_number)),
        ("Looked after by a local authority", care),
        ("Earlier schools", row.previous_schools),
        ("First language", row.first_language),
        ("Interpreter or signing needed", row.interpreter),
        ("Ethnicity", row.ethnicity),
        ("Religion", row.religion),
        ("Service family", facts[row.service_family]),
        ("Pupil premium", facts[row.pupil_premium]),
    )
