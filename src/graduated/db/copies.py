"""Copies of a SQLite database taken before an upgrade: how they are named, how many are kept, when they go.

They are no backups: they stand on the same disc, so that an upgrade that went wrong can be undone in a minute. As
copies of records they are for this account alone, and go when words are erased by law.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

FOLDER = "before-upgrade"
KEPT = 3
"""The newest so many stay."""
LONGEST = 30 * 86400
"""Seconds after which a copy goes: by then the upgrade has proved itself, and the copy lacks a month of work."""
ROOM_LEFT = 50 * 1024 * 1024
"""Bytes that stay free after an upgrade, for the program's own work."""
UNFINISHED = ".part"


class NoRoom(OSError):
    """The disc has no room for the copy and the upgrade; the words say how much is needed."""


class CopyDamaged(OSError):
    """The copy that was just taken does not read well: nothing is changed without a good one."""


def size_of(database: Path) -> int:
    """Bytes of a database with what its log holds."""
    parts = (database, database.with_name(f"{database.name}-wal"))
    return sum(part.stat().st_size for part in parts if part.exists())


def check_room(database: Path) -> None:
    """Raise `NoRoom` unless the copy and all that the upgrade may rewrite fit on the disc."""
    needed = 3 * size_of(database) + ROOM_LEFT  # the copy, the log of a whole rewrite, and the rewrite
    free = shutil.disk_usage(database.parent).free
    if free < needed:
        raise NoRoom(
            f"The upgrade needs {in_megabytes(needed)} free at {database.parent}, and {in_megabytes(free)} is."
        )


def in_megabytes(size: int) -> str:
    """A size as people say it."""
    return f"{max(1, round(size / 1_000_000))} MB"


def make(database: Path, home: Path, old: str, new: str) -> Path:
    """Copy a database whole, in one step, to `before-upgrade/`; checked, on the disc, and only then under its name."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for left in folder.glob(f"*{UNFINISHED}"):
        left.unlink(missing_ok=True)
    target = folder / f"graduated-{old}-to-{new}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.db"
    aside = target.with_name(target.name + UNFINISHED)
    os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with (
            contextlib.closing(sqlite3.connect(database, timeout=10)) as source,
            contextlib.closing(sqlite3.connect(aside)) as copy,
        ):
            source.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, whoever opens it
            found = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise CopyDamaged(f"The copy before the upgrade does not read well ({found}).")
        with aside.open("rb+") as written:
            os.fsync(written.fileno())
        os.replace(aside, target)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return target


def kept(home: Path) -> list[Path]:
    """The copies that are there, the newest first."""
    folder = home / FOLDER
    return (
        sorted(folder.glob("graduated-*.db"), key=lambda one: one.name[-19:], reverse=True) if folder.is_dir() else []
    )


def sweep(home: Path) -> int:
    """Remove the copies that are more than `KEPT`, or old; how many went."""
    latest = time.time() - LONGEST
    gone = [one for number, one in enumerate(kept(home)) if number >= KEPT or one.stat().st_mtime < latest]
    for one in gone:
        one.unlink(missing_ok=True)
    return len(gone)


def drop_all(home: Path) -> None:
    """Remove every copy: words went by law, and the copies still hold them."""
    folder = home / FOLDER
    for one in (*kept(home), *(folder.glob(f"*{UNFINISHED}") if folder.is_dir() else ())):
        one.unlink(missing_ok=True)
