"""Numbers for many new rows at once, so that SQLite writes them by one statement instead of one for each.

SQLite does not promise in which order it tells the numbers of several new rows, so SQLAlchemy asks for one at a time.
Inside an act nobody else writes, so the numbers that come next are known beforehand; they are the same that SQLite
would give. PostgreSQL tells the numbers in order, and is left alone.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from weakref import WeakSet

from sqlalchemy import (
    Column,
    Executable,
    Insert,
    Select,
    Table,
    event,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.sql import visitors

from graduated.db import wall
from graduated.db.base import Base

FEWEST = 3
"""From so many rows of a table on it pays to ask for the next number first."""
_SEQUENCE: Any = table("sqlite_sequence")


def _before_flush(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    if session.info.get("writing") is None or session.get_bind().dialect.name != "sqlite":
        return
    fresh: dict[Any, list[Any]] = defaultdict(list)
    for row in session.new:
        if row.id is None:
            fresh[row.__table__].append(row)
    many = {of_table: rows for of_table, rows in fresh.items() if len(rows) >= FEWEST}
    if many:
        for rows, last in zip(many.values(), _last(session, tuple(many)), strict=True):
            for number, row in enumerate(sorted(rows, key=_added), last + 1):
                row.id = number


def _added(row: Any) -> int:
    """The place of a row among those that were added to the session."""
    return int(row._sa_instance_state.insert_order)


def _last(session: Session, tables: tuple[Table, ...]) -> list[int]:
    """The highest number that each table has, or had: a number of a row that went is not given again."""
    found = session.connection().execute(_asking_last(tables)).one()
    return [max(found[at] or 0, found[at + 1] or 0) for at in range(0, 2 * len(tables), 2)]


@functools.cache
def _asking_last(tables: tuple[Table, ...]) -> Select[Any]:
    """Of each table its highest number, and the highest that was ever given where SQLite keeps that."""
    asked: list[Any] = []
    for of_table in tables:
        given: Any = literal_column("NULL")
        if of_table.dialect_options["sqlite"]["autoincrement"]:
            seq: Any = literal_column("seq")
            given = select(seq).select_from(_SEQUENCE).where(literal_column("name") == of_table.name).scalar_subquery()
        asked += [select(func.max(of_table.c.id)).scalar_subquery(), given]
    return select(*asked)


def ahead(session: Session, wanted: Mapping[Any, int]) -> dict[Any, list[int]]:
    """Numbers for so many new rows of each class, by one statement. On SQLite nobody else may write meanwhile."""
    wall.follow(session)
    asked = {cls: many for cls, many in wanted.items() if many}
    if not asked:
        return {}
    if session.get_bind().dialect.name == "sqlite":
        last = _last(session, tuple(cls.__table__ for cls in asked))
        return {cls: list(range(one + 1, one + 1 + many)) for one, (cls, many) in zip(last, asked.items(), strict=True)}
    drawn = [
        select(literal(at), func.nextval(func.pg_get_serial_sequence(cls.__tablename__, "id"))).select_from(
            func.generate_series(1, many).alias(f"_{at}")
        )
        for at, (cls, many) in enumerate(asked.items())
    ]
    given: dict[Any, list[int]] = {cls: [] for cls in asked}
    classes = list(asked)
    for place, number in session.connection().execute(union_all(*drawn)).all():
        given[classes[place]].append(number)
    return given


def write_all(session: Session, cls: Any, rows: list[dict[str, Any]], **worked_out: Any) -> None:
    """Write rows that go round the session, all by one statement, with the numbers of `ahead` or with whichever come.

    `worked_out` is what the database finds from a row's values: statements of a module, the same each time.
    """
    wall.follow(session)
    session.connection().execute(_inserting(cls.__table__, tuple(worked_out.items())), rows)


@functools.cache
def _inserting(of_table: Table, worked_out: tuple[tuple[str, Any], ...]) -> Insert:
    return insert(of_table).values(dict(worked_out)) if worked_out else insert(of_table)


def past_session(session: Session, statement: Any, given: dict[str, Any]) -> Any:
    """Ask or change a table of the machinery, which no scope narrows and no audit follows, without the ORM's detour.

    Any other is refused, on first sight of the statement.
    """
    wall.follow(session)
    if statement not in _seen:
        strays = {one.table.name for one in visitors.iterate(statement) if isinstance(one, Column)} - _of_machinery()
        if strays:
            raise LookupError(f"not asked past the session: {', '.join(sorted(strays))}")
        _seen.add(statement)
    return session.connection().execute(statement, given)


_seen: WeakSet[Executable] = WeakSet()
"""Statements that were looked through; those of a module are there for good."""


def _of_machinery() -> set[str]:
    return {one.class_.__tablename__ for one in Base.registry.mappers if one.class_.scope_by == "none"}


def install(session_class: Any) -> None:
    """Hang the numbering into a session class, once."""
    if not event.contains(session_class, "before_flush", _before_flush):
        event.listen(session_class, "before_flush", _before_flush)
