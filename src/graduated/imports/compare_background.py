"""What a file of attendance or of suspensions would do: pure, so that a dry run and the import cannot disagree.

The same period again with the same figures changes nothing. A period that begins on the same day and is as long or
longer takes the place of the one recorded, which stays, struck; every other day that would count twice is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from graduated.imports.background_files import (
    AttendanceLine,
    ParsedAttendance,
    ParsedBackground,
    ParsedSuspensions,
    SuspensionLine,
)
from graduated.imports.difference import Change, KnownPupil
from graduated.imports.headings import Columns
from graduated.imports.lines import Finder, Line, LinesDifference, display, pupil_refusal
from graduated.imports.rows import Refusal, in_order, same_text
from graduated.rules import attendance, suspensions
from graduated.rules.attendance import Period
from graduated.rules.calendar import plain_date
from graduated.rules.suspensions import Suspended

R = TypeVar("R", AttendanceLine, SuspensionLine)
_COLUMN = {"starts": "period_starts", "ends": "period_ends", "on": "suspended_on", "kind": "suspended_on"}


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    """Attendance that counts, as recorded."""

    entry_id: int
    period: Period


@dataclass(frozen=True, slots=True)
class KnownSuspension:
    """An entry on suspensions that counts, as recorded."""

    entry_id: int
    suspended: Suspended
    reason: str


@dataclass(frozen=True, slots=True)
class NewPeriod:
    """Attendance to write; `replaces` is the entry in whose place it comes."""

    pupil_id: int
    period: Period
    replaces: int | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A suspension to write; `replaces` is the entry in whose place it comes."""

    pupil_id: int
    suspended: Suspended
    reason: str
    replaces: int | None


@dataclass(frozen=True, slots=True)
class BackgroundPlan:
    """What to write, and what people read of it."""

    shown: LinesDifference
    periods: tuple[NewPeriod, ...] = ()
    suspensions: tuple[NewEntry, ...] = ()


@dataclass(slots=True)
class _Lines:
    """The lines of a plan in the making."""

    columns: Columns
    refused: list[Refusal]
    added: list[Line] = field(default_factory=list)
    changed: list[Line] = field(default_factory=list)
    unchanged: list[Line] = field(default_factory=list)

    def refuse(self, line: int, found: tuple[str, str], value: str) -> None:
        """A refusal by the rules, under the file's own heading."""
        name, sentence = found
        heading = self.columns.heading(_COLUMN.get(name, name))
        self.refused.append(Refusal(line, heading, value, f"{sentence}."))

    def shown(self, parsed: ParsedBackground[R]) -> LinesDifference:
        """What people read."""
        return LinesDifference(
            added=tuple(self.added),
            changed=tuple(self.changed),
            unchanged=tuple(self.unchanged),
            refused=in_order(self.refused),
            ignored_headings=parsed.ignored_headings,
            notes=parsed.notes,
        )


def _found(parsed: ParsedBackground[R], known: Sequence[KnownPupil], lines: _Lines) -> Iterable[tuple[R, KnownPupil]]:
    finder = Finder(known)
    for row in parsed.rows:
        pupil = finder.find(row.pupil)
        if isinstance(pupil, str):
            lines.refused.append(pupil_refusal(row.line, row.pupil, pupil, lines.columns))
        else:
            yield row, pupil


def _line(row: R, pupil: KnownPupil, text: str, *changes: Change) -> Line:
    return Line(row.line, pupil.id, pupil.upn, display(pupil), text, changes)


def _figures(period: Period) -> str:
    share = attendance.percent_words(attendance.percent(period))
    return (
        f"{period.words}: {share}, {period.possible} possible, {period.authorised} authorised, "
        f"{period.unauthorised} unauthorised"
    )


def compare_attendance(
    parsed: ParsedAttendance,
    columns: Columns,
    known: Sequence[KnownPupil],
    recorded: Mapping[int, Sequence[KnownPeriod]],
    today: date,
) -> BackgroundPlan:
    """Hold a file against the periods recorded (by pupil)."""
    lines = _Lines(columns, list(parsed.refused))
    taken: dict[int, list[tuple[int, Period]]] = defaultdict(list)
    periods: list[NewPeriod] = []
    for row, pupil in _found(parsed, known, lines):
        new, standing = row.period, recorded.get(pupil.id, ())
        same = next((one for one in standing if one.period.starts == new.starts), None)
        twice = next((line for line, one in taken[pupil.id] if attendance.overlapping(new, [one])), None)
        others = [one.period for one in standing if one is not same]
        found = attendance.fault(new, today, others, tells=False)
        if twice is not None:
            said = f"Lines {twice} and {row.line} speak of the same days of one pupil. Remove one of them"
            found = ("starts", said)
        elif found is None and same is not None and same.period.ends > new.ends:
            said = (
                f"{same.period.words} is recorded already, which is longer. Export a newer file, or correct it by hand"
            )
            found = ("ends", said)
        if found is not None:
            lines.refuse(row.line, found, new.words)
            continue
        taken[pupil.id].append((row.line, new))
        if same is not None and same.period == new:
            lines.unchanged.append(_line(row, pupil, _figures(new)))
            continue
        if same is None:
            lines.added.append(_line(row, pupil, _figures(new)))
        else:
            change = Change("attendance", "Attendance", _figures(same.period), _figures(new))
            lines.changed.append(_line(row, pupil, f"attendance from {plain_date(new.starts)}", change))
        periods.append(NewPeriod(pupil.id, new, same.entry_id if same else None))
    return BackgroundPlan(lines.shown(parsed), periods=tuple(periods))


_BESIDE = ("on", "This row cannot stand beside what is recorded of that day. Ask the SENCO to look at it")
_AS_RECORDED = "As it is recorded"
"""Who takes a file in may have no leave to read suspensions: what is recorded of them is never told here."""


def _suspended(entry: Suspended, reason: str) -> str:
    return f"{plain_date(entry.on)}, {suspensions.days_words(entry.days)}: {reason}"


def compare_suspensions(
    parsed: ParsedSuspensions,
    columns: Columns,
    known: Sequence[KnownPupil],
    recorded: Mapping[int, Sequence[KnownSuspension]],
    today: date,
) -> BackgroundPlan:
    """Hold a file against the suspensions recorded (by pupil), without a word of what is recorded.

    A school administrator takes files in and reads no suspensions: only the file's own words are shown.
    """
    lines = _Lines(columns, list(parsed.refused))
    taken: dict[tuple[int, date], int] = {}
    entries: list[NewEntry] = []
    for row, pupil in _found(parsed, known, lines):
        new, standing = row.suspended, recorded.get(pupil.id, ())
        same = next((one for one in standing if one.suspended.on == new.on and not one.suspended.is_none), None)
        found = suspensions.fault(new, today)
        if found is None and suspensions.fault(new, today, [one.suspended for one in standing if one is not same]):
            found = _BESIDE
        first = taken.setdefault((pupil.id, new.on), row.line)
        if first != row.line:
            found = ("on", f"Lines {first} and {row.line} speak of the same day of one pupil. Remove one of them")
        if found is not None:
            lines.refuse(row.line, found, _suspended(new, row.reason))
            continue
        text = _suspended(new, row.reason)
        if same is not None and same.suspended == new and same_text(same.reason, row.reason):
            lines.unchanged.append(_line(row, pupil, text))
            continue
        if same is None:
            lines.added.append(_line(row, pupil, text))
        else:
            change = Change("suspension", "Suspension", _AS_RECORDED, text)
            lines.changed.append(_line(row, pupil, f"suspension of {plain_date(new.on)}", change))
        entries.append(NewEntry(pupil.id, new, row.reason, same.entry_id if same else None))
    return BackgroundPlan(lines.shown(parsed), suspensions=tuple(entries))
