"""Every route, asked by everybody: the answers are written by hand in `matrix.py`."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from graduated.access import entry
from graduated.app import create_app
from graduated.db.session import db
from graduated.people.sign_in import enter
from tests.access import scene
from tests.access.matrix import PEOPLE, ROUTES, SUBJECT
from tests.conftest import settings_in
from tests.support.world import World

NOBODY = {"leaver", "signed_out"}
WORDS = {200: "A", 204: "A", 302: "A", 303: "A", 400: "A", 409: "A", 422: "A", 403: "R", 404: "H", 401: "S"}


class Stage:
    """The world with Zofia's records, everybody's cookie, and a quick way back to the beginning."""

    def __init__(self, home: Path, world: World) -> None:
        self.settings = settings_in(home)
        self.app = create_app(self.settings, testing=True)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.values = scene.make(self.app, world)
        self.sign_ins = self._sign_ins(world)
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self.clean = home.parent / "clean.db"
        shutil.copy(home / "graduated.db", self.clean)

    def _sign_ins(self, world: World) -> dict[str, dict[str, Any]]:
        cookies: dict[str, dict[str, Any]] = {}
        with self.app.app_context():
            for who, user_id in world.users.items():
                doors = entry.doors(user_id)
                if doors:
                    entered = enter(user_id, doors[0], address="127.0.0.1", device="tests")
                    cookies[who] = {"sid": entered.session_id, "token": entered.token}
        return cookies

    def reset(self) -> None:
        """Undo whatever an allowed act has done."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        for leftover in ("graduated.db-wal", "graduated.db-shm"):
            (self.settings.home / leftover).unlink(missing_ok=True)
        shutil.copy(self.clean, self.settings.home / "graduated.db")

    def ask(self, rule: Rule, method: str, who: str) -> str:
        """The letter of one person's answer from one route."""
        client = self.app.test_client()
        if who in self.sign_ins:
            with client.session_transaction() as session:
                session.update(self.sign_ins[who])
        renamed = SUBJECT.get(rule.endpoint, {})
        values = {name: self.values[renamed.get(name, name)] for name in rule.arguments}
        with self.app.test_request_context():
            path = self.app.url_for(rule.endpoint, **values)
        try:
            answer = client.open(path, method=method, data={} if method == "POST" else None, buffered=True)
        except Exception as fault:  # a page that breaks is a wrong answer, and the others are still of interest
            return f"{type(fault).__name__} {fault}"
        answer.close()
        if answer.status_code == 303 and answer.headers["Location"].startswith("/sign-in?next="):
            return "S"
        return WORDS.get(answer.status_code, str(answer.status_code))


@pytest.fixture(scope="module")
def stage(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    home = tmp_path_factory.mktemp("matrix") / "home"
    shutil.copytree(template[0], home)
    return Stage(home, template[1])


def rules_of(app: Flask) -> list[Rule]:
    """Every route but the static files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def test_every_route_stands_in_the_matrix_and_nothing_else_does(stage: Stage) -> None:
    routes = {rule.endpoint for rule in rules_of(stage.app)}
    assert routes - set(ROUTES) == set(), "these routes have no line in tests/access/matrix.py"
    assert set(ROUTES) - routes == set(), "these lines speak of routes that are gone"
    assert {len(row) for row in ROUTES.values()} == {len(PEOPLE)}


def test_no_route_is_without_a_declared_action(stage: Stage) -> None:
    silent = [
        rule.endpoint
        for rule in rules_of(stage.app)
        if getattr(stage.app.view_functions[rule.endpoint], "action", None) is None
    ]
    assert silent == []


def test_a_view_without_an_action_refuses(template: tuple[Path, World], tmp_path: Path) -> None:
    app = create_app(settings_in(tmp_path), testing=True)
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 403


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_everybody_gets_the_answer_that_was_promised(stage: Stage, endpoint: str) -> None:
    found: dict[str, list[str]] = {}
    for rule in rules_of(stage.app):
        if rule.endpoint != endpoint:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            letters = []
            for who in PEOPLE:
                letters.append(stage.ask(rule, method, who))
                if method == "POST" and letters[-1] == "A":
                    stage.reset()
            found[method] = letters
    for method, letters in found.items():
        wrong = [
            f"{who}: {now} instead of {wanted}"
            for who, now, wanted in zip(PEOPLE, letters, ROUTES[endpoint], strict=True)
            if now != wanted
        ]
        assert wrong == [], f"{method} {endpoint}: {'; '.join(wrong)}"
