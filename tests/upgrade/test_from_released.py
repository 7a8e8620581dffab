"""A school of each released version comes up to this one whole: every value kept, every seal and chain intact."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine

from graduated.app import create_app, load_models
from graduated.config import Settings, resource_folder
from graduated.db import migrate
from graduated.db.base import Base
from graduated.db.session import db
from graduated.ops.upgrade import bring_up
from graduated.ops.verify import verify_all
from tests.support.client import PageClient
from tests.support.databases import sqlite_only
from tests.upgrade.filling import fill
from tests.upgrade.old import RELEASED, SCHOOLS, Rows, old_school, opened, rows_of

pytestmark = sqlite_only("no release kept its records on PostgreSQL: see tests/db/test_upgrade_on_postgresql.py")

SENCO, PARENT = "hannah.legg@purbeckroad.example", "anna.szymanska@family.example"
PASSPHRASE = "marmalade kestrel umbrella"
LEFT_OUT = {("credential", "totp_secret"), ("user", "language")}
"""Columns of which values went on purpose: one was never used, the other held "en" where nobody had chosen."""
NOT_THERE = {("file", row) for row in ("document 6", "document 6, preview", "document 7", "transfer_out 1")}
"""Photographs and a bundle of those schools: their rows are kept among the tests, and their files are not."""


@dataclass(frozen=True)
class Come:
    """A school that came from an earlier version."""

    settings: Settings
    before: Rows
    after: Rows


@pytest.fixture(scope="module", params=RELEASED)
def come(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Come:
    """The school of one released version, upgraded by the command's own way."""
    home = tmp_path_factory.mktemp(f"from-{request.param}")
    settings = old_school(home, request.param)
    before = rows_of(home / "graduated.db")
    bring_up(settings)
    return Come(settings, before, rows_of(home / "graduated.db"))


@pytest.fixture
def upgraded(come: Come, tmp_path: Path) -> Iterator[Flask]:
    """The app of this version on a copy of the upgraded school."""
    shutil.copytree(come.settings.home, tmp_path / "home")
    app = create_app(_at(tmp_path / "home"), testing=True)
    app.test_client_class = PageClient
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def _at(home: Path) -> Settings:
    from tests.conftest import settings_in

    return settings_in(home)


def test_the_upgraded_schema_is_what_the_models_say(come: Come) -> None:
    load_models()
    engine = create_engine(come.settings.database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        differences: Any = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert differences == []
    assert migrate.version_of(come.settings) == migrate.newest()


def test_an_upgraded_schema_has_the_triggers_of_a_new_one(come: Come, tmp_path: Path) -> None:
    fresh = _at(tmp_path)
    migrate.upgrade(fresh)
    statement = "SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'index') ORDER BY name"
    with opened(come.settings.home / "graduated.db") as upgraded, opened(tmp_path / "graduated.db") as new:
        assert upgraded.execute(statement).fetchall() == new.execute(statement).fetchall()


def test_every_row_and_value_is_kept(come: Come) -> None:
    assert sum(len(rows) for rows in come.before.values()) > 1000
    assert lost(come.before, come.after) == []


def test_everything_verifies_after_an_upgrade(upgraded: Flask) -> None:
    with upgraded.app_context():
        found = verify_all()
    assert [one for one in found.broken if (one.kind, one.row) not in NOT_THERE] == [], found.as_text()
    assert found.remarks == []
    assert found.checked["events"] > 80
    assert found.checked["seals"] >= 2


def test_its_people_sign_in_and_open_their_pages(upgraded: Flask) -> None:
    browser = upgraded.test_client()
    assert isinstance(browser, PageClient)
    _sign_in(browser, SENCO)
    with opened(upgraded.config["SETTINGS"].home / "graduated.db") as connection:
        pupil, cycle = connection.execute(
            "SELECT pupil.id, max(cycle.id) FROM pupil JOIN cycle ON cycle.pupil_id = pupil.id "
            "WHERE legal_surname = 'Szymańska' AND cycle.status = 'agreed'"
        ).fetchone()
        reviews = connection.execute("SELECT id FROM review WHERE status = 'sealed'").fetchall()
        requests = connection.execute("SELECT id FROM assessment_request").fetchall()
    addresses = ["/today", "/register", f"/pupils/{pupil}", f"/cycles/{cycle}", "/insight"]
    addresses += [f"/reviews/{one}/record" for (one,) in reviews] + [f"/requests/{one}" for (one,) in requests]
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
    assert "Zofia" in browser.get(f"/pupils/{pupil}").text
    parent = upgraded.test_client()
    assert isinstance(parent, PageClient)
    _sign_in(parent, PARENT)
    assert "Zofia" in parent.get(f"/family/children/{pupil}").text


def _sign_in(browser: PageClient, email: str) -> None:
    browser.send("/sign-in", email=email, password=PASSPHRASE)


@pytest.mark.parametrize("start", RELEASED[:-1])
def test_each_single_migration_keeps_every_row_of_every_table(start: str, tmp_path: Path) -> None:
    settings = old_school(tmp_path, start)
    steps = _steps_from(start)
    until = steps.index(RELEASED[RELEASED.index(start) + 1]) + 1
    for step in steps[:until] if start != RELEASED[-2] else steps:
        with opened(tmp_path / "graduated.db") as connection:
            fill(connection)
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == [], step
        before = rows_of(tmp_path / "graduated.db")
        assert [table for table, rows in before.items() if not rows] == []
        migrate.upgrade(settings, step)
        after = rows_of(tmp_path / "graduated.db")
        assert lost(before, after) == [], step
        with opened(tmp_path / "graduated.db") as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)], step


def test_every_version_since_the_first_released_one_is_a_step_of_some_walk() -> None:
    steps = _steps_from(RELEASED[0])
    assert steps[-1] == migrate.newest()
    assert set(RELEASED[1:]) <= set(steps)
    assert sorted(path.stem for path in SCHOOLS.glob("*.sql")) == list(RELEASED)


def _steps_from(start: str) -> list[str]:
    """The versions after one, in their order."""
    known = ScriptDirectory(str(resource_folder("migrations")))
    return [one.revision for one in known.iterate_revisions("head", start)][::-1]


def lost(before: Rows, after: Rows) -> list[str]:
    """Rows and values that an upgrade did not keep, those that went on purpose aside."""
    found = []
    for table, rows in before.items():
        if table == "alembic_version":
            continue
        if len(after.get(table, [])) < len(rows):
            found.append(f"{table}: {len(rows)} rows, then {len(after.get(table, []))}")
            continue
        for was, now in zip(rows, after[table], strict=False):
            for name, value in was.items():
                if (table, name) not in LEFT_OUT and (name not in now or now[name] != value):
                    found.append(f"{table} {was.get('id')}.{name}: {value!r:.60}, then {now.get(name)!r:.60}")
    return found


def test_a_lost_row_or_value_is_seen() -> None:
    rows: Rows = {"school": [{"id": 1, "name": "Purbeck Road"}]}
    assert lost(rows, {"school": []}) == ["school: 1 rows, then 0"]
    assert lost(rows, {}) == ["school: 1 rows, then 0"]
    assert len(lost(rows, {"school": [{"id": 1, "name": "Purbeck"}]})) == 1
    assert len(lost(rows, {"school": [{"id": 1}]})) == 1
