"""Files of attendance (one line for each pupil and period) and of suspensions (one line for each).

Attendance counts half-day sessions. Where a file also says how many were attended, the figures must add up. Nothing is
guessed: a blank is not nought, and a figure that cannot be is refused by the rules that refuse it by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from graduated.imports import words
from graduated.imports.headings import usual_heading
from graduated.imports.reader import Table, Unreadable
from graduated.imports.rows import PupilRef, Reading, Refusal, columns_of, in_order, left_out_notes
from graduated.rules.attendance import Period
from graduated.rules.suspensions import Suspended

R = TypeVar("R")
_FIGURES = ("possible", "authorised", "unauthorised")
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class AttendanceLine:
    """One pupil's attendance in one period."""

    line: int
    pupil: PupilRef
    period: Period


@dataclass(frozen=True, slots=True)
class SuspensionLine:
    """One suspension of one pupil."""

    line: int
    pupil: PupilRef
    suspended: Suspended
    reason: str


@dataclass(frozen=True, slots=True)
class ParsedBackground(Generic[R]):
    """A whole file of one of the two kinds."""

    rows: tuple[R, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedAttendance(ParsedBackground[AttendanceLine]):
    """A whole file of attendance."""


@dataclass(frozen=True, slots=True)
class ParsedSuspensions(ParsedBackground[SuspensionLine]):
    """A whole file of suspensions."""


def parse_attendance(table: Table, today: date) -> ParsedAttendance:
    """Read every row of a file of attendance."""
    _needs(table, ("period_starts", "period_ends", *_FIGURES))
    return ParsedAttendance(*_read(table, lambda reading: _attendance(reading, today)))


def parse_suspensions(table: Table, today: date) -> ParsedSuspensions:
    """Read every row of a file of suspensions."""
    _needs(table, ("suspended_on", "reason"))
    if not {"days", "sessions"} & columns_of(table).position.keys():
        raise Unreadable(f"The headings on line {table.heading_line} have no column Days, and none Sessions. Add one.")
    return ParsedSuspensions(*_read(table, lambda reading: _suspension(reading, today)))


def _needs(table: Table, fields: tuple[str, ...]) -> None:
    here = columns_of(table).position.keys()
    missing = [usual_heading(field) for field in fields if field not in here]
    if missing:
        raise Unreadable(
            f"The headings on line {table.heading_line} lack: {', '.join(missing)}. Add each as a column of its own."
        )


def _read(
    table: Table, meaning: Callable[[Reading], R | None]
) -> tuple[tuple[R, ...], tuple[Refusal, ...], tuple[str, ...], tuple[str, ...]]:
    columns = columns_of(table)
    rows: list[R] = []
    refused: list[Refusal] = []
    for one in table.rows:
        reading = Reading(columns, one, table.delimiter)
        row = meaning(reading) if reading.whole() else None
        refused.extend(reading.refused)
        if row is not None:
            rows.append(row)
    return tuple(rows), in_order(refused), columns.ignored, left_out_notes(table)


def _pupil(reading: Reading, today: date) -> PupilRef:
    pupil = reading.pupil()
    reading.needs_pupil(pupil)
    if pupil.date_of_birth and pupil.date_of_birth > today:
        reading.refuse("date_of_birth", "The date of birth is in the future. Check the year.")
    return pupil


def _filled(reading: Reading, field: str, meaning: Callable[[str], R], blank: str) -> R | None:
    """A cell that has to be filled; a blank is refused with what to write."""
    value = reading.read(field, meaning)
    if value is None and not reading.cell(field).strip():
        reading.refuse(field, blank)
    return value


def _attendance(reading: Reading, today: date) -> AttendanceLine | None:
    pupil = _pupil(reading, today)
    starts = _filled(reading, "period_starts", words.day, "The first day is missing. Fill it in, or remove the row.")
    ends = _filled(reading, "period_ends", words.day, "The last day is missing. Fill it in, or remove the row.")
    nought = "The figure is missing. Write 0 if there was none."
    possible, authorised, unauthorised = (_filled(reading, field, words.count, nought) for field in _FIGURES)
    attended = reading.read("attended", words.count)
    if starts is None or ends is None or possible is None or authorised is None or unauthorised is None:
        return None
    period = Period(starts, ends, possible, authorised, unauthorised)
    if attended is not None and attended != period.attended:
        said = f"{attended} attended and {authorised + unauthorised} absent do not make {possible} possible sessions"
        reading.refuse("attended", f"{said}. Check the figures in your system.")
    return None if reading.refused else AttendanceLine(reading.row.line_number, pupil, period)


def _suspension(reading: Reading, today: date) -> SuspensionLine | None:
    pupil = _pupil(reading, today)
    on = _filled(reading, "suspended_on", words.day, "The date is missing. Fill it in, or remove the row.")
    if reading.has("days"):
        days = _filled(reading, "days", words.halves, "The days are missing. Fill them in, for example 1.5.")
    else:
        sessions = _filled(reading, "sessions", words.count, "The sessions are missing. Fill them in, two for a day.")
        days = sessions * _HALF if sessions is not None else None
    reason = _filled(reading, "reason", words.text, "The reason is missing. Fill it in, or remove the row.")
    if days == 0:
        field = "days" if reading.has("days") else "sessions"
        reading.refuse(field, "A suspension lasts half a day or more. That there was none is entered on the page.")
    if reading.refused or on is None or days is None or reason is None:
        return None
    return SuspensionLine(reading.row.line_number, pupil, Suspended(on, days), reason)
