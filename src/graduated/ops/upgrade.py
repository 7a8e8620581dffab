"""`graduated db upgrade`: a look at the database, room on the disc, a copy, and then all of the upgrade or nothing."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from graduated.config import Settings
from graduated.db import copies, migrate, standing

log = logging.getLogger("graduated.upgrade")


class NotUpgraded(Exception):
    """The database stays at the version it had; the message says why, where the copy is, and what to do."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was done: from which version (None for a new database) to which, and where the copy from before is."""

    old: str | None
    new: str
    copy: Path | None = None

    def as_text(self) -> str:
        """For a person; the last line is what scripts have always read."""
        lines = [f"The database is at version {self.new}."]
        if self.copy is not None:
            lines.insert(0, f"A copy from before the upgrade is {self.copy} (the newest {copies.KEPT} are kept).")
        return "\n".join(lines)


def bring_up(settings: Settings, *, folder: Path | None = None, say: Callable[[str], None] = log.info) -> Upgraded:
    """Bring the database to this program's version. Raises `NotUpgraded`, and then nothing was changed."""
    wrong = standing.damage(settings)
    if wrong:
        raise NotUpgraded(f"Nothing was upgraded. {wrong}")
    new = migrate.newest(folder)
    try:
        old = migrate.version_of(settings)
    except OperationalError as error:
        raise NotUpgraded(standing.version_trouble(settings)) from error
    if old == new:
        return Upgraded(old, new)
    if old is not None and folder is None and old not in migrate.known():
        raise NotUpgraded(standing.newer(settings, old))
    copy = _copy(settings, old, new, say)
    try:
        migrate.upgrade(settings, folder=folder)
    except Exception as error:
        log.exception("the upgrade from %s to %s failed", old, new)
        raise NotUpgraded(_failed(settings, old, new, copy, error)) from error
    copies.sweep(settings.home)
    return Upgraded(old, new, copy)


def _copy(settings: Settings, old: str | None, new: str, say: Callable[[str], None]) -> Path | None:
    """The copy from before; a new database needs none, and what a server keeps has a backup of its own."""
    database = standing.database_file(settings)
    if old is None or database is None:
        return None
    try:
        copies.check_room(database)
        say(f"Copying the database first ({copies.in_megabytes(copies.size_of(database))}).")
        return copies.make(database, settings.home, old, new)
    except copies.NoRoom as error:
        raise NotUpgraded(
            f"Nothing was upgraded, and the database is as it was, at version {old}. {error} Make room (older backups, "
            f"or copies in {settings.home / copies.FOLDER} that are not needed any more), and run: graduated db upgrade"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise NotUpgraded(
            f"Nothing was upgraded, and the database is as it was, at version {old}: no copy of it could be taken in "
            f"{settings.home / copies.FOLDER} ({error}). Check that this account may write there, and that no other "
            "program holds the database; then run: graduated db upgrade"
        ) from error


def _failed(settings: Settings, old: str | None, new: str, copy: Path | None, error: Exception) -> str:
    reason = str(getattr(error, "orig", None) or error)
    if "locked" in reason or "lock timeout" in reason:
        return (
            f"Nothing was upgraded, and the database is as it was, at version {old}: another program is writing to it. "
            "Stop Graduated first, and run: graduated db upgrade"
        )
    with contextlib.suppress(Exception):
        if migrate.version_of(settings) == old:
            kept = f" The copy from before is {copy}; it is not needed unless something else is wrong." if copy else ""
            return (
                f"The upgrade from version {old} to {new} stopped ({type(error).__name__}), and all of it was taken "
                f"back: the database is as it was, at version {old}, and the older program works with it.{kept} Start "
                "the older program again, and tell whoever gave you this version what is written above."
            )
    back = f" Put {copy} in its place before anything is started." if copy else ""
    return f"The upgrade to version {new} stopped ({type(error).__name__}), and the database cannot be read.{back}"
