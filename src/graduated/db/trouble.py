"""What stands in the way when the database or the disc refuses: told apart, so that a page can say it in words."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from enum import StrEnum
from pathlib import Path

from sqlalchemy.exc import DBAPIError

LITTLE = 500 * 1000 * 1000
"""With less free than this (bytes), who looks after the school's machine is told on every page."""
NOTHING = 256 * 1024
"""With less free than this, a write that failed failed for want of room, whatever the system called it."""


class Trouble(StrEnum):
    """What is in the way: each has a sentence of its own for the person who waits."""

    BUSY = "busy"  # somebody else's work holds the records; waiting mends it
    FULL = "full"  # there is no room left on the disc; making room mends it
    DISC = "disc"  # the disc refuses to read or write; a person has to look at it
    AWAY = "away"  # the database does not answer, as while it is started again
    DAMAGED = "damaged"  # what lies on the disc is no database any more; a backup mends it


_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.DISC,
    sqlite3.SQLITE_CANTOPEN: Trouble.DISC,
    sqlite3.SQLITE_READONLY: Trouble.DISC,
    sqlite3.SQLITE_PROTOCOL: Trouble.BUSY,
    sqlite3.SQLITE_CORRUPT: Trouble.DAMAGED,
    sqlite3.SQLITE_NOTADB: Trouble.DAMAGED,
}
_POSTGRES = {
    "08": Trouble.AWAY,  # the connection broke
    "57P": Trouble.AWAY,  # it is shutting down or starting
    "53": Trouble.AWAY,  # too many connections, or no memory
    "53100": Trouble.FULL,
    "58": Trouble.DISC,
    "40": Trouble.BUSY,  # two acts waited for each other
    "55P": Trouble.BUSY,
    "57014": Trouble.BUSY,  # it waited longer than it may
}
_SYSTEM = {
    errno.ENOSPC: Trouble.FULL,
    errno.EDQUOT: Trouble.FULL,
    errno.EFBIG: Trouble.FULL,
    errno.EIO: Trouble.DISC,
    errno.EROFS: Trouble.DISC,
}


def free_bytes(folder: Path) -> int:
    """How much may still be written beside a folder."""
    return shutil.disk_usage(folder).free


def trouble_of(error: BaseException, folder: Path) -> Trouble | None:
    """What stood in the way; nothing when it is a fault of the program, which no waiting mends.

    `folder` is where the records lie: a disc that is full is called many names by the system.
    """
    found = _named(error)
    if found is Trouble.DISC and _is_full(folder):
        return Trouble.FULL
    return found


def _named(error: BaseException) -> Trouble | None:
    if isinstance(error, OSError):
        return _SYSTEM.get(error.errno or 0)
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _SQLITE.get(getattr(error.orig, "sqlite_errorcode", 0) & 0xFF)
    state = getattr(error.orig, "sqlstate", None) or ""
    known = next((_POSTGRES[state[:length]] for length in (5, 3, 2) if state[:length] in _POSTGRES), None)
    return known or (Trouble.AWAY if error.connection_invalidated or not state else None)


def _is_full(folder: Path) -> bool:
    try:
        return free_bytes(folder) < NOTHING
    except OSError:
        return False


def note(path: Path, line: str) -> None:
    """Add a line to a file that only grows, on the disc before this returns.

    What an earlier try left half written, as when the disc was full, is closed off, so that no line runs into another.
    """
    with path.open("ab+", buffering=0) as out:
        if out.seek(0, os.SEEK_END) and (out.seek(-1, os.SEEK_END), out.read(1))[1] != b"\n":
            line = f"\n{line}"
        written = (line + "\n").encode()
        if out.write(written) != len(written):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
