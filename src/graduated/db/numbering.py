"""Numbers for many new rows at once, so that SQLite writes them by one statement instead of one for each.

SQLite does not promise in which order it tells the numbers of several new rows, so SQLAlchemy asks for one at a time.
Inside an act nobody else writes, so the numbers that come next are known beforehand; they are the same that SQLite
would give. PostgreSQL tells the numbers in order, and is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import event, func, insert, literal, literal_column, select, table, union_all
from sqlalchemy.orm import Session, UOWTransaction

from graduated.db import wall

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
    for of_table, rows in fresh.items():
        if len(rows) >= FEWEST:
            last = _last(session, of_table)
            for number, row in enumerate(sorted(rows, key=_added), last + 1):
                row.id = number


def _added(row: Any) -> int:
    """The place of a row among those that were added to the session."""
    return int(row._sa_instance_state.insert_order)


def _last(session: Session, of_table: Any) -> int:
    """The highest number that a table has, or had: a number of a row that went is not given again."""
    found = session.connection().execute(select(*_highest(of_table))).one()
    return max(number or 0 for number in found)


def _highest(of_table: Any) -> list[Any]:
    highest: list[Any] = [select(func.max(of_table.c.id)).scalar_subquery()]
    if of_table.dialect_options["sqlite"]["autoincrement"]:
        given: Any = literal_column("seq")
        highest.append(
            select(given).select_from(_SEQUENCE).where(literal_column("name") == of_table.name).scalar_subquery()
        )
    return highest


def ahead(session: Session, wanted: Mapping[Any, int]) -> dict[Any, list[int]]:
    """Numbers for so many new rows of each class, by one statement. On SQLite nobody else may write meanwhile."""
    wall.follow(session)
    asked = {cls: many for cls, many in wanted.items() if many}
    if session.get_bind().dialect.name == "sqlite":
        highest = [select(literal(at), number) for at, cls in enumerate(asked) for number in _highest(cls.__table__)]
        found = session.connection().execute(union_all(*highest)).all() if asked else []
        last = [max((number or 0 for place, number in found if place == at), default=0) for at in range(len(asked))]
        return {cls: list(range(one + 1, one + 1 + many)) for one, (cls, many) in zip(last, asked.items(), strict=True)}
    drawn = [
        select(literal(at), func.nextval(func.pg_get_serial_sequence(cls.__tablename__, "id"))).select_from(
            func.generate_series(1, many).alias(f"_{at}")
        )
        for at, (cls, many) in enumerate(asked.items())
    ]
    given: dict[Any, list[int]] = {cls: [] for cls in asked}
    classes = list(asked)
    for place, number in session.connection().execute(union_all(*drawn)).all() if asked else []:
        given[classes[place]].append(number)
    return given


def write_all(session: Session, cls: Any, rows: list[dict[str, Any]], **worked_out: Any) -> None:
    """Write rows that go round the session, all by one statement, with the numbers of `ahead` or with whichever come.

    `worked_out` is what the database finds from a row's values.
    """
    wall.follow(session)
    session.connection().execute(
        insert(cls.__table__).values(worked_out) if worked_out else insert(cls.__table__), rows
    )


def install(session_class: Any) -> None:
    """Hang the numbering into a session class, once."""
    if not event.contains(session_class, "before_flush", _before_flush):
        event.listen(session_class, "before_flush", _before_flush)
