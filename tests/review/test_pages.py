"""The sitting, the last look and the record as people use them, without JavaScript; and who may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.plan import services as plan
from graduated.plan.queries import cycles_of
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails
from graduated.review.queries import review_of, reviews_of
from graduated.review.services import save_review, seal_review, start_review
from graduated.rules.vocabulary import AgreementMethod, CycleStatus, NeedArea, NextStep
from tests.review.scene import STARTS, TODAY, Scene, log, measure, said, set_scene, written
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        made = set_scene(world)
        measure(made, 8)
        log(made, *_some_days())
        return made


def _some_days() -> list[Any]:
    return [STARTS + timedelta(days=n) for n in (0, 2, 7, 9)]


def open_review(app: Flask, world: World, scene: Scene, step: NextStep | None = None, **more: Any) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        if step is None:
            return start_review(scene.cycle_id)
        return written(scene, step, **more)


def sealed_review(app: Flask, world: World, scene: Scene) -> int:
    review_id = open_review(app, world, scene, NextStep.ANOTHER_CYCLE)
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        return seal_review(review_id)


def answers(scene: Scene, **more: Any) -> dict[str, Any]:
    """What a SENCO types into the sitting."""
    return {
        "with_parent": "yes",
        "family": str(scene.adult_id),
        "pupil_present": "y",
        "pupil_views": "I like the graph.",
        "parent_views": "She reads at home now.",
        f"judgement-{scene.reads}": "1",
        f"reason-{scene.reads}": "Corrects herself in most lines.",
        f"judgement-{scene.asks}": "-1",
        f"reason-{scene.asks}": "Asks when she is prompted.",
        f"verdict-{scene.precision}": "continue",
        f"why-{scene.precision}": "It works.",
        f"verdict-{scene.in_class}": "change",
        f"why-{scene.in_class}": "Too many adults at once.",
        "what-0": "Move Zofia nearer the front",
        "who-0": "Miriam Vine",
        "by-0": "4/12/2090",
        "step": "another-cycle",
        "reason": "One outcome is ahead, the other needs longer.",
        **more,
    }


def test_a_review_from_start_to_seal_without_javascript(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    response = client.send(f"/cycles/{scene.cycle_id}/review/new", kind="ordinary")
    place = response.location
    text = client.text(place)
    assert "Reads a Year 4 text aloud" in text and "From 14 to 8, aim 5" in text and "67% of the way" in text
    assert "60 of" in text and "not recorded" in text
    response = client.send(place, go="seal", **answers(scene))
    assert response.location.endswith("/seal")
    text = client.text(response.location)
    assert "Cycle 2 opens as a draft" in text
    assert "Precision reading continues; its sessions go on counting" in text
    assert "nothing in this record can be changed" in text
    response = client.send(f"{place}/seal")
    assert response.location.endswith("/record")
    text = client.text(response.location)
    assert "Sealed by Hannah Legg" in text and "Move Zofia nearer the front (Miriam Vine) by 4 Dec 2090" in text
    assert "Some progress: another plan-do-review cycle" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [one.status for one in cycles_of(scene.pupil_id)] == [CycleStatus.REVIEWED, CycleStatus.DRAFT]


def test_sealing_twice_is_harmless(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = open_review(app, world, scene, NextStep.ANOTHER_CYCLE)
    client.sign_in("senco")
    place = f"/reviews/{review_id}/seal"
    _action, values = client.form(place)
    first, second = client.post(place, data=values), client.post(place, data=values)
    assert (first.status_code, second.status_code) == (303, 403)  # a sealed review is not the SENCO's to write
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(cycles_of(scene.pupil_id)) == 2


def test_what_is_missing_is_said_before_sealing_with_a_way_back(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    review_id = open_review(app, world, scene)
    client.sign_in("senco")
    text = client.text(f"/reviews/{review_id}/seal")
    assert "Choose the next step." in text and "Judge the outcome: Reads a Year 4 text" in text
    assert "Seal as" not in text


def test_saving_keeps_what_is_there_and_asks_for_no_more(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    review_id = open_review(app, world, scene)
    client.sign_in("lead")
    place = f"/reviews/{review_id}"
    client.send(place, go="stay", **{f"reason-{scene.reads}": "Early to say.", "pupil_views": "Fine."})
    _action, values = client.form(place)
    assert values[f"reason-{scene.reads}"] == "Early to say." and values["pupil_views"] == "Fine."
    text = client.text(place)
    assert "Check and seal" not in text and "The SENCO seals the review" in text


def test_a_date_that_is_none_is_said_beside_its_box(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = open_review(app, world, scene)
    client.sign_in("senco")
    response = client.send(f"/reviews/{review_id}", status=422, **{"what-0": "Ring", "by-0": "31/2/2027"})
    assert "31 February is not a date" in response.text


@pytest.mark.parametrize("sent", ["²", "9" * 5000, "x"])
def test_a_promise_with_no_real_number_is_a_new_one(
    app: Flask, client: PageClient, world: World, scene: Scene, sent: str
) -> None:
    review_id = open_review(app, world, scene)
    client.sign_in("senco")
    client.send(f"/reviews/{review_id}", go="stay", **{"what-0": "Ring the therapist", "action-0": sent})
    _action, values = client.form(f"/reviews/{review_id}")
    assert values["what-0"] == "Ring the therapist"


def test_two_people_at_one_review_see_each_others_words(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    review_id = open_review(app, world, scene)
    place = f"/reviews/{review_id}"
    client.sign_in("senco")
    _action, mine = client.form(place)
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("lead")
    other.send(place, go="stay", parent_views="He says it is going well.")
    response = client.post(place, data={**mine, "parent_views": "She says it is going well.", "go": "stay"})
    assert response.status_code == 409
    assert "He says it is going well." in response.text and "She says it is going well." in response.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id).parent_views == "He says it is going well."


def test_typed_words_come_back_after_a_crash(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = open_review(app, world, scene)
    place = f"/reviews/{review_id}"
    client.sign_in("senco")
    _action, values = client.form(place)
    client.post(f"/drafts?place={place}", data={**values, "pupil_views": "I want to read to my brother."})
    assert "I want to read to my brother." in client.form(place)[1]["pupil_views"]
    assert "not saved yet" in client.text(place)


def test_the_suggestion_follows_what_is_chosen(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = open_review(app, world, scene)
    place = f"/reviews/{review_id}"
    client.sign_in("senco")
    _action, values = client.form(place)
    response = client.post(f"{place}/suggestion", data={**values, "urgent": "y"}, headers={"HX-Request": "true"})
    assert "consider an EHC needs assessment" in response.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id).judgements == ()


def test_the_four_steps_say_what_they_will_do(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = open_review(app, world, scene)
    client.sign_in("senco")
    text = client.text(f"/reviews/{review_id}")
    for words in (
        "The register becomes N",
        "Cycle 2 opens as a draft",
        "You say which service",
        "A draft request opens",
        "themselves, at any time",
    ):
        assert words in text


def test_a_sealed_review_cannot_be_written_by_any_route(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    review_id = open_review(app, world, scene, NextStep.ANOTHER_CYCLE)
    client.sign_in("senco")
    _action, values = client.form(f"/reviews/{review_id}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seal_review(review_id)
        before = review_of(review_id)
    for path in (f"/reviews/{review_id}", f"/reviews/{review_id}/seal", f"/reviews/{review_id}/suggestion"):
        refused = client.post(path, data={**values, "pupil_views": "Changed"})
        led = refused.status_code == 303 and refused.location == f"/reviews/{review_id}/record"
        assert led if path.endswith(str(review_id)) else refused.status_code == 403
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id) == before


def test_an_addendum_is_added_by_the_senco_or_the_head_only(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    review_id = sealed_review(app, world, scene)
    place = f"/reviews/{review_id}/addendum"
    client.sign_in("head")
    client.send(place, text="The therapist’s report came on Friday.", why="It was late.")
    assert "The therapist’s report came on Friday." in client.text(f"/reviews/{review_id}/record")
    for who, status in (("assistant", 403), ("lead", 403), ("ta", 404), ("other_teacher", 404)):
        other = app.test_client()
        assert isinstance(other, PageClient)
        assert other.sign_in(who).status(place) == status, who


def test_the_record_prints(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    review_id = sealed_review(app, world, scene)
    client.sign_in("senco")
    response = client.get(f"/reviews/{review_id}/record.pdf")
    assert response.status_code == 200 and response.data.startswith(b"%PDF")


@pytest.mark.parametrize(
    ("who", "edit", "seal", "read_open", "read_sealed"),
    [
        ("senco", 200, 200, 200, 200),
        ("assistant", 200, 403, 200, 200),
        ("head", 403, 403, 200, 200),
        ("lead", 200, 403, 200, 200),
        ("teacher", 403, 403, 200, 200),
        ("other_teacher", 404, 404, 404, 404),
        ("ta", 403, 403, 200, 404),
        ("safeguarding", 403, 403, 200, 200),
        ("admin", 404, 404, 404, 404),
        ("parent", 404, 404, 404, 404),
        ("barred_parent", 404, 404, 404, 404),
        ("other_school", 404, 404, 404, 404),
    ],
)
def test_who_may_write_seal_and_read(
    app: Flask,
    client: PageClient,
    world: World,
    scene: Scene,
    who: str,
    edit: int,
    seal: int,
    read_open: int,
    read_sealed: int,
) -> None:
    review_id = open_review(app, world, scene, NextStep.ANOTHER_CYCLE)
    client.sign_in(who)
    assert client.status(f"/reviews/{review_id}") == edit
    assert client.status(f"/reviews/{review_id}/seal") == seal
    assert client.status(f"/reviews/{review_id}/record") == read_open
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seal_review(review_id)
    assert client.status(f"/reviews/{review_id}/record") == read_sealed


def test_the_list_shows_what_is_due_and_what_was_held(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    text = client.text("/reviews")
    assert "Zofia Szymańska" in text and "Due today" in text and "Start the review" in text
    review_id = sealed_review(app, world, scene)
    text = client.text("/reviews")
    assert "Some progress: another plan-do-review cycle" in text and "1 of" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert [row.review_id for row in reviews_of(scene.pupil_id)] == [review_id]


def test_a_promise_is_ticked_off(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = start_review(scene.cycle_id)
        save_review(review_id, said(scene, NextStep.COME_OFF))
        seal_review(review_id)
        (action,) = review_of(review_id).actions
    client.sign_in("senco")
    token = client.token()
    assert client.post(f"/actions/{action.action_id}/done", data={"csrf_token": token}).status_code == 303
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id).actions[0].done_on is not None
    assert re.search("done", client.text(f"/reviews/{review_id}/record"))


def test_a_review_far_ahead_is_a_date_and_not_yet_work(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for who, due in (("zofia", TODAY + timedelta(days=20)), ("reuben", TODAY + timedelta(days=80))):
            cycle_id = plan.open_cycle(world.pupils[who], CycleFrame(STARTS, due))
            plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
            plan.agree(cycle_id, AgreementDetails(STARTS, AgreementMethod.PHONE, agreed_ids=(world.adults["parent"],)))
    client.sign_in("senco")
    text = client.text("/reviews")
    assert text.index("In the next four weeks") < text.index("Zofia") < text.index("Later") < text.index("Reuben")
    assert text.count("Prepare") == 1 and "Start the review" not in text
