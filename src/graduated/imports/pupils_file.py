"""A roll with SEN details, read into one `PupilRow` for each pupil.

A file may give one row for each need (SIMS) or numbered need columns (Arbor, Bromcom). A blank SEN status means none
when the file has that column; a blank yes/no cell means no. Any cell that is unclear refuses its row with the reason,
and every other row goes on. `today` is an argument: nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from graduated.imports import words
from graduated.imports.headings import MOST_NEEDS, Columns
from graduated.imports.reader import Table
from graduated.imports.rows import (
    PupilKey,
    PupilRef,
    Reading,
    Refusal,
    columns_of,
    in_order,
    left_out_notes,
    pupil_keys,
)
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, YearGroup

_OLDEST = 26  # years; an EHC plan can run until the end of the year in which a person turns 25


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One type of need with its order (1 first) and dates where the file gives them."""

    need: NeedType
    rank: int
    started: date | None = None
    ended: date | None = None


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil as the file has them. None means that the file does not say, never that it says no.

    `needs` are those still open on the day of reading, in order. `needs_complete` is False when another row of this
    pupil was refused, so the list may be short and is not compared. Attendance is a percentage.
    """

    line: int
    upn: str | None
    legal_surname: str | None
    legal_forename: str | None
    date_of_birth: date | None
    known_as: str | None = None
    known_surname: str | None = None
    sex: Sex | None = None
    year_group: YearGroup | None = None
    registration_group: str | None = None
    status: SenStatus | None = None
    status_start: date | None = None
    needs: tuple[NeedRow, ...] = ()
    needs_complete: bool = True
    sen_review_date: date | None = None
    eal: bool | None = None
    pupil_premium: bool | None = None
    in_care: bool | None = None
    service_family: bool | None = None
    attendance: Decimal | None = None
    first_language: str | None = None
    ethnicity: str | None = None
    religion: str | None = None
    admission_date: date | None = None
    leaving_date: date | None = None
    address: str | None = None

    @property
    def keys(self) -> tuple[PupilKey, ...]:
        """What this pupil can be found by, the surest first."""
        return pupil_keys(self.upn, self.legal_surname, self.legal_forename, self.date_of_birth)

    @property
    def name(self) -> str:
        """Forename and surname as far as the file gives them, else the UPN."""
        return " ".join(part for part in (self.legal_forename, self.legal_surname) if part) or self.upn or ""

    def as_json(self) -> dict[str, object]:
        """The row of the file, who it is and their SEN details, as the command line writes them."""
        return {
            "row": self.line,
            "upn": self.upn,
            "name": self.name,
            "date_of_birth": self.date_of_birth.isoformat() if self.date_of_birth else None,
            "year_group": self.year_group.value if self.year_group else None,
            "registration_group": self.registration_group,
            "status": self.status.value if self.status else None,
            "status_start": self.status_start.isoformat() if self.status_start else None,
            "needs": [need.need.value for need in self.needs],
        }


@dataclass(frozen=True, slots=True)
class Parsed:
    """A whole file: the pupils read, the rows refused, and what the file does and does not hold.

    `columns` are the fields that the file has a column for ("needs" for any column of needs). `in_refused_rows` finds
    the pupils that refused rows speak of, so that none of them counts as missing. `headings` gives the file's own
    heading of each field.
    """

    pupils: tuple[PupilRow, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    columns: frozenset[str]
    in_refused_rows: frozenset[PupilKey]
    headings: Columns
    notes: tuple[str, ...]


def parse_pupils(table: Table, today: date) -> Parsed:
    """Read every row. Raises `Unreadable` only when no column says which pupil a row is about."""
    columns = columns_of(table)
    file = _File(today, _here(columns))
    for row in table.rows:
        file.add(Reading(columns, row, table.delimiter))
    fields = frozenset("needs" if field in _NEED_FIELDS else field for field in columns.position)
    if "full_name" in fields:
        fields |= {"legal_surname", "legal_forename"}
    if "need_start" in columns.position:
        fields |= {"need_dates"}
    return Parsed(
        pupils=tuple(file.finished()),
        refused=in_order(file.refused),
        ignored_headings=columns.ignored,
        columns=fields,
        in_refused_rows=frozenset(file.in_refused_rows),
        headings=columns,
        notes=_notes(table, columns),
    )


_NEED_FIELDS = {"need", *(f"need_{number}" for number in range(1, MOST_NEEDS + 1))}


class _File:
    """The pupils found so far, each under every key they can be found by."""

    def __init__(self, today: date, here: _Here) -> None:
        self.today, self.here = today, here
        self.rows: list[PupilRow] = []
        self.place: dict[PupilKey, int] = {}
        self.refused: list[Refusal] = []
        self.in_refused_rows: set[PupilKey] = set()
        self.incomplete: set[PupilKey] = set()

    def add(self, reading: Reading) -> None:
        """Take one row as a new pupil or as a further need, or refuse it."""
        row = _pupil_row(reading, self.today, self.here) if reading.whole() else None
        keys = row.keys if row else _keys_of_refused(reading)
        if row and not reading.refused:
            place = self._place_of(row, keys)
            if place is None:
                for one in keys:
                    self.place.setdefault(one, len(self.rows))
                self.rows.append(row)
            else:
                self._again(reading, place, row)
        elif keys:
            self.incomplete.update(keys)
        if reading.refused:
            self.in_refused_rows.update(keys)
            self.refused.extend(reading.refused)

    def _place_of(self, row: PupilRow, keys: tuple[PupilKey, ...]) -> int | None:
        """Where this pupil was read before: by UPN, or by name and birth where either row has no UPN."""
        if row.upn in self.place:
            return self.place[row.upn]
        place = self.place.get(keys[-1])
        return None if place is None or (row.upn and self.rows[place].upn) else place

    def _again(self, reading: Reading, place: int, row: PupilRow) -> None:
        """A further row of one pupil is a further need, or it is refused."""
        first = self.rows[place]
        field = "upn" if row.upn else "full_name" if reading.has("full_name") else "legal_surname"
        one_open = {need.need for need in first.needs if _is_open(need, self.today)}
        if replace(row, line=first.line, needs=first.needs) != first:
            reading.refuse(
                field,
                f"Line {row.line} is the same pupil as line {first.line} but differs in more than the need. "
                f"Line {first.line} was kept; correct or remove line {row.line}.",
            )
            self.incomplete.update(row.keys)
        elif not row.needs or any(
            need in first.needs or (need.need in one_open and _is_open(need, self.today)) for need in row.needs
        ):
            reading.refuse(
                field, f"Line {row.line} repeats the pupil of line {first.line} and adds no other need. Remove it."
            )
        else:
            self.rows[place] = replace(first, needs=(*first.needs, *row.needs))

    def finished(self) -> Iterable[PupilRow]:
        """Pupils in the order of the file, each with the needs that are open, numbered in order."""
        for row in self.rows:
            if not row.needs and not self.incomplete:
                yield row
                continue
            still = sorted((n for n in row.needs if _is_open(n, self.today)), key=lambda need: need.rank)
            yield replace(
                row,
                needs=tuple(replace(need, rank=number) for number, need in enumerate(still, start=1)),
                needs_complete=not self.incomplete.intersection(row.keys),
            )


def _is_open(need: NeedRow, today: date) -> bool:
    return need.ended is None or need.ended >= today


def _keys_of_refused(reading: Reading) -> tuple[PupilKey, ...]:
    """Who a refused short row speaks of, as far as it can be read."""
    trial = Reading(reading.columns, reading.row, reading.delimiter)
    return trial.pupil().keys


class _Here(NamedTuple):
    """What is read of each row of a file: its columns with their meaning, and the numbers of those of needs."""

    meanings: tuple[tuple[str, Callable[[str], Any]], ...]
    needs: tuple[int, ...]


_MEANINGS: dict[str, Callable[[str], Any]] = {
    "known_as": words.name,
    "known_surname": words.name,
    "sex": words.sex,
    "year_group": words.year_group,
    "registration_group": words.label,
    "status": words.status,
    "status_start": words.day,
    "sen_review_date": words.day,
    "eal": words.yes_no,
    "pupil_premium": words.yes_no,
    "in_care": words.yes_no,
    "service_family": words.yes_no,
    "attendance": words.percentage,
    "first_language": words.label,
    "ethnicity": words.label,
    "religion": words.label,
    "admission_date": words.day,
    "leaving_date": words.day,
    "address": words.address,
}
_BLANK = {"status": SenStatus.NONE, "eal": False, "pupil_premium": False, "in_care": False, "service_family": False}
"""What a blank says in a column that is there: exports leave the cell empty for no, and for no SEN support."""


def _here(columns: Columns) -> _Here:
    meanings = tuple((field, meaning) for field, meaning in _MEANINGS.items() if field in columns.position)
    needs = tuple(number for number in range(1, MOST_NEEDS + 1) if f"need_{number}" in columns.position)
    return _Here(meanings, needs)


def _pupil_row(reading: Reading, today: date, here: _Here) -> PupilRow:
    pupil = reading.pupil()
    _check_names(reading, pupil)
    _check_birth(reading, pupil.date_of_birth, today)
    reading.needs_pupil(pupil)
    read: dict[str, Any] = {}
    for field, meaning in here.meanings:
        found = reading.read(field, meaning)
        read[field] = _BLANK.get(field) if found is None else found
    row = PupilRow(
        line=reading.row.line_number,
        upn=pupil.upn,
        legal_surname=pupil.legal_surname,
        legal_forename=pupil.legal_forename,
        date_of_birth=pupil.date_of_birth,
        needs=_needs(reading, here),
        **read,
    )
    _check_order(reading, row)
    return row


def _check_names(reading: Reading, pupil: PupilRef) -> None:
    """A file with a column for names has a name in every row."""
    for field, value in (("legal_surname", pupil.legal_surname), ("legal_forename", pupil.legal_forename)):
        if reading.has(field) and value is None and not reading.cell(field).strip():
            reading.refuse(field, "The name is missing. Fill it in.")
    if not reading.has("legal_surname") and reading.has("full_name") and not reading.cell("full_name").strip():
        reading.refuse("full_name", "The name is missing. Fill it in as surname, comma, forename.")


def _check_birth(reading: Reading, born: date | None, today: date) -> None:
    if born is None:
        if reading.has("date_of_birth") and not reading.cell("date_of_birth").strip():
            reading.refuse("date_of_birth", "The date of birth is missing. Fill it in.")
    elif born > today:
        reading.refuse("date_of_birth", "The date of birth is in the future. Check the year.")
    elif today.year - born.year > _OLDEST:
        reading.refuse("date_of_birth", f"A pupil born in {born.year} would be over {_OLDEST - 1}. Check the year.")


def _check_order(reading: Reading, row: PupilRow) -> None:
    """Nothing about a pupil starts before the birth, and no need ends before it starts."""
    born = row.date_of_birth
    for field, value in (("status_start", row.status_start), ("admission_date", row.admission_date)):
        if born and value and value < born:
            reading.refuse(field, f"This is before the date of birth ({born:%d/%m/%Y}). Correct one of the two dates.")
    for need in row.needs:
        if born and need.started and need.started < born:
            reading.refuse(
                "need_start", f"This is before the date of birth ({born:%d/%m/%Y}). Correct one of the two dates."
            )
        if need.started and need.ended and need.ended < need.started:
            reading.refuse("need_end", "The need ends before it starts. Correct one of the two dates.")


def _needs(reading: Reading, here: _Here) -> tuple[NeedRow, ...]:
    """The needs of one row: its ranked need, then its numbered columns."""
    found: list[NeedRow] = []
    ranked = reading.read("need", words.need)
    if ranked is not None:
        started, ended = reading.read("need_start", words.day), reading.read("need_end", words.day)
        found.append(NeedRow(ranked, reading.read("need_rank", words.rank) or 1, started, ended))
    for number in here.needs:
        one = reading.read(f"need_{number}", words.need)
        if one is None:
            continue
        if one in [need.need for need in found]:
            reading.refuse(f"need_{number}", f"“{one.label}” is given twice in this row. Remove one.")
        else:
            found.append(NeedRow(one, number))
    return tuple(found)


def _notes(table: Table, columns: Columns) -> tuple[str, ...]:
    """What a person should know about the file as a whole."""
    notes = list(left_out_notes(table))
    if "status" not in columns.position:
        notes.append("The file has no column for SEN status, so nobody's status is compared.")
    if not _NEED_FIELDS & columns.position.keys():
        notes.append("The file has no column for SEN needs, so nobody's needs are compared.")
    return tuple(notes)
