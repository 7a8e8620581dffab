"""Who left and still has an open plan stands on Today, and the plan is closed with the day of leaving."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership
from graduated.plan.models import Cycle, Place
from graduated.pupils.models import Pupil
from graduated.rules.vocabulary import CycleStatus
from tests.review.scene import TODAY, Scene
from tests.support.client import PageClient
from tests.support.world import World

SAID = "Zofia Szymańska · cycle 1. Left, plan still open."


def leave(app: Flask, world: World, days: int) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Left"):
        pupil = db.session.scalars(select(Pupil).where(Pupil.id == world.pupils["zofia"])).one()
        pupil.left_on = TODAY - timedelta(days=days)


def test_the_senco_reads_of_a_plan_whose_pupil_left_and_closes_it_with_that_day(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    assert SAID not in client.text("/today")
    leave(app, world, 0)
    assert SAID not in client.text("/today"), "the last day counts as here"
    leave(app, world, 3)
    assert SAID in client.text("/today")
    client.send(f"/cycles/{scene.cycle_id}/left")
    assert SAID not in client.text("/today")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        cycle = db.session.execute(select(Cycle.status, Cycle.ends).where(Cycle.id == scene.cycle_id)).one()
        places = db.session.scalars(select(Place.ends).where(Place.pupil_id == scene.pupil_id)).all()
    assert cycle == (CycleStatus.LEFT, TODAY - timedelta(days=3))
    assert set(places) == {TODAY - timedelta(days=3)}


def test_nobody_closes_the_plan_of_a_pupil_who_is_here(client: PageClient, scene: Scene) -> None:
    client.sign_in("senco")
    assert "This pupil has not left." in client.text(f"/cycles/{scene.cycle_id}/left")
    answer = client.post(f"/cycles/{scene.cycle_id}/left", data={"csrf_token": client.token(), "form_key": "x"})
    assert answer.status_code == 422


def test_a_teacher_reads_of_none_of_it(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    leave(app, world, 3)
    client.sign_in("lead")
    assert "plan still open" not in client.text("/today")


def test_what_colleagues_who_left_still_have_in_hand_is_said(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Left"):
        for row in db.session.scalars(select(Membership).where(Membership.user_id == world.users["lead"])):
            row.ends = TODAY - timedelta(days=2)
    text = client.sign_in("senco").text("/today")
    assert "Plans and groups still in the hands of colleagues who left: 1." in text
    assert client.status("/school/staff/changes") == 200
