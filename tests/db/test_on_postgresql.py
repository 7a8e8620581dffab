"""What SQLite gives by itself and PostgreSQL has to be asked for: one writer, one moment, nobody waiting for ever."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.audit import views_log
from graduated.config import settings_from_environment
from graduated.db import engine as engines
from graduated.db.machinery import Job
from graduated.db.session import changing, db
from graduated.db.wall import WORKER
from graduated.db.writing import write
from graduated.ops import worker
from graduated.pupils.models import Pupil
from graduated.school.models import School
from tests.conftest import settings_in
from tests.support.client import PageClient
from tests.support.databases import APP, by_hand, postgresql_only, url_of
from tests.support.world import World

pytestmark = postgresql_only


@pytest.fixture
def app(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app with little patience, so that a test need not wait for five seconds."""
    monkeypatch.setattr(engines, "PATIENCE", 1000)
    made = create_app(settings_in(home), testing=True)
    made.test_client_class = PageClient
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def rename(app: Flask, school: int, name: str) -> str:
    """Rename a school in a thread of its own; gives what went wrong."""
    said: list[str] = []

    def run() -> None:
        with app.app_context(), acting(system_actor(school, "Tests")):
            try:
                with write("School renamed"):
                    db.session.scalars(select(School)).one().name = name
            except OperationalError as error:
                said.append(str(error.orig))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return " ".join(said)


def test_one_writes_at_a_time_in_a_school_and_other_schools_do_not_wait(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Held open"):
        assert "lock timeout" in rename(app, world.school_id, "Too early")
        assert rename(app, world.other_school_id, "Meanwhile") == ""
    assert rename(app, world.school_id, "Afterwards") == ""


def test_a_writer_sees_what_the_one_before_it_wrote(app: Flask, world: World) -> None:
    """What two at once would both have counted as nothing yet is counted once."""
    added: list[int] = []

    def add_the_first() -> None:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("First added"):
            if not db.session.scalar(select(func.count(Job.id)).where(Job.kind == "first")):
                db.session.add(Job(kind="first", payload={}))
                added.append(1)

    threads = [threading.Thread(target=add_the_first) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert added == [1]


def test_a_page_is_made_from_one_moment(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        before = db.session.scalars(select(School.name)).one()
        assert rename(app, world.school_id, "Changed meanwhile") == ""
        assert db.session.scalars(select(School.name)).one() == before
        db.session.rollback()
        assert db.session.scalars(select(School.name)).one() == "Changed meanwhile"


def test_a_job_that_another_worker_looks_at_is_passed_over(app: Flask, world: World) -> None:
    with app.app_context():
        with acting(system_actor(world.school_id, "Tests")), write("Asked"):
            db.session.add_all([Job(kind="count", payload={"number": number}) for number in (1, 2)])
        with changing(WORKER) as connection, connection.begin():
            first = connection.execute(worker._oldest()).one()
            second = worker.claim()
        third = worker.claim()
    assert second is not None and third is not None
    assert (first.payload, second[3], third[3]) == ({"number": 1}, {"number": 2}, {"number": 1})


@pytest.mark.parametrize("code", ["55P03", "40P01", "40001", "57P01", "53300", "57014"])
def test_a_database_that_cannot_now_says_the_kind_sentence(app: Flask, code: str) -> None:
    """Locked, deadlocked, overtaken, shut down, full of people, cancelled: nothing of it is the reader's fault."""

    @app.get("/cannot-now")
    @guard(PUBLIC)
    def cannot_now() -> str:
        db.session.connection().exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$")
        return ""

    answer = app.test_client().get("/cannot-now")
    assert answer.status_code == 503
    assert "lock" not in answer.text.lower().replace("block", "")


def test_a_full_disc_is_said_as_such(app: Flask) -> None:
    @app.get("/full")
    @guard(PUBLIC)
    def full() -> str:
        words = "could not extend file: No space left on device"
        db.session.connection().exec_driver_sql(
            f"DO $$ BEGIN RAISE EXCEPTION '{words}' USING ERRCODE = '53100'; END $$"
        )
        return ""

    assert app.test_client().get("/full").status_code == 507


def test_a_server_that_was_restarted_between_two_pages_is_not_noticed(app: Flask, home: Path) -> None:
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in("senco")
    assert client.get("/today").status_code == 200
    with by_hand(home) as file:
        cut = "SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity WHERE usename = ?"
        assert file.execute(f"{cut} AND datname = current_database()", (APP,)).fetchone()[0] >= 1
    assert client.get("/today").status_code == 200


def test_a_look_is_written_beside_an_open_act_and_without_waiting_for_the_disc(app: Flask, world: World) -> None:
    pupil, actor = world.pupils["zofia"], system_actor(world.school_id, "Tests")
    with app.app_context(), acting(actor):
        with write("Held open"):
            db.session.scalars(select(Pupil).where(Pupil.id == pupil)).one().known_as = "Zosia"
            db.session.flush()
            views_log.record_view(world.school_id, pupil, None, "Tests", "pupils.pupil")
        assert [one.page for one in views_log.views_of(world.school_id, pupil)] == ["pupils.pupil"]
        asked = "SELECT current_setting('synchronous_commit')"
        with views_log.engine_here().connect() as connection:
            assert connection.exec_driver_sql(asked).scalar() == "off"
        with db.engine.connect() as connection:
            assert connection.exec_driver_sql(asked).scalar() == "on"


def test_an_address_without_a_driver_means_the_one_that_comes_with_the_program(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for start in ("postgresql://", "postgres://"):
        monkeypatch.setenv("DATABASE_URL", url_of(home).replace("postgresql+psycopg://", start))
        assert settings_from_environment(tmp_path / "another").database_url == url_of(home)


def test_a_password_in_the_address_is_in_no_text_of_the_settings(home: Path) -> None:
    settings = replace(
        settings_in(home), database_url="postgresql+psycopg://a:plover@h/d", owner_url="x://a:dunlin@h/d"
    )
    assert "plover" not in repr(settings) and "dunlin" not in repr(settings)
