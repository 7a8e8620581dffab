"""What a worker and a page do while the records cannot be written: they wait, and tell nobody what is not so."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db import clock, hooks
from graduated.db.clock import now
from graduated.db.engine import prepare
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.trouble import Trouble, trouble_of
from graduated.db.writing import Writing, write
from graduated.ops import worker
from tests.conftest import settings_in
from tests.faults.conftest import Counted, seen
from tests.faults.test_held import held
from tests.support.client import PageClient
from tests.support.databases import sqlite_only
from tests.support.world import World


@pytest.fixture
def served(home: Path) -> Iterator[Flask]:
    """The app as it is served, with its own answers to faults."""
    app = create_app(settings_in(home))
    app.test_client_class = PageClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
        app.extensions["views_log"].dispose()


@sqlite_only("on PostgreSQL a job is taken without the lock of its school")
def test_a_worker_waits_while_the_records_are_held_and_then_does_its_job(
    served: Flask, home: Path, world: World
) -> None:
    done: list[int] = []
    hooks.job_handlers["count"] = lambda job_id, _payload: done.append(job_id)
    try:
        with served.app_context(), acting(system_actor(world.school_id, "Tests")), write("Asked"):
            db.session.add(Job(kind="count", payload={}))
        with held(home):
            worker.run_worker(served, once=True)
        assert done == []
        worker.run_worker(served, once=True)
        assert len(done) == 1
    finally:
        del hooks.job_handlers["count"]


def test_a_job_for_which_there_is_no_room_is_not_given_up_and_goes_on_once_there_is(
    served: Flask, world: World
) -> None:
    room = [False]

    def needs_room(_job_id: int, _payload: dict[str, Any]) -> None:
        if not room[0]:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    hooks.job_handlers["large"] = needs_room
    try:
        with served.app_context(), acting(system_actor(world.school_id, "Tests")):
            with write("Asked"):
                db.session.add(Job(kind="large", payload={}))
            for hours in range(worker.MOST_TRIES + 2):
                with clock.held(now() + timedelta(hours=hours)):
                    assert worker.work_once()
            state, says = db.session.execute(select(Job.state, Job.message).where(Job.kind == "large")).one()
            assert state is JobState.WAITING and "no room" in says
            room[0] = True
            with clock.held(now() + timedelta(days=1)):
                assert worker.work_once()
            db.session.rollback()
            assert db.session.scalars(select(Job.state).where(Job.kind == "large")).one() is JobState.DONE
    finally:
        del hooks.job_handlers["large"]


@sqlite_only("nobody can hold the whole of a server's database")
def test_what_was_saved_is_said_to_be_saved_though_its_draft_could_not_go(
    served: Flask, home: Path, place: str
) -> None:
    count, browser = Counted(home), served.test_client()
    assert isinstance(browser, PageClient)
    browser.sign_in("senco")
    action, values = browser.form(place)
    typed = seen(values, "Asks for the next page")
    assert browser.post(f"/drafts?place={place}", data=typed).status_code == 200
    other = sqlite3.connect(home / "graduated.db", isolation_level=None, check_same_thread=False)

    def taken(_writing: Writing) -> None:
        if not other.in_transaction:
            other.execute("begin immediate")

    hooks.after_commit.append(taken)
    try:
        assert browser.post(action, data=typed).status_code == 303
    finally:
        hooks.after_commit.remove(taken)
        other.execute("rollback")
        other.close()
    assert count.new == ["Asks for the next page"]


def refusal(file: Path, statement: str) -> DBAPIError:
    """What a statement is refused with on a connection of ours."""
    engine = prepare(create_engine(f"sqlite:///{file}"))
    try:
        with pytest.raises(DBAPIError) as refused, engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=20")
            connection.execute(text(statement))
        return refused.value
    finally:
        engine.dispose()


@sqlite_only("SQLite's own codes are under test")
def test_each_hindrance_is_told_apart_and_a_fault_of_ours_is_none(tmp_path: Path) -> None:
    fine, garbage = tmp_path / "fine.db", tmp_path / "garbage.db"
    with closing(sqlite3.connect(fine)) as file:
        file.execute("create table t (a integer)")
        file.commit()
    garbage.write_bytes(b"no database at all " * 4000)
    assert trouble_of(refusal(garbage, "select * from t"), tmp_path) is Trouble.DAMAGED
    assert trouble_of(refusal(fine, "select * from nothing"), tmp_path) is None
    with closing(sqlite3.connect(fine, isolation_level=None)) as file:
        file.execute("begin immediate")
        assert trouble_of(refusal(fine, "insert into t values (1)"), tmp_path) is Trouble.BUSY
    assert trouble_of(refusal(tmp_path / "no" / "folder.db", "select 1"), tmp_path) is Trouble.DISC
    for number, expected in ((errno.ENOSPC, Trouble.FULL), (errno.EIO, Trouble.DISC), (errno.ENOENT, None)):
        assert trouble_of(OSError(number, os.strerror(number)), tmp_path) is expected
    assert trouble_of(ValueError("ours"), tmp_path) is None


@sqlite_only("a damaged file is under test")
def test_a_damaged_file_of_records_is_said_in_a_sentence_with_every_word_kept(
    template: tuple[Path, World], tmp_path: Path, place: str
) -> None:
    own = tmp_path / "own"
    shutil.copytree(template[0], own)
    app = create_app(settings_in(own))
    app.test_client_class = PageClient
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    action, values = browser.sign_in("senco").form(place)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    records = own / "graduated.db"
    for left in ("graduated.db-wal", "graduated.db-shm"):
        (own / left).unlink(missing_ok=True)
    records.write_bytes(records.read_bytes()[:100] + b"\xff" * (records.stat().st_size - 100))
    answers = [browser.get("/today"), browser.post(action, data=seen(values, "Reads two pages"))]
    app.extensions["views_log"].dispose()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    assert [one.status_code for one in answers] == [503, 503]
    assert "could not be made just now" in answers[0].text
    assert "records is damaged" in answers[1].text and "Ask whoever looks after" in answers[1].text
    assert '<blockquote class="typed-words">Reads two pages</blockquote>' in answers[1].text
