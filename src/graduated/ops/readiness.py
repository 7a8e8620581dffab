"""Whether the program can be worked with now: what a proxy, a monitor or an administrator asks.

Without the database, at another version or with a full disc nobody can work: not ready. A silent worker or an old
backup stop nobody: they are told to who may read the particulars, and stand among the figures.
"""

from __future__ import annotations

import importlib
import shutil
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from alembic.migration import MigrationContext
from sqlalchemy.exc import SQLAlchemyError

from graduated.config import Settings
from graduated.db import migrate
from graduated.db.session import db
from graduated.ops import heartbeat

LEAST_FREE = 50_000_000
"""Bytes below which the disc counts as full: an import or a pack would not fit."""
BACKUP_WITHIN = timedelta(hours=26)


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at. `stops` is whether nobody can work while it is not well."""

    what: str
    says: str
    is_well: bool
    stops: bool = False


@cache
def _needed() -> str:
    return migrate.newest()


def _database() -> Look:
    try:
        with db.engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError:
        return Look("database", "does not answer", is_well=False, stops=True)
    if found != _needed():
        return Look("database", "is at another version than the program", is_well=False, stops=True)
    return Look("database", "ok", is_well=True)


def _disc(settings: Settings) -> Look:
    try:
        free = shutil.disk_usage(settings.home).free
    except OSError:
        return Look("disc", "cannot be read", is_well=False, stops=True)
    says = f"{free / 1e9:.1f} GB free"
    return Look("disc", says, is_well=free >= LEAST_FREE, stops=free < LEAST_FREE)


def _worker(settings: Settings) -> Look:
    silent = heartbeat.silent_for(settings)
    if silent is None:
        return Look("worker", "has never given a sign of life on this machine", is_well=False)
    return Look("worker", f"last sign of life {silent:.0f} s ago", is_well=silent <= heartbeat.SILENT_FOR)


def backup_age(settings: Settings) -> timedelta | None:
    """How old the last good backup is; None when there is none, or when this program makes none."""
    try:
        state = importlib.import_module("graduated.backup.state")
    except ModuleNotFoundError:
        return None
    age: timedelta | None = state.backup_age(settings)
    return age


def _backup(settings: Settings) -> Look:
    age = backup_age(settings)
    if not settings.is_sqlite:
        return Look("backup", "left to the database server", is_well=True)
    if age is None:
        return Look("backup", "none yet", is_well=False)
    return Look("backup", f"{age.total_seconds() / 3600:.1f} hours old", is_well=age <= BACKUP_WITHIN)


def look(settings: Settings) -> list[Look]:
    """Everything that is looked at, one after the other; each costs next to nothing."""
    return [_database(), _disc(settings), _worker(settings), _backup(settings)]


def is_ready(found: list[Look]) -> bool:
    """Whether people can work."""
    return not any(one.stops for one in found)
