"""Which tables a bundle is made of. Every table with a way to the pupil is in it, or in `EXEMPT` with the reason.

Nothing is listed table by table that carries the pupil itself: a new one is in the bundle from its first day. A test
holds the rest against the models.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from sqlalchemy import JSON, String, inspect

from graduated.db.base import Base
from graduated.disclosure.labels import FIELDS, TABLES

REACHED = {
    "pupil": "the pupil",
    "group": "groups in which the pupil has or had a place",
    "delivered_session": "sessions at which the pupil was expected",
    "adult": "adults of the pupil’s family",
}
"""Tables without the pupil's number that hold records of the pupil, and which rows of them are meant."""

EXEMPT = {
    "authority_file": "the school’s own profile of an authority; nothing of a pupil",
    "asked": "which colleague was asked to write; what was written is in the bundle",
    "calendar_feed": "a colleague’s own diary",
    "change_detail": "the audit’s own copy, with its salts, of what the tables of the bundle hold",
    "destruction": "what was destroyed, told without a pupil’s words",
    "destruction_order": "what is about to be destroyed",
    "device_pin": "a colleague’s PIN",
    "device_session": "a colleague’s sign-in on a school device",
    "disclosure_build": "the bundles themselves",
    "disclosure_decision": "would name what is left out of a bundle",
    "erasure_order": "names the words that the law took out",
    "group_change": "staff, day and time of a group",
    "group_cover": "who stood in for a colleague on one day",
    "import_file": "a file of the whole school",
    "intervention": "the school’s library",
    "intervention_change": "how the school’s library was edited",
    "invitation": "a way in to the family’s pages, and a secret",
    "measure": "the school’s library",
    "narrative_version": "how words of a request stood before; the words themselves are in the bundle",
    "pack_build": "packs are made of what is in the bundle; what an authority was given is listed",
    "pack_file": "packs are made of what is in the bundle; what an authority was given is listed",
    "plan_reading": "which colleague has read a plan",
    "planning_meeting": "a meeting about many pupils; what was said of this one is in the bundle",
    "rate_card": "rates of the whole school",
    "restricted_release": "who else may read a restricted paper",
    "restriction": "that an entry is restricted; the entry itself is decided on before it is given",
    "seal": "codes that prove a record was not changed; the record is in the bundle",
    "seal_parts": "codes that prove a record was not changed",
    "transfer_in": "how the file of a record came",
    "transfer_out": "how the file of a record left",
    "transfer_receipt": "how the file of a record left",
    "transfer_upload": "a file that came from another school",
}
"""Tables with a way to the pupil that no bundle holds, and why."""

# fmt: off
OF_RECORD = frozenset((
    "pupil", "sen_status", "need", "profile", "attendance", "part_time", "suspension", "suspension_struck",
    "measurement", "view", "observation", "concern", "concern_action", "concern_note", "cycle", "outcome", "strategy",
    "responsibility", "place", "group", "provision", "provision_outcome", "agreement", "agreement_adult", "amendment",
    "contribution", "delivered_session", "presence", "weekly_tick", "review", "attendee", "judgement",
    "provision_judgement", "next_step", "action_item", "addendum", "involvement", "advice", "advice_action",
    "assessment_request", "document", "planning_decision", "planning_done",
))
# fmt: on
"""What is put into an educational record: what the school recorded of teaching, needs, support and progress."""

LIBRARY = ("user", "measure", "intervention", "group")
"""Tables whose names stand for their numbers in the readable part."""

_NEVER = {"school_id", "version"}
_CODES = re.compile(r"(^|_)(sha256|digest|mac|salt|salts|token|permit|key|seal|signature)$")
_SILENT = {"audit", "snapshot", "part_salts", "client_reference"}
_INNER = {("adult", "user_id"), ("narrative", "sources")}
"""An account; and the numbers of the records that words speak of, with codes, also of records that stay out."""


@cache
def models() -> dict[str, Any]:
    """Every mapped class by the name of its table."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


@cache
def taken() -> tuple[str, ...]:
    """The tables of a bundle, parents before children."""
    own = {name for name, cls in models().items() if "pupil_id" in inspect(cls).columns}
    wanted = (own | set(REACHED)) - set(EXEMPT)
    return tuple(one.name for one in Base.metadata.sorted_tables if one.name in wanted)


def with_a_way() -> set[str]:
    """Every table that carries the pupil, points at one that is taken, or is pointed at by one."""
    kept = set(taken())
    found = {name for name, cls in models().items() if "pupil_id" in inspect(cls).columns} | kept
    for table in Base.metadata.tables.values():
        targets = {key.column.table.name for key in table.foreign_keys}
        if table.name in models() and targets & kept:
            found.add(table.name)
        if table.name in kept:
            found |= targets
    return found - {"school", "user"}


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table that a bundle holds: no codes of the program."""
    keys = (one.key for one in inspect(models()[table]).column_attrs)
    told = (key for key in keys if key not in _NEVER | _SILENT and not _CODES.search(key))
    return tuple(key for key in told if (table, key) not in _INNER)


@cache
def texts_of(table: str) -> tuple[str, ...]:
    """Those columns in which words stand that somebody typed."""
    mapped = inspect(models()[table])
    return tuple(key for key in columns_of(table) if isinstance(mapped.columns[key].type, String | JSON))


@cache
def links_of(table: str) -> dict[str, str]:
    """By column: the table that it points at."""
    found = {}
    for name in columns_of(table):
        targets = {key.column.table.name for key in inspect(models()[table]).columns[name].foreign_keys} - {"school"}
        if targets and name != "pupil_id":
            found[name] = targets.pop()
    return found


@cache
def needs_link(table: str, column: str) -> bool:
    """Whether a row of this table cannot be without what the column points at."""
    return not inspect(models()[table]).columns[column].nullable


def label_of(table: str) -> str:
    """What people call the records of a table."""
    return TABLES.get(table, table.replace("_", " ").capitalize())


def column_words(name: str) -> str:
    """What people call a column."""
    words = name.removesuffix("_id").replace("_", " ")
    return FIELDS.get(name, words[:1].upper() + words[1:])
