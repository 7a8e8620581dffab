"""Once words have gone, files and the database's log are cleaned at once, or by the worker until it is done."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting
from graduated.db import copies
from graduated.db.clock import held
from graduated.db.engine import PATIENCE, scrub
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.erasure.after import AT_ONCE, JOB, LARGEST_AT_ONCE
from graduated.erasure.services import Wish, ask, carry_out
from graduated.ops import worker
from graduated.ops.verify import verify_all
from graduated.ops.verify_files import FRESH
from graduated.review.models import PaperGiven
from graduated.rules.vocabulary import ByLaw
from tests.erasure.conftest import ADVICE, SECRET, Told, done
from tests.review.scene import NOW
from tests.support.databases import sqlite_only

WISH = Wish(ByLaw.ERASE, "A different child was written of.", ADVICE, "", SECRET)
NOT_YET = "has not been done yet; the worker tries until it is"


def job_state() -> tuple[JobState, int]:
    """Where the clean-up stands, and how often the worker tried."""
    db.session.rollback()
    state, tries = db.session.execute(select(Job.state, Job.tries).where(Job.kind == JOB)).one()
    db.session.remove()
    return state, tries


def work(minutes: int) -> bool:
    """The worker takes up what waits, that many minutes later."""
    db.session.remove()
    with held(NOW + timedelta(minutes=minutes)):
        return worker.work_once()


def traces(home: Path) -> list[str]:
    """The files of the database in which the name still stands."""
    db.session.remove()
    return [one.name for one in home.glob("graduated.db*") if b"Quillfeather" in one.read_bytes()]


@contextmanager
def reading(home: Path) -> Iterator[None]:
    """Somebody else reads in the database, and does not come to an end."""
    other = sqlite3.connect(home / "graduated.db", isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM pupil").fetchall()
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker waits for a tenth of a second only, so that the test need not."""
    monkeypatch.setattr("graduated.erasure.after.PATIENCE", 100)


@sqlite_only("a server's database is not copied before an upgrade")
def test_copies_from_before_an_upgrade_go_with_the_words(told: Told, home: Path) -> None:
    copy = copies.make(home / "graduated.db", home, "0001", "0002")
    assert b"Quillfeather" in copy.read_bytes()
    done(told, told.reason)
    assert copies.kept(home) == []


@sqlite_only("the free pages of a file are under test")
def test_what_was_cleaned_at_once_leaves_the_worker_nothing_to_do(home: Path, told: Told) -> None:
    done(told, told.reason)
    assert job_state() == (JobState.DONE, 0)
    assert not work(5)
    assert traces(home) == []


@sqlite_only("the free pages of a file are under test")
def test_while_somebody_reads_the_request_waits_for_nobody_and_the_worker_cleans_later(
    app: Flask, home: Path, told: Told, quick: None
) -> None:
    with acting(told.senco):
        order_id = ask(told.reason, WISH)
    db.session.remove()
    with reading(home):
        with acting(told.head):
            carry_out(order_id)
        assert job_state() == (JobState.WAITING, 0)
        assert traces(home)
        assert work(1)
        assert job_state() == (JobState.WAITING, 1)
        answer = verify_all()
        assert answer.whole, answer.as_text()
        assert f"(1 kept file, and the free pages of the database) {NOT_YET}" in answer.as_text()
        for number in range(2, 6):  # more often than other work is tried
            assert work(10 * number)
        assert job_state() == (JobState.WAITING, 5)
    assert work(120)
    assert job_state() == (JobState.DONE, 6)
    assert traces(home) == []
    answer = verify_all()
    assert answer.whole and NOT_YET not in answer.as_text()


@sqlite_only("the free pages of a file are under test")
def test_to_clean_at_once_is_to_wait_for_a_moment_only(home: Path, told: Told) -> None:
    db.session.remove()
    with reading(home):
        with acting(told.senco):
            ask(told.reason, WISH)  # so that there is something in the log that the reader has not read
        db.session.remove()
        began = time.monotonic()
        assert not scrub(db.engine, AT_ONCE)
        assert time.monotonic() - began < PATIENCE / 1000 - 1, "it waited for the reader"
    assert not scrub(db.engine, AT_ONCE, largest=1000), "a large file is not packed anew while somebody waits"
    assert scrub(db.engine, AT_ONCE, LARGEST_AT_ONCE)
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == PATIENCE


def test_a_file_that_cannot_be_removed_now_fails_no_request_and_goes_later(
    app: Flask, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = app.extensions["files"].path(db.session.scalars(select(PaperGiven.sha256)).one())

    def refuse(_path: Path, missing_ok: bool = False) -> None:
        raise PermissionError("in use")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        done(told, told.reason)
        assert kept.exists()
        assert job_state() == (JobState.WAITING, 0)
        assert work(1)
        assert kept.exists()
        aged(kept)
        answer = verify_all()
        assert answer.whole, answer.as_text()
        assert NOT_YET in answer.as_text()
    assert work(10)
    assert not kept.exists()
    assert job_state() == (JobState.DONE, 2)


def aged(path: Path) -> None:
    """Let a file have lain there for longer than an upload takes."""
    before = time.time() - FRESH - 60
    os.utime(path, (before, before))


def test_a_clean_up_that_was_given_up_is_a_fault(told: Told) -> None:
    done(told, told.reason)
    with write("Given up"):
        for job in db.session.scalars(select(Job).where(Job.kind == JOB)):
            job.state = JobState.FAILED
    answer = verify_all()
    assert [one.kind for one in answer.broken] == ["clean-up"]
    assert "failed, and the worker no longer tries it" in answer.as_text()


def test_a_file_that_no_record_names_is_named(app: Flask, told: Told) -> None:
    """One that has just been put down may be about to get its record."""
    stored = app.extensions["files"].put([b"a letter that was drawn twice"])
    answer = verify_all()
    assert answer.whole and answer.checked["files"] == 2
    aged(app.extensions["files"].path(stored.sha256))
    answer = verify_all()
    assert answer.whole
    assert f"File {stored.sha256[:2]}/{stored.sha256}: no record names it" in answer.as_text()
