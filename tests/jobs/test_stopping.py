"""A worker that is told to stop finishes its job, or hands it back for the next; nothing waits for a time-out."""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db import hooks
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops import heartbeat, worker

SIGNALS = ("SIGTERM", "SIGINT", "SIGALRM")
pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs a system with timers")


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker that listens for its end, as `graduated worker` does."""
    kept = {name: signal.getsignal(getattr(signal, name)) for name in SIGNALS}
    monkeypatch.setattr(worker, "stopping", worker.Stopping())
    worker.stopping.listen()
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    for name, handler in kept.items():
        signal.signal(getattr(signal, name), handler)
    hooks.job_handlers.pop("stops", None)


def ask() -> int:
    with write("Asked"):
        job = Job(kind="stops", payload={})
        db.session.add(job)
        db.session.flush()
        return job.id


def state_of(job_id: int) -> tuple[JobState, int]:
    db.session.rollback()
    state, tries = db.session.execute(select(Job.state, Job.tries).where(Job.id == job_id)).one()
    return state, tries


def does(work: Callable[[], object]) -> None:
    hooks.job_handlers["stops"] = lambda _job_id, _payload: work()


def stop_this_worker() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_told_to_stop_it_finishes_the_job_in_hand_and_takes_no_other(app: Flask, as_system: Actor, told: None) -> None:
    does(stop_this_worker)
    first, second = ask(), ask()
    worker.run_worker(app)
    assert state_of(first) == (JobState.DONE, 1) and state_of(second) == (JobState.WAITING, 0)


def test_a_job_that_takes_too_long_is_handed_back_at_once_and_not_counted_as_tried(
    app: Flask, as_system: Actor, told: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FINISH_WITHIN", 0.2)

    def dawdle() -> None:
        stop_this_worker()
        with contextlib.suppress(Exception):  # a job may bear faults of its own, and still ends for this
            time.sleep(20)
        raise AssertionError("it was not broken off")

    does(dawdle)
    job_id = ask()
    worker.run_worker(app)
    assert state_of(job_id) == (JobState.WAITING, 0)
    taken = worker.claim()
    assert taken is not None and taken[0] == job_id


def test_nothing_is_broken_off_between_jobs(app: Flask, as_system: Actor, told: None) -> None:
    worker.stopping.listen()
    os.kill(os.getpid(), signal.SIGALRM)
    does(lambda: None)
    job_id = ask()
    assert worker.work_once()
    assert state_of(job_id) == (JobState.DONE, 1)


def test_a_worker_gives_signs_of_life_while_it_waits_and_with_each_step_of_a_job(
    app: Flask, as_system: Actor, told: None
) -> None:
    settings = app.config["SETTINGS"]
    assert heartbeat.silent_for(settings) is None
    seen: list[float | None] = []

    def steps() -> None:
        os.utime(heartbeat.place(settings), (0, 0))
        hooks.report_progress(job_id, 1, 2)
        seen.append(heartbeat.silent_for(settings))
        stop_this_worker()

    does(steps)
    job_id = ask()
    worker.run_worker(app)
    assert seen[0] is not None and seen[0] < 60
