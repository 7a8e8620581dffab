"""A copy of the databases as they were at one moment, checked, while people go on writing.

SQLite copies itself in one step (docs/decisions/037): step by step it would never end while somebody writes, and hold
the log of writes back until the disk is full. What is in PostgreSQL its server's own tools copy.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from graduated.backup import by_law
from graduated.backup.errors import LEFT_TO_SERVER, BackupError
from graduated.config import Settings
from graduated.db.clock import now

LARGEST_LOG = 64 * 1024 * 1024
"""The log of writes is cut again once it is larger."""
_PATIENCE = 50
"""How long (milliseconds) to ask others to let go of the log: no longer, for nobody can write meanwhile."""
_TRIES = 20
_NAMING = ("sha256", "preview_sha256")


@dataclass
class Snapshot:
    """The copies, and what is known of them. `named` are the hashes of the files that its records name."""

    moment: datetime
    dialect: str
    members: dict[str, Path] = field(default_factory=dict)
    schema: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    heads: dict[str, tuple[int, str]] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    gone: list[by_law.Gone] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def take(settings: Settings, folder: Path) -> Snapshot:
    """Copy the databases into a folder of this machine. Raises BackupError when what is copied is damaged."""
    if not settings.is_sqlite:
        raise BackupError(LEFT_TO_SERVER)
    moment = now()  # before the copy: all that was acknowledged until then is in it
    anchored = _anchored(settings.home)
    found = Snapshot(moment, "sqlite")
    found.members["graduated.db"] = _copy(database_file(settings), folder / "graduated.db")
    views = settings.home / "views.db"
    if views.is_file():
        found.members["views.db"] = _copy(views, folder / "views.db")
    with closing(sqlite3.connect(found.members["graduated.db"])) as copy:
        look(copy, found)
        found.warnings += _against_anchors(copy, anchored)
    return found


def database_file(settings: Settings) -> Path:
    """The file in which the records are."""
    return Path(make_url(settings.database_url).database or settings.home / "graduated.db")


def _copy(origin: Path, target: Path) -> Path:
    """Copy a database in one step and see that the copy is sound."""
    if not origin.is_file():
        raise BackupError(f"There is no database at {origin}. Is GRADUATED_HOME set as it is for the server?")
    try:
        with closing(sqlite3.connect(origin, timeout=5)) as source, closing(sqlite3.connect(target)) as copy:
            if _log_size(origin) > LARGEST_LOG:
                cut_log(source, origin)
            source.backup(copy, pages=-1)
            cut_log(source, origin)
            copy.execute("PRAGMA journal_mode=DELETE")  # one whole file, without a log beside it
        what = sound(target)
    except sqlite3.DatabaseError as error:
        what = str(error)
    if what:
        raise BackupError(
            f"{origin.name} is damaged ({what}), so that no good backup can be made of it. Stop Graduated and restore "
            "the last good backup: graduated restore (docs/backup.md)."
        )
    handle = os.open(target, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
    return target


def sound(file: Path) -> str:
    """What is wrong with a database, or "" when it is sound."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            said = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
            if said != "ok":
                return said.splitlines()[0]
            orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
            return "" if orphan is None else f"a row of {orphan[0]} belongs to one that is not there"
    except sqlite3.DatabaseError as error:
        return str(error)


def _log_size(origin: Path) -> int:
    log = origin.with_name(f"{origin.name}-wal")
    return log.stat().st_size if log.exists() else 0


def cut_log(connection: sqlite3.Connection, origin: Path) -> None:
    """Bring the log of writes into the file and cut it; several times while it is large and somebody is in the way."""
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()  # most of the work, in nobody's way
    for _try in range(_TRIES):
        busy, _pages, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy or _log_size(origin) <= LARGEST_LOG:
            return
        time.sleep(_PATIENCE / 1000)


def look(copy: sqlite3.Connection, found: Snapshot) -> None:
    """Count and note what is in a copy; for one that was restored, to be held against the notes."""
    tables = [
        str(name)
        for (name,) in copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    named: set[str] = set()
    for table in tables:
        found.rows[table] = int(copy.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0])  # noqa: S608
        columns = {str(column[1]) for column in copy.execute(f'PRAGMA table_info("{table}")')}
        for name in sorted(columns.intersection(_NAMING)):
            named |= {str(one) for (one,) in copy.execute(f'SELECT DISTINCT "{name}" FROM "{table}"') if one}  # noqa: S608
    found.named = frozenset(one for one in named if len(one) == 64)
    if "chain_head" in tables:
        heads = copy.execute("SELECT school_id, sequence, mac FROM chain_head ORDER BY school_id")
        found.heads = {str(school): (int(sequence), str(mac)) for school, sequence, mac in heads}
    if "alembic_version" in tables:
        found.schema = str((copy.execute("SELECT version_num FROM alembic_version").fetchone() or ("",))[0])
    if "tombstone" in tables:
        found.gone = by_law.in_database(copy)


def _anchored(home: Path) -> dict[int, tuple[int, str]]:
    """The last head of each school that this machine noted outside the database."""
    path, heads = home / "audit-anchor.log", dict[int, tuple[int, str]]()
    for line in path.read_text("ascii").splitlines() if path.is_file() else ():
        parts = line.split()
        if len(parts) == 3:
            heads[int(parts[0])] = (int(parts[1]), parts[2])
    return heads


def _against_anchors(copy: sqlite3.Connection, anchored: dict[int, tuple[int, str]]) -> list[str]:
    """What the copy lacks of what was noted outside before it was made: then somebody changed the database by hand."""
    wrong = []
    for school, (sequence, mac) in anchored.items():
        found = copy.execute(
            "SELECT mac FROM change_event WHERE school_id = ? AND sequence = ?", (school, sequence)
        ).fetchone()
        if found is None or found[0] != mac:
            wrong.append(
                f"The audit of school {school} is not as it was noted outside the database at event {sequence}. "
                "Run: graduated verify"
            )
    return wrong
