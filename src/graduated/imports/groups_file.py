"""Who is taught in which group by whom: one line for each pupil, group and teacher.

A secondary's tutor groups are not who teaches, so this second file says which teachers a pupil has. A line needs the
pupil, the group, and a teacher by name or e-mail; the subject is optional.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.imports import words
from graduated.imports.reader import Table, Unreadable
from graduated.imports.rows import PupilRef, Reading, Refusal, columns_of, folded, in_order, left_out_notes


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One pupil in one teaching group with one of its teachers; e-mail in lower case."""

    line: int
    pupil: PupilRef
    group: str
    subject: str | None
    teacher_name: str | None
    teacher_email: str | None

    def as_json(self) -> dict[str, object]:
        """As the command line writes it."""
        return {
            "row": self.line,
            "upn": self.pupil.upn,
            "name": self.pupil.name,
            "group": self.group,
            "subject": self.subject,
            "teacher": self.teacher_name,
            "teacher_email": self.teacher_email,
        }


@dataclass(frozen=True, slots=True)
class ParsedGroups:
    """A whole file of teaching groups."""

    rows: tuple[GroupRow, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    columns: frozenset[str]
    notes: tuple[str, ...]


def parse_groups(table: Table, today: date) -> ParsedGroups:
    """Read every row; the same pupil, group and teacher twice is noted once and taken once."""
    columns = columns_of(table)
    here = columns.position.keys()
    if "group_name" not in here or not {"teacher_name", "teacher_email"} & here:
        raise Unreadable(
            f"The headings on line {table.heading_line} have no column for the teaching group or for its teacher. "
            "Add the columns Teaching group, and Teacher or Teacher e-mail."
        )
    rows: list[GroupRow] = []
    refused: list[Refusal] = []
    seen: set[tuple[object, ...]] = set()
    again = 0
    for one in table.rows:
        reading = Reading(columns, one, table.delimiter)
        row = _group_row(reading, today) if reading.whole() else None
        refused.extend(reading.refused)
        if row is None:
            continue
        same = (
            row.pupil.keys[0],
            row.group.casefold(),
            row.teacher_email or folded(row.teacher_name or ""),
            row.subject,
        )
        again += same in seen
        if same not in seen:
            seen.add(same)
            rows.append(row)
    repeats = (f"{again} rows say the same as another row and were left out.",) if again else ()
    return ParsedGroups(
        tuple(rows), in_order(refused), columns.ignored, frozenset(here), left_out_notes(table) + repeats
    )


def _group_row(reading: Reading, today: date) -> GroupRow | None:
    pupil = reading.pupil()
    reading.needs_pupil(pupil)
    if pupil.date_of_birth and pupil.date_of_birth > today:
        reading.refuse("date_of_birth", "The date of birth is in the future. Check the year.")
    group = reading.read("group_name", words.label)
    subject = reading.read("subject", words.label)
    teacher = reading.read("teacher_name", words.name)
    email = reading.read("teacher_email", words.email)
    if group is None and not reading.cell("group_name").strip():
        reading.refuse("group_name", "The teaching group is missing. Fill it in, or remove the row.")
    if teacher is None and email is None and not reading.refused:
        field = "teacher_email" if reading.has("teacher_email") else "teacher_name"
        reading.refuse(field, "The row names no teacher. Give a name or an e-mail address, or remove the row.")
    if reading.refused or group is None:
        return None
    return GroupRow(reading.row.line_number, pupil, group, subject, teacher, email)
