"""A demo pupil's record as a bundle, and an installation that has nothing but a school."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db import migrate
from graduated.db.session import db
from graduated.pupils.models import Pupil
from graduated.school.services import NewSchool, make_school
from graduated.transfer.making import make
from graduated.transfer.models import TransferOut
from tests.conftest import settings_in
from tests.support.demo import DemoSchool


def closed(app: Flask) -> None:
    """Let go of an app's database."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def former(demo_school: DemoSchool, tmp_path: Path) -> Iterator[Flask]:
    """The school that the pupil leaves: a copy of the demo."""
    home = tmp_path / "former"
    shutil.copytree(demo_school.home, home)
    app = create_app(settings_in(home), testing=True)
    yield app
    closed(app)


@pytest.fixture
def former_id(former: Flask) -> int:
    """The school's id there."""
    with former.app_context():
        return entry.school_ids()[0][0]


@pytest.fixture
def zofia(former: Flask, former_id: int) -> int:
    """The pupil with a request, by her number there."""
    with former.app_context(), acting(system_actor(former_id, "Tests")):
        found = db.session.scalars(
            select(Pupil.id).where(Pupil.legal_forename == "Zofia", Pupil.legal_surname == "Szymańska")
        ).first()
        assert found is not None
        return int(found)


@pytest.fixture
def bundle(former: Flask, former_id: int, zofia: int) -> Path:
    """Her record, made ready for another school."""
    with former.app_context(), acting(system_actor(former_id, "Hannah Legg")):
        out = make(zofia, "Harbour Academy", "Hannah Legg")
        row = db.session.scalars(select(TransferOut).where(TransferOut.id == out)).one()
        path: Path = former.extensions["files"].path(row.sha256)
        return path


@pytest.fixture
def next_school(tmp_path: Path) -> Iterator[tuple[Flask, int]]:
    """An installation with one school and nothing else, and that school's id."""
    home = tmp_path / "next"
    home.mkdir()
    settings = settings_in(home)
    migrate.upgrade(settings)
    app = create_app(settings, testing=True)
    with app.app_context():
        school_id = make_school(NewSchool("100009", "Harbour Academy", "dorset", staff_need_second_step=False))
    yield app, school_id
    closed(app)


@pytest.fixture
def counted() -> Callable[[Flask], dict[str, int]]:
    """How many rows each table of an installation has, but for the machinery's."""

    def count(app: Flask) -> dict[str, int]:
        with app.app_context(), db.engine.connect() as connection:
            return {
                table.name: len(connection.execute(select(table.c.id)).all())
                for table in db.metadata.sorted_tables
                if table.name not in {"form_key", "job"}
            }

    return count
