"""Servers that are killed, starved and cut off, each on a copy of the world; and what must hold of it afterwards."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graduated.app import create_app
from graduated.ops.verify import verify_all
from tests.conftest import settings_in
from tests.faults.nursery import Nursery
from tests.faults.visitor import Visitor
from tests.support.databases import ON_POSTGRESQL, by_hand
from tests.support.world import World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What forks or limits is for systems that can."""
    for item in items:
        if "tests/faults" in str(item.path) and not hasattr(os, "fork"):
            item.add_marker(pytest.mark.skip(reason="a server is a fork here"))


@pytest.fixture(scope="module")
def home(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the world for the tests of one file, which all serve it."""
    copied = tmp_path_factory.mktemp("faults") / "home"
    shutil.copytree(template[0], copied)
    return copied


@pytest.fixture(scope="module")
def nursery(home: Path) -> Iterator[Nursery]:
    """Servers on that copy."""
    made = Nursery(home)
    yield made
    made.end()


@pytest.fixture(scope="module")
def server(nursery: Nursery) -> tuple[int, int]:
    """(process, port) of one server that answers."""
    return nursery.begin()


@pytest.fixture(scope="module")
def senco(server: tuple[int, int]) -> Visitor:
    """The SENCO, signed in at that server."""
    return Visitor(server[1]).sign_in("senco")


@pytest.fixture(scope="module")
def place(template: tuple[Path, World]) -> str:
    """Where something that was seen is written down about a pupil."""
    return f"/pupils/{template[1].pupils['zofia']}/observations/new"


def seen(values: dict[str, str], text: str) -> dict[str, str]:
    """The form of an observation, filled in."""
    return {**values, "kind": "strength", "area": "cognition", "text": text, "source": "Ms Vine in English"}


def texts(home: Path) -> list[str]:
    """The words of all observations that lie in the file of the records, in the order in which they came."""
    with by_hand(home) as file:
        if not ON_POSTGRESQL:
            assert file.execute("pragma integrity_check").fetchall() == [("ok",)]
        return [text for (text,) in file.execute("select text from observation order by id")]


class Counted:
    """How many observations came since this was made: tests of one file share one copy of the world."""

    def __init__(self, home: Path) -> None:
        self.home, self.before = home, len(texts(home))

    @property
    def new(self) -> list[str]:
        """The words of those that came."""
        return texts(self.home)[self.before :]


def whole(home: Path) -> None:
    """Every record is what the audit says, and the chain has no gap."""
    app = create_app(settings_in(home), testing=True)
    with app.app_context():
        from graduated.db.session import db

        found = verify_all()
        db.session.remove()
        db.engine.dispose()
        app.extensions["views_log"].dispose()
    assert found.broken == [], found.as_text()
