"""Asking for a backup: by the button of a person, or by the worker when one is due. Either way the worker makes it."""

from __future__ import annotations

import logging
import time
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from graduated.access import entry
from graduated.access.identity import acting, require_actor, system_actor
from graduated.backup import making, state
from graduated.backup.errors import BackupError, Busy
from graduated.backup.keys import public_keys
from graduated.backup.places import places
from graduated.db import hooks
from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db, looking
from graduated.db.wall import WORKER
from graduated.db.writing import writes
from graduated.rules.backups import is_due

JOB = "backup"
LOOK_EVERY = 30.0
"""How often (seconds) an idle worker looks whether a backup is due: often, and it costs next to nothing."""
_OPEN = select(Job.id).where(Job.kind == JOB, Job.state.in_([JobState.WAITING, JobState.RUNNING])).limit(1)
_looked: list[float] = []
log = logging.getLogger("graduated.backup")


@writes("Backup asked for")
def ask_for_backup() -> int:
    """Put a backup in the worker's list, unless one is there already; gives the job's id."""
    there = db.session.scalar(_OPEN)
    if there is not None:
        return int(there)
    job = Job(kind=JOB, payload={}, asked_by_id=require_actor().user_id, message="Waiting for the worker", total=3)
    db.session.add(job)
    db.session.flush()
    return job.id


def backup_job(job_id: int, _payload: dict[str, Any]) -> dict[str, Any]:
    """The worker's part. What stands in the way is said on the page of backups, and tried again when it is due."""

    def report(done: int, total: int, message: str) -> None:
        hooks.report_progress(job_id, done, total or 3, message)

    db.session.rollback()  # the worker's own reading would keep the log of writes from being cut
    try:
        made = making.make(current_app.config["SETTINGS"], report=report)
    except Busy as error:
        raise hooks.NotYet(str(error)) from error
    except BackupError as error:
        log.error("no backup was made: %s", error)
        return {"error": str(error)}
    log.info("backup %s: %s bytes, %s places, %.1f s", made.name, made.size, len(made.good), made.seconds)
    return {"name": made.name, "size": made.size, "seconds": round(made.seconds, 1), "errors": made.errors}


def ask_when_due() -> bool:
    """For an idle worker: ask for a backup when it is time for one; whether it did."""
    if _looked and time.monotonic() - _looked[0] < LOOK_EVERY:
        return False
    _looked[:] = [time.monotonic()]
    settings = current_app.config["SETTINGS"]
    chosen = places(settings)
    if not chosen or not public_keys(settings) or state.is_left_to_server(settings):
        return False
    stone = Base.metadata.tables["tombstone"]
    with looking(WORKER) as connection:
        erased = connection.scalar(select(func.max(stone.c.at)))
    of = {one.place: one for one in state.read(settings).places}
    known = [of.get(str(place)) or state.PlaceState(str(place)) for place in chosen]
    if not any(is_due(now(), one.good_at, one.tried_at if one.error else None, erased) for one in known):
        return False
    school = next(iter(entry.school_ids()), None)
    if school is None:
        return False
    with acting(system_actor(school[0], "Worker")):
        ask_for_backup()
    return True


hooks.job_handlers[JOB] = backup_job
hooks.once(hooks.when_idle, ask_when_due)
