"""The world with Zofia's records behind an address of one's choice, and a browser for anybody who is in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.routing import Rule

from graduated.app import create_app
from graduated.db.clock import now
from tests.access.stage import Stage, rules_of
from tests.support.databases import LOOKS, by_hand
from tests.support.world import World

SECURE = "https://sen.school.example"


class Site(Stage):
    """The stage as a school runs it: behind TLS unless told otherwise, and forged forms refused."""

    def __init__(self, home: Path, world: World, **settings: Any) -> None:
        super().__init__(home, world)
        self.world = world
        self.settings = replace(self.settings, **{"https": True, **settings})
        self.app = create_app(self.settings, testing=True)
        self.base = SECURE if self.settings.https else "http://localhost"

    def browser(self, who: str) -> FlaskClient:
        """A browser in which somebody of the world has just signed in; for anybody unknown, in which nobody is."""
        client = self.app.test_client()
        client.environ_base["wsgi.url_scheme"] = self.base.partition(":")[0]
        if who in self.sign_ins:
            with client.session_transaction(base_url=self.base) as session:
                session.update(self.sign_ins[who], proved=now().timestamp())
        return client

    def routes(self, method: str) -> Iterator[Rule]:
        """Every route that takes that method."""
        return (rule for rule in rules_of(self.app) if method in (rule.methods or ()))

    def reset_sign_ins(self) -> None:
        """Everybody is signed in again, after somebody was signed out."""
        self.sign_ins = self._sign_ins(self.world.users)

    def token(self, client: FlaskClient) -> str:
        """A token for forms that is good in that browser."""
        page = client.get("/help", base_url=self.base).text
        return page.partition('name="csrf-token" content="')[2].partition('"')[0]


def records(home: Path, *left_out: str) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, table by table, but who looked and was refused (on SQLite that is another file)."""
    with by_hand(home) as database:
        return {
            name: database.execute(f'select * from "{name}"').fetchall()
            for name in database.tables()
            if name not in {*LOOKS, *left_out}
        }
