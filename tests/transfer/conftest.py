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


def _opened(demo: DemoSchool, home: Path) -> Flask:
    shutil.copytree(demo.home, home)
    return create_app(settings_in(home), testing=True)


def _id_in(former: Flask) -> int:
    with former.app_context():
        return entry.school_ids()[0][0]


def _zofia_in(former: Flask) -> int:
    with former.app_context(), acting(system_actor(_id_in(former), "Tests")):
        found = db.session.scalars(
            select(Pupil.id).where(Pupil.legal_forename == "Zofia", Pupil.legal_surname == "Szymańska")
        ).first()
        assert found is not None
        return int(found)


def _bundle_of(former: Flask) -> Path:
    with former.app_context(), acting(system_actor(_id_in(former), "Hannah Legg")):
        out = make(_zofia_in(former), "Harbour Academy", "Hannah Legg")
        row = db.session.scalars(select(TransferOut).where(TransferOut.id == out)).one()
        path: Path = former.extensions["files"].path(row.sha256)
        return path


@pytest.fixture
def former(demo_school: DemoSchool, tmp_path: Path) -> Iterator[Flask]:
    """The school that the pupil leaves: a copy of the demo."""
    app = _opened(demo_school, tmp_path / "former")
    yield app
    closed(app)


@pytest.fixture
def former_id(former: Flask) -> int:
    """The school's id there."""
    return _id_in(former)


@pytest.fixture
def zofia(former: Flask) -> int:
    """The pupil with a request, by her number there."""
    return _zofia_in(former)


@pytest.fixture(scope="session")
def bundle_once(demo_school: DemoSchool, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Her record, made ready in a copy of the demo that no test looks at."""
    place = tmp_path_factory.mktemp("bundle")
    app = _opened(demo_school, place / "former")
    path = _bundle_of(app)
    closed(app)
    return path


@pytest.fixture
def bundle(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Her record, made ready for another school: in the test's own former school, where it has one."""
    if "former" in request.fixturenames:
        return _bundle_of(request.getfixturevalue("former"))
    made: Path = request.getfixturevalue("bundle_once")
    return shutil.copy(made, tmp_path / made.name)


@pytest.fixture(scope="session")
def next_template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """An installation with one school and nothing else, made once, and that school's id."""
    home = tmp_path_factory.mktemp("next") / "home"
    home.mkdir()
    settings = settings_in(home)
    migrate.upgrade(settings)
    app = create_app(settings, testing=True)
    with app.app_context():
        school_id = make_school(NewSchool("100009", "Harbour Academy", "dorset", staff_need_second_step=False))
        app.extensions["views_log"].dispose()
    closed(app)
    return home, school_id


@pytest.fixture
def next_school(next_template: tuple[Path, int], tmp_path: Path) -> Iterator[tuple[Flask, int]]:
    """A copy of it for one test."""
    home = tmp_path / "next"
    shutil.copytree(next_template[0], home)
    app = create_app(settings_in(home), testing=True)
    yield app, next_template[1]
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
