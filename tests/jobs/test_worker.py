"""Long work and post: done once, taken again when a worker dies, never lost when a server says no."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.config import Settings
from graduated.db import hooks
from graduated.db.clock import held, now
from graduated.db.machinery import Job, JobState, Post, PostState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops import worker
from graduated.ops.post import send_next


@pytest.fixture
def done_jobs() -> Iterator[list[dict[str, Any]]]:
    """A kind of job called "count" whose payloads are noted."""
    seen: list[dict[str, Any]] = []

    def count(_job_id: int, payload: dict[str, Any]) -> dict[str, int]:
        seen.append(payload)
        if payload.get("breaks"):
            raise ValueError("this job breaks")
        return {"counted": len(seen)}

    hooks.job_handlers["count"] = count
    yield seen
    del hooks.job_handlers["count"]


def ask(**payload: Any) -> int:
    with write("Asked"):
        job = Job(kind="count", payload=payload)
        db.session.add(job)
        db.session.flush()
        return job.id


def state_of(job_id: int) -> tuple[JobState, int]:
    db.session.rollback()
    state, tries = db.session.execute(select(Job.state, Job.tries).where(Job.id == job_id)).one()
    return state, tries


def test_jobs_are_done_in_the_order_they_were_asked(as_system: Actor, done_jobs: list[dict[str, Any]]) -> None:
    first, second = ask(number=1), ask(number=2)
    assert worker.work_once()
    assert worker.work_once()
    assert not worker.work_once()
    assert [payload["number"] for payload in done_jobs] == [1, 2]
    assert {state_of(first)[0], state_of(second)[0]} == {JobState.DONE}


def test_a_job_that_breaks_is_tried_three_times_and_then_left_as_failed(
    as_system: Actor, done_jobs: list[dict[str, Any]]
) -> None:
    job_id = ask(breaks=True)
    for minutes in range(5):
        with held(now() + timedelta(minutes=minutes)):
            worker.work_once()
    assert state_of(job_id) == (JobState.FAILED, 3)


def test_a_dead_workers_job_is_taken_again_but_not_a_live_ones(
    as_system: Actor, done_jobs: list[dict[str, Any]]
) -> None:
    job_id = ask(number=1)
    assert worker.claim() is not None  # and then this worker dies
    assert not worker.work_once()
    with held(now() + worker.SILENT_FOR + timedelta(seconds=1)):
        assert worker.work_once()
    assert state_of(job_id) == (JobState.DONE, 2)


def letter() -> int:
    with write("Letter written"):
        post = Post(recipient="anna@example.org", subject="A message from school", body="Please sign in to read it.")
        db.session.add(post)
        db.session.flush()
        return post.id


def post_state(post_id: int) -> PostState:
    db.session.rollback()
    return db.session.scalars(select(Post.state).where(Post.id == post_id)).one()


def settings_of(app: Flask, **changes: Any) -> Settings:
    return replace(app.config["SETTINGS"], **changes)


def test_without_a_mail_server_a_letter_becomes_a_file(app: Flask, as_system: Actor, home: Path) -> None:
    post_id = letter()
    assert send_next(settings_of(app))
    files = list((home / "outbox").glob("*.eml"))
    assert len(files) == 1
    assert b"Please sign in" in files[0].read_bytes()
    assert post_state(post_id) is PostState.SENT


def test_a_letter_reaches_a_real_mail_server_once(app: Flask, as_system: Actor, tmp_path: Path) -> None:
    controller = Controller(Mailbox(tmp_path / "mail"), hostname="127.0.0.1", port=0)
    controller.port = _free_port()
    controller.start()
    try:
        post_id = letter()
        settings = settings_of(app, smtp_url=f"smtp://127.0.0.1:{controller.port}")
        assert send_next(settings)
        assert not send_next(settings)
    finally:
        controller.stop()
    assert len(list((tmp_path / "mail" / "new").iterdir())) == 1
    assert post_state(post_id) is PostState.SENT


def test_a_server_that_is_not_there_loses_no_letter(app: Flask, as_system: Actor) -> None:
    post_id = letter()
    settings = settings_of(app, smtp_url=f"smtp://127.0.0.1:{_free_port()}")
    assert send_next(settings)
    assert post_state(post_id) is PostState.WAITING
    assert not send_next(settings), "the next try comes later"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
