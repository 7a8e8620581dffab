"""Everything on record about one pupil, by table, as far as the person (or the worker) acting may see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, inspect, select

from graduated.assess.queries_restricted import closed_entries
from graduated.db.session import db
from graduated.disclosure.tables import LIBRARY, OF_RECORD, columns_of, links_of, models, taken, texts_of
from graduated.rules.third_parties import LEFT_OUT
from graduated.rules.vocabulary import Visibility

Row = dict[str, Any]


class Spot(NamedTuple):
    """One column of one row."""

    table: str
    row_id: int
    column: str


@dataclass
class Gathered:
    """By table the rows of one pupil, and by library table the names that stand for numbers."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    names: dict[str, dict[int, str]] = field(default_factory=dict)
    shut: dict[tuple[str, int], Visibility] = field(default_factory=dict)
    """By table and number the entries that are marked as restricted."""

    def texts(self) -> Iterator[tuple[Spot, str]]:
        """Every text that somebody typed, and each name that stands for a number, with its place."""
        for table, rows in self.rows.items():
            for row in rows:
                for column in texts_of(table):
                    for text in texts_in(row[column]):
                        yield Spot(table, row["id"], column), text
        for table, names in self.names.items():
            for row_id, name in names.items():
                yield Spot(table, row_id, "name"), name

    @property
    def count(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.rows.values()))


def texts_in(value: Any) -> Iterator[str]:
    """The texts in a value as columns hold it."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts_in(one)


@cache
def _statement(table: str, by: str) -> Any:
    cls = models()[table]
    columns = [getattr(cls, name) for name in columns_of(table)]
    wanted: Any = bindparam("wanted") if by == "pupil_id" else bindparam("wanted", expanding=True)
    where = getattr(cls, by) == wanted if by == "pupil_id" else getattr(cls, by).in_(wanted)
    return select(*columns).where(where).order_by(cls.id)


def gather(pupil_id: int, *, of_record: bool = False) -> Gathered:
    """Read it all; with `of_record` what an educational record is made of."""
    tables = [one for one in taken() if one in OF_RECORD or not of_record]
    found = Gathered({table: [] for table in tables})
    for table in tables:
        if "pupil_id" in inspect(models()[table]).columns:
            found.rows[table] = _read(table, "pupil_id", pupil_id)
    found.rows["pupil"] = _read("pupil", "id", [pupil_id])
    for table, of, column in (
        ("group", "place", "group_id"),
        ("delivered_session", "presence", "delivered_session_id"),
        ("adult", "family_link", "adult_id"),
    ):
        if table in found.rows:
            ids = sorted({row[column] for row in found.rows.get(of, ())})
            found.rows[table] = _read(table, "id", ids)
    found.shut = closed_entries(pupil_id)
    if of_record:  # as restricted papers, they are no part of an educational record
        _leave_out(found)
    _unsay_others(found, pupil_id)
    found.names = names_for(found.rows)
    return found


def _read(table: str, by: str, wanted: Any) -> list[Row]:
    return [dict(row) for row in db.session.execute(_statement(table, by), {"wanted": wanted}).mappings()]


def _leave_out(found: Gathered) -> None:
    for table, row_id in found.shut:
        found.rows[table] = [row for row in found.rows[table] if row["id"] != row_id]
        for below in ("concern_note", "concern_action") if table == "concern" else ():
            found.rows[below] = [row for row in found.rows[below] if row["concern_id"] != row_id]


def _unsay_others(found: Gathered, pupil_id: int) -> None:
    """A note on a session with others may be about one of them, named or not: it stays out."""
    cls = models()["presence"]
    noted = [row for row in found.rows.get("delivered_session", ()) if row["note"]]
    about = cls.delivered_session_id.in_([row["id"] for row in noted])
    shared = set(db.session.scalars(select(cls.delivered_session_id).where(about, cls.pupil_id != pupil_id)))
    for row in noted:
        if row["id"] in shared:
            row["note"] = LEFT_OUT


def names_for(rows: dict[str, list[Row]]) -> dict[str, dict[int, str]]:
    """The names of staff, measures, kinds of intervention and groups that rows point at."""
    wanted: dict[str, set[int]] = {table: set() for table in LIBRARY}
    for table, some in rows.items():
        for column, target in links_of(table).items():
            if target in wanted:
                wanted[target].update(row[column] for row in some if row[column] is not None)
    names = {}
    for table, ids in wanted.items():
        cls = models()[table]
        named = db.session.execute(select(cls.id, cls.name).where(cls.id.in_(sorted(ids))))
        names[table] = {row.id: row.name for row in named}
    return names
