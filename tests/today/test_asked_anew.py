"""Each review is asked for by itself, and only who can still answer is asked, reminded and waited for."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting
from graduated.assess.models import View
from graduated.db.clock import held
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership
from graduated.plan.models import Asked
from graduated.pupils.models import Assignment, Bar, FamilyLink, Pupil
from graduated.review.errors import ReviewRefused
from graduated.review.queries_asking import asked_of, said_for_the_next
from graduated.review.queries_due import due_reviews
from graduated.review.services_asking import Said, Seen, ask_family, ask_staff, contribute, remind
from graduated.rules.vocabulary import BarKind, Judgement, NextStep, ViewMethod, ViewOf
from tests.register.counting import counted
from tests.review.scene import NOW, TODAY, Scene, sealed
from tests.support.client import PageClient
from tests.support.world import World
from tests.today.test_today import many_pupils

HOUR = timedelta(hours=1)


def _asked_and_answered(world: World, scene: Scene) -> None:
    """A teacher and the pupil were asked for an interim review, both answered, and it was sealed an hour later."""
    with held(NOW - 2 * HOUR):
        ask_staff([(scene.cycle_id, world.users["teacher"])], TODAY)
        ask_family(scene.cycle_id, ViewOf.PUPIL, None, TODAY)
    with held(NOW - HOUR), write("Words came"):
        contribute(scene.cycle_id, Said({scene.reads: Seen(Judgement.LESS, "Guesses")}, works="Pictures"))
        db.session.add(
            View(
                pupil_id=scene.pupil_id, whose=ViewOf.PUPIL, method=ViewMethod.CONVERSATION, text="Fine", given_on=TODAY
            )
        )
    sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)


# After an interim review ------------------------------------------------------------------------------------------


def test_after_an_interim_review_nobody_counts_as_asked_or_come_for_the_next(
    app: Flask, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        with held(NOW - 2 * HOUR):
            contribute(scene.cycle_id, Said({scene.asks: Seen(None, "Asks twice")}))
        assert said_for_the_next(scene.cycle_id)
        _asked_and_answered(world, scene)
        assert asked_of(scene.cycle_id) == ()
        assert said_for_the_next(scene.cycle_id) == frozenset()
        assert [one.contributors for one in due_reviews() if one.cycle_id == scene.cycle_id] == [()]


def test_after_an_interim_review_the_same_people_are_asked_anew_even_on_the_same_day(
    app: Flask, world: World, scene: Scene, system: Actor
) -> None:
    pair = (scene.cycle_id, world.users["teacher"])
    with app.app_context(), acting(system):
        _asked_and_answered(world, scene)
        with held(NOW + HOUR):
            assert ask_staff([pair], None) == 1
            assert ask_staff([pair], None) == 0
            ask_family(scene.cycle_id, ViewOf.PUPIL, None, None)
            assert [one.came_on for one in asked_of(scene.cycle_id)] == [None, None]
        assert len(db.session.scalars(select(Asked.id)).all()) == 4


def test_what_was_asked_while_an_interim_review_is_open_waits_until_it_is_sealed(
    app: Flask, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
        with held(NOW + HOUR):
            ask_staff([(scene.cycle_id, world.users["teacher"])], None)
        with held(NOW + 2 * HOUR):
            assert [one.is_waited_for for one in asked_of(scene.cycle_id)] == [True]
            sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
        assert asked_of(scene.cycle_id) == ()


def test_the_form_of_the_next_review_starts_empty(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    place = f"/cycles/{scene.cycle_id}/say"
    words: dict[str, Any] = {f"words-{scene.reads}": "Guesses at long words", f"seen-{scene.reads}": "-1"}
    with held(NOW - HOUR):
        client.sign_in("teacher")
        client.send(place, **words)
        assert "Guesses at long words" in client.get(place).text
    with app.app_context(), acting(system):
        sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
    with held(NOW + HOUR):
        client.sign_in("teacher")
        assert "Guesses at long words" not in client.get(place).text


def test_an_old_reminder_is_refused_after_the_review_it_was_for(
    app: Flask, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        _asked_and_answered(world, scene)
        old = db.session.scalars(select(Asked.id).where(Asked.user_id.is_not(None))).one()
        with pytest.raises(ReviewRefused, match="is sealed"):
            remind(old)
        assert db.session.scalars(select(Post)).all() == []


# Who cannot answer any more ---------------------------------------------------------------------------------------


def _ends_assignment(world: World, scene: Scene) -> None:
    rows = select(Assignment).where(Assignment.user_id == world.users["teacher"], Assignment.pupil_id == scene.pupil_id)
    for row in db.session.scalars(rows):
        row.ends = TODAY - timedelta(days=1)


def _leaves(world: World, _scene: Scene) -> None:
    for row in db.session.scalars(select(Membership).where(Membership.user_id == world.users["teacher"])):
        row.ends = TODAY - timedelta(days=1)


@pytest.mark.parametrize("moves", [_ends_assignment, _leaves])
def test_who_works_elsewhere_now_is_not_reminded_and_the_page_says_so(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor, moves: Any
) -> None:
    with app.app_context(), acting(system):
        with held(NOW - timedelta(days=3)):
            ask_staff([(scene.cycle_id, world.users["teacher"])], TODAY)
        (asked_id,) = db.session.scalars(select(Asked.id)).all()
        with write("Moved on"):
            moves(world, scene)
    client.sign_in("senco")
    today = client.text("/today")
    assert "Tom Fry has not contributed yet" not in today
    assert "or whoever was asked does not work with the pupil now" in today
    page = f"/cycles/{scene.cycle_id}/ask"
    assert "Does not work with Zofia now, so is not reminded." in client.text(page)
    assert f"/asked/{asked_id}/remind" not in client.get(page).text
    assert "Tom Fry" not in client.text("/reviews/ask")
    answer = client.post(f"/asked/{asked_id}/remind", data={"csrf_token": client.token()})
    assert "Tom Fry does not work with Zofia Szymańska now" in client.get(answer.location).text
    with app.app_context(), acting(system):
        assert db.session.scalars(select(Post)).all() == []


def test_who_has_answered_is_not_reminded(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    with app.app_context(), acting(system):
        with held(NOW - HOUR):
            ask_staff([(scene.cycle_id, world.users["teacher"])], TODAY)
        (asked_id,) = db.session.scalars(select(Asked.id)).all()
    client.sign_in("teacher")
    client.send(f"/cycles/{scene.cycle_id}/say", works="A word mat")
    with app.app_context(), acting(system), pytest.raises(ReviewRefused, match="has contributed already"):
        remind(asked_id)


def test_a_barred_parent_is_neither_asked_nor_waited_for(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    anna, marek = world.adults["parent"], world.adults["barred_parent"]
    page = f"/cycles/{scene.cycle_id}"
    with app.app_context(), acting(system):
        with pytest.raises(ReviewRefused, match="not asked for views"):
            ask_family(scene.cycle_id, ViewOf.PARENT, marek, None)
        ask_family(scene.cycle_id, ViewOf.PARENT, anna, None)
    client.sign_in("senco")
    assert client.status(f"{page}/views-form?adult={marek}") == 404
    assert "Anna Szymańska’s views have not come" in client.text("/today")
    with app.app_context(), acting(system), write("Barred"):
        link_id = db.session.scalars(
            select(FamilyLink.id).where(FamilyLink.adult_id == anna, FamilyLink.pupil_id == scene.pupil_id)
        ).one()
        db.session.add(
            Bar(pupil_id=scene.pupil_id, family_link_id=link_id, kind=BarKind.ORDER, starts=TODAY, reason="Order")
        )
    assert client.status(f"{page}/views-form?adult={anna}") == 404
    assert "views have not come" not in client.text("/today")
    assert "Is not asked for views now." in client.text(f"{page}/ask")


def test_once_rights_have_passed_a_parent_is_asked_only_while_the_young_person_agrees(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor
) -> None:
    anna = world.adults["parent"]
    form = f"/cycles/{scene.cycle_id}/views-form?adult={anna}"
    with app.app_context(), acting(system), write("Grown up"):
        pupil = db.session.scalars(select(Pupil).where(Pupil.id == scene.pupil_id)).one()
        pupil.rights_pass_on = TODAY - timedelta(days=1)
    client.sign_in("senco")
    assert client.status(form) == 404
    assert "Anna" not in client.text(f"/cycles/{scene.cycle_id}/ask")
    with app.app_context(), acting(system), write("Agreed"):
        rows = select(FamilyLink).where(FamilyLink.adult_id == anna, FamilyLink.pupil_id == scene.pupil_id)
        db.session.scalars(rows).one().young_person_agrees = True
    assert client.status(form) == 200


# What it costs ----------------------------------------------------------------------------------------------------


def test_asking_thirty_reads_no_more_than_asking_three(app: Flask, world: World, system: Actor) -> None:
    with app.app_context(), acting(system):
        many_pupils(world, 33)
        teacher = world.users["lead"]
        pairs = [(one.cycle_id, teacher) for one in due_reviews(date.max)]
        reads = []
        for some in (pairs[:3], pairs[3:33]):
            with counted(app) as sent:
                assert ask_staff(some, None) == len(some)
            reads.append(sum(statement.lstrip().upper().startswith("SELECT") for statement in sent))
    assert len(pairs) == 33
    assert reads[0] == reads[1]
