"""The exports the tests read, and short files made on the spot."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from pathlib import Path

from graduated.imports.compare import KnownNeed, KnownPupil
from graduated.imports.headings import Kind
from graduated.imports.pupils_file import Parsed, parse_pupils
from graduated.imports.reader import Table, read_table

FOLDER = Path(__file__).parents[1] / "data" / "mis"
TODAY = date(2026, 11, 21)
ARBOR = "primary-210-arbor-students.csv"
NEXT_TERM = "primary-210-arbor-students-next-term.csv"
SIMS = "primary-210-sims-sen.csv"
BROMCOM = "secondary-1330-bromcom.csv"
HOSTILE = "hostile.csv"
_KEPT = {field.name for field in fields(KnownPupil)} - {"id", "needs", "on_roll", "version"}


def parsed_file(name: str) -> Parsed:
    return parse_pupils(read_table((FOLDER / name).read_bytes(), name), TODAY)


def table(text: str, kind: Kind = Kind.PUPILS) -> Table:
    return read_table(text.encode(), "roll.csv", kind)


def parsed(*lines: str) -> Parsed:
    return parse_pupils(table("\n".join(lines) + "\n"), TODAY)


def known_from(file: Parsed) -> list[KnownPupil]:
    """The pupils that a school holds once everything in a file was taken."""
    known: Sequence[KnownPupil] = [
        KnownPupil(
            id=number,
            needs=tuple(KnownNeed(need.need, need.rank, need.started) for need in row.needs),
            **{name: getattr(row, name) for name in _KEPT},
        )
        for number, row in enumerate(file.pupils, start=1)
    ]
    return list(known)
