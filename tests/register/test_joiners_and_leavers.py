"""Joiners, movers and leavers in one place; handing over; nothing of a leaver opens or stays without somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import CalendarFeed, Membership, SignInSession
from graduated.people.services import NewAccount, open_account
from graduated.people.services_staff import end_role, give_role
from graduated.plan.models import Cycle, Group, GroupChange
from graduated.pupils.models import Assignment
from graduated.rules.vocabulary import AssignmentSource, CycleStatus, Role
from tests.register.counting import counted
from tests.review.scene import NOW, Scene, set_scene
from tests.support.client import PageClient
from tests.support.world import World

PAGE = "/school/staff/changes"


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with clock.held(NOW), app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


def _system(app: Flask, world: World, act: Callable[[], object]) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Changed for a test"):
        act()


def _membership(world: World, who: str) -> Membership:
    return db.session.scalars(select(Membership).where(Membership.user_id == world.users[who])).one()


def _set_last_day(app: Flask, world: World, who: str, days: int) -> None:
    _system(app, world, lambda: setattr(_membership(world, who), "ends", today() + timedelta(days=days)))


def test_the_page_says_who_comes_changes_and_goes(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send("/school/staff/add", name="Bethan Cobb", email="bethan@purbeck.example.org", role="teacher")
    day = today() + timedelta(days=20)
    parts = {"starts-day": str(day.day), "starts-month": str(day.month), "starts-year": str(day.year)}
    client.send(f"/school/staff/{world.users['ta']}/role", role="teacher", **parts)
    _set_last_day(app, world, "other_teacher", 10)
    text = client.text(PAGE)
    assert "Bethan Cobb Invited and not yet in" in text
    assert "Sheila Tuck Teacher from" in text and "Nadia Begum Last day" in text
    assert "Colin Foot Left; last day" in text


def test_a_role_that_begins_on_a_later_day_opens_nothing_before(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    day = today() + timedelta(days=20)
    parts = {"starts-day": str(day.day), "starts-month": str(day.month), "starts-year": str(day.year)}
    client.send(f"/school/staff/{world.users['ta']}/role", role="admin", **parts)
    client.sign_in("ta")
    assert client.status("/school/terms") == 404
    past = today() - timedelta(days=1)
    wrong = {"starts-day": str(past.day), "starts-month": str(past.month), "starts-year": str(past.year)}
    client.sign_in("senco").send(f"/school/staff/{world.users['ta']}/role", status=422, role="teacher", **wrong)


def test_access_looked_through_is_recorded_with_name_and_day(client: PageClient) -> None:
    client.sign_in("admin")
    assert "Not yet." in client.text(PAGE) and "Due this term" in client.text(PAGE)
    client.send(PAGE, 0)
    text = client.text(PAGE)
    assert "by Judith Samways" in text and "Due this term" not in text
    assert "I have looked through it" not in client.sign_in("head").text(PAGE)


def test_who_was_not_seen_for_ninety_days_is_listed(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("teacher")
    with clock.held(clock.now() + timedelta(days=91)):
        client.sign_in("senco")
        text = client.text(PAGE)
    assert "Tom Fry Last signed in on" in text and "Pam Dibben Has never signed in" in text
    assert "Hannah Legg Last signed in" not in text


def test_a_leaver_is_refused_at_the_next_request_and_nothing_of_theirs_comes_alive_again(
    app: Flask, client: PageClient, world: World
) -> None:
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("lead").send("/account/calendar", 0, status=200)
    assert other.status("/today") == 200
    user = world.users["lead"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        end_role(_membership(world, "lead").id, None)
    assert other.get("/today").headers["Location"].startswith("/sign-in")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert db.session.scalars(select(CalendarFeed.revoked_at)).all() != [None]
        assert None not in db.session.scalars(select(SignInSession.ended_at).where(SignInSession.user_id == user)).all()
        give_role(user, Role.TEACHER)
    assert other.get("/today").headers["Location"].startswith("/sign-in")


def test_on_the_day_after_the_last_every_way_in_closes_by_itself(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("lead")
    _set_last_day(app, world, "lead", 0)
    assert client.status("/today") == 200
    _set_last_day(app, world, "lead", -1)
    assert client.get("/today").headers["Location"].startswith("/sign-in")
    client.send("/sign-in", status=422, email="lead@purbeck.example.org", password="sturdy-otter-lantern")


def test_everything_in_hand_is_handed_over_in_one_act(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    leaver, teacher, ta = world.users["lead"], world.users["teacher"], world.users["ta"]
    _system(app, world, lambda: _give_group(scene, leaver))
    _set_last_day(app, world, "lead", -1)
    client.sign_in("senco")
    assert "in the hands of people who left" in client.text("/school")
    assert "Miriam Vine Left; last day" in client.text(PAGE) and "in hand" in client.text(PAGE)
    path = f"/school/staff/{leaver}/hand-over"
    said = re.search(r"\d+ plans and groups in hand", client.text(PAGE))
    assert said is not None and said[0] in client.text(path)
    client.send(path, status=422, lead="", adult="")
    client.send(path, lead=str(teacher), adult=str(ta))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        leads = db.session.scalars(
            select(Cycle.lead_id).where(Cycle.status.in_([CycleStatus.DRAFT, CycleStatus.AGREED]))
        )
        assert leaver not in leads.all()
        assert db.session.scalars(select(Group.staff_id)).all() == [ta]
        assert db.session.scalars(select(GroupChange.after)).all() == ["Sheila Tuck"]
        own = select(Assignment.user_id).where(Assignment.source == AssignmentSource.LEAD, Assignment.ends.is_(None))
        assert set(db.session.scalars(own)) == {teacher}
    assert "leads no open plan and runs no group" in client.text(path)
    assert "in hand" not in client.text(PAGE)
    assert "Plan" in client.text(f"/pupils/{world.pupils['zofia']}/who-looked")


def _give_group(scene: Scene, user_id: int) -> None:
    db.session.scalars(select(Group).where(Group.id == scene.group_id)).one().staff_id = user_id
    db.session.scalars(select(Cycle).where(Cycle.id == scene.cycle_id)).one().lead_id = user_id


def test_who_sees_no_plans_hands_none_over(client: PageClient, world: World) -> None:
    path = f"/school/staff/{world.users['lead']}/hand-over"
    assert client.sign_in("admin").status(path) == 404
    assert "Hand over" not in client.text(PAGE)
    assert client.sign_in("head").status(path) == 403


def test_the_page_asks_as_many_queries_for_thirty_people_as_for_one(
    app: Flask, client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    with counted(app) as few:
        client.text(PAGE)
    _system(app, world, lambda: [_member(world, number) for number in range(30)])
    with counted(app) as many:
        client.text(PAGE)
    assert len(many) == len(few)


def _member(world: World, number: int) -> None:
    open_account(NewAccount(f"person{number}@purbeck.example.org", f"Person {number}", Role.TEACHER))
