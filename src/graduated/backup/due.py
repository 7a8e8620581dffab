"""When the worker has nothing else to do: is a backup due? Asked often, so that it costs next to nothing."""

from __future__ import annotations

import logging
import time
from pathlib import Path

from sqlalchemy import func, select

from graduated.backup import making, state
from graduated.backup.errors import BackupError, Busy
from graduated.backup.keys import public_keys
from graduated.backup.places import places
from graduated.config import Settings
from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.session import db
from graduated.rules.backups import is_due

log = logging.getLogger("graduated.backup")
LOOK_EVERY = 30.0
_looked: list[float] = []


def when_due(settings: Settings) -> bool:
    """Make a backup if it is time for one; whether one was made. Within the app, for the time of the last erasure."""
    if _looked and time.monotonic() - _looked[0] < LOOK_EVERY:
        return False
    _looked[:] = [time.monotonic()]
    chosen = places(settings)
    if not chosen or not public_keys(settings):
        return False
    stone = Base.metadata.tables["tombstone"]
    with db.engine.connect() as connection:
        erased = connection.scalar(select(func.max(stone.c.at)))
    known = state.read(settings)
    of = {one.place: one for one in known.places}
    due = []
    for place in chosen:
        one = of.get(str(place))
        tried = one.tried_at if one is not None and one.error else None
        if is_due(now(), one.good_at if one is not None else None, tried, erased):
            due.append(place)
    return bool(due) and _made(settings, due)


def _made(settings: Settings, due: list[Path]) -> bool:
    try:
        made = making.make(settings, due)
    except Busy:
        return False
    except BackupError as error:
        log.error("no backup was made: %s", error)
        return False
    log.info("backup %s: %s bytes at %s places in %.1f s", made.name, made.size, len(made.good), made.seconds)
    return True
