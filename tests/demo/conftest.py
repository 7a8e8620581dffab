"""The demo school, made once for all of its tests, at noon of the day on which they run."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.app import create_app
from graduated.db import clock, migrate
from graduated.db.session import db
from graduated.demo import load
from graduated.people.queries import DemoAccount, set_demo_accounts
from graduated.rules.vocabulary import PaperKind
from tests.conftest import settings_in
from tests.support.client import PageClient
from tests.support.databases import by_hand

SECRET = {
    "password_hash", "salt", "digest", "previous_digest", "mac", "previous_mac", "token_hash", "totp_secret", "payload",
    "part_salts", "permit", "audit", "pin_hash",
}  # fmt: skip
"""What is random by design, or tells of it: the audit's payload quotes the salts of seals, a tombstone its digests."""
QUOTES_A_SEAL = {"sha256", "size"}
"""Of the kept copies of sealed records, each of which prints the beginning of its seal, and of the bundle for another
school, which brings the digests of the audit: those are salted."""
NOON = datetime.combine(clock.today(), time(12, 0), UTC)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The demo school is made once, with two workers, too: `--dist loadgroup` keeps its tests together."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.xdist_group("the demo made"))


@dataclass
class Demo:
    """A demo school that was made: the app, what was said while making it, its sign-ins, and seconds of work."""

    app: Flask
    home: Path
    said: list[str]
    accounts: list[DemoAccount]
    seconds: float
    digests: dict[str, str]


def make(home: Path, moment: datetime = NOON) -> Demo:
    """Make the demo school in a folder of its own."""
    home.mkdir(exist_ok=True)
    settings = settings_in(home)
    migrate.upgrade(settings)
    app = create_app(settings, testing=True)
    app.test_client_class = PageClient
    said: list[str] = []
    began = process_time()
    with app.app_context(), clock.held(moment):
        accounts = load.ensure(said.append)
        db.session.remove()
    return Demo(app, home, said, accounts, process_time() - began, digests_of(home))


def digests_of(home: Path) -> dict[str, str]:
    """One digest for each table, of all rows without what is random by design."""
    found = {}
    with by_hand(home) as file:
        for name in file.tables():
            columns = file.columns(name)
            order = "id" if "id" in columns else "1"
            found_here = [
                dict(zip(columns, row, strict=True)) for row in file.execute(f'select * from "{name}" order by {order}')
            ]
            rows = [[(key, row[key]) for key in row if not _is_random(name, row, key)] for row in found_here]
            found[name] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return found


def _is_random(table: str, row: dict[str, Any], key: str) -> bool:
    if key in SECRET:
        return True
    quotes = table == "transfer_out" or (table == "paper_given" and row["kind"] == PaperKind.REVIEW.value)
    return quotes and key in QUOTES_A_SEAL


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo school; tests read it and leave it as it is."""
    demo = make(tmp_path_factory.mktemp("demo"))
    yield demo
    set_demo_accounts([])
    with demo.app.app_context():
        db.engine.dispose()


@pytest.fixture
def inside(made: Demo) -> Iterator[Actor]:
    """Inside the demo's app, at noon, acting as the system in its one school."""
    actor = system_actor(1, "Tests")
    with made.app.app_context(), clock.held(NOON), acting(actor):
        yield actor
        db.session.rollback()
