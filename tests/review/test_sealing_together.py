"""Several reviews sealed in one act: what is ready, what follows on one page, and each by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.plan.queries import cycles_of, plans_of
from graduated.review.queries import review_of
from graduated.review.services import save_review, start_review
from graduated.rules.vocabulary import NextStep, SenStatus, YearGroup
from tests.register.counting import counted
from tests.review.scene import TODAY, Scene, said, set_scene, written
from tests.support.client import PageClient
from tests.support.world import World, _pupil

LIST, TOGETHER = "/reviews/to-seal", "/reviews/to-seal/together"
OTHERS = (("reuben", "other_parent"), ("poppy", "staff_parent"))


def three_written(app: Flask, world: World, scene: Scene) -> dict[str, int]:
    """Three reviews in which everything is said: ids by pupil."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        ids = {"zofia": written(scene, NextStep.ANOTHER_CYCLE)}
        for pupil, adult in OTHERS:
            ids[pupil] = written(set_scene(world, pupil, adult), NextStep.COME_OFF)
        return ids


def together(ids: Any) -> str:
    return f"{TOGETHER}?{'&'.join(f'review={one}' for one in ids)}"


def is_sealed(app: Flask, world: World, review_id: int) -> bool:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return review_of(review_id).sealed


# Ready to be sealed -----------------------------------------------------------------------------------------------


def test_the_lead_calls_a_review_ready_and_takes_it_back(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = written(scene, NextStep.ANOTHER_CYCLE)
    place = f"/reviews/{review_id}"
    client.sign_in("lead")
    answer = client.send(place, go="ready")
    assert answer.location.endswith("/reviews")
    assert "waits for the SENCO to seal it" in client.get("/reviews").text
    text = client.text(place)
    assert "Miriam Vine said on" in text and "Not ready after all" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id).ready_by == "Miriam Vine"
    client.send(place, go="not-ready")
    text = client.text(place)
    assert "Ready to be sealed" in text and "Miriam Vine said on" not in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        record = review_of(review_id)
        assert (record.ready_by, record.ready_at, record.sealed) == ("", None, False)


def test_what_only_waits_for_its_seal_is_not_late_and_leads_whoever_seals_to_it(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = written(scene, NextStep.ANOTHER_CYCLE)
        with write("Review due last week"):
            db.session.scalars(select(Cycle).where(Cycle.id == scene.cycle_id)).one().review_due = TODAY - timedelta(8)
    client.sign_in("lead")
    assert "days late" in client.text("/today")
    client.send(f"/reviews/{review_id}", go="ready")
    words = client.text("/today")
    assert "It is written, and waits for its seal.Go on" in words
    assert "days late" not in words
    words = client.sign_in("senco").text("/today")
    assert "It is written, and waits for its seal.Look and seal" in words
    assert f'href="/reviews/{review_id}/seal"' in client.get("/today").text


def test_saving_without_a_word_of_it_leaves_a_review_as_ready_as_it_was(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = written(scene, NextStep.ANOTHER_CYCLE)
    client.sign_in("lead")
    client.send(f"/reviews/{review_id}", go="ready")
    client.send(f"/reviews/{review_id}", go="stay", summary="And thank you.")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert review_of(review_id).ready_by == "Miriam Vine"


def test_a_review_called_ready_too_early_says_what_is_missing(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = start_review(scene.cycle_id)
    client.sign_in("lead")
    answer = client.send(f"/reviews/{review_id}", go="ready")
    assert answer.location.endswith(f"/reviews/{review_id}")
    assert "It waits to be sealed, but first:" in client.get(answer.location).text
    senco = app.test_client()
    assert isinstance(senco, PageClient)
    senco.sign_in("senco")
    text = senco.text(LIST)
    assert "Said to be ready, with something missing" in text and "Choose the next step." in text
    assert "Look at what follows" not in text
    assert "1 said to be ready, with something missing" in senco.text("/reviews")


# The list and the last look ---------------------------------------------------------------------------------------


def test_the_list_holds_what_is_ready_and_what_is_complete_and_no_more(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    ids = three_written(app, world, scene)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        start_review(set_scene(world, "ivy").cycle_id)
    client.sign_in("senco")
    assert "3 reviews are ready to be sealed" in client.text("/reviews")
    text = client.text(LIST)
    assert all(name in text for name in ("Zofia Szymańska", "Reuben Trevett", "Poppy Rendell"))
    assert "Ivy" not in text and "nobody has called it ready" in text
    assert f"/reviews/{ids['zofia']}/seal" in client.get(LIST).text


def test_all_that_follows_stands_on_one_page(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    ids = three_written(app, world, scene)
    client.sign_in("senco")
    text = client.text(together(ids.values()))
    assert "Cycle 2 opens as a draft" in text and "Precision reading continues" in text
    assert "Reuben comes off SEN support" in text and "Poppy comes off SEN support" in text
    one_page = client.text(f"/reviews/{ids['zofia']}/seal")
    for sentence in ("Cycle 2 opens as a draft", "Carried into it: “Asks for help at least three times a day”"):
        assert sentence in text and sentence in one_page


def test_nothing_ticked_goes_back_to_the_list(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    assert client.get(TOGETHER).location.endswith(LIST)


def test_sealing_with_no_tick_left_says_so(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    ids = three_written(app, world, scene)
    client.sign_in("senco")
    answer = client.send(together(ids.values()), status=422, reviews=[])
    assert "Tick at least one review to seal" in answer.text


# Sealing ----------------------------------------------------------------------------------------------------------


def test_each_is_sealed_by_itself_and_the_page_says_what_became_of_each(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    ids = three_written(app, world, scene)
    client.sign_in("senco")
    path = together(ids.values())
    action, values = client.form(path)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        save_review(ids["reuben"], said(_scene_of(world, "reuben"), NextStep.ANOTHER_CYCLE))
    answer = client.post(action, data=values)
    assert answer.status_code == 200
    assert "2 reviews are sealed, 1 not" in answer.text
    assert "Reuben Trevett</b>: Somebody changed it since this page was opened." in answer.text
    assert [is_sealed(app, world, ids[who]) for who in ("zofia", "reuben", "poppy")] == [True, False, True]
    assert "1 review is ready to be sealed" in client.text("/reviews")


def _scene_of(world: World, pupil: str) -> Scene:
    """The ids of a plan that stands already."""
    plan = plans_of(world.pupils[pupil])[-1]
    outcomes, provisions = plan.outcomes, plan.provisions
    return Scene(
        world.pupils[pupil], plan.cycle.cycle_id, outcomes[0].outcome_id, outcomes[1].outcome_id,
        provisions[0].provision_id, provisions[1].provision_id, 0, world.adults["other_parent"],
    )  # fmt: skip


def test_the_same_form_sent_twice_seals_once_and_says_the_same(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    ids = three_written(app, world, scene)
    client.sign_in("senco")
    action, values = client.form(together(ids.values()))
    first, second = client.post(action, data=values), client.post(action, data=values)
    assert "3 reviews are sealed" in first.text and "3 reviews are sealed" in second.text
    assert "Not sealed" not in second.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(cycles_of(scene.pupil_id)) == 2


def test_a_review_that_somebody_else_sealed_meanwhile_is_named(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    ids = three_written(app, world, scene)
    client.sign_in("senco")
    action, values = client.form(together([ids["zofia"], ids["poppy"]]))
    client.send(f"/reviews/{ids['zofia']}/seal")
    answer = client.post(action, data=values)
    assert "1 review is sealed, 1 not" in answer.text
    assert "Zofia Szymańska</b>: This review is sealed already." in answer.text


@pytest.mark.parametrize("sent", ["9999:1", "x", "1", ":", "9" * 30 + ":1"])
def test_what_was_not_on_the_page_is_not_sealed(client: PageClient, scene: Scene, sent: str) -> None:
    client.sign_in("senco")
    answer = client.post(TOGETHER, data={"reviews": sent, "csrf_token": client.token()})
    assert "No review is sealed" in answer.text


def test_only_who_seals_finds_the_page(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    three_written(app, world, scene)
    client.sign_in("lead")
    assert client.status(LIST) == 403
    assert "ready to be sealed" not in client.text("/reviews")


def test_the_number_of_queries_is_the_same_for_one_and_for_many(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        ids = [written(scene, NextStep.ANOTHER_CYCLE)]
    client.sign_in("senco")
    client.page(LIST), client.page(together(ids))
    sent = []
    for _turn in range(2):
        for path in (LIST, together(ids), "/reviews"):
            with counted(app) as statements:
                client.page(path)
            sent.append(len(statements))
        if len(ids) == 1:
            with app.app_context(), acting(system_actor(world.school_id, "Tests")):
                ids += thirty_more(world)
    assert sent[:3] == sent[3:]


def thirty_more(world: World) -> list[int]:
    """Reviews of as many pupils more, each with a plan of their own."""
    with write("Pupils made"):
        for number in range(29):
            key = f"more-{number}"
            world.pupils[key] = _pupil("Many", f"Pupil{number}", date(2016, 3, 3), YearGroup.Y5, SenStatus.SUPPORT)
    found = []
    for number in range(29):
        made = set_scene(world, f"more-{number}", "parent")
        made.adult_id = None
        found.append(written(made, NextStep.ANOTHER_CYCLE))
    return found
