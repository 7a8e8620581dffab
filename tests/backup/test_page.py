"""The page of backups: how old the last good one is, what is wrong, and a button for those who run the school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.backup import keys, making, places, services, sheets, state
from graduated.db.clock import held, now
from graduated.ops.worker import run_worker, work_once
from graduated.rules.backups import TOO_OLD
from tests.backup.conftest import Safe, safe_in
from tests.support.client import PageClient
from tests.support.databases import sqlite_only
from tests.support.world import World

pytestmark = sqlite_only("Graduated makes no backups of what a database server keeps")

PAGE = "/school/backups"


@pytest.fixture
def safe(home: Path, app: Flask, tmp_path: Path) -> Iterator[Safe]:
    """The app's own installation, with a key and a place."""
    services._looked.clear()
    yield safe_in(home, tmp_path / "disk")
    services._looked.clear()


def work(app: Flask) -> None:
    """Let the worker do what waits."""
    with app.app_context():
        while work_once():
            pass


def test_before_it_is_set_up_the_page_says_what_to_do_and_has_no_button(client: PageClient) -> None:
    client.sign_in("admin")
    text = client.text(PAGE)
    assert "No backups are made: there is no key for them yet. Run: graduated backup-keys" in text
    assert "Back up now" not in text
    assert "No backups are made" in client.text("/school")


def test_the_button_has_the_worker_make_one_and_the_page_says_how_old_it_is(
    app: Flask, safe: Safe, client: PageClient
) -> None:
    client.sign_in("admin")
    assert "There is no backup yet" in client.text(PAGE)
    client.send(PAGE, 0)
    assert "Waiting for the worker" in client.text(PAGE)
    work(app)
    text = client.text(PAGE)
    assert "The last good backup is less than a minute old" in text
    assert str(safe.place) in text
    assert "The last good backup is less than a minute old" in client.text("/school")
    assert sheets.newest_good(safe.place) is not None


def test_pressed_twice_one_backup_waits(app: Flask, safe: Safe, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert services.ask_for_backup() == services.ask_for_backup()


def test_a_head_sees_how_they_stand_and_has_no_button(safe: Safe, client: PageClient) -> None:
    client.sign_in("head")
    assert "Back up now" not in client.text(PAGE)


def test_a_disk_that_is_not_in_is_said_on_the_page_and_in_the_warnings(
    app: Flask, safe: Safe, client: PageClient, world: World
) -> None:
    safe.place.rename(safe.place.with_name("in the drawer"))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.ask_for_backup()
    work(app)
    client.sign_in("admin")
    text = client.text(PAGE)
    assert "The backup could not be made" in text
    assert "Put the disk in or connect the share" in text


def test_after_26_hours_there_is_a_warning(safe: Safe) -> None:
    assert any("Nothing has been backed up from here yet" in words for words in state.warnings(safe.settings))
    made = safe.make().moment
    with held(made + TOO_OLD):
        assert not any("old." in words for words in state.warnings(safe.settings))
        assert state.backup_age(safe.settings) == TOO_OLD
    with held(made + TOO_OLD + timedelta(minutes=1)):
        assert any("The last good backup is 26 hours old" in words for words in state.warnings(safe.settings))


def test_the_age_needs_no_disk(safe: Safe) -> None:
    assert state.backup_age(safe.settings) is None
    safe.make()
    safe.place.rename(safe.place.with_name("in the drawer"))
    age = state.backup_age(safe.settings)
    assert age is not None
    assert age < timedelta(minutes=5)


def test_an_idle_worker_makes_one_each_hour_and_no_more(app: Flask, safe: Safe) -> None:
    run_worker(app, once=True)
    assert len(sheets.in_place(safe.place)) == 1
    services._looked.clear()
    run_worker(app, once=True)
    assert len(sheets.in_place(safe.place)) == 1
    services._looked.clear()
    with held(now() + timedelta(minutes=61)):
        run_worker(app, once=True)
    assert len(sheets.in_place(safe.place)) == 2


def test_without_a_key_or_a_place_an_idle_worker_does_nothing(app: Flask, home: Path, tmp_path: Path) -> None:
    services._looked.clear()
    run_worker(app, once=True)
    settings = app.config["SETTINGS"]
    keys.make(settings)
    services._looked.clear()
    run_worker(app, once=True)
    assert state.read(settings).places == ()
    assert places.places(settings) == ()


def test_a_failed_one_is_not_tried_again_at_once(app: Flask, safe: Safe, monkeypatch: pytest.MonkeyPatch) -> None:
    safe.place.rename(safe.place.with_name("in the drawer"))
    run_worker(app, once=True)
    tried = state.read(safe.settings).tried_at
    assert tried is not None
    services._looked.clear()
    run_worker(app, once=True)
    assert state.read(safe.settings).tried_at == tried
    safe.place.with_name("in the drawer").rename(safe.place)
    services._looked.clear()
    with held(now() + timedelta(minutes=11)):
        run_worker(app, once=True)
    assert state.read(safe.settings).tried_at is None
    assert making.sheets.newest_good(safe.place) is not None
