"""Words that were typed while somebody else sealed: never lost, seen by their author alone, added or thrown away."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.review.services import seal_review
from graduated.rules.vocabulary import NextStep
from tests.review.scene import Scene, set_scene, written
from tests.review.sitting import record
from tests.support.client import PageClient
from tests.support.world import World

LATE = "She asked whether the group could go on in spring."
HEADING = "You had typed this when it was sealed"


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


@pytest.fixture
def place(app: Flask, world: World, scene: Scene) -> str:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return f"/reviews/{written(scene, NextStep.ANOTHER_CYCLE)}"


def seal(app: Flask, world: World, place: str) -> None:
    """Hannah seals it, from where she sits."""
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        seal_review(int(place.rpartition("/")[2]))


def typing(client: PageClient, place: str) -> dict[str, Any]:
    """What stands in the sitting of somebody who is still typing."""
    _action, opened = client.form(place)
    line = next(name for name in opened if name.startswith("what-"))
    return {**opened, "summary": LATE, line: "Ask the music teacher", "go": "stay"}


def test_save_after_the_seal_leads_to_the_record_and_the_words_stand_beside_it(
    app: Flask, world: World, client: PageClient, place: str, scene: Scene
) -> None:
    client.sign_in("lead")
    mine = typing(client, place)
    seal(app, world, place)
    answer = client.post(place, data=mine)
    assert answer.status_code == 303 and answer.location == f"{place}/record"
    text = client.text(answer.location)
    assert "Hannah Legg sealed the review while you were writing" in text
    assert HEADING in text and LATE in text and "Ask the music teacher" in text
    assert "Anything else that was said" in text
    shown = text.partition(HEADING)[2].partition("Discard")[0]
    assert "I like the reading graph." not in shown, "what is in the record anyway is not shown again"
    assert "ask the SENCO to add it" in shown and "Add as an addendum" not in shown
    assert record(app, world, place).summary == ""
    client.send(f"{place}/record", 0)
    assert HEADING not in client.text(f"{place}/record")


def test_nobody_else_sees_them_and_who_may_adds_them(app: Flask, world: World, client: PageClient, place: str) -> None:
    client.sign_in("assistant")
    seal_words = typing(client, place)
    client.post(f"/drafts?place={place}", data=seal_words)  # as it was typed; Save was never pressed
    seal(app, world, place)
    for who in ("lead", "senco", "head"):
        text = client.sign_in(who).text(f"{place}/record")
        assert LATE not in text and HEADING not in text
    assert LATE not in client.sign_in("parent").text(place.replace("/reviews", "/family/reviews"))
    assert LATE in client.sign_in("assistant").text(f"{place}/record")


def test_the_words_become_an_addendum(app: Flask, world: World, client: PageClient, place: str) -> None:
    client.sign_in("senco")
    client.post(f"/drafts?place={place}", data=typing(client, place))
    seal(app, world, place)
    assert "Add as an addendum" in client.text(f"{place}/record")
    adding = f"{place}/addendum?typed=1"
    _action, filled = client.form(adding)
    assert LATE in filled["text"] and filled["why"] == "It was being typed when the review was sealed"
    client.send(adding)
    (added,) = record(app, world, place).addenda
    assert LATE in added.text and "Action: Ask the music teacher" in added.text
    assert HEADING not in client.text(f"{place}/record")


def test_an_addendum_about_something_else_throws_nothing_away(
    app: Flask, world: World, client: PageClient, place: str
) -> None:
    client.sign_in("senco")
    client.post(f"/drafts?place={place}", data=typing(client, place))
    seal(app, world, place)
    client.send(f"{place}/addendum", text="The report came.", why="It was late.")
    assert LATE in client.text(f"{place}/record")


def test_the_page_that_is_open_says_that_it_was_sealed(
    app: Flask, world: World, client: PageClient, place: str
) -> None:
    client.sign_in("lead")
    mine = typing(client, place)
    seal(app, world, place)
    told = client.post(f"{place}/others", data=mine, headers={"HX-Request": "true"})
    assert told.status_code == 200 and "Hannah Legg sealed this review" in told.text
    assert "hx-trigger" not in told.text, "it need not ask again"


def test_who_never_wrote_is_refused_as_ever(app: Flask, world: World, client: PageClient, place: str) -> None:
    seal(app, world, place)
    client.sign_in("lead")
    assert client.post(place, data={"csrf_token": client.token(), "summary": LATE}).status_code == 403
    assert HEADING not in client.text(f"{place}/record")
