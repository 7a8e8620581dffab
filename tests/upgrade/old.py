"""Databases as earlier versions left them: the schema by the migrations up to there, the rows from `schools/*.sql`.

The rows were written by the code of that version (`make.py` says how), its audit chain with them, so that everything
that `graduated verify` checks can be checked after the upgrade. Papers are lines of text here.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from graduated.config import Settings
from graduated.db import migrate
from tests.conftest import settings_in
from tests.upgrade.make import paper

SCHOOLS = Path(__file__).with_name("schools")
RELEASED = ("0007", "0018", "0027", "0041")
PAPERS = 60
Rows = dict[str, list[dict[str, object]]]
"""Every row of every table, by table, each as column and value."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A database file, opened plainly: nothing is checked, and each statement stands at once."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def old_school(home: Path, revision: str) -> Settings:
    """The school of a released version in its own schema, with its kept papers."""
    home.mkdir(parents=True, exist_ok=True)
    settings = settings_in(home)
    migrate.upgrade(settings, revision)
    with opened(home / "graduated.db") as connection:
        connection.execute("BEGIN")
        # Rows that once were written before a review was sealed come back after it: so without the triggers.
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _sql in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for statement in _statements((SCHOOLS / f"{revision}.sql").read_text("utf-8")):
            connection.execute(statement)
        for _name, sql in triggers:
            connection.execute(sql)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("COMMIT")
        heads = connection.execute("SELECT school_id, sequence, mac FROM chain_head").fetchall()
    (home / "audit-anchor.log").write_text("".join(f"{school} {number} {mac}\n" for school, number, mac in heads))
    for number in range(1, PAPERS + 1):
        content = paper(number)
        sha256 = hashlib.sha256(content).hexdigest()
        place = home / "files" / sha256[:2] / sha256
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return settings


def _statements(text: str) -> Iterator[str]:
    so_far = ""
    for line in text.splitlines(keepends=True):
        so_far += line
        if line.endswith(";\n") and sqlite3.complete_statement(so_far):
            yield so_far
            so_far = ""
    assert not so_far.strip()


def rows_of(path: Path) -> Rows:
    """What a database holds."""
    found: Rows = {}
    with opened(path) as connection:
        connection.row_factory = sqlite3.Row
        asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        for (name,) in connection.execute(asked).fetchall():
            rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')
            found[name] = [dict(row) for row in rows]
    return found
