"""Many rows of one kind written by one statement, for who works on a whole school: an import of the roll, the worker.

The session writes each changed row by a statement of its own, because each carries its version. Here rows are plain
values: named with their school, held against the version that was read a moment before in the same act, and told to
the audit as the session tells its own. Need-to-know narrows nothing here, so it is refused to anybody but who acts for
the whole school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Table, bindparam, inspect, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from graduated.access.identity import Actor, require_actor
from graduated.access.scope import OutsideScope
from graduated.db import hooks, wall
from graduated.db.base import Base
from graduated.db.hooks import Written
from graduated.db.numbering import ahead, write_all
from graduated.db.session import db

Values = Mapping[str, Any]
_AT_A_TIME = 5_000
"""Rows asked for by their numbers in one statement: databases bound how many a statement may name."""
_KEPT_HERE = frozenset({"id", "school_id", "recorded_by_id", "version"})


class _Shape(NamedTuple):
    """What a class knows of its rows: its columns, what stands where nothing is said, and what is made for each act."""

    table: Any
    names: frozenset[str]
    fixed: dict[str, Any]
    made: dict[str, Any]


@cache
def _shape(cls: type[Base]) -> _Shape:
    table = cls.__table__
    if not isinstance(table, Table) or {one.key for one in inspect(cls).column_attrs} != set(table.columns.keys()):
        raise OutsideScope(f"{cls.__name__} calls a column by another name, or is no table of its own")
    given = {column.key: column.default for column in table.columns if column.default is not None}
    fixed = {name: default.arg for name, default in given.items() if default.is_scalar}
    made = {name: default.arg for name, default in given.items() if default.is_callable}
    return _Shape(table, frozenset(table.columns.keys()), fixed, made)


def numbers_for(wanted: Mapping[type[Base], int]) -> dict[type[Base], list[int]]:
    """Numbers for so many new rows of each class, to be given to `add_many` at once: nobody else writes in an act."""
    for cls in wanted:
        session, _actor = _begin(cls)
    return {cls: [] for cls in wanted} | ahead(session, wanted) if wanted else {}


def add_many(cls: type[Base], rows: Sequence[Values], numbers: Sequence[int]) -> None:
    """Write new rows in the school in force, all by one statement, under their `numbers`, in the same order."""
    session, actor = _begin(cls)
    if not rows:
        return
    shape = _shape(cls)
    said = _names_in(cls, rows)
    always = dict.fromkeys(said) | shape.fixed | {name: make(None) for name, make in shape.made.items()}
    always["school_id"] = actor.school_id
    if "recorded_by_id" in shape.names:
        always["recorded_by_id"] = actor.user_id
    whole = [{**always, **row, "id": number} for number, row in zip(numbers, rows, strict=True)]
    write_all(session, cls, whole)
    _tell(session, cls, "added", (Written(row["id"], row, {}) for row in whole))


def change_many(cls: type[Base], wanted: Mapping[int, Values], read: Mapping[int, Values] | None = None) -> int:
    """Give rows of the school in force other values, by their numbers; how many did not have them already.

    `read` is what the caller has read of them in this very act, by column: it is not asked for again where it holds
    all that is to be changed, and the version. Raises StaleDataError, as the session does, when a row is not there or
    is not any more as it was read.
    """
    session, actor = _begin(cls)
    names, numbers, changed = _names_in(cls, wanted.values()), sorted(wanted), 0
    for start in range(0, len(numbers), _AT_A_TIME):
        some = numbers[start : start + _AT_A_TIME]
        standing = _as_read(cls, actor, names, some, read or {}) or _standing(session, cls, actor, names, some)
        if len(standing) != len(some):
            raise StaleDataError(f"{len(some) - len(standing)} rows of {_shape(cls).table} are not there")
        other = {number: _other(standing[number], wanted[number]) for number in some}
        differing = {number: one for number, one in other.items() if one}
        if differing:
            _send(session, cls, actor, standing, differing)
            _tell(session, cls, "changed", (Written(one, standing[one], differing[one]) for one in differing))
        changed += len(differing)
    return changed


def _begin(cls: type[Base]) -> tuple[Session, Actor]:
    """Inside an act, and only for who may have the whole school; what the session has not written yet goes first."""
    session, actor = db.session(), require_actor()
    if not actor.is_system or not actor.school_id:
        raise OutsideScope("many rows together are written only by who acts for a whole school")
    if session.info.get("writing") is None:
        raise OutsideScope("many rows together are written inside an act")
    if "school_id" not in _shape(cls).names:
        raise OutsideScope(f"{cls.__name__} is of no school")
    session.flush()
    wall.follow(session)
    return session, actor


def _names_in(cls: type[Base], rows: Iterable[Values]) -> list[str]:
    names = {name for row in rows for name in row}
    if wrong := names & _KEPT_HERE | names - _shape(cls).names:
        raise OutsideScope(f"{cls.__name__}: not for a caller to say: {', '.join(sorted(wrong))}")
    return sorted(names)


def _needed(shape: _Shape, names: Sequence[str]) -> tuple[str, ...]:
    """What has to be known of a row before it is changed: its number, what it has, and which version that is."""
    return ("id", *names, *sorted({"version", "pupil_id"} & shape.names - set(names)))


def _as_read(
    cls: type[Base], actor: Actor, names: Sequence[str], numbers: Sequence[int], read: Mapping[int, Values]
) -> dict[int, dict[str, Any]]:
    """The same from what the caller read, if that is all of it; else nothing."""
    needed = set(_needed(_shape(cls), names)) - {"id"}
    if not all(number in read and needed <= read[number].keys() for number in numbers):
        return {}
    return {number: {**read[number], "id": number, "school_id": actor.school_id} for number in numbers}


def _standing(
    session: Session, cls: type[Base], actor: Actor, names: Sequence[str], numbers: Sequence[int]
) -> dict[int, dict[str, Any]]:
    shape = _shape(cls)
    read = [shape.table.c[one] for one in _needed(shape, names)]
    of_school = shape.table.c.school_id == actor.school_id
    found = session.connection().execute(select(*read).where(of_school, shape.table.c.id.in_(numbers)))
    return {row["id"]: {**row, "school_id": actor.school_id} for row in found.mappings()}


def _other(standing: Values, wanted: Values) -> dict[str, list[Any]]:
    return {name: [standing[name], value] for name, value in wanted.items() if standing[name] != value}


def _send(
    session: Session,
    cls: type[Base],
    actor: Actor,
    standing: Mapping[int, Values],
    differing: Mapping[int, Mapping[str, list[Any]]],
) -> None:
    """One UPDATE of every column in which any of them differs: where one does not, it gets what it has."""
    table, names = _shape(cls).table, sorted({name for one in differing.values() for name in one})
    is_versioned = "version" in _shape(cls).names
    change = update(table).where(table.c.id == bindparam("_id"), table.c.school_id == actor.school_id)
    change = change.values({name: bindparam(f"_to_{name}") for name in names})
    if is_versioned:
        change = change.where(table.c.version == bindparam("_version")).values(version=table.c.version + 1)
    lines = []
    for number, one in differing.items():
        row = standing[number]
        line = {f"_to_{name}": one[name][1] if name in one else row[name] for name in names}
        line["_id"] = number
        if is_versioned:
            line["_version"] = row["version"]
        lines.append(line)
    written = session.connection().execute(change, lines).rowcount
    if written != len(lines):
        raise StaleDataError(f"{len(lines)} rows of {table} were to be changed, {written} were as they had been read")
    _forget(session, cls, differing, [*names, *(["version"] if is_versioned else [])])


def _forget(session: Session, cls: type[Base], numbers: Iterable[int], names: Sequence[str]) -> None:
    """What the session holds of these rows is read anew when somebody asks for it."""
    key_of = inspect(cls).identity_key_from_primary_key
    for number in numbers:
        held = session.identity_map.get(key_of((number,)))
        if held is not None:
            session.expire(held, names)


def _tell(session: Session, cls: type[Base], what: str, rows: Iterable[Written]) -> None:
    for hook in hooks.written_together:
        hook(session, cls, what, rows)
