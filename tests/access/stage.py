"""The world with Zofia's records, and what any person gets from any address of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from graduated.access import entry
from graduated.access.policy import Hat
from graduated.app import create_app
from graduated.db.session import db
from graduated.people.sign_in import enter
from tests.access import scene
from tests.access.matrix import SUBJECT
from tests.conftest import settings_in
from tests.support import databases
from tests.support.world import World

WORDS = {200: "A", 204: "A", 302: "A", 303: "A", 400: "A", 409: "A", 422: "A", 403: "R", 404: "H", 401: "S"}


class Stage:
    """The world with Zofia's records, everybody's cookie, and a quick way back to the beginning."""

    def __init__(self, home: Path, world: World) -> None:
        self.settings = settings_in(home)
        self.app = create_app(self.settings, testing=True)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.values = scene.make(self.app, world)
        self.sign_ins = self._sign_ins(world.users)
        self.furnish()
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.clean = databases.keep(home, "clean.db")

    def furnish(self) -> None:
        """Room for what a stage has besides."""

    def _sign_ins(self, users: dict[str, int]) -> dict[str, dict[str, Any]]:
        cookies: dict[str, dict[str, Any]] = {}
        with self.app.app_context():
            for who, user_id in users.items():
                doors = entry.doors(user_id)
                if doors:
                    entered = enter(user_id, doors[0], address="127.0.0.1", device="tests")
                    cookies[who] = {"sid": entered.session_id, "token": entered.token}
        return cookies

    def sign_in_of_leaver(self, world: World) -> dict[str, Any]:
        """The browser in which somebody who has left since was signed in."""
        with self.app.app_context():
            door = entry.Door(world.school_id, "Purbeck Road Primary", Hat.STAFF)
            entered = enter(world.users["leaver"], door, address="127.0.0.1", device="tests")
            return {"sid": entered.session_id, "token": entered.token}

    def reset(self) -> None:
        """Undo whatever an allowed act has done."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        databases.restore(self.settings.home, self.clean)

    def path_of(self, rule: Rule) -> str:
        """The address of a route about Zofia."""
        renamed = SUBJECT.get(rule.endpoint, {})
        values = {name: self.values[renamed.get(name, name)] for name in rule.arguments}
        with self.app.test_request_context():
            return self.app.url_for(rule.endpoint, **values)

    def paths_of(self, rule: Rule) -> set[str]:
        """Every address of a route about Zofia: of the open review and of the sealed one, of each plan, and so on."""
        paths = {self.path_of(rule)}
        if len(rule.arguments) == 1:
            (name,) = rule.arguments
            twins = [value for key, value in self.values.items() if key == name or key.endswith(f"_{name}")]
            with self.app.test_request_context():
                paths |= {self.app.url_for(rule.endpoint, **{name: value}) for value in twins}
        return paths

    def open(self, path: str, method: str, who: str, headers: dict[str, str] | None = None) -> TestResponse:
        """What one person is answered from one address."""
        client = self.app.test_client()
        if who in self.sign_ins:
            with client.session_transaction() as session:
                session.update(self.sign_ins[who])
        return client.open(path, method=method, data={} if method == "POST" else None, headers=headers, buffered=True)

    def ask(self, rule: Rule, method: str, who: str) -> str:
        """The letter of one person's answer from one route."""
        try:
            answer = self.open(self.path_of(rule), method, who)
        except Exception as fault:  # a page that breaks is a wrong answer, and the others are still of interest
            return f"{type(fault).__name__} {fault}"
        answer.close()
        if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next="):
            return "S"
        return WORDS.get(answer.status_code, str(answer.status_code))


def rules_of(app: Flask) -> list[Rule]:
    """Every route but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
