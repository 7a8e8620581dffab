"""The adults of a family: one line for each pupil and adult.

Parental responsibility is never inferred: a blank stays "not known", and so do the other yes/no questions. A
relationship in words that we have none for (aunt, childminder) is "other carer", with the words kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.imports import words
from graduated.imports.reader import Table, Unreadable
from graduated.imports.rows import PupilRef, Reading, Refusal, columns_of, folded, in_order, left_out_notes
from graduated.rules.vocabulary import Relationship

_TITLES = {"mr", "mrs", "miss", "ms", "mx", "dr", "prof", "professor", "rev", "revd", "reverend", "sir", "lady", "dame"}


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One adult of one pupil. None means that the file does not say; `interpreter` is a yes or a language."""

    line: int
    pupil: PupilRef
    title: str | None
    forename: str | None
    surname: str
    relationship: Relationship
    relationship_words: str | None
    parental_responsibility: bool | None
    lives_with: bool | None
    priority: int | None
    email: str | None
    phone: str | None
    address: str | None
    language: str | None
    interpreter: str | None

    @property
    def name(self) -> str:
        """Title, forename and surname as far as given."""
        return " ".join(part for part in (self.title, self.forename, self.surname) if part)

    def as_json(self) -> dict[str, object]:
        """As the command line writes it; no address or telephone number, which nobody needs to see there."""
        return {
            "row": self.line,
            "upn": self.pupil.upn,
            "pupil": self.pupil.name,
            "name": self.name,
            "relationship": self.relationship.value,
            "parental_responsibility": self.parental_responsibility,
            "language": self.language,
        }


@dataclass(frozen=True, slots=True)
class ParsedContacts:
    """A whole file of contacts."""

    rows: tuple[ContactRow, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    columns: frozenset[str]
    notes: tuple[str, ...]


def parse_contacts(table: Table, today: date) -> ParsedContacts:
    """Read every row; the second line of one adult for one pupil is refused, naming both lines."""
    columns = columns_of(table)
    here = columns.position.keys()
    if not {"adult_surname", "adult_name"} & here:
        raise Unreadable(
            f"The headings on line {table.heading_line} have no column for the adult's name. "
            "Add the columns Title, Forename and Surname, or one column Name."
        )
    rows: list[ContactRow] = []
    refused: list[Refusal] = []
    seen: dict[tuple[object, ...], int] = {}
    for one in table.rows:
        reading = Reading(columns, one, table.delimiter)
        row = _contact_row(reading, today) if reading.whole() else None
        if row is not None:
            same = (row.pupil.keys[0], folded(row.forename or row.title or ""), folded(row.surname))
            first = seen.setdefault(same, row.line)
            if first == row.line:
                rows.append(row)
            else:
                field = "adult_surname" if reading.has("adult_surname") else "adult_name"
                reading.refuse(
                    field, f"Line {row.line} is the same adult of the same pupil as line {first}. Remove one of them."
                )
        refused.extend(reading.refused)
    return ParsedContacts(tuple(rows), in_order(refused), columns.ignored, frozenset(here), left_out_notes(table))


def _contact_row(reading: Reading, today: date) -> ContactRow | None:
    pupil = reading.pupil()
    reading.needs_pupil(pupil)
    if pupil.date_of_birth and pupil.date_of_birth > today:
        reading.refuse("date_of_birth", "The date of birth is in the future. Check the year.")
    title, forename, surname = _adult(reading)
    row = ContactRow(
        line=reading.row.line_number,
        pupil=pupil,
        title=title,
        forename=forename,
        surname=surname or "",
        relationship=reading.read("relationship", words.relationship) or Relationship.OTHER,
        relationship_words=reading.read("relationship", words.label) if not reading.refused else None,
        parental_responsibility=reading.read("parental_responsibility", words.yes_no),
        lives_with=reading.read("lives_with", words.yes_no),
        priority=reading.read("priority", words.rank),
        email=reading.read("email", words.email),
        phone=reading.read("phone", words.phone),
        address=reading.read("address", words.address),
        language=reading.read("language", words.label),
        interpreter=reading.read("interpreter", _interpreter),
    )
    return None if reading.refused else row


def _adult(reading: Reading) -> tuple[str | None, str | None, str | None]:
    """Title, forename and surname from their columns, or from one name; a row without a surname is refused."""
    if not reading.has("adult_surname"):
        parts = reading.read("adult_name", adult_name)
        if parts is None and not reading.cell("adult_name").strip():
            reading.refuse("adult_name", "The adult's name is missing. Fill it in, or remove the row.")
        return parts or (None, None, None)
    title, forename = reading.read("adult_title", words.label), reading.read("adult_forename", words.name)
    surname = reading.read("adult_surname", words.name)
    if not reading.cell("adult_surname").strip():
        reading.refuse("adult_surname", "The adult's surname is missing. Fill it in, or remove the row.")
    return title, forename, surname


def adult_name(cell: str) -> tuple[str | None, str | None, str]:
    """One name taken apart: "Mrs Halina Nowak", "Nowak, Halina", "Mr Foot". Two surnames need the comma."""
    tidy = words.name(cell)
    if "," in tidy:
        surname, forename = words.surname_and_forename(tidy)
        title, rest = _title(forename)
        return title, rest or None, surname
    title, rest = _title(tidy)
    parts = rest.split()
    if not parts or len(parts) > 2 or (len(parts) == 1 and title is None):
        raise words.Unclear("Write the name as surname, comma, forename, for example “Nowak, Halina”.")
    return title, parts[0] if len(parts) == 2 else None, parts[-1]


def _title(name: str) -> tuple[str | None, str]:
    first, _, rest = name.partition(" ")
    return (first, rest.strip()) if words.key(first) in _TITLES else (None, name)


def _interpreter(cell: str) -> str | None:
    """Whether an interpreter is needed: "Yes", a language, or None for no."""
    try:
        return "Yes" if words.yes_no(cell) else None
    except words.Unclear:
        return words.label(cell)
