"""Two people at one review: what each wrote stands, and only where both wrote does somebody choose."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.review.merging import merge, opened_with
from graduated.review.services import start_review
from tests.review.scene import NOW, Scene, set_scene
from tests.review.sitting import record, shown
from tests.support.client import PageClient
from tests.support.world import World

OPENED: dict[str, Any] = {"summary": "As it was", "reason": "", "family": ["1"], "urgent": False}


@pytest.mark.parametrize(
    ("mine", "theirs", "together", "quarrels"),
    [
        ({}, {"summary": "Theirs"}, {"summary": "Theirs"}, ()),
        ({"summary": "Mine"}, {}, {"summary": "Mine"}, ()),
        ({"summary": "Mine"}, {"reason": "Theirs"}, {"summary": "Mine", "reason": "Theirs"}, ()),
        ({"summary": "Mine"}, {"summary": "Theirs"}, {"summary": "Mine"}, ("summary",)),
        ({"summary": "Same"}, {"summary": "Same "}, {"summary": "Same"}, ()),
        ({"summary": ""}, {}, {"summary": ""}, ()),
        ({"family": ["1", "2"]}, {"family": ["3"]}, {"family": ["2", "3"]}, ()),
        ({"urgent": True}, {}, {"urgent": True}, ()),
        ({}, {"urgent": True}, {"urgent": True}, ()),
    ],
)
def test_a_field_belongs_to_whoever_touched_it(
    mine: dict[str, Any], theirs: dict[str, Any], together: dict[str, Any], quarrels: tuple[str, ...]
) -> None:
    both = merge(opened_with(OPENED), {**OPENED, **mine}, {**OPENED, **theirs})
    assert {name: both.filled[name] for name in together} == together
    assert both.quarrels == quarrels


@pytest.mark.parametrize("mark", [None, "", "{", "[]", '{"promises": 3, "family": {"a": 1}}'])
def test_without_a_mark_every_difference_is_left_to_be_chosen(mark: str | None) -> None:
    both = merge(mark, {**OPENED, "reason": "Mine"}, {**OPENED, "summary": "Theirs"})
    assert both.quarrels == ("summary", "reason")


def promised(*rows: tuple[str, str]) -> dict[str, Any]:
    filled: dict[str, Any] = {}
    for line, (key, what) in enumerate(rows):
        filled |= {f"action-{line}": key, f"what-{line}": what, f"who-{line}": "Ms Vine", f"by-{line}": None}
    return filled


RING, WRITE, ASK = ("7", "Ring the therapist"), ("8", "Write to the parents"), ("", "Ask the tutor")


@pytest.mark.parametrize(
    ("mine", "theirs", "stand"),
    [
        ([RING, ASK], [RING, WRITE], ["Ring the therapist", "Write to the parents", "Ask the tutor"]),
        ([RING], [RING, WRITE], ["Ring the therapist", "Write to the parents"]),
        ([], [RING], []),
        ([RING], [], []),
        ([("7", "Ring her today")], [RING], ["Ring her today"]),
        ([RING], [("7", "Ring her today")], ["Ring her today"]),
        ([("7", "Mine")], [("7", "Theirs")], ["Theirs", "Mine"]),
        ([("7", "Mine")], [], ["Mine"]),
        ([], [("7", "Theirs")], ["Theirs"]),
        ([RING, ASK], [RING, ("9", "Ask the tutor")], ["Ring the therapist", "Ask the tutor"]),
    ],
)
def test_of_promises_both_stand(mine: list[Any], theirs: list[Any], stand: list[str]) -> None:
    both = merge(opened_with(promised(RING)), promised(*mine), promised(*theirs))
    assert [both.filled[f"what-{line}"] for line in range(both.promises)] == stand


# In the pages ------------------------------------------------------------------------------------------------------


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


@pytest.fixture
def place(app: Flask, world: World, scene: Scene) -> str:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return f"/reviews/{start_review(scene.cycle_id)}"


@pytest.fixture
def other(app: Flask) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in("lead")


def test_what_only_one_of_two_wrote_is_saved_without_a_question(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str, scene: Scene
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    theirs: dict[str, Any] = {
        "parent_views": "He says it goes well.",
        "what-0": "Ring the therapist",
        f"judgement-{scene.reads}": "1",
    }
    theirs[f"reason-{scene.reads}"] = "She reads on."
    other.send(place, go="stay", **theirs)
    answer = client.post(
        place, data={**mine, "pupil_views": "I read to my brother.", "what-0": "Ask the tutor", "go": "stay"}
    )
    assert answer.status_code == 303
    said = record(app, world, place)
    assert (said.parent_views, said.pupil_views) == ("He says it goes well.", "I read to my brother.")
    assert [one.reason for one in said.judgements] == ["She reads on."]
    assert sorted(one.what for one in said.actions) == ["Ask the tutor", "Ring the therapist"]
    text = client.text(place)
    assert "Together with what" in text and "saved on" in text and "The parents’ views" in text


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Mine."), ("theirs", "Theirs."), ("both", "Mine.\n\nTheirs.")])
def test_where_both_wrote_both_texts_stand_and_one_chooses(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str, choice: str, kept: str
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    other.send(place, go="stay", parent_views="Theirs.", summary="Only theirs.")
    answer = client.post(place, data={**mine, "parent_views": "Mine.", "go": "stay"})
    assert answer.status_code == 409
    assert "Mine." in answer.text and "Theirs." in answer.text
    again = {**shown(answer), "go": "stay"}
    assert (again["parent_views"], again["summary"]) == ("Mine.", "Only theirs.")
    refused = client.post(place, data=again)
    assert refused.status_code == 409, "nothing is saved until it is chosen"
    assert record(app, world, place).parent_views == "Theirs."
    assert client.post(place, data={**again, "choose-parent_views": choice}).status_code == 303
    said = record(app, world, place)
    assert (said.parent_views, said.summary) == (kept, "Only theirs.")


def test_a_form_without_its_version_overwrites_nothing(
    app: Flask, world: World, client: PageClient, place: str
) -> None:
    client.sign_in("senco")
    client.send(place, go="stay", parent_views="She reads at home.")
    _action, values = client.form(place)
    by_hand = {name: text for name, text in values.items() if name not in {"version", "opened"}}
    answer = client.post(place, data={**by_hand, "parent_views": "Another text.", "go": "stay"})
    assert answer.status_code == 409
    assert record(app, world, place).parent_views == "She reads at home."


def test_one_is_told_what_the_other_saved_while_writing(client: PageClient, other: PageClient, place: str) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    quiet = client.post(f"{place}/others", data=mine, headers={"HX-Request": "true"})
    assert quiet.status_code == 200 and "saved on" not in quiet.text
    theirs: dict[str, Any] = {"summary": "He came late.", "what-0": "Ring the therapist"}
    other.send(place, go="stay", **theirs)
    told = client.post(f"{place}/others", data=mine, headers={"HX-Request": "true"}).text
    assert "saved on" in told and "Anything else that was said" in told and "Ring the therapist" in told
    assert "He came late." not in client.form(place)[1]["pupil_views"]


def test_more_lines_for_promises_need_no_script_and_lose_nothing(client: PageClient, place: str) -> None:
    client.sign_in("senco")
    for line in range(3):
        typed: dict[str, Any] = {f"what-{line * 3}": f"Promise {line}"}
        client.send(place, go="row", **typed)
    _action, values = client.form(place)
    assert [values[f"what-{line}"] for line in (0, 3, 6, 9)] == ["Promise 0", "Promise 1", "Promise 2", ""]
    client.send(place, go="stay")
    _action, saved = client.form(place)
    assert [saved[f"what-{line}"] for line in range(3)] == ["Promise 0", "Promise 1", "Promise 2"]


@pytest.mark.parametrize("wrong", [{"what-0": "Ring", "by-0": "31/2/2027"}, {"version": "1"}])
def test_what_could_not_be_saved_is_kept_though_the_browser_dies(
    client: PageClient, other: PageClient, place: str, wrong: dict[str, str]
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    other.send(place, go="stay", summary="Theirs.")
    answer = client.post(place, data={**mine, "summary": "Mine.", **wrong, "go": "stay"})
    assert answer.status_code in (409, 422)
    assert client.form(place)[1]["summary"] == "Mine."


def test_a_page_that_asks_by_itself_does_not_keep_a_sign_in_alive(client: PageClient, place: str) -> None:
    with held(NOW):
        client.sign_in("senco")
        _action, mine = client.form(place)
    for minutes in (10, 20, 29):
        with held(NOW + timedelta(minutes=minutes)):
            assert client.post(f"{place}/others", data=mine, headers={"HX-Request": "true"}).status_code == 200
    with held(NOW + timedelta(minutes=31)):
        assert client.post(f"{place}/others", data=mine, headers={"HX-Request": "true"}).status_code == 401
        assert client.get(place).status_code == 303


def test_words_that_come_after_the_sign_in_wait_at_their_own_form(client: PageClient, place: str) -> None:
    with held(NOW):
        client.sign_in("senco")
        _action, mine = client.form(place)
    with held(NOW + timedelta(hours=1)):
        typed = {**mine, "summary": "Typed after lunch."}
        late = client.post(f"/drafts?place={place}", data=typed, headers={"HX-Request": "true"})
        assert late.status_code == 401
        client.sign_in("senco")
        assert client.form(place)[1]["summary"] == "Typed after lunch."
