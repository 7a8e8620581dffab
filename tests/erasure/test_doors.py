"""A permit alone opens nothing: tried at every table whose rows are kept by triggers, with a row of its own."""

from __future__ import annotations

import sqlite3
from pathlib import Path

LOCKED = "SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep\\_%' ESCAPE '\\'"
PERMIT = "INSERT INTO destruction_permit (why, authority, token, opened_at) VALUES ('x', 'y', 'z', '2026-11-21')"
SHUT = "only what a tombstone names may go|a tombstone is never changed"


def a_row(file: sqlite3.Connection, table: str) -> int:
    """Put a row into a table, with something in every column that needs it; what it says is of no matter here."""
    columns = file.execute(f'PRAGMA table_info("{table}")').fetchall()
    values = {
        name: 4711 if kind.upper() in ("INTEGER", "BOOLEAN") else "2026-11-21 00:00:00"
        for _number, name, kind, needed, _default, _key in columns
        if needed
    }
    values |= {"id": 4711} | ({"status": "sealed"} if table == "review" else {})
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _name in values)
    file.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', tuple(values.values()))
    return 4711


def test_a_bare_permit_opens_no_table_of_evidence(home: Path) -> None:
    opened, tried = [], set()
    with sqlite3.connect(home / "graduated.db") as file:
        file.execute("PRAGMA foreign_keys = OFF")
        for (table,) in file.execute(LOCKED).fetchall():
            row_id = a_row(file, table)
            file.execute(PERMIT)
            for change in (f'UPDATE "{table}" SET id = id', f'DELETE FROM "{table}"'):
                try:
                    file.execute(f"{change} WHERE id = ?", (row_id,))
                    opened.append(change)
                except sqlite3.IntegrityError as refused:
                    assert any(words in str(refused) for words in SHUT.split("|")), (table, str(refused))
            file.rollback()
            tried.add(table)
    file.close()
    assert opened == []
    assert tried >= {"letter_wording", "planning_consent", "planning_decision", "planning_done", "review", "seal"}
    assert len(tried) > 30
