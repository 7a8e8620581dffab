"""A row for every table that has none, made from the schema alone, so that no migration meets an empty table."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from typing import Any


def fill(connection: sqlite3.Connection) -> list[str]:
    """Give each empty table one row that its constraints take; the tables that got one."""
    asked = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
    tables = [name for (name,) in connection.execute(asked)]
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in triggers:
        connection.execute(f'DROP TRIGGER "{name}"')
    empty = [one for one in tables if one != "alembic_version" and _is_empty(connection, one)]
    left, filled = list(empty), list[str]()
    while left:  # parents first: a child waits until its parent has a row
        for table in [one for one in left if not _parents(connection, one) & (set(left) - {one})]:
            left.remove(table)
            if _fill_one(connection, table):
                filled.append(table)
    for _name, sql in triggers:
        connection.execute(sql)
    return filled


def _is_empty(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone() is None


def _parents(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[2] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")')}


def _fill_one(connection: sqlite3.Connection, table: str) -> bool:
    keys: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for number, _seq, parent, ours, theirs, *_rest in connection.execute(f'PRAGMA foreign_key_list("{table}")'):
        keys[number].append((parent, ours, theirs))
    others = [parts for parts in keys.values() if parts[0][0] != table]
    values = _together(connection, table, sorted(others, key=len, reverse=True), {})
    if values is None:  # its two parents are of two pupils, and no row can be below both
        return False
    for _cid, name, kind, not_null, default, is_key in connection.execute(f'PRAGMA table_info("{table}")'):
        if name not in values and not is_key and not_null and default is None:
            values[name] = _plain(name, kind.upper())
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _name in values)
    connection.execute(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', list(values.values()))
    return True


def _together(
    connection: sqlite3.Connection, table: str, keys: list[list[tuple[str, str, str]]], chosen: dict[str, Any]
) -> dict[str, Any] | None:
    """Values for the columns of all foreign keys that lead to rows which are there, or None when none fit."""
    if not keys:
        return chosen
    nullable = {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")') if not row[3]}
    known = [(ours, theirs) for _parent, ours, theirs in keys[0] if ours in chosen]
    where = " AND ".join(f'"{theirs}" IS ?' for _ours, theirs in known) or "1"
    columns = ", ".join(f'"{theirs}"' for _parent, _ours, theirs in keys[0])
    statement = f'SELECT {columns} FROM "{keys[0][0][0]}" WHERE {where} LIMIT 50'
    for row in connection.execute(statement, [chosen[ours] for ours, _theirs in known]).fetchall():
        more = {ours: value for (_parent, ours, _theirs), value in zip(keys[0], row, strict=True)}
        found = _together(connection, table, keys[1:], chosen | more)
        if found is not None:
            return found
    may_be_empty = nullable & {ours for _parent, ours, _theirs in keys[0]} - chosen.keys()
    return _together(connection, table, keys[1:], chosen) if may_be_empty else None


def _plain(name: str, kind: str) -> Any:
    if "JSON" in kind:
        return "{}"
    if "DATETIME" in kind:
        return "2026-11-18 12:00:00.000000"
    if "DATE" in kind:
        return "2026-11-18"
    if any(word in kind for word in ("INT", "BOOL", "NUMERIC", "FLOAT")):
        return 1
    return f"some {name}"[:20]
