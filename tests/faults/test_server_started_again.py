"""The database server is started again while somebody saves: nothing is half saved, and the words stay on the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from graduated.app import create_app
from graduated.db.session import db
from tests.conftest import settings_in
from tests.faults.conftest import Counted, seen, whole
from tests.support.client import PageClient
from tests.support.databases import APP, by_hand, postgresql_only

pytestmark = postgresql_only
CUT = "SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = ? AND datname = current_database()"
TYPED = "Asks for the next page"


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


@pytest.mark.parametrize("place_of_cut", ["INSERT INTO observation", "INSERT INTO change_event", "UPDATE chain_head"])
def test_what_was_being_saved_is_not_there_keeps_its_words_and_is_saved_once_when_sent_again(
    served: Flask, home: Path, place: str, place_of_cut: str
) -> None:
    count, browser, cuts = Counted(home), served.test_client(), list[str]()
    assert isinstance(browser, PageClient)
    browser.sign_in("senco")
    action, values = browser.form(place)

    def cut(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(place_of_cut) and not cuts:
            cuts.append(statement)
            with by_hand(home) as hand:
                hand.execute(CUT, (APP,))

    with served.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", cut)
    try:
        answer = browser.post(action, data=seen(values, TYPED))
    finally:
        event.remove(engine, "before_cursor_execute", cut)
    assert cuts, "nothing was cut"
    assert answer.status_code == 503
    assert TYPED in answer.text
    assert count.new == []
    for _ in range(2):
        assert browser.post(action, data=seen(values, TYPED)).status_code == 303
    assert count.new == [TYPED]
    whole(home)
