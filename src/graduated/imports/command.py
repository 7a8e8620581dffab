"""`graduated import`: read a file, show what it would do, and do it. The JSON is a contract."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import current_app

from graduated.db.clock import today
from graduated.imports.difference import Difference, PupilChange
from graduated.imports.dry_run import Plan, ReadFile, plan_of, read_file, shown
from graduated.imports.headings import Kind
from graduated.imports.lines import Line, LinesDifference, counted
from graduated.imports.reader import Unreadable, check_size
from graduated.imports.services import forget_file, forget_files, take_unseen

_SHOWN = 40  # lines of each part that the summary names; the JSON has them all


class CannotRead(Exception):
    """The file can't be read; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an import did, or would do."""

    filename: str
    difference: Difference | LinesDifference
    dry_run: bool
    accepted: bool

    def as_json(self) -> dict[str, object]:
        """The contract: every value a list, `row` the line of the file."""
        return self.difference.as_json()

    def as_text(self) -> str:
        """A summary for a person at a terminal."""
        return "\n".join(_summary(self))


def run_import(file: Path, kind: str, *, dry_run: bool, accept_status: bool) -> Answer:
    """Take a file in the school of the person acting. Raises CannotRead with a sentence when it can't be read."""
    try:
        check_size(file.stat().st_size)
        data = file.read_bytes()
        read = read_file(data, file.name, Kind(kind), today())
    except FileNotFoundError:
        raise CannotRead(f"There is no file {file}. Check the name and the folder.") from None
    except IsADirectoryError:
        raise CannotRead(f"{file} is a folder. Give the name of a file.") from None
    except OSError as error:
        raise CannotRead(f"{file} cannot be opened: {error.strerror}.") from None
    except Unreadable as error:
        raise CannotRead(error.sentence) from None
    plan = plan_of(read, today()) if dry_run else _take(data, file.name, read, accept_status=accept_status)
    return Answer(file.name, shown(plan), dry_run, accept_status)


def _take(data: bytes, filename: str, read: ReadFile, *, accept_status: bool) -> Plan:
    """Nobody looks at a plan in between, so it is made once, where it is carried out."""
    stored = current_app.extensions["files"].put([data])
    try:
        plan, has_older = take_unseen(read.kind, filename, stored, read, None if accept_status else frozenset())
    except BaseException:
        forget_file(stored.sha256)
        raise
    if has_older:
        forget_files()
    return plan


def _summary(answer: Answer) -> list[str]:
    found = answer.difference
    would = "Would be" if answer.dry_run else "Now"
    lines = [
        f"{answer.filename}: {'a dry run, nothing was changed.' if answer.dry_run else 'imported.'}",
        f"  {would} added: {len(found.added)}",
        f"  {would} changed: {len(found.changed)}",
        f"  Unchanged: {len(found.unchanged)}",
    ]
    if isinstance(found, Difference):
        lines.append(f"  Missing from the file, left alone: {len(found.missing_from_file)}")
    lines.append(f"  Refused: {counted(len(found.refused), 'row or cell', 'rows or cells')}")
    if isinstance(found, Difference) and found.many_missing:
        lines.append("  More than one pupil in ten is missing from the file. Is it the whole roll?")
    lines += _part("Added", [_named(one) for one in found.added])
    lines += _part("Changed", [_named(one) for one in found.changed])
    if found.to_confirm and not answer.accepted:
        lines += _part(
            "Waiting for a confirmation (not imported; --accept-status takes all of them)",
            [_named(one) for one in found.to_confirm],
        )
    lines += _part("Refused", [f"line {one.row}, {one.column}: {one.reason}" for one in found.refused])
    if found.ignored_headings:
        lines.append(f"Columns not used: {', '.join(found.ignored_headings)}")
    return [*lines, *found.notes]


def _named(one: object) -> str:
    if isinstance(one, PupilChange):
        changes = "; ".join(f"{c.label}: {c.before_text} to {c.after_text}" for c in one.changes)
        return f"line {one.row.line}, {one.row.name}: {changes}"
    if isinstance(one, Line):
        changes = "; ".join(f"{c.label}: {c.before_text} to {c.after_text}" for c in one.changes)
        where = f"line {one.row}, " if one.row else ""
        return f"{where}{one.name}: {one.text}" + (f" ({changes})" if changes else "")
    row = one.row  # type: ignore[attr-defined]
    return f"line {row.line}, {row.name}"


def _part(title: str, items: list[str]) -> list[str]:
    more = [f"  and {len(items) - _SHOWN} more"] if len(items) > _SHOWN else []
    return [f"{title}:", *(f"  {item}" for item in items[:_SHOWN]), *more] if items else []
