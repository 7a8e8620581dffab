"""A review before its time, and the next plan agreed while everybody still sits together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.plan.queries import cycles_of, plan_of
from graduated.review.queries import reviews_of
from graduated.review.services import seal_review
from graduated.rules.vocabulary import AgreementMethod, CycleStatus, NextStep
from tests.review.scene import NOW, TODAY, Scene, sealed, set_scene, written
from tests.support.client import PageClient
from tests.support.world import World

# Interim ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["senco", "lead"])
def test_an_interim_review_is_one_click_from_the_pupil(
    app: Flask, client: PageClient, world: World, scene: Scene, who: str
) -> None:
    client.sign_in(who)
    pupil = f"/pupils/{scene.pupil_id}"
    place = f"/cycles/{scene.cycle_id}/review/new?kind=interim"
    assert "Major concerns? Hold an interim review now" in client.text(pupil)
    assert place in client.get(pupil).text
    action, values = client.form(place)
    assert values["kind"] == "interim" and values["held_on-day"] == str(TODAY.day)
    answer = client.post(action, data=values)
    assert answer.status_code == 303 and "/reviews/" in answer.location
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (review,) = reviews_of(scene.pupil_id)
        assert review.interim and review.held_on == TODAY
    assert "Hold an interim review now" not in client.text(pupil)  # one is open: it is gone on with


def test_who_holds_no_reviews_is_not_offered_one(client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    assert "interim review" not in client.text(f"/pupils/{scene.pupil_id}")


def test_after_an_interim_review_the_running_plan_goes_on_and_another_can_follow(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
        assert [one.status for one in cycles_of(scene.pupil_id)] == [CycleStatus.AGREED]
    client.sign_in("senco")
    assert "Hold an interim review now" in client.text(f"/pupils/{scene.pupil_id}")


# The same sitting -------------------------------------------------------------------------------------------------


def test_from_the_seal_to_the_agreed_plan_in_one_sitting(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = written(scene, NextStep.ANOTHER_CYCLE)
    client.sign_in("senco")
    record = client.send(f"/reviews/{review_id}/seal").location
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        draft_id = cycles_of(scene.pupil_id)[-1].cycle_id
    assert "Go on to the next plan" in client.text(record)
    assert f"/cycles/{draft_id}/edit" in client.get(record).text
    agree = f"/cycles/{draft_id}/agree"
    assert agree in client.get(f"/cycles/{draft_id}/edit").text
    assert "Filled in from the review held on" in client.text(agree)
    _action, values = client.form(agree)
    assert values["agreed_ids"] == str(scene.adult_id) and values["method"] == "meeting"
    assert values["agreed_on-day"] == str(TODAY.day) and "pupil_took_part" in values
    client.send(agree)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        plan = plan_of(draft_id)
        (agreement,) = plan.agreements
        assert plan.cycle.status is CycleStatus.AGREED
        assert (agreement.agreed_on, agreement.method) == (TODAY, AgreementMethod.MEETING)
        assert agreement.agreed == ("Anna Szymańska",) and agreement.pupil_took_part


def test_a_plan_agreed_long_after_its_review_is_not_filled_in_from_it(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seal_review(written(scene, NextStep.ANOTHER_CYCLE))
        draft_id = cycles_of(scene.pupil_id)[-1].cycle_id
    with held(NOW + timedelta(days=8)):
        client.sign_in("senco")
        _action, values = client.form(f"/cycles/{draft_id}/agree")
    assert "agreed_ids" not in values and "method" not in values
    assert values["agreed_on-day"] == str((TODAY + timedelta(days=8)).day)


def test_after_a_review_without_a_parent_nobody_is_ticked(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        scene = set_scene(world)
        scene.adult_id = None
        sealed(scene, NextStep.ANOTHER_CYCLE)
        draft_id = cycles_of(scene.pupil_id)[-1].cycle_id
    client.sign_in("senco")
    _action, values = client.form(f"/cycles/{draft_id}/agree")
    assert "agreed_ids" not in values
