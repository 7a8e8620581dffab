"""A file read, held against what is recorded: the same difference for the page, the command line and the import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from graduated.imports.background_files import (
    ParsedAttendance,
    ParsedSuspensions,
    parse_attendance,
    parse_suspensions,
)
from graduated.imports.compare import compare
from graduated.imports.compare_background import BackgroundPlan, compare_attendance, compare_suspensions
from graduated.imports.compare_contacts import ContactsPlan, compare_contacts
from graduated.imports.compare_groups import GroupsPlan, compare_groups
from graduated.imports.contacts_file import ParsedContacts, parse_contacts
from graduated.imports.difference import Difference
from graduated.imports.groups_file import ParsedGroups, parse_groups
from graduated.imports.headings import Columns, Kind
from graduated.imports.known import known_pupils
from graduated.imports.known_others import (
    known_adults,
    known_links,
    known_periods,
    known_places,
    known_suspensions,
    known_teachers,
    known_teaching,
)
from graduated.imports.lines import LinesDifference
from graduated.imports.pupils_file import Parsed, parse_pupils
from graduated.imports.reader import Table, read_table
from graduated.imports.rows import columns_of

Plan = Difference | GroupsPlan | ContactsPlan | BackgroundPlan
Read = Parsed | ParsedGroups | ParsedContacts | ParsedAttendance | ParsedSuspensions
_PARSERS: dict[Kind, Callable[[Table, date], Read]] = {
    Kind.PUPILS: parse_pupils,
    Kind.TEACHING_GROUPS: parse_groups,
    Kind.CONTACTS: parse_contacts,
    Kind.ATTENDANCE: parse_attendance,
    Kind.SUSPENSIONS: parse_suspensions,
}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file as read, before anything recorded is looked at."""

    kind: Kind
    columns: Columns
    parsed: Read


def read_file(data: bytes, filename: str, kind: Kind, today: date) -> ReadFile:
    """Read a file of a kind. Raises `reader.Unreadable` and nothing else."""
    table = read_table(data, filename, kind)
    return ReadFile(kind, columns_of(table), _PARSERS[kind](table, today))


def plan_of(file: ReadFile, today: date, *, confirming_only: bool = False) -> Plan:
    """What the file would do now. The person acting must see the whole school (see `services.whole_school`).

    `confirming_only` is for a file that was taken before: only what still waits for a confirmation is left of it.
    """
    known = known_pupils(today)
    if isinstance(file.parsed, ParsedGroups):
        return compare_groups(file.parsed, file.columns, known, known_places(), known_teachers(), known_teaching())
    if isinstance(file.parsed, ParsedContacts):
        return compare_contacts(file.parsed, file.columns, known, known_adults(), known_links(today))
    if isinstance(file.parsed, ParsedAttendance):
        return compare_attendance(file.parsed, file.columns, known, known_periods(), today)
    if isinstance(file.parsed, ParsedSuspensions):
        return compare_suspensions(file.parsed, file.columns, known, known_suspensions(), today)
    difference = compare(file.parsed, known, today)
    if confirming_only:
        difference = replace(difference, added=(), filled_in=(), changed=difference.to_confirm)
    return difference


def shown(plan: Plan) -> Difference | LinesDifference:
    """The part of a plan that people read."""
    return plan if isinstance(plan, Difference) else plan.shown


def size_of(plan: Plan) -> int:
    """How many rows would be written, roughly: whether it takes a moment or a while."""
    difference = shown(plan)
    filled = len(difference.filled_in) if isinstance(difference, Difference) else 0
    return len(difference.added) + len(difference.changed) + filled


def fingerprint(plan: Plan) -> str:
    """What was shown, in one short text: another fingerprint means that another thing would be done."""
    difference = shown(plan)
    filled = [one.as_json() for one in difference.filled_in] if isinstance(difference, Difference) else []
    body = json.dumps([difference.as_json(), filled], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(body.encode()).hexdigest()[:32]
