"""One row of a file read cell by cell, and what was refused on the way.

The three kinds of file (pupils, teaching groups, contacts) share how a cell is found, read and refused, and how a line
says which pupil it speaks of: by UPN, or for a new arrival by legal name and date of birth (domain §3.2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from graduated.imports import words
from graduated.imports.headings import Columns, match
from graduated.imports.reader import Row, Table, Unreadable
from graduated.rules import upn

T = TypeVar("T")
PupilKey = str | tuple[str, str, date]
"""A UPN, or (surname, forename, date of birth) with the names folded."""

_SHOWN = 120  # characters of a refused value that are shown


@dataclass(frozen=True, slots=True)
class Refusal:
    """One cell or line that was not taken: `row` is the line of the file, `column` the heading as the file has it."""

    row: int
    column: str
    value: str
    reason: str

    def as_json(self) -> dict[str, object]:
        """As `graduated import --json` writes it."""
        return {"row": self.row, "column": self.column, "value": self.value, "reason": self.reason}


@dataclass(frozen=True, slots=True)
class PupilRef:
    """Which pupil a line means: the UPN where there is one, else legal names and date of birth."""

    upn: str | None
    legal_surname: str | None
    legal_forename: str | None
    date_of_birth: date | None

    @property
    def keys(self) -> tuple[PupilKey, ...]:
        """The UPN first, then names with date of birth when all are known."""
        return pupil_keys(self.upn, self.legal_surname, self.legal_forename, self.date_of_birth)

    @property
    def name(self) -> str:
        """Forename and surname as far as the file gives them, else the UPN."""
        return " ".join(part for part in (self.legal_forename, self.legal_surname) if part) or self.upn or ""


def pupil_keys(
    number: str | None, surname: str | None, forename: str | None, born: date | None
) -> tuple[PupilKey, ...]:
    """Every key a pupil can be found by, the surest first."""
    by_number: tuple[PupilKey, ...] = (number,) if number else ()
    if surname and forename and born:
        return (*by_number, (folded(surname), folded(forename), born))
    return by_number


def folded(name: str) -> str:
    """A name for finding the same child again: without accents, case, spaces and punctuation (Siân = Sian)."""
    return words.key(name)


def same_text(one: str | None, other: str | None) -> bool:
    """Whether two texts are one: composed form, single spaces, and typed or curly apostrophes alike."""
    return one == other or _canonical(one) == _canonical(other)


def _canonical(value: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", value or "").replace("’", "'").replace("‘", "'").split())


class Reading:
    """One row being read: blank cells give None, unclear cells are refused and give None."""

    def __init__(self, columns: Columns, row: Row, delimiter: str) -> None:
        self.columns = columns
        self.row = row
        self.delimiter = delimiter
        self.refused: list[Refusal] = []
        self._position, self._cells = columns.position, row.cells

    def cell(self, field: str) -> str:
        """The text of a field's cell; empty when the file or the row has none."""
        position = self._position.get(field)
        return self._cells[position] if position is not None and position < len(self._cells) else ""

    def has(self, field: str) -> bool:
        """Whether the file has a column for the field."""
        return field in self._position

    def read(self, field: str, meaning: Callable[[str], T]) -> T | None:
        """The field's value by `meaning`, None when blank; a cell that is unclear is refused with its reason."""
        cell = self.cell(field)
        if not cell or not cell.strip(" \u00a0"):
            return None
        try:
            return meaning(cell)
        except words.Unclear as unclear:
            self.refuse(field, unclear.reason)
            return None

    def refuse(self, field: str, reason: str, value: str | None = None) -> None:
        """Note a refusal of this row under the field's heading."""
        shown = self.cell(field) if value is None else value
        self.refused.append(Refusal(self.row.line_number, self.columns.heading(field), shown[:_SHOWN], reason))

    def whole(self) -> bool:
        """Refuse a row with too few or too many cells: its values may stand under the wrong headings."""
        expected, found = len(self.columns.headings), len(self.row.cells)
        spare = [cell for cell in self.row.cells[expected:] if cell.strip()]
        if found >= expected and not spare:
            return True
        line = (self.delimiter or ",").join(self.row.cells)[:_SHOWN]
        if spare:
            column, what = self.columns.headings[-1], f"{found} cells under {expected} headings; look for a value with"
            reason = f"The row has {what} a comma that needs quotation marks round it."
        else:
            column = self.columns.headings[found]
            reason = (
                f"The row has {found} cells under {expected} headings: it ends before “{column}”. Complete the row."
            )
        self.refused.append(Refusal(self.row.line_number, column, line, reason))
        return False

    def pupil(self) -> PupilRef:
        """The pupil the row means; nothing is said when it names nobody (see `needs_pupil`)."""
        number = self.read("upn", _upn)
        both = self.read("full_name", words.surname_and_forename) if not self.has("legal_surname") else None
        surname = both[0] if both else self.read("legal_surname", words.name)
        forename = both[1] if both else self.read("legal_forename", words.name)
        return PupilRef(number, surname, forename, self.read("date_of_birth", words.day))

    def needs_pupil(self, pupil: PupilRef) -> None:
        """Refuse the row when it says neither a UPN nor names with a date of birth."""
        if not pupil.keys and not self.refused:
            field = "upn" if self.has("upn") else "date_of_birth"
            self.refuse(field, "The row does not say which pupil: give a UPN, or surname, forename and date of birth.")


def _upn(cell: str) -> str:
    wrong = upn.check(cell)
    if wrong is not None:
        raise words.Unclear(wrong)
    return upn.clean(cell)


def columns_of(table: Table) -> Columns:
    """The file's columns; refused as a whole when none of them can say which pupil a row is about."""
    columns = match(table.headings, table.kind)
    here = columns.position.keys()
    if "upn" not in here and not ("date_of_birth" in here and ("full_name" in here or "legal_surname" in here)):
        raise Unreadable(
            f"The headings on line {table.heading_line} name no column that says which pupil a row is about. "
            "Add a column UPN, or the columns Surname, Forename and Date of birth."
        )
    return columns


def left_out_notes(table: Table) -> tuple[str, ...]:
    """A sentence for each total or repeated line of headings that was set aside."""
    return tuple(
        f"Line {row.line_number} was left out: {' '.join(' '.join(row.cells).split())}" for row in table.left_out
    )


def in_order(refused: Iterable[Refusal]) -> tuple[Refusal, ...]:
    """Refusals by line of the file; those of one line in the order they were found."""
    return tuple(sorted(refused, key=lambda refusal: refusal.row))
