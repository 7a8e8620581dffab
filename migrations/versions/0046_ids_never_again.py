"""An id is never given again: SQLite gave that of a destroyed row, when it was the highest, to the next one.

Then a tombstone stood for a stranger, and old entries of the audit seemed to tell of the new row. PostgreSQL's
sequences never did. SQLite takes AUTOINCREMENT only when a table is made, so each table is copied into one that has it;
its text, its indexes and all triggers stay as they were.
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

STAY = {"change_event", "change_detail", "tombstone", "destruction"}
"""Tables of which no row ever goes."""
_START = re.compile(r'CREATE TABLE\s+"?(\w+)"?\s*\(')
_ID = re.compile(r'(?<![\w"])id INTEGER NOT NULL')
_KEY = re.compile(r",\s*CONSTRAINT (\w+) PRIMARY KEY \(id\)")


def upgrade() -> None:
    """Copy the tables, and begin to count above every id that was ever told of."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return
    highest = _told_of(bind)
    triggers = _parts(bind, "trigger")
    for name, _table, _sql in triggers:
        bind.exec_driver_sql(f'DROP TRIGGER "{name}"')
    indexes = _parts(bind, "index")
    for table, _table, sql in _parts(bind, "table"):
        if table not in STAY and _ID.search(sql) and _KEY.search(sql):
            _copy(bind, table, sql)
            for _name, _of, index in (one for one in indexes if one[1] == table):
                bind.exec_driver_sql(index)
            _count_from(bind, table, highest.get(table, 0))
    for _name, _table, sql in triggers:
        bind.exec_driver_sql(sql)


def _parts(bind: sa.Connection, kind: str) -> list[tuple[str, str, str]]:
    """(name, table, text) of what stands in the schema; what SQLite makes by itself has no text."""
    found = bind.exec_driver_sql(
        "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = ? AND sql IS NOT NULL ORDER BY name", (kind,)
    )
    return [(str(name), str(table), str(sql)) for name, table, sql in found]


def _copy(bind: sa.Connection, table: str, sql: str) -> None:
    keys = _KEY.findall(sql)
    made = _START.sub(f'CREATE TABLE "_new_{table}" (', _KEY.sub("", sql), count=1)
    made = _ID.sub(f"id INTEGER CONSTRAINT {keys[0]} PRIMARY KEY AUTOINCREMENT NOT NULL", made, count=1)
    bind.exec_driver_sql(made)
    bind.exec_driver_sql(f'INSERT INTO "_new_{table}" SELECT * FROM "{table}" ORDER BY id')
    bind.exec_driver_sql(f'DROP TABLE "{table}"')
    bind.exec_driver_sql(f'ALTER TABLE "_new_{table}" RENAME TO "{table}"')


def _count_from(bind: sa.Connection, table: str, told: int) -> None:
    """The next id is above those that are there (SQLite has seen to that) and those that once were."""
    known = bind.exec_driver_sql("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).scalar()
    if known is None:
        bind.exec_driver_sql("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, told))
    elif told > int(known):
        bind.exec_driver_sql("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", (told, table))


def _told_of(bind: sa.Connection) -> dict[str, int]:
    """By table: the highest id that a tombstone or an entry of the audit names."""
    highest: dict[str, int] = {}
    for statement in (
        "SELECT table_name, max(row_id) FROM tombstone GROUP BY table_name",
        "SELECT 'pupil', max(pupil_id) FROM change_event",
        "SELECT json_extract(one.value, '$[0]'), max(json_extract(one.value, '$[1]')) "
        "FROM change_detail, json_each(CASE WHEN json_valid(payload) THEN payload END) AS one "
        "WHERE one.type = 'array' GROUP BY 1",
    ):
        for table, row_id in bind.exec_driver_sql(statement):
            if isinstance(row_id, int):
                highest[str(table)] = max(row_id, highest.get(str(table), 0))
    return highest
