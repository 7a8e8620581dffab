"""What went by law, as a list of places without words: an older backup must not bring it back unseen.

The list is the tombstones of the database. It lies at each place of backups and only ever grows, so that it still tells
of an erasure when the newest backup cannot be read and an older one is taken.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from graduated.backup import sealed
from graduated.backup.errors import Damaged

LIST = "gone-by-law"
WHOLE = "*"
PAPER = ("document", "sha256")


class Gone(NamedTuple):
    """One place (table, row, column) of which the words went, and when. Numbers and names of columns only."""

    at: str
    school_id: int
    pupil_id: int
    order_id: int
    table: str
    row_id: int
    column: str
    kind: str

    @property
    def place(self) -> tuple[str, int, str]:
        """Which words, whenever they went."""
        return self.table, self.row_id, self.column


def in_database(connection: sqlite3.Connection) -> list[Gone]:
    """The tombstones of a database, as moments that compare."""
    rows = connection.execute(
        "SELECT at, school_id, pupil_id, erasure_order_id, table_name, row_id, field, kind FROM tombstone ORDER BY id"
    )
    return [Gone(_moment(str(at)).isoformat(), *rest) for at, *rest in rows]


def at_place(place: Path) -> list[Gone]:
    """The list that lies at a place of backups; nothing when there is none, or it cannot be read."""
    try:
        said = sealed.read(place / LIST)
    except Damaged:
        return []
    return [gone for one in said if (gone := _gone(one)) is not None] if isinstance(said, list) else []


def _gone(said: object) -> Gone | None:
    """One line of a list that lies where others can write, or None for what cannot be one."""
    if not isinstance(said, list) or [type(one) for one in said] != [str, int, int, int, str, int, str, str]:
        return None
    try:
        return Gone(_moment(said[0]).isoformat(), *said[1:])
    except ValueError:
        return None


def write(place: Path, known: Iterable[Gone]) -> None:
    """Add to the list at a place; what stands there stays."""
    every = {(one.place, one.at): one for one in (*at_place(place), *known)}
    sealed.write(place / LIST, sorted(every.values()))


def owed(listed: Iterable[Gone], made_at: datetime, connection: sqlite3.Connection) -> list[Gone]:
    """What went after a backup was made, and stands in the database that came out of it."""
    since = made_at.astimezone(UTC).isoformat()
    there = {(one.place, one.at) for one in in_database(connection)}  # the same words can go in part, and in part later
    return [
        one
        for one in listed
        if one.at >= since and (one.place, one.at) not in there and _is_there(connection, one.table, one.row_id)
    ]


def still_owed(noted: Iterable[dict[str, Any]], gone: Iterable[Gone], restored_at: str = "") -> list[dict[str, Any]]:
    """Of what was noted after a restore, what has not gone again since; what went before it counts for nothing."""
    there: dict[tuple[str, int, str], str] = {}
    for one in gone:
        there[one.place] = max(one.at, there.get(one.place, ""))
    return [
        one
        for one in noted
        if there.get((one["table"], one["row_id"], one["column"]), "") < max(one["at"], restored_at)
    ]


def _is_there(connection: sqlite3.Connection, table: str, row_id: int) -> bool:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()
    if not known:
        return False
    return connection.execute(f'SELECT 1 FROM "{table}" WHERE id = ?', (row_id,)).fetchone() is not None  # noqa: S608


def in_words(noted: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """What is to be done again, for who has to do it: by pupil, with the day on which it was done before."""
    by_pupil: dict[tuple[int, int, str], set[str]] = {}
    for one in noted:
        day = f"{datetime.fromisoformat(one['at']):%d %B %Y}".lstrip("0")
        by_pupil.setdefault((one["school_id"], one["pupil_id"], day), set()).add(_what(one))
    return tuple(
        f"Went by law on {day} and is back since a backup was restored: "
        f"{'the whole record' if 'the whole record' in what else ', '.join(sorted(what))} of the pupil at "
        f"/pupils/{pupil_id} (school {school_id}). It has to go again."
        for (school_id, pupil_id, day), what in sorted(by_pupil.items())
    )


def _what(one: dict[str, Any]) -> str:
    row = f"{one['table'].replace('_', ' ')} {one['row_id']}"
    if one["column"] == WHOLE:
        return "the whole record"
    return f"the file of a paper ({row})" if (one["table"], one["column"]) == PAPER else row


def for_school(noted: Collection[dict[str, Any]], school_id: int) -> tuple[str, ...]:
    """What one school has to do again, and how much the others have to, without a word of whom it is about."""
    own = [one for one in noted if one["school_id"] == school_id]
    others = len({(one["school_id"], one["pupil_id"]) for one in noted if one["school_id"] != school_id})
    if not others:
        return in_words(own)
    of = "1 pupil" if others == 1 else f"{others} pupils"
    return (
        *in_words(own),
        f"What went by law is back for {of} of other schools as well. Whoever runs the server sees it.",
    )


def _moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
