"""The worker: takes up jobs and post, one at a time, and takes up again what a killed worker left."""

from __future__ import annotations

import logging
import os
import time
from datetime import timedelta

from flask import Flask
from sqlalchemy import Table, or_, select, update

from graduated.access.identity import acting, system_actor
from graduated.db import hooks
from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.engine import IMMEDIATE
from graduated.db.machinery import JobState
from graduated.db.session import db
from graduated.ops.post import send_next

log = logging.getLogger("graduated.worker")
SILENT_FOR = timedelta(minutes=2)
MOST_TRIES = 3
NOT_YET = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)
SERVED_BY = "GRADUATED_SERVED_BY"
PAUSE = 1.0


def _job() -> Table:
    return Base.metadata.tables["job"]


def claim() -> tuple[int, int, str, dict[str, object]] | None:
    """Take the next job: one that waits, or one whose worker has been silent too long."""
    job, moment = _job(), now()
    free = or_(
        job.c.state == JobState.WAITING,
        (job.c.state == JobState.RUNNING) & (job.c.beat_at < moment - SILENT_FOR),
    )
    choice = (
        select(job.c.id, job.c.school_id, job.c.kind, job.c.payload, job.c.tries)
        .where(free, job.c.run_after <= moment)
        .order_by(job.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    with db.engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        row = connection.execute(choice).first()
        if row is None:
            return None
        connection.execute(
            update(job).where(job.c.id == row.id).values(state=JobState.RUNNING, beat_at=moment, tries=row.tries + 1)
        )
    return row.id, row.school_id, row.kind, row.payload


def note(job_id: int, **values: object) -> None:
    """Write down how far a job is; also its sign of life."""
    job = _job()
    with db.engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        connection.execute(update(job).where(job.c.id == job_id).values(beat_at=now(), **values))


def work_once() -> bool:
    """Do one job; whether there was one."""
    taken = claim()
    if taken is None:
        return False
    job_id, school_id, kind, payload = taken
    try:
        with acting(system_actor(school_id, "Worker")):
            result = hooks.job_handlers[kind](job_id, payload)
    except hooks.Overtaken:
        log.warning("job %s was taken up by another worker meanwhile", job_id)
        db.session.rollback()
        return True
    except hooks.NotYet as hindrance:
        db.session.rollback()
        wait = min(NOT_YET * _tries(job_id), LONGEST_WAIT)
        note(job_id, state=JobState.WAITING, run_after=now() + wait, message=str(hindrance))
        return True
    except Exception:
        log.exception("job %s of kind %s failed", job_id, kind)
        db.session.rollback()
        tries = _tries(job_id)
        state = JobState.FAILED if tries >= MOST_TRIES else JobState.WAITING
        note(job_id, state=state, run_after=now() + timedelta(seconds=5 * tries), message="It did not work.")
        return True
    note(job_id, state=JobState.DONE, finished_at=now(), result=result)
    return True


def _tries(job_id: int) -> int:
    job = _job()
    with db.engine.connect() as connection:
        return int(connection.scalar(select(job.c.tries).where(job.c.id == job_id)) or 0)


def _listen(job_id: int, done: int, total: int, message: str) -> None:
    note(job_id, done=done, total=total, message=message)


def run_worker(app: Flask, *, once: bool = False) -> None:
    """Work until told to stop. A sweep at the start removes what a killed upload left."""
    hooks.once(hooks.job_progress, _listen)
    app.extensions["files"].sweep()
    served_by = int(os.environ.get(SERVED_BY, "0"))
    while not served_by or os.getppid() == served_by:  # a server that was killed leaves no worker behind
        with app.app_context():
            busy = work_once() or send_next(app.config["SETTINGS"])
        if not busy:
            if once:
                return
            time.sleep(PAUSE)
