"""Whether the database can be worked with: it reads well, and it has the version that this program was made for.

Asked before a program starts, and again before each act is written: somebody may bring the database to a newer version
while an older program still answers.
"""

from __future__ import annotations

import contextlib
import functools
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.orm import Session

from graduated import __version__
from graduated.config import Settings
from graduated.db import copies, migrate
from graduated.db.session import db
from graduated.db.writing import Writing

PATIENCE = 10.0
"""Seconds that the check at a start may take; a database too large for it is looked at by `graduated doctor`."""
DAMAGED = ("malformed", "not a database", "file is encrypted", "disk image")
"""What SQLite says of a file that is not as it wrote it."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a database file found: nothing wrong, what is wrong, or that the time was too short to say."""

    wrong: str = ""
    is_whole: bool = True


def database_file(settings: Settings) -> Path | None:
    """The file that the records are in; None where a server keeps them."""
    name = make_url(settings.database_url).database if settings.is_sqlite else None
    return Path(name) if name and name != ":memory:" else None


def look(path: Path, patience: float = PATIENCE) -> Checked:
    """SQLite's quick check of a file, for so many seconds at the most; it changes nothing."""
    if not path.exists() or path.stat().st_size == 0:
        return Checked()
    until = time.monotonic() + patience
    try:
        with contextlib.closing(
            sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=10)
        ) as connection:
            connection.set_progress_handler(lambda: int(time.monotonic() > until), 20_000)
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        if "interrupted" in str(error):
            return Checked(is_whole=False)
        if is_damage(error):
            return Checked(wrong=str(error))
        raise
    return Checked() if found == "ok" else Checked(wrong=str(found).splitlines()[-1][:200])


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that a file is damaged (and not, say, that somebody else writes)."""
    return any(words in str(error).lower() for words in DAMAGED)


def damage(settings: Settings, patience: float = PATIENCE) -> str:
    """What is wrong with the files of the database, with what to do about it; nothing when they read well."""
    if not settings.is_sqlite:
        return ""
    for path in (database_file(settings), settings.home / "views.db"):
        if path is not None and (found := look(path, patience).wrong):
            return how_to_restore(path, found, settings)
    return ""


def how_to_restore(path: Path, found: str, settings: Settings) -> str:
    """The sentences for whoever runs the installation when a file is damaged."""
    return (
        f"The file {path} is damaged ({found}). Graduated changes nothing in it, so that nothing more is lost. "
        f"Keep all of {settings.home} as it is, and copy it somewhere safe. Then bring back the last good backup: "
        "graduated restore ARCHIVE --key KEY --into A-NEW-FOLDER (docs/backup.md), set GRADUATED_HOME to that folder, "
        "and start again. A disc that damaged a file once does so again: have it looked at first."
    )


def version_trouble(settings: Settings) -> str:
    """Why this program cannot work with the version that the database has, and what to do; nothing when it can."""
    path, needed = database_file(settings), migrate.newest()
    try:  # a file that is not there would be made by opening it
        found = None if path is not None and not path.exists() else migrate.version_of(settings)
    except DatabaseError as error:
        return _not_read(settings, error)
    if found == needed:
        return ""
    if found is None:
        return f"There is no database of Graduated at {where(settings)} yet. Run: graduated db upgrade"
    if found in migrate.known():
        copied = "it takes a copy first, and" if settings.is_sqlite else "after a backup of the database; it"
        return (
            f"The database is at version {found}, and this program (Graduated {__version__}) needs version {needed}. "
            f"Run: graduated db upgrade ({copied} changes all or nothing)."
        )
    return newer(settings, found)


def newer(settings: Settings, found: str) -> str:
    """The sentences about a database that a newer program has brought to its own version."""
    copy = next(iter(copies.kept(settings.home)), None)
    back = f"The copy from before that upgrade is {copy}; work done since is not in it." if copy else ""
    return (
        f"The database is at version {found}, and this program (Graduated {__version__}) knows versions up to "
        f"{migrate.newest()}: a newer Graduated has upgraded it. An older program could damage it, so nothing is "
        f"started. Install the newer program again and start that. {back}"
    ).rstrip()


def _not_read(settings: Settings, error: DatabaseError) -> str:
    path = database_file(settings)
    if path is not None and is_damage(error):
        return how_to_restore(path, str(error.orig), settings)
    return (
        f"The database at {where(settings)} cannot be read ({type(error.orig).__name__}). Check that it is running and "
        "that DATABASE_URL is right, and that this account may read and write it."
    )


_SHOWN = frozenset({"host", "hostaddr", "port", "dbname", "user", "sslmode", "sslrootcert", "connect_timeout"})
"""What may be read of an address after its "?"; anything else could be a secret."""


def where(settings: Settings) -> str:
    """Where the database is, without its password: libpq takes that, and others' secrets, after the "?" too."""
    path = database_file(settings)
    if path is not None:
        return str(path)
    url = make_url(settings.database_url)
    shown = {name: value if name in _SHOWN else "hidden" for name, value in url.query.items()}
    return url.set(query=shown).render_as_string(hide_password=True)


class Outgrown(Exception):
    """Somebody has brought the database to another version while this program answers: it may not write any more."""


@functools.cache
def _ours() -> str:
    return migrate.newest()


def _version_in(connection: Any) -> str:
    """The version, asked of the driver itself: this is no statement of the page or the act."""
    cursor = connection.cursor()
    try:
        cursor.execute("SELECT version_num FROM alembic_version")
        row = cursor.fetchone()
    finally:
        cursor.close()
    return str(row[0]) if row else ""


def is_outgrown() -> bool:
    """Whether the database has another version than this program; a database that does not answer says nothing."""
    engine = db.engine
    try:
        connection = engine.raw_connection()
        try:
            return _version_in(connection) != _ours()
        finally:
            connection.close()
    except (DBAPIError, engine.dialect.loaded_dbapi.Error):
        return False


def refuse_outgrown(session: Session, _writing: Writing) -> None:
    """Within an act that holds the write lock, which an upgrade needs too: so no act is written by an older program."""
    if _version_in(session.connection().connection) != _ours():
        raise Outgrown
