"""The worker: takes up jobs and post, one at a time, and takes up again what a killed worker left."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import FrameType
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Connection, Select, Table, or_, select, update
from sqlalchemy.exc import DBAPIError

from graduated.access.identity import acting, system_actor
from graduated.config import Settings
from graduated.db import copies, hooks, standing
from graduated.db.base import Base
from graduated.db.clock import now
from graduated.db.machinery import JobState
from graduated.db.session import changing, db, looking
from graduated.db.trouble import Trouble, trouble_of
from graduated.db.wall import WORKER
from graduated.ops import heartbeat
from graduated.ops.post import send_next

log = logging.getLogger("graduated.worker")
SILENT_FOR = timedelta(minutes=2)
MOST_TRIES = 3
MOST_DEATHS = 12
"""How often a job is taken up whose worker died over it: one that kills each worker would otherwise hold them all."""
GIVEN_UP = "The program that does it stopped {tries} times in a row, so it is not tried any more."
NOT_YET = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=10)
WAITS_FOR = {
    Trouble.FULL: "There is no room on the disc of the school’s machine. It goes on by itself once there is.",
    Trouble.BUSY: "Other work holds the school’s records. It goes on by itself.",
    Trouble.AWAY: "The school’s records do not answer just now. It goes on by itself.",
}
SERVED_BY = "GRADUATED_SERVED_BY"
PAUSE = 1.0
FINISH_WITHIN = 20.0
"""Seconds that a job has to finish once the worker is told to stop; then it is handed back, for the next worker."""


class HandedBack(BaseException):
    """Breaks off a job when the worker has to stop. No handler of a job's own faults may take it for one of them."""


class Stopping:
    """Whether the worker was told to stop, and the job that it may have to break off for that."""

    def __init__(self) -> None:
        self.told = threading.Event()
        self.in_job = False

    def listen(self) -> None:
        """Stop when the system says so: after the job in hand, which is broken off when it takes too long."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            self.told.set()
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_REAL, FINISH_WITHIN)

        def break_off(_number: int, _frame: FrameType | None) -> None:
            if self.in_job:
                self.in_job = False
                raise HandedBack

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        if hasattr(signal, "SIGALRM"):
            signal.signal(signal.SIGALRM, break_off)

    @contextmanager
    def job(self) -> Iterator[None]:
        """While this lasts, a job may be broken off; not while it is noted how it went."""
        self.in_job = True
        try:
            yield
        finally:
            self.in_job = False


stopping = Stopping()


def _job() -> Table:
    return Base.metadata.tables["job"]


@contextmanager
def _alone() -> Iterator[Connection]:
    """A transaction in which no other worker changes a job."""
    with changing(WORKER) as connection, connection.begin():
        yield connection


def _oldest(*which: ColumnElement[bool]) -> Select[Any]:
    """The oldest such job that no other worker is looking at."""
    job = _job()
    columns = select(job.c.id, job.c.school_id, job.c.kind, job.c.payload, job.c.tries)
    return columns.where(*which).order_by(job.c.id).limit(1).with_for_update(skip_locked=True)


def claim() -> tuple[int, int, str, dict[str, object]] | None:
    """Take the next job: one that waits, or one whose worker has been silent too long."""
    job, moment = _job(), now()
    free = or_(
        job.c.state == JobState.WAITING,
        (job.c.state == JobState.RUNNING) & (job.c.beat_at < moment - SILENT_FOR),
    )
    with _alone() as connection:
        row = connection.execute(_oldest(free, job.c.run_after <= moment)).first()
        if row is None:
            return None
        connection.execute(
            update(job).where(job.c.id == row.id).values(state=JobState.RUNNING, beat_at=moment, tries=row.tries + 1)
        )
    return row.id, row.school_id, row.kind, row.payload


def give_up() -> bool:
    """Give up a job over which worker after worker died, and clear up after it; whether there was one."""
    job, moment = _job(), now()
    hopeless = (
        job.c.state == JobState.RUNNING,
        job.c.beat_at < moment - SILENT_FOR,
        job.c.tries >= MOST_DEATHS,
        job.c.kind.not_in(sorted(hooks.tried_until_done)),
    )
    with _alone() as connection:
        row = connection.execute(_oldest(*hopeless)).first()
        if row is None:
            return False
        words = GIVEN_UP.format(tries=row.tries)
        values = {"state": JobState.FAILED, "finished_at": moment, "message": words}
        connection.execute(update(job).where(job.c.id == row.id).values(**values))
    log.error("job %s of kind %s is given up after %s tries", row.id, row.kind, row.tries)
    if row.kind in hooks.job_left:
        with acting(system_actor(row.school_id, "Worker")):
            hooks.job_left[row.kind](row.id)
    return True


def note(job_id: int, **values: object) -> None:
    """Write down how far a job is; also its sign of life."""
    job = _job()
    with _alone() as connection:
        connection.execute(update(job).where(job.c.id == job_id).values(beat_at=now(), **values))


def work_once() -> bool:
    """Do one job, or give one up; whether there was one."""
    if give_up():
        return True
    taken = claim()
    if taken is None:
        return False
    job_id, school_id, kind, payload = taken
    try:
        with stopping.job(), acting(system_actor(school_id, "Worker")):
            result = hooks.job_handlers[kind](job_id, payload)
    except HandedBack:
        db.session.rollback()
        _hand_back(job_id, kind)
        return True
    except hooks.Overtaken:
        log.warning("job %s was taken up by another worker meanwhile", job_id)
        db.session.rollback()
        return True
    except hooks.NotYet as hindrance:
        db.session.rollback()
        wait = min(NOT_YET * _tries(job_id), LONGEST_WAIT)
        note(job_id, state=JobState.WAITING, run_after=now() + wait, message=str(hindrance))
        return True
    except Exception as error:
        _did_not_work(job_id, kind, error)
        return True
    note(job_id, state=JobState.DONE, finished_at=now(), result=result)
    return True


def _did_not_work(job_id: int, kind: str, error: Exception) -> None:
    """A job failed: what only wants room or patience waits until it can be done, and else it is tried three times."""
    trouble = trouble_of(error, current_app.config["SETTINGS"].home)
    db.session.rollback()
    tries = _tries(job_id)
    if trouble in WAITS_FOR:
        log.warning("job %s of kind %s waits: the records cannot be written (%s)", job_id, kind, trouble)
        wait = min(NOT_YET * tries, LONGEST_WAIT)
        note(job_id, state=JobState.WAITING, run_after=now() + wait, message=WAITS_FOR[trouble])
        return
    log.error("job %s of kind %s failed", job_id, kind, exc_info=error)
    state = JobState.FAILED if tries >= MOST_TRIES else JobState.WAITING
    note(job_id, state=state, run_after=now() + timedelta(seconds=5 * tries), message="It did not work.")


def _hand_back(job_id: int, kind: str) -> None:
    """Let the next worker take a job up at once; that this one had to stop is no failure of the job."""
    note(job_id, state=JobState.WAITING, run_after=now(), tries=max(_tries(job_id) - 1, 0))
    log.warning("job %s of kind %s is handed back, because the worker has to stop", job_id, kind)


def _tries(job_id: int) -> int:
    job = _job()
    with looking(WORKER) as connection:
        return int(connection.scalar(select(job.c.tries).where(job.c.id == job_id)) or 0)


def _listen(job_id: int, done: int, total: int, message: str) -> None:
    note(job_id, done=done, total=total, message=message)
    heartbeat.beat(current_app.config["SETTINGS"])


def _turn(settings: Settings) -> bool:
    """One job or letter; whether there was one. A full disc or a held database is waited out, not died of."""
    try:
        if work_once() or send_next(settings):
            return True
        looked = [look() for look in hooks.when_idle]  # every one of them, whatever the first found
        return any(looked)
    except (DBAPIError, OSError) as error:
        trouble = trouble_of(error, settings.home)
        if trouble is None:
            raise
        db.session.rollback()
        log.warning("the worker waits: the records cannot be written (%s)", trouble)
        time.sleep(PAUSE)
        return False


def run_worker(app: Flask, *, once: bool = False) -> None:
    """Work until told to stop. A sweep at the start removes what a killed upload left."""
    hooks.once(hooks.job_progress, _listen)
    settings: Settings = app.config["SETTINGS"]
    app.extensions["files"].sweep()
    copies.sweep(settings.home)
    served_by = int(os.environ.get(SERVED_BY, "0"))
    # A server that was killed leaves no worker behind.
    while not stopping.told.is_set() and (not served_by or os.getppid() == served_by):
        heartbeat.beat(settings)
        with app.app_context():
            if standing.is_outgrown():
                log.error("%s", standing.version_trouble(settings))
                return
            busy = _turn(settings)
        if not busy:
            if once:
                return
            stopping.told.wait(PAUSE)
