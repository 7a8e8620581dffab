"""A parent, a leaver and a teaching assistant try each write route by hand: refused, recorded, and nothing changed.

The routes are taken from the app itself, so that one added tomorrow is tried tomorrow.
"""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from graduated.audit.refusals import Refused, looks_refused_since, refused_since
from graduated.db.clock import now
from tests.access.matrix import PEOPLE, ROUTES
from tests.access.stage import Stage, rules_of
from tests.support.client import PageClient
from tests.support.databases import by_hand
from tests.support.world import World

ANSWER = {"H": 404, "R": 403, "S": 303}


@pytest.fixture(scope="module")
def careful(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """The stage with its protection against forged forms on, as in a school."""
    home = tmp_path_factory.mktemp("refused") / "home"
    shutil.copytree(template[0], home)
    stage = Stage(home, template[1])
    stage.app.config["WTF_CSRF_ENABLED"] = True
    return stage


def _writes_refused_to(stage: Stage, who: str) -> list[tuple[Rule, str]]:
    """Every route that takes a POST and that the table does not give to this person, with the promised answer."""
    place = PEOPLE.index(who)
    return [
        (rule, ROUTES[rule.endpoint][place])
        for rule in rules_of(stage.app)
        if "POST" in (rule.methods or ())
        and ROUTES[rule.endpoint][place] != "A"
        and not getattr(stage.app.view_functions[rule.endpoint], "action").is_public  # noqa: B009 a link to come in is of who holds it
    ]


def _records(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Everything in the database, table by table, but what was refused itself (on SQLite that is a file of its own)."""
    with by_hand(home) as records:
        tables = set(records.tables()) - {"refused_write", "refused_look"}
        return {name: records.execute(f'select * from "{name}"').fetchall() for name in sorted(tables)}


def _recorded(app: Flask, world: World) -> list[Refused]:
    with app.app_context():
        return refused_since(world.school_id, now() - timedelta(hours=1), 10_000)


def _browser(stage: Stage, who: str) -> tuple[PageClient, str]:
    """A browser in which somebody is or was signed in, and a token for forms that is good in it."""
    stage.app.test_client_class = PageClient
    client = stage.app.test_client()
    assert isinstance(client, PageClient)
    with client.session_transaction() as session:
        session.update(stage.sign_ins[who])
    page = client.get("/sign-in").text
    return client, page.partition('name="csrf-token" content="')[2].partition('"')[0]


@pytest.mark.parametrize("who", ["parent", "barred_parent", "leaver", "ta"])
def test_each_write_route_by_hand_is_refused_recorded_and_changes_nothing(
    careful: Stage, world: World, who: str
) -> None:
    if who == "leaver":
        careful.sign_ins["leaver"] = careful.sign_in_of_leaver(world)
    routes = _writes_refused_to(careful, who)
    assert len(routes) > 100, "the routes were not found"
    client, token = _browser(careful, who)
    before, known = _records(careful.settings.home), len(_recorded(careful.app, world))
    wrong = []
    for rule, letter in routes:
        answer = client.post(careful.path_of(rule), data={"csrf_token": token, "what": "mine", "text": "mine"})
        to_sign_in = letter != "S" or answer.headers.get("Location", "").startswith("/sign-in")
        if answer.status_code != ANSWER[letter] or not to_sign_in:
            wrong.append(f"{rule.endpoint}: {answer.status_code}, not {ANSWER[letter]}")
    assert wrong == []
    assert _records(careful.settings.home) == before
    told = _recorded(careful.app, world)[: len(_recorded(careful.app, world)) - known]
    assert {(one.user_id, one.route) for one in told} == {(world.users[who], rule.endpoint) for rule, _ in routes}
    assert len(told) == len(routes)


def test_refusals_are_shown_to_who_reads_the_audit_and_say_why(client: PageClient, world: World) -> None:
    client.sign_in("ta")
    client.post("/school/details", data={"csrf_token": client.token()})
    client.post("/pupils/new", data={"csrf_token": client.token()})
    for who in ("senco", "dpo"):
        text = client.sign_in(who).text("/who-looked")
        assert "Refused tries to change something" in text and "2 tries" in text
        assert "Sheila TuckDetailsNot theirs to see" in text
        assert "May read it and not change it" in text
    assert "Sheila Tuck" not in client.sign_in("other_school").text("/who-looked").partition("Everybody")[0]


def test_who_only_has_to_sign_in_again_is_not_listed(client: PageClient, app: Flask, world: World) -> None:
    client.sign_in("ta")
    client.post("/account/sign-out-everywhere", data={"csrf_token": client.token()})
    client.post("/pupils/new", data={"csrf_token": client.token()})
    assert _recorded(app, world) == []


def test_what_is_allowed_and_what_is_merely_wrong_is_not_listed(client: PageClient, app: Flask, world: World) -> None:
    client.sign_in("senco")
    assert client.post("/pupils/new", data={"csrf_token": client.token()}).status_code == 422
    assert _recorded(app, world) == []


def test_each_look_that_is_refused_is_recorded_whether_or_not_the_record_exists(careful: Stage, world: World) -> None:
    client, _token = _browser(careful, "other_parent")
    zofia, nobody = world.pupils["zofia"], 999_999

    def times() -> dict[str, int]:
        with careful.app.app_context():
            found = looks_refused_since(world.school_id, now() - timedelta(hours=1))
        return {one.route: one.times for one in found if one.status == 404}

    before = times().get("family.plan", 0)
    assert [client.get(f"/family/children/{child}").status_code for child in (zofia, nobody, zofia)] == [404] * 3
    assert times()["family.plan"] == before + 3
    assert client.get("/today").status_code == 404
    assert "today.today" not in times(), "a page about no record is no look at one"


def test_who_reads_the_looks_reads_the_refused_ones(careful: Stage) -> None:
    stranger, _token = _browser(careful, "other_teacher")
    stranger.get(f"/pupils/{careful.values['pupil_id']}")
    senco, _token = _browser(careful, "senco")
    text = senco.text("/who-looked")
    assert "Pages that were not shown" in text and "Not theirs to see, or not there" in text
