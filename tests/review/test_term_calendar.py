"""The calendar of the term as staff see it: on its day what is due, arranged and held, of pupils in sight only."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.pupils.models import Pupil
from graduated.rules.vocabulary import CycleStatus, NextStep, Sex, YearGroup
from graduated.school.models import Term
from tests.register.counting import counted
from tests.review.scene import TODAY, Scene, written
from tests.support.client import PageClient
from tests.support.world import World


def change(app: Flask, world: World, scene: Scene, **values: object) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Changed"):
        cycle = db.session.scalars(select(Cycle).where(Cycle.id == scene.cycle_id)).one()
        for name, value in values.items():
            setattr(cycle, name, value)


def test_what_is_due_stands_on_its_day_with_the_way_to_begin(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    words = client.text("/reviews/calendar")
    assert "1 review is due without a meeting." in words
    assert "Review due" in words
    assert f'href="/cycles/{scene.cycle_id}/review/new"' in client.get("/reviews/calendar").text


def test_a_late_one_says_by_how_many_days(app: Flask, world: World, client: PageClient, scene: Scene) -> None:
    change(app, world, scene, review_due=TODAY - timedelta(days=1))
    client.sign_in("senco")
    assert "1 day late" in client.text("/reviews/calendar")


def test_an_arranged_meeting_takes_the_place_of_the_due_date_and_has_its_file(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    change(app, world, scene, meeting_at=now() + timedelta(days=1), meeting_place="Room 3")
    client.sign_in("senco")
    words = client.text("/reviews/calendar")
    assert "1 meeting is arranged." in words
    assert "Meeting 3.30 pm, Room 3" in words
    assert "Review due" not in words
    assert f'href="/cycles/{scene.cycle_id}/meeting.ics"' in client.get("/reviews/calendar").text


def test_a_meeting_that_went_by_without_a_review_is_a_late_review(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    change(app, world, scene, meeting_at=now() - timedelta(days=1), review_due=TODAY - timedelta(days=1))
    client.sign_in("senco")
    words = client.text("/reviews/calendar")
    assert "1 review is late." in words
    assert "Meeting" not in words


def test_a_held_review_stands_on_the_day_it_was_held(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    from graduated.review.services import seal_review

    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        review_id = written(scene, NextStep.ANOTHER_CYCLE)
        seal_review(review_id)
    client.sign_in("senco")
    assert "1 review was held" in client.text("/reviews/calendar")
    assert f'href="/reviews/{review_id}/record"' in client.get("/reviews/calendar").text


def test_earlier_and_later_terms_are_one_step_away(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    page = client.page("/reviews/calendar")
    steps = {link.get("rel"): link.get("href") for link in page.iter() if link.get("rel") in {"prev", "next"}}
    later = client.text(steps["next"] or "")
    assert later != client.text("/reviews/calendar")
    assert "Half-term" in later


def test_an_address_with_a_wrong_date_shows_the_term_of_today(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    assert client.text("/reviews/calendar?term=soon") == client.text("/reviews/calendar")


def test_a_teacher_sees_only_their_own_pupils(client: PageClient, scene: Scene) -> None:
    client.sign_in("other_teacher")
    words = client.text("/reviews/calendar")
    assert "Nothing is due, arranged or held." in words
    assert "Zofia" not in words
    assert "Zosia" not in words


def test_a_school_without_terms_is_asked_for_them(app: Flask, world: World, client: PageClient) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Gone"):
        for term in db.session.scalars(select(Term)).all():
            db.session.delete(term)
    client.sign_in("senco")
    assert "No term dates are entered yet" in client.text("/reviews/calendar")


def test_thirty_pupils_cost_no_more_queries_than_one(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    client.sign_in("senco")
    client.get("/reviews/calendar")
    with counted(app) as one:
        client.get("/reviews/calendar")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Many"):
        for number in range(30):
            _pupil_with_a_plan(number)
    with counted(app) as many:
        words = client.text("/reviews/calendar")
    assert "15 meetings are arranged" in words
    assert "and 9 more" in words
    assert len(many) == len(one)


def _pupil_with_a_plan(number: int) -> None:
    pupil = Pupil(
        legal_surname=f"Surname{number}", legal_forename="Ada", known_as="", born_on=date(2016, 5, 1),
        year_group=YearGroup.Y5, registration_group="5A", sex=Sex.FEMALE, rights_pass_on=date(2032, 6, 25),
    )  # fmt: skip
    db.session.add(pupil)
    db.session.flush()
    db.session.add(
        Cycle(
            pupil_id=pupil.id, number=1, status=CycleStatus.AGREED, starts=TODAY - timedelta(days=40),
            review_due=TODAY, meeting_at=now() + timedelta(days=1) if number % 2 else None,
        )
    )  # fmt: skip


def test_the_reviews_page_says_by_when_the_next_must_be_held(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    words = client.text("/reviews")
    assert "3 can still be reached if the next is held by" in words
    assert "Calendar of the term" in words
