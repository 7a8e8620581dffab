"""A permit alone opens nothing: tried at every table whose rows are kept by triggers, with a row of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, Boolean, Integer
from sqlalchemy.types import TypeEngine

from graduated.db.base import Base
from graduated.db.types import Fixed
from tests.support.databases import REFUSED, Hand, by_hand

PERMIT = "INSERT INTO destruction_permit (why, authority, token, opened_at) VALUES ('x', 'y', 'z', '2026-11-21')"
SHUT = "only what a tombstone names may go|a tombstone is never changed"


def _something(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, JSON):
        return "[]"
    numbers = (Integer, Fixed)
    room = getattr(kind, "length", None)
    return 4711 if isinstance(kind, numbers) else "2026-11-21 00:00:00"[:room]


def a_row(file: Hand, table: str) -> int:
    """Put a row into a table, with something in every column that needs it; what it says is of no matter here."""
    columns = Base.metadata.tables[table].columns
    values = {one.name: _something(one.type) for one in columns if not one.nullable}
    values |= {"id": 4711} | ({"status": "sealed"} if table == "review" else {})
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _name in values)
    file.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(values.values()))
    return 4711


def test_a_bare_permit_opens_no_table_of_evidence(home: Path) -> None:
    opened, tried = [], set()
    with by_hand(home) as file:
        file.without_keys()
        for table in sorted(
            {one.removeprefix("keep_").rpartition("_")[0] for one in file.triggers() if one.startswith("keep_")}
        ):
            row_id = a_row(file, table)
            file.execute(PERMIT)
            for change in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):
                try:
                    file.execute(f"{change} WHERE id = ?", (row_id,))
                    opened.append(change)
                except REFUSED as refused:
                    assert any(words in str(refused) for words in SHUT.split("|")), (table, str(refused))
            file.rollback()
            tried.add(table)
    assert opened == []
    assert tried >= {"letter_wording", "planning_consent", "planning_decision", "planning_done", "review", "seal"}
    assert len(tried) > 30
