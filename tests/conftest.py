"""A fresh copy of a small world for each test; the database is real, the passwords are cheap."""

from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.app import create_app
from graduated.config import Settings
from graduated.db import migrate
from tests.support import databases, quick, together
from tests.support.client import PageClient
from tests.support.demo import DemoSchool, loaded
from tests.support.entities import watch
from tests.support.world import World, build

quick.install()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is made once for a file's tests is made once with two workers, too (`tests/support/together.py`)."""
    together.keep_files_together(items)
    together.longest_first(items)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Everything is imported now."""
    quick.settle()
    together.write_down(session)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> together.Groups | None:
    """Who hands out the tests."""
    return together.scheduler(config, log)


def pytest_configure(config: pytest.Config) -> None:
    """Let nothing wait for a disc; start the database server of this run, when the tests are asked to run on one."""
    quick.spare_the_disc()
    together.begin(config)
    if databases.ON_POSTGRESQL:  # an app that a test leaves behind is nothing to stop at
        config.addinivalue_line("filterwarnings", "ignore:.*was deleted while still open:ResourceWarning")
        warnings.filterwarnings("ignore", ".*was deleted while still open", ResourceWarning)  # at the very end, too
    if databases.ON_POSTGRESQL and not hasattr(config, "workerinput") and databases.SERVER not in os.environ:
        folder = databases.start_server()
        config.add_cleanup(lambda: databases.stop_server(folder))


@pytest.fixture(autouse=databases.ON_POSTGRESQL)
def drop_databases(tmp_path: Path) -> Iterator[None]:
    """Leave no database behind of a test that is over."""
    yield
    databases.forget(tmp_path)


def settings_in(home: Path) -> Settings:
    """The settings of a test's own installation."""
    return Settings(
        home=home,
        database_url=databases.url_of(home),
        owner_url=databases.owner_url_of(home),
        secret_key="tests only",
        audit_key=b"tests only",
        sign_in_cost="low",
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """The world, made once in a migrated database."""
    home = tmp_path_factory.mktemp("world")
    settings = settings_in(home)
    migrate.upgrade(settings)
    app = create_app(settings, testing=True)
    world = build(app)
    with app.app_context():
        from graduated.db.session import db

        db.session.remove()
        db.engine.dispose()
    databases.weigh(home)
    return home, world


@pytest.fixture
def home(template: tuple[Path, World], tmp_path: Path) -> Path:
    """A copy of the world's database and files for one test."""
    place = tmp_path / "home"
    shutil.copytree(template[0], place)
    return place


@pytest.fixture
def world(template: tuple[Path, World]) -> World:
    """Ids of the world."""
    return template[1]


@pytest.fixture
def app(home: Path) -> Iterator[Flask]:
    """The app on this test's database."""
    app = create_app(settings_in(home), testing=True)
    app.test_client_class = PageClient
    watch(app)
    yield app
    with app.app_context():
        from graduated.db.session import db

        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser that nobody is signed in with."""
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser


@pytest.fixture
def as_system(app: Flask, world: World) -> Iterator[Actor]:
    """Inside the app, acting as the system in the first school."""
    actor = system_actor(world.school_id, "Tests")
    with app.app_context(), acting(actor):
        yield actor


@pytest.fixture(scope="session")
def demo_school(tmp_path_factory: pytest.TempPathFactory) -> DemoSchool:
    """The demo school, loaded once for all workers. Who writes takes a copy of its home."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    return loaded(shared / "demo-school")


@pytest.fixture(scope="session")
def demo_home(demo_school: DemoSchool) -> Path:
    """The folder of the loaded demo school, to be copied and never written to."""
    return demo_school.home


@pytest.fixture(scope="session")
def demo_accounts(demo_school: DemoSchool) -> dict[str, tuple[str, str]]:
    """E-mail and password by short role: senco, assistant, head, lead, teacher, ta, safeguarding, admin, dpo,
    parent, other_parent, barred_parent, staff_parent."""
    return demo_school.accounts


@pytest.fixture(scope="session")
def demo_paths(demo_school: DemoSchool) -> dict[str, str]:
    """Addresses of believable pages: today, register, pupil, plan, draft, log, review, record, request, family."""
    return demo_school.paths
