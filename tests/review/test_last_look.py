"""The last look before the seal shows all that cannot be changed afterwards; the letter knows an agreed next plan."""

from __future__ import annotations

from dataclasses import replace

from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.plan import services as plan
from graduated.plan.services import AgreementDetails
from graduated.review.queries import review_of, seal_details_of
from graduated.review.services import Promise, save_review, start_review
from graduated.review.sitting import table_of
from graduated.rules.vocabulary import AgreementMethod, NextStep
from graduated.web.filters import long_date, short_date
from tests.review.scene import TODAY, Scene, said, sealed
from tests.support.client import PageClient
from tests.support.world import World


def test_the_last_look_shows_reasons_views_figures_and_actions_with_their_dates(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        review_id = start_review(scene.cycle_id)
        promised = (Promise("Sends the word list home", "Carys Pugh", TODAY),)
        save_review(
            review_id, replace(said(scene, NextStep.ANOTHER_CYCLE), promises=promised, summary="The hall is loud.")
        )
        delivered = table_of(review_of(review_id)).provisions[0].dose.sentence
    text = client.sign_in("senco").text(f"/reviews/{review_id}/seal")
    for words in (
        "Corrects herself in most lines.", "Asks when she is prompted.", "It works.", "Too many adults at once.",
        "I like the reading graph.", "She reads at home now.", "At the meeting", "The hall is loud.", delivered,
        f"Sends the word list home (Carys Pugh) by {short_date(TODAY)}", "Mrs Kowalska", "Seal as",
    ):  # fmt: skip
        assert words in text, words


def test_the_letter_speaks_of_agreeing_until_the_next_plan_is_agreed(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        review_id = sealed(scene, NextStep.ANOTHER_CYCLE)
        followed = seal_details_of(review_id)
    client.sign_in("senco")
    place = f"/reviews/{review_id}/letter"
    assert "with a new plan, which we would like to agree with you." in client.text(place)
    assert followed is not None and followed.next_cycle_id is not None
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        agreed = AgreementDetails(TODAY, AgreementMethod.MEETING, agreed_ids=(scene.adult_id or 0,))
        plan.agree(followed.next_cycle_id, agreed)
    text = client.text(place)
    assert f"with a new plan, which was agreed on {long_date(TODAY)}." in text and "would like to agree" not in text
