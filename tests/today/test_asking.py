"""Before a review: who was asked, what came, and what each person's Today says of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting
from graduated.db.clock import held
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.plan.models import Asked, Contribution
from graduated.plan.queries import plan_of
from graduated.review.services_asking import Said, Seen, ask_family, ask_staff, contribute
from graduated.rules.vocabulary import Judgement, ViewOf
from tests.review.scene import NOW, TODAY, Scene
from tests.support.client import PageClient
from tests.support.world import World, email_of


def _asked(app: Flask, system: Actor) -> int:
    with app.app_context(), acting(system):
        return len(db.session.scalars(select(Asked.id)).all())


def test_one_click_asks_everybody_of_the_next_reviews_and_a_second_asks_nobody(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    client.sign_in("senco")
    assert "nobody was asked to contribute" in client.text("/today")
    text = client.text("/reviews/ask")
    assert "1 pupil, 2 people" in text
    assert "Tom Fry" in text and "Sheila Tuck" in text and "Miriam Vine" not in text  # the lead teacher leads it
    people = [f"{scene.cycle_id}-{world.users[who]}" for who in ("teacher", "ta")]
    client.send("/reviews/ask", people=people)
    assert _asked(app, system) == 2
    assert "asked on" in client.text("/reviews/ask")
    client.send("/reviews/ask", people=people)
    assert _asked(app, system) == 2
    assert "nobody was asked to contribute" not in client.text("/today")


def test_the_list_can_be_thinned_out(app: Flask, client: PageClient, world: World, scene: Scene, system: Actor) -> None:
    client.sign_in("senco")
    client.send("/reviews/ask", people=[f"{scene.cycle_id}-{world.users['ta']}"])
    with app.app_context(), acting(system):
        assert db.session.scalars(select(Asked.user_id)).all() == [world.users["ta"]]


def test_nobody_can_be_asked_about_a_pupil_they_do_not_work_with(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    client.sign_in("senco")
    client.send("/reviews/ask", status=422, people=[f"{scene.cycle_id}-{world.users['other_teacher']}"])
    assert _asked(app, system) == 0


@pytest.mark.parametrize("who", ["teacher", "ta"])
def test_who_is_asked_has_a_line_that_leads_to_the_form_and_goes_once_it_is_sent(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor, who: str
) -> None:
    with app.app_context(), acting(system):
        ask_staff([(scene.cycle_id, world.users[who])], TODAY)
    client.sign_in(who)
    assert "Asked of you" in client.text("/today")
    place = f"/cycles/{scene.cycle_id}/say"
    assert place in client.get("/today").get_data(as_text=True)
    words: dict[str, Any] = {
        f"seen-{scene.reads}": "1",
        f"words-{scene.reads}": "Reads to the end",
        "works": "A word mat",
    }
    client.send(place, **words)
    assert "Asked of you" not in client.text("/today")
    with app.app_context(), acting(system):
        said = plan_of(scene.cycle_id).contributions
    assert [(one.outcome_id, one.text, one.works) for one in said] == [
        (None, "", "A word mat"),
        (scene.reads, "More than expected: Reads to the end", ""),
    ]


def test_an_empty_form_is_refused(client: PageClient, scene: Scene) -> None:
    client.sign_in("teacher")
    client.send(f"/cycles/{scene.cycle_id}/say", status=422)


def test_writing_again_keeps_the_older_words_and_the_newest_count(
    app: Flask, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        contribute(scene.cycle_id, Said({scene.reads: Seen(Judgement.LESS, "Guesses")}))
        with held(NOW + timedelta(minutes=5)):
            contribute(scene.cycle_id, Said({scene.asks: Seen(None, "Asks twice a day")}, works="Time to think"))
        said = plan_of(scene.cycle_id).contributions
        kept = db.session.scalars(select(Contribution.text).order_by(Contribution.id)).all()
    assert [one.text for one in said] == ["", "Asks twice a day"]
    assert "Less than expected: Guesses" in kept


def test_the_words_stand_in_the_sitting_under_the_name(client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    words: dict[str, Any] = {f"seen-{scene.reads}": "0", f"words-{scene.reads}": "Steady"}
    client.send(f"/cycles/{scene.cycle_id}/say", **words)
    client.sign_in("lead")
    sitting = client.send(f"/cycles/{scene.cycle_id}/review/new").headers["Location"]
    assert "As expected: Steady Sheila Tuck" in client.text(sitting)


def test_a_reminder_says_nothing_of_the_child(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        ask_staff([(scene.cycle_id, world.users["teacher"])], TODAY)
    client.sign_in("senco")
    client.send(f"/cycles/{scene.cycle_id}/ask", 0)
    with app.app_context(), acting(system):
        letter = db.session.scalars(select(Post)).one()
    assert letter.recipient == email_of("teacher")
    for words in ("Zofia", "Szyma", "SEN", "Year 5"):
        assert words not in letter.subject + letter.body


def test_the_forms_for_the_family_speak_plainly_and_asking_is_noted(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    client.sign_in("senco")
    child = client.text(f"/cycles/{scene.cycle_id}/views-form")
    assert "Zofia, what do you think?" in child and "How is school?" in child
    parents = f"/cycles/{scene.cycle_id}/views-form?adult={world.adults['parent']}"
    assert "Anna" in client.text(parents)
    client.send(parents)
    client.send(parents)
    with app.app_context(), acting(system):
        rows = db.session.execute(select(Asked.whose, Asked.adult_id)).all()
    assert [tuple(row) for row in rows] == [(ViewOf.PARENT, world.adults["parent"])]
    assert "views have not come" in client.text("/today")


def test_a_barred_parent_is_not_asked(client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("senco")
    assert "Marek" not in client.text(f"/cycles/{scene.cycle_id}/ask")


def test_an_attempt_that_brought_nothing_closes_the_line(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        ask_family(scene.cycle_id, ViewOf.PUPIL, None, None)
    client.sign_in("senco")
    assert "own views have not come" in client.text("/today")
    client.send(
        f"/pupils/{scene.pupil_id}/views/new", method="attempted", text="Asked twice in form time; did not want to say"
    )
    assert "own views have not come" not in client.text("/today")
