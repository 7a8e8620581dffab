"""Which tables go to the next school, and which do not and why. A test holds this against the models.

Every table below a pupil, and every table of the school that one of a pupil's rows points at, is in one of the lists.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Column, inspect

from graduated.db.base import Base

FORMAT = 1
"""The version of the bundle's form. One that is newer than the program knows is refused."""

OF_PUPIL = (
    "sen_status", "need", "profile", "document", "family_link", "bar", "bar_change", "look_agreement",
    "rights_notice", "attendance", "part_time", "suspension", "suspension_struck", "health", "health_struck",
    "measurement", "view", "observation", "concern", "concern_note", "concern_action", "cycle", "outcome",
    "strategy", "responsibility", "place", "provision", "provision_outcome", "rate_change", "agreement",
    "agreement_adult", "amendment", "plan_translation", "contribution", "presence", "weekly_tick", "review",
    "attendee", "judgement", "provision_judgement", "next_step", "action_item", "addendum", "involvement",
    "advice", "advice_action", "planning_item", "planning_consent", "planning_decision", "planning_done",
    "assessment_request", "consent", "clock_note", "declaration", "narrative", "narrative_version",
    "narrative_asked", "narrative_given", "paper_chosen", "paper_given",
)  # fmt: skip
"""Tables of the pupil alone: every row goes, but for restricted papers and what names one."""

OF_SCHOOL = (
    "adult", "measure", "intervention", "group", "group_change", "delivered_session", "rate_card", "rate", "term",
    "authority_file", "planning_meeting",
)  # fmt: skip
"""Tables of the school: those rows go that the pupil's records name, and what figures are worked out from."""

SEALS = ("seal", "seal_parts")
"""Go as they are, so that the next school can see that the seals hold; there each review gets a seal of its own."""

TOLD = {"tombstone": "what went by law: the next school needs it to check the seals, and to say of a copy that it went"}
"""Go, and are read there; of a kept copy that went the next school writes a tombstone of its own (`bringing`), and of
nothing else."""

EXEMPT = {
    "assignment": "who of this school’s staff works with the pupil; the next school has its own staff",
    "asked": "questions to colleagues of this school that are answered in the plan or not at all",
    "calendar_feed": "a colleague’s own diary",
    "change_event": "the audit stays; the digests of the pupil’s entries are told in audit.json",
    "clarification": "who asked this school for what it holds",
    "disclosure_build": "who asked this school for what it holds",
    "disclosure_decision": "who asked this school for what it holds",
    "information_request": "who asked this school for what it holds",
    "restricted_note": "restricted: from one safeguarding lead to the other, with a receipt of its own",
    "restriction": "a marked entry stays, as restricted papers do, and so does its mark",
    "restricted_release": "who of this school may read what is restricted",
    "erasure_order": "who asked here for what to be erased; what it left is told by tombstones",
    "import_file": "a file of this school’s MIS",
    "intervention_change": "how this school’s library was edited",
    "invitation": "a way in to this school’s pages",
    "legal_hold": "why this school keeps the record; a hold binds the school that placed it",
    "destruction": "what this school destroyed",
    "destruction_order": "what this school is about to destroy",
    "membership": "roles are told with the names of people",
    "pack_build": "packs are built anew from the records; the authority has what it was given",
    "pack_file": "packs are built anew from the records; the authority has what it was given",
    "pack_sent": "packs are built anew from the records; the authority has what it was given",
    "plan_reading": "which colleague of this school has read a plan",
    "group_cover": "who stood in for whom on one day",
    "staff_group": "which classes a colleague of this school teaches",
    "teaching_group": "classes of this school",
    "transfer_in": "how the record came to this school",
    "transfer_out": "how the record left this school",
    "transfer_receipt": "how the record left this school",
}
"""Tables with a way to the pupil that stay, and why."""

GROUNDS = {"bar": "reason", "bar_change": "why"}
"""Columns that hold why an adult may not look: the row goes, and the words stay, as restricted papers do."""

LEFT_OUT = {
    ("adult", "user_id"): "an account",
    ("delivered_session", "client_reference"): "a code of this installation",
    ("planning_meeting", "school_ask"): "about the whole school",
    ("planning_meeting", "present"): "people who came for other pupils too",
    ("planning_meeting", "school_notes"): "about the whole school",
    ("rate_card", "used"): "set anew",
    ("review", "ready_by"): "about a review that is sealed or will be held anew",
}
"""Columns that stay, and why. So do `school_id` and `version`, of every table."""
_NEVER = {"school_id", "version"}


@cache
def models() -> dict[str, Any]:
    """Every mapped class by the name of its table."""
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


@cache
def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table that go."""
    keys = (one.key for one in inspect(models()[table]).column_attrs)
    return tuple(key for key in keys if key not in _NEVER and (table, key) not in LEFT_OUT)


@cache
def links_of(table: str) -> dict[str, str]:
    """By column: the table that it points at. The composite keys of this model all end with the row pointed at."""
    found = {}
    for name in columns_of(table):
        column: Column[Any] = inspect(models()[table]).columns[name]
        targets = {key.column.table.name for key in column.foreign_keys} - {"school"}
        if targets and name != "pupil_id":
            found[name] = targets.pop()
    return found


@cache
def in_order() -> tuple[str, ...]:
    """The tables that are brought in, parents before children."""
    wanted = {"pupil", *OF_PUPIL, *OF_SCHOOL}
    return tuple(one.name for one in Base.metadata.sorted_tables if one.name in wanted)


def holds_file(table: str) -> tuple[str, ...]:
    """The columns of a table that name files in the store."""
    return tuple(name for name in ("sha256", "preview_sha256") if name in columns_of(table))
