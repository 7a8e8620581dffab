"""Every statement of the pack leads to a record of its manifest; without the record the statement goes, a gap shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from graduated.access.identity import Actor
from graduated.assess.models import Concern
from graduated.db.base import Base
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.content import content_of
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.manifest import READ_NOT_SAID, manifest_of, row_sha256
from graduated.ehcna.record_names import NAMES
from graduated.ehcna.records import records_for
from graduated.people.models import User
from graduated.rules.readiness import gaps
from graduated.rules.vocabulary import GapState
from tests.ehcna.rich import Rich
from tests.ehcna.words import TYPED
from tests.pack.reading import strings
from tests.support.databases import Hand, by_hand


@contextmanager
def tables_read() -> Iterator[set[str]]:
    """The tables that statements name while it is open."""
    found: set[str] = set()
    known = {table.name for table in Base.metadata.sorted_tables}

    def hear(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        found.update(known.intersection(re.findall(r'(?:FROM|JOIN|,)\s+"?(\w+)"?', statement)))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)


def test_every_table_that_the_content_reads_is_in_the_manifest(rich: Rich, as_system: Actor) -> None:
    with tables_read() as read:
        records = records_for(rich.pupil_id, rich.request_id)
        content_of(records)
    with tables_read() as listed:
        manifest = manifest_of(records)
    assert read - listed - READ_NOT_SAID.keys() == set()
    assert not {one["table"] for one in manifest["records"]} & READ_NOT_SAID.keys()


def test_a_table_that_the_manifest_lists_has_a_name_for_its_records(rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id, rich.request_id)
    with tables_read() as listed:
        manifest_of(records)
    assert listed - NAMES.keys() == {"restriction"}, "asked only whether an entry is marked"


def test_of_an_account_the_manifest_lists_the_name_and_nothing_else(rich: Rich, as_system: Actor) -> None:
    before = listed_records(rich)
    with write("Language chosen"):
        for user in db.session.scalars(select(User)):
            user.language = "pl"
    assert listed_records(rich) == before
    assert {key[0] for key in before} >= {"user", "membership", "group", "term"}
    with write("Name changed"):
        for user in db.session.scalars(select(User)):
            user.name += " OBE"
    changed = [key for key, fingerprint in listed_records(rich).items() if before[key] != fingerprint]
    assert {table for table, _row in changed} == {"user"}


@dataclass(frozen=True)
class Kind:
    """A kind of record: one row of it, words of the pack that stand on it alone, and the line whose gap then shows.

    `left` are further rows that say the same, which have to go for the gap to show.
    """

    table: str
    where: str
    words: str
    gap: str = ""
    left: tuple[tuple[str, str], ...] = ()


KINDS = (
    Kind(
        "measurement",
        "taken_on = (SELECT max(taken_on) FROM measurement)",
        "From 14 to 8, aim 5",
        "rate-of-progress",
        (("measurement", "TRUE"),),
    ),
    Kind("view", "whose = 'pupil'", TYPED[14]),
    Kind("view", "method = 'attempted'", TYPED[16]),
    Kind("observation", "kind = 'strength' AND area = 'communication'", TYPED[2], "areas", (("observation", "TRUE"),)),
    Kind("observation", "area = 'semh'", TYPED[28], "social"),
    Kind("involvement", "TRUE", TYPED[23], "professionals"),
    Kind("advice", "TRUE", TYPED[24], "advice"),
    Kind("advice_action", "TRUE", TYPED[25], "advice"),
    Kind("concern", "TRUE", "Siân Vine said so"),
    Kind("review", "NOT from_paper", TYPED[18], "next-steps", (("review", "TRUE"),)),
    Kind("judgement", "reason <> ''", TYPED[17], "judgements"),
    Kind("provision_judgement", "TRUE", TYPED[18], "impact"),
    Kind("next_step", "reason <> 'From the file'", TYPED[19], "next-steps"),
    Kind("action_item", "TRUE", TYPED[21]),
    Kind("addendum", "TRUE", TYPED[22]),
    Kind("attendee", "TRUE", "Anna Szymańska, Mother"),
    Kind("outcome", "measure_id IS NOT NULL", TYPED[4], "baselines"),
    Kind("strategy", "TRUE", TYPED[7], "ordinary"),
    Kind("responsibility", "who = 'parent'", TYPED[8]),
    Kind("provision", "TRUE", TYPED[9], "provision"),
    Kind("delivered_session", "TRUE", "90 of 285 minutes to date", "delivery", (("delivered_session", "TRUE"),)),
    Kind("amendment", "TRUE", TYPED[12]),
    Kind("agreement", "TRUE", TYPED[13]),
    Kind("consent", "TRUE", TYPED[39], "consent"),
    Kind("narrative", "TRUE", TYPED[38]),
    Kind("attendance", "TRUE", "380", "attendance"),
    Kind("suspension", "TRUE", TYPED[41], "suspensions"),
    Kind("health", "TRUE", TYPED[27], "health"),
    Kind("need", "TRUE", "Speech, language and communication needs", "primary-need"),
    Kind("sen_status", "TRUE", "School information system"),
    Kind("document", "visibility = 'staff'", "Report of Dr Ŵyn Prýs"),
    Kind("profile", "TRUE", TYPED[29], "profile"),
    Kind("family_link", "relationship = 'grandparent'", "Mrs Zoë O'Brien"),
    Kind("assessment_request", "from_paper", TYPED[40], "previous"),
    Kind("rate_card", "TRUE", "Dorset pay scale", "costs"),
    Kind("cycle", "number = 1", TYPED[42], "cycles"),
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: f"{kind.table}, {kind.where}"[:40])
def test_a_statement_leads_to_its_record_and_goes_with_it(home: Path, rich: Rich, as_system: Actor, kind: Kind) -> None:
    with write("A concern of its own words"):
        for concern in db.session.scalars(select(Concern)):
            concern.text = "Siân Vine said so"
    (row_id, *_others) = ids_of(home, rich, kind.table, kind.where)
    before, told = listed_records(rich), said(rich)
    assert any(kind.words in words for words in told), "the statement stands in the pack"
    assert before[kind.table, row_id] == fingerprint_of(kind.table, row_id), "the manifest leads to its record"
    gaps_before = states(rich)
    db.session.remove()
    remove(home, kind.table, [row_id])
    after = listed_records(rich)
    assert (kind.table, row_id) not in after
    assert not [words for words in said(rich) if kind.words in words], "the statement goes with its record"
    db.session.remove()
    for table, where in kind.left:
        remove(home, table, ids_of(home, rich, table, where))
    if kind.gap:
        assert gaps_before[kind.gap] > states(rich)[kind.gap], "the gap shows"


_HOW_FAR = {GapState.MISSING: 0, GapState.PARTIAL: 1, GapState.NOT_APPLICABLE: 1, GapState.PRESENT: 2}


def states(rich: Rich) -> dict[str, int]:
    """How far each line of the evidence is there."""
    records = records_for(rich.pupil_id, rich.request_id)
    return {
        line.id: _HOW_FAR[line.state] for line in gaps(evidence_of(records), records.profile_of_authority.thresholds)
    }


def said(rich: Rich) -> list[str]:
    """Everything that the pack says, but for the lines of its index; figures as they are printed."""
    content = replace(content_of(records_for(rich.pupil_id, rich.request_id)), gaps=())
    numbers = [str(one.possible) for one in content.attendance.periods] if content.attendance else []
    return [text for _path, text in strings(content)] + numbers


def listed_records(rich: Rich) -> dict[tuple[str, int], str]:
    """The manifest: by table and row the fingerprint."""
    listed = manifest_of(records_for(rich.pupil_id, rich.request_id))["records"]
    return {(one["table"], one["id"]): one["sha256"] for one in listed}


def fingerprint_of(table: str, row_id: int) -> str:
    """The fingerprint of a row as it stands in the database."""
    cls = next(one.class_ for one in Base.registry.mappers if one.class_.__tablename__ == table)
    columns = [getattr(cls, one.key) for one in cls.__mapper__.column_attrs]
    return row_sha256(dict(db.session.execute(select(*columns).where(cls.id == row_id)).mappings().one()))


def ids_of(home: Path, rich: Rich, table: str, where: str) -> list[int]:
    """The rows of the rich pupil, or of the school, that a condition finds."""
    with by_hand(home) as connection:
        columns = connection.columns(table)
        whose = f"pupil_id = {rich.pupil_id} AND" if "pupil_id" in columns else ""
        return [row[0] for row in connection.execute(f'SELECT id FROM "{table}" WHERE {whose} {where} ORDER BY id')]


def remove(home: Path, table: str, ids: list[int]) -> None:
    """Take rows out of the database with all that hangs on them, as if they had never been written."""
    with by_hand(home) as connection:
        connection.disarm()
        _remove(connection, table, ids)


def _remove(connection: Hand, table: str, ids: list[int]) -> None:
    if not ids:
        return
    these = f"({', '.join(map(str, ids))})"
    for other in Base.metadata.sorted_tables:
        for key in other.foreign_key_constraints:
            if key.referred_table.name != table:
                continue
            column = list(key.columns)[-1]
            if column.nullable:
                connection.execute(f'UPDATE "{other.name}" SET "{column.name}" = NULL WHERE "{column.name}" IN {these}')
            else:
                found = connection.execute(f'SELECT id FROM "{other.name}" WHERE "{column.name}" IN {these}')
                _remove(connection, other.name, [row[0] for row in found])
    connection.execute(f'DELETE FROM "{table}" WHERE id IN {these}')
