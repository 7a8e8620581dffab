"""Every route, asked by everybody: the answers are written by hand in `matrix.py`."""

from __future__ import annotations

from pathlib import Path

import pytest

from graduated.app import create_app
from tests.access.matrix import PEOPLE, ROUTES
from tests.access.stage import Stage, rules_of
from tests.conftest import settings_in
from tests.support.world import World

AS_A_PART = {"HX-Request": "true", "HX-Target": "main", "HX-Current-URL": "http://localhost/today"}
"""As htmx asks for a part of a page."""


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


@pytest.mark.parametrize("endpoint", sorted(ROUTES))
def test_who_may_not_have_a_page_gets_no_part_of_it_by_asking_as_our_scripts_do(stage: Stage, endpoint: str) -> None:
    wrong = []
    for rule in rules_of(stage.app):
        if rule.endpoint != endpoint or "GET" not in (rule.methods or set()):
            continue
        for who, promised in zip(PEOPLE, ROUTES[endpoint], strict=True):
            if promised == "A":
                continue
            answer = stage.open(stage.path_of(rule), "GET", who, AS_A_PART)
            names_her = "Zofia" in answer.get_data(as_text=True) and who != "parent"  # whose own menu does
            if answer.status_code == 200 or names_her:
                wrong.append(f"{who}: {answer.status_code}")
            if "no-store" not in answer.headers.get("Cache-Control", ""):
                wrong.append(f"{who}: {answer.headers.get('Cache-Control')}")
    assert wrong == []
