"""A colleague's saved words are never overwritten without a choice, whatever becomes of the page that asks for it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.review.rows import ReviewRecord
from graduated.review.services import start_review
from tests.review.scene import NOW, Scene, set_scene
from tests.review.sitting import record, shown
from tests.support.client import PageClient
from tests.support.world import World


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


@dataclass
class Quarrelling:
    """The SENCO in front of the page that asks: the lead saved "Theirs." where the SENCO wrote "Mine."."""

    app: Flask
    world: World
    mine: PageClient
    lead: PageClient
    place: str
    shown: dict[str, Any]

    def send(self, **typed: Any) -> TestResponse:
        """What stands in front of the SENCO, sent; whatever comes, the page that comes is in front of them then."""
        given = {**self.shown, "go": "stay", **typed}
        answer = self.mine.post(self.place, data={name: text for name, text in given.items() if text is not None})
        self.shown = shown(answer) if answer.status_code in (409, 422) else self.mine.form(self.place)[1]
        return answer

    def come_back(self) -> str:
        """The page opened anew; its words."""
        self.shown = self.mine.form(self.place)[1]
        return self.mine.text(self.place)

    @property
    def saved(self) -> ReviewRecord:
        """What is in the database."""
        return record(self.app, self.world, self.place)


@pytest.fixture
def asked(app: Flask, world: World, client: PageClient, other: PageClient, place: str) -> Quarrelling:
    client.sign_in("senco")
    other.send(place, go="stay", parent_views="First.", summary="As it was.")
    _action, opened = client.form(place)
    other.send(place, go="stay", parent_views="Theirs.", summary="Only theirs.")
    scene = Quarrelling(app, world, client, other, place, opened)
    assert scene.send(parent_views="Mine.").status_code == 409
    assert scene.saved.parent_views == "Theirs."
    return scene


def without_the_question(shown: dict[str, Any]) -> dict[str, Any]:
    """The fields as a page would send them that has lost what it asked."""
    return {name: None for name in shown if name.startswith(("saw-", "choose-"))}


def test_more_lines_forget_no_question(asked: Quarrelling) -> None:
    assert asked.send(go="row").status_code == 303
    text = asked.come_back()
    assert "Keep mine" in text and "Theirs." in text
    assert asked.shown["parent_views"] == "Mine."
    assert asked.send().status_code == 409
    assert asked.saved.parent_views == "Theirs."
    assert asked.send(**{"choose-parent_views": "both"}).status_code == 303
    assert (asked.saved.parent_views, asked.saved.summary) == ("Mine.\n\nTheirs.", "Only theirs.")


def test_more_lines_keep_what_was_chosen_already(asked: Quarrelling) -> None:
    asked.send(go="row", **{"choose-parent_views": "theirs"})
    asked.come_back()
    assert asked.shown["choose-parent_views"] == "theirs"
    assert asked.send().status_code == 303
    assert asked.saved.parent_views == "Theirs."


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
def test_a_mistake_in_a_field_forgets_no_question_and_no_choice(asked: Quarrelling, choice: str) -> None:
    wrong: dict[str, Any] = {"what-0": "Ring", "by-0": "31/2/2027"}
    answer = asked.send(**{**wrong, **without_the_question(asked.shown)})
    assert answer.status_code == 422 and "Theirs." in answer.text
    assert asked.send(**wrong, **{"choose-parent_views": choice}).status_code == 422
    assert asked.shown["choose-parent_views"] == choice
    assert asked.saved.parent_views == "Theirs."
    assert asked.shown["parent_views"] == "Mine.", "nothing is done with a choice before it is saved"
    assert asked.send(**{"by-0": "24/11/2026"}).status_code == 303
    kept = {"mine": "Mine.", "theirs": "Theirs.", "both": "Mine.\n\nTheirs."}
    assert asked.saved.parent_views == kept[choice]


def test_a_mistake_in_a_field_mended_without_a_choice_asks_again(asked: Quarrelling) -> None:
    wrong: dict[str, Any] = {"what-0": "Ring", "by-0": "31/2/2027", **without_the_question(asked.shown)}
    assert asked.send(**wrong).status_code == 422
    mended = asked.send(**{"by-0": "", **without_the_question(asked.shown)})
    assert mended.status_code == 409 and "Theirs." in mended.text
    assert asked.saved.parent_views == "Theirs."


def test_the_page_that_asked_comes_back_from_its_draft_and_asks(asked: Quarrelling) -> None:
    asked.mine.post(f"/drafts?place={asked.place}", data={**asked.shown, "pupil_views": "I read."})
    text = asked.come_back()
    assert "your words of" in text and "Theirs." in text and "Keep mine" in text
    assert asked.send(**without_the_question(asked.shown)).status_code == 409
    assert asked.saved.parent_views == "Theirs."
    assert asked.send(**{"choose-parent_views": "mine"}).status_code == 303
    said = asked.saved
    assert (said.parent_views, said.pupil_views, said.summary) == ("Mine.", "I read.", "Only theirs.")


@pytest.mark.parametrize("choice", ["mine", "theirs", "both"])
@pytest.mark.parametrize("third", ["Third.", "First."])
def test_a_choice_against_an_older_text_is_void(asked: Quarrelling, choice: str, third: str) -> None:
    asked.lead.send(asked.place, go="stay", parent_views=third)
    answer = asked.send(**{"choose-parent_views": choice})
    assert answer.status_code == 409 and third in answer.text
    assert asked.saved.parent_views == third
    assert asked.shown["parent_views"] == "Mine." and "choose-parent_views" not in asked.shown
    assert asked.send(**{"choose-parent_views": "both"}).status_code == 303
    assert asked.saved.parent_views == f"Mine.\n\n{third}"


def test_what_is_chosen_stands_while_another_field_is_still_asked(asked: Quarrelling) -> None:
    asked.lead.send(asked.place, go="stay", pupil_views="Hers.")
    answer = asked.send(pupil_views="His.", **{"choose-parent_views": "both"})
    assert answer.status_code == 409 and "choose-parent_views" not in answer.text
    assert asked.shown["parent_views"] == "Mine.\n\nTheirs."
    assert asked.send(**{"choose-pupil_views": "theirs"}).status_code == 303
    assert (asked.saved.parent_views, asked.saved.pupil_views) == ("Mine.\n\nTheirs.", "Hers.")


@pytest.mark.parametrize("go", ["seal", "ready", "leave", "not-ready"])
def test_no_button_goes_round_the_question(asked: Quarrelling, go: str) -> None:
    assert asked.send(go=go, **without_the_question(asked.shown)).status_code == 409
    said = asked.saved
    assert (said.parent_views, said.ready_by) == ("Theirs.", "")


def test_a_sign_in_that_ran_out_forgets_no_question(asked: Quarrelling) -> None:
    with held(NOW + timedelta(hours=1)):
        late = asked.mine.post(asked.place, data={**asked.shown, "pupil_views": "After lunch.", "go": "stay"})
        assert late.status_code == 303 and "/sign-in" in late.location
        asked.mine.sign_in("senco")
        text = asked.come_back()
        assert "Theirs." in text and "Keep mine" in text
        assert asked.send().status_code == 409
        assert asked.saved.parent_views == "Theirs."
        assert asked.send(**{"choose-parent_views": "both"}).status_code == 303
    assert (asked.saved.parent_views, asked.saved.pupil_views) == ("Mine.\n\nTheirs.", "After lunch.")


def test_going_back_in_the_browser_to_the_page_before_asks_again(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str
) -> None:
    client.sign_in("senco")
    _action, opened = client.form(place)
    other.send(place, go="stay", parent_views="Theirs.")
    for _ in range(2):
        assert client.post(place, data={**opened, "parent_views": "Mine.", "go": "stay"}).status_code == 409
    assert record(app, world, place).parent_views == "Theirs."


def test_two_windows_of_one_person_overwrite_each_other_as_little(
    app: Flask, world: World, client: PageClient, place: str
) -> None:
    client.sign_in("senco")
    _action, left = client.form(place)
    _action, right = client.form(place)
    assert client.post(place, data={**left, "parent_views": "Left.", "what-0": "Ring", "go": "stay"}).status_code == 303
    answer = client.post(place, data={**right, "parent_views": "Right.", "what-0": "Write", "go": "stay"})
    assert answer.status_code == 409 and "You, in another window, saved on" in answer.text
    again = {**shown(answer), "choose-parent_views": "both", "go": "stay"}
    assert client.post(place, data=again).status_code == 303
    said = record(app, world, place)
    assert said.parent_views == "Right.\n\nLeft."
    assert sorted(one.what for one in said.actions) == ["Ring", "Write"]


def test_promises_and_lists_of_both_stand_through_mistakes_more_lines_and_a_third_save(asked: Quarrelling) -> None:
    asked.lead.send(asked.place, go="stay", family=[str(asked.world.adults["parent"])], **{"what-0": "Ring"})
    staff = [str(asked.world.users["senco"])]
    both_asked: dict[str, Any] = {"what-0": "Write", "staff": staff, "by-1": "31/2/2027", "what-1": "Ask"}
    assert asked.send(**both_asked).status_code == 422
    asked.send(go="row", **{"by-1": ""})
    asked.lead.send(asked.place, go="stay", **{"what-1": "Read to her", "who-1": "Ms Vine"})
    asked.come_back()
    assert asked.send().status_code == 409
    assert sorted(one.what for one in asked.saved.actions) == ["Read to her", "Ring"]
    asked.lead.send(asked.place, go="stay", **{"what-0": "Ring today"})
    assert asked.send(**{"choose-parent_views": "theirs"}).status_code == 303
    said = asked.saved
    assert sorted(one.what for one in said.actions) == ["Ask", "Read to her", "Ring today", "Write"]
    assert {one.adult_id for one in said.attendees} - {None} == {asked.world.adults["parent"]}
    assert {one.user_id for one in said.attendees} - {None} == {asked.world.users["senco"]}


def test_an_outcome_that_was_judged_while_one_wrote_is_taken_in_with_its_words(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str, scene: Scene
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    marks = {name: mark for name, mark in json.loads(mine["opened"]).items() if str(scene.reads) not in name}
    theirs: dict[str, Any] = {f"judgement-{scene.reads}": "1", f"reason-{scene.reads}": "She reads on."}
    other.send(place, go="stay", **theirs)
    answer = client.post(place, data={**mine, "opened": json.dumps(marks), "summary": "Mine.", "go": "stay"})
    assert answer.status_code == 303
    said = record(app, world, place)
    assert ([one.reason for one in said.judgements], said.summary) == (["She reads on."], "Mine.")


def test_as_many_promises_as_two_people_make_stand(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    other.send(place, go="stay", **{f"what-{n}": f"Theirs {n}" for n in range(45)})
    answer = client.post(place, data={**mine, **{f"what-{n}": f"Mine {n}" for n in range(45)}, "go": "stay"})
    assert answer.status_code == 303
    assert len(record(app, world, place).actions) == 90


# Ready to be sealed ------------------------------------------------------------------------------------------------


def test_what_is_ready_is_ready_no_more_once_somebody_else_changed_it(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str
) -> None:
    client.sign_in("senco")
    other.send(place, go="ready", summary="All is said.")
    other.send(place, go="stay", summary="All is said, and thanked for.")
    assert record(app, world, place).ready_by == "Miriam Vine", "who said it may go on mending"
    client.send(place, go="stay")
    client.send(place, go="seal")
    assert record(app, world, place).ready_by == "Miriam Vine", "a look changes nothing"
    client.send(place, go="stay", summary="Another word.")
    assert "Miriam Vine had said that it is ready to be sealed" in client.text(place)
    said = record(app, world, place)
    assert (said.ready_by, said.ready_at, said.summary) == ("", None, "Another word.")


@pytest.mark.parametrize("go", ["ready", "seal"])
def test_nobody_calls_ready_or_seals_what_came_in_unread(
    app: Flask, world: World, client: PageClient, other: PageClient, place: str, go: str
) -> None:
    client.sign_in("senco")
    _action, mine = client.form(place)
    other.send(place, go="stay", summary="Only theirs.")
    answer = client.post(place, data={**mine, "pupil_views": "Mine.", "go": go})
    assert answer.status_code == 303 and answer.location.endswith(place)
    assert "Read what came in" in client.text(place)
    said = record(app, world, place)
    assert (said.summary, said.pupil_views, said.ready_by) == ("Only theirs.", "Mine.", "")
