"""What saving asks of the database: what has a field in the form, and nothing of other groups, pupils and plans."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.review.services import start_review
from tests.register.counting import counted
from tests.review.scene import Scene, set_scene
from tests.support.client import PageClient
from tests.support.databases import sqlite_only
from tests.support.world import World


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


def _sent(app: Flask, client: PageClient, path: str, **typed: Any) -> list[str]:
    """The statements of a form that is sent and taken."""
    action, values = client.form(path)
    with counted(app) as sent:
        assert client.post(action, data={**values, **typed}).status_code == 303
    return sent


def _tables(sent: list[str]) -> set[str]:
    return {name for one in sent for name in re.findall(r'(?:FROM|JOIN|INTO|UPDATE) "?(\w+)', one)}


@sqlite_only("the statements as SQLite is sent them: PostgreSQL is told whose row-level security holds besides")
def test_a_review_is_saved_by_its_form_alone(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        path = f"/reviews/{start_review(scene.cycle_id)}"
    client.sign_in("senco")
    sent = _sent(app, client, path, **{f"judgement-{scene.reads}": "1", f"judgement-{scene.asks}": "-1"})
    assert not _tables(sent) & {"delivered_session", "presence", "measurement", "advice", "term", "agreement", "view"}
    assert len(sent) <= 28, sent


@sqlite_only("the statements as SQLite is sent them: PostgreSQL is told whose row-level security holds besides")
def test_a_session_is_saved_without_a_look_at_other_groups(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    sent = _sent(app, client, f"/groups/{scene.group_id}/log")
    assert len(sent) <= 18, sent
    of_groups = [one for one in sent if one.startswith("SELECT") and '"group"' in one.partition("FROM")[2][:10]]
    assert of_groups and all(re.search(r'"group".id = \?', one) for one in of_groups)
