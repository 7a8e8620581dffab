"""What stands on Today by role, on one day on which something of each kind waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting
from graduated.assess.models import Concern
from graduated.db.clock import held
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Asked, Cycle
from graduated.review.services_asking import ask_staff
from graduated.rules.vocabulary import ConcernStatus, CycleStatus
from tests.review.scene import NOW, STARTS, TODAY, Scene
from tests.support.client import PageClient
from tests.support.world import World

UNTOLD = "nothing says that the parents were told"
REVIEWS, ASKED_OF_ME, NOT_COME = "Due today", "Asked of you", "Tom Fry has not contributed yet"
CONCERN, SILENT, FIGURES = "no meeting yet about this concern", "Sessions not logged", "Reviews held"


@pytest.fixture
def scene(app: Flask, world: World, system: Actor, scene: Scene) -> Scene:
    """Zofia's review is due and Mr Fry was asked a week ago; Reuben's parents were not told; a concern waits."""
    with app.app_context(), acting(system):
        with held(NOW - timedelta(days=7)):
            ask_staff([(scene.cycle_id, world.users["teacher"])], TODAY - timedelta(days=1))
        with write("Plan agreed elsewhere"):
            db.session.add(
                Cycle(
                    pupil_id=world.pupils["reuben"],
                    number=1,
                    status=CycleStatus.AGREED,
                    starts=STARTS,
                    agreed_on=STARTS,
                    review_due=TODAY + timedelta(days=60),
                )
            )
        with write("Concern raised"):
            db.session.add(
                Concern(
                    pupil_id=scene.pupil_id,
                    raised_by="Tom Fry",
                    raised_on=TODAY - timedelta(days=20),
                    text="Rubs her eyes after lunch and reads the same line twice",
                    status=ConcernStatus.RAISED,
                )
            )
        return scene


@pytest.mark.parametrize(
    ("who", "stands", "missing"),
    [
        ("senco", {REVIEWS, NOT_COME, UNTOLD, CONCERN, SILENT, FIGURES}, {ASKED_OF_ME}),
        ("head", {REVIEWS, UNTOLD, CONCERN, SILENT, FIGURES}, {ASKED_OF_ME, NOT_COME}),
        ("safeguarding", {REVIEWS, UNTOLD, CONCERN, SILENT, FIGURES}, {ASKED_OF_ME, NOT_COME}),
        ("lead", {REVIEWS, NOT_COME, CONCERN}, {ASKED_OF_ME, UNTOLD}),
        ("teacher", {REVIEWS, ASKED_OF_ME, CONCERN}, {NOT_COME, UNTOLD}),
        ("ta", {REVIEWS, CONCERN}, {ASKED_OF_ME, NOT_COME, UNTOLD, FIGURES}),
        ("admin", set(), {REVIEWS, ASKED_OF_ME, NOT_COME, UNTOLD, CONCERN, SILENT, FIGURES}),
    ],
)
def test_each_sees_what_is_theirs(
    client: PageClient, world: World, scene: Scene, who: str, stands: set[str], missing: set[str]
) -> None:
    client.sign_in(who)
    text = client.text("/today")
    assert {words for words in stands | missing if words in text} == stands


def test_a_concern_that_waits_too_long_leads_to_its_meeting(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    page = client.get("/today").get_data(as_text=True)
    assert "/meeting" in page and "Rubs her eyes" in page
    assert "/meeting" not in client.sign_in("head").get("/today").get_data(as_text=True)


def test_one_click_on_today_reminds_and_a_second_writes_no_second_letter(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system):
        (asked_id,) = db.session.scalars(select(Asked.id)).all()
    token = client.token()
    for _ in range(2):
        answer = client.post(f"/asked/{asked_id}/remind", data={"csrf_token": token})
        assert answer.headers["Location"].endswith("/today")
    with app.app_context(), acting(system):
        assert len(db.session.scalars(select(Post)).all()) == 1
        assert len(db.session.scalars(select(Asked.id)).all()) == 2
    text = client.text("/today")
    assert "reminded on" in text
    assert f"/asked/{asked_id}/remind" not in client.get("/today").get_data(as_text=True)


def test_what_lies_ahead_is_prepared_and_what_is_due_is_started(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    assert "Start the review" in client.text("/today")
    with held(NOW - timedelta(days=3)):
        early = client.sign_in("senco").get("/today").get_data(as_text=True)
    assert "Prepare" in early and f"/cycles/{scene.cycle_id}/ask" in early


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, ""),
        (217, "will miss three this year unless one is held by"),
        (238, "cannot have three this year any more; 0 held"),
    ],
)
def test_three_a_year_is_spoken_of_when_the_last_day_comes_near(
    client: PageClient, scene: Scene, days: int, words: str
) -> None:
    with held(NOW + timedelta(days=days)):
        client.sign_in("senco")
        text = client.text("/today")
    assert ("Three a year" in text) is bool(words)
    assert words in text
