"""Where a database server keeps the records Graduated makes no backups, says so, and asks for none."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from graduated.backup import keys, making, places, services, sheets, state
from graduated.backup.errors import BackupError
from graduated.ops.worker import run_worker
from tests.backup.test_commands import Office
from tests.conftest import settings_in
from tests.support.client import PageClient
from tests.support.databases import environment_of, postgresql_only

pytestmark = postgresql_only
PAGE = "/school/backups"
SECRETS = {"GRADUATED_SECRET_KEY": "tests only", "GRADUATED_AUDIT_KEY": "tests only"}


@pytest.fixture
def moved(app: Flask, home: Path, tmp_path: Path) -> Path:
    """An installation that has a key and a place from before its records moved to a server; gives the place."""
    place = tmp_path / "disk"
    place.mkdir()
    keys.make(app.config["SETTINGS"])
    places.add(app.config["SETTINGS"], place)
    services._looked.clear()
    return place


def test_the_page_says_whom_to_ask_and_has_no_button(app: Flask, client: PageClient, moved: Path) -> None:
    client.sign_in("admin")
    text = client.text(PAGE)
    assert "The database server has its own backups" in text
    assert "Ask them when it was last done" in text
    for words in ("Back up now", "backup-keys", "There is no backup yet", "rehearse-restore"):
        assert words not in text
    assert "Whoever runs the database server makes them" in client.text("/school")
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post(f"{PAGE}/now").status_code == 409


def test_an_idle_worker_asks_for_none_and_nobody_is_warned(app: Flask, moved: Path) -> None:
    run_worker(app, once=True)
    assert sheets.in_place(moved) == []
    assert state.read(app.config["SETTINGS"]).tried_at is None
    assert state.warnings(app.config["SETTINGS"]) == ()


def test_one_that_is_asked_for_all_the_same_is_refused_in_words(home: Path, moved: Path) -> None:
    with pytest.raises(BackupError, match="with pg_dump, and the folder of Graduated with it"):
        making.make(settings_in(home))


def test_the_commands_that_set_backups_up_say_so_at_once(home: Path, tmp_path: Path) -> None:
    office = Office(home, **SECRETS, **environment_of(home))
    for words in (["backup"], ["backup-keys", "--out", str(tmp_path / "stick")], ["backup-place", str(tmp_path)]):
        assert "The records are in PostgreSQL" in office.types(*words, code=2)
    assert not (tmp_path / "stick").exists()


def test_who_asks_whether_people_can_work_is_told_who_makes_them(client: PageClient) -> None:
    told = client.get("/ready").text
    assert "backup: left to the database server\n" in told
