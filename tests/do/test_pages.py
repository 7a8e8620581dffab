"""Logging a session as a teaching assistant does, without JavaScript; and who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.queries import doses_of_cycle, sessions_of
from graduated.do.queries_ticks import weekly_support
from graduated.plan import services as plan
from graduated.plan.models import Group, Place
from graduated.plan.queries import plans_of
from graduated.plan.services import AgreementDetails
from graduated.rules.vocabulary import AgreementMethod, NextStep, ProvisionVerdict
from tests.register.counting import counted
from tests.review.scene import TODAY, Scene, sealed, set_scene
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


def delivered(app: Flask, world: World, scene: Scene) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes


def test_everybody_is_here_unless_tapped_otherwise(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("ta")
    assert "Precision reading" in client.text("/groups")
    client.send(f"/groups/{scene.group_id}/log")
    assert delivered(app, world, scene) == 15
    assert "1 of 1 here" in client.text(f"/groups/{scene.group_id}/sessions")


def test_a_pupil_who_was_away_is_missed_with_a_reason(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    key = scene.pupil_id
    client.send(f"/groups/{scene.group_id}/log", **{f"presence-{key}": "absent", f"reason-{key}": "ill"})
    assert "away (ill or away)" in client.text(f"/groups/{scene.group_id}/sessions")
    assert delivered(app, world, scene) == 0


def test_a_session_of_an_earlier_day_keeps_both_dates(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    thursday = TODAY - timedelta(days=5)
    client.send(f"/groups/{scene.group_id}/log?on={thursday.isoformat()}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (line,) = sessions_of(scene.group_id)
    assert (line.held_on, line.is_late_entry) == (thursday, True)


def test_a_session_that_did_not_happen_has_its_reason(client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    place = f"/groups/{scene.group_id}/missed"
    response = client.send(place, status=422)
    assert "Say why it did not happen" in response.text
    client.send(place, reason="trip")
    assert "Trip or event" in client.text(f"/groups/{scene.group_id}/sessions")


def test_sending_the_same_log_twice_writes_one_entry(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    place = f"/groups/{scene.group_id}/log"
    _action, values = client.form(place)
    assert [client.post(place, data=values).status_code for _ in range(3)] == [303, 303, 303]
    values.pop("form_key")
    assert client.post(place, data=values).status_code == 303  # a replay from a tablet: its reference is known
    assert delivered(app, world, scene) == 15


def test_a_second_session_on_one_day_has_to_be_meant(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    place = f"/groups/{scene.group_id}/log"
    client.send(place)
    response = client.send(place, status=422)
    assert "is logged already" in response.text
    client.send(place, second="another")
    assert delivered(app, world, scene) == 30


def test_a_correction_and_an_undo_keep_what_stood_there(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    client.send(f"/groups/{scene.group_id}/log")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (line,) = sessions_of(scene.group_id)
    client.send(f"/sessions/{line.session_id}/correct", minutes="10")
    assert delivered(app, world, scene) == 10
    text = client.text(f"/groups/{scene.group_id}/sessions")
    assert "10 minutes" in text and "15 minutes" in text and "replaced" in text
    client.send(f"/groups/{scene.group_id}/sessions", index=0)
    assert delivered(app, world, scene) == 0
    text = client.text(f"/groups/{scene.group_id}/sessions")
    assert "Entry withdrawn" in text
    assert "The entry in whose place it stood does not come back by itself" in text


def test_a_date_to_come_is_refused(client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    day = TODAY + timedelta(days=1)
    typed = {"held_on-day": str(day.day), "held_on-month": str(day.month), "held_on-year": str(day.year)}
    response = client.send(f"/groups/{scene.group_id}/log", status=422, **typed)
    assert "in the future" in response.text


def test_support_in_class_is_ticked_for_the_week(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("lead")
    assert "1 of 1 not ticked yet" in client.text("/groups")
    client.send("/ticks", **{f"happened-{scene.in_class}": "yes"})
    assert "Everything is ticked" in client.text("/groups")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        # Monday and Tuesday: the plan ends with its review today.
        assert doses_of_cycle(scene.cycle_id)[scene.in_class].delivered_minutes == 20


def test_support_that_goes_over_to_the_next_plan_is_ticked_once(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        sealed(scene, NextStep.ANOTHER_CYCLE, verdicts=(ProvisionVerdict.CONTINUE, ProvisionVerdict.CONTINUE))
        before = [one.provision_id for one in weekly_support(TODAY)]
        draft = max(one.cycle.cycle_id for one in plans_of(scene.pupil_id))
        plan.agree(draft, AgreementDetails(TODAY, AgreementMethod.PHONE, agreed_ids=(world.adults["parent"],)))
        after = [one.provision_id for one in weekly_support(TODAY)]
    assert before == [scene.in_class]
    assert scene.in_class not in after


def test_cover_of_long_ago_is_refused_beside_the_day(client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("ta")
    asked = {"user_id": str(world.users["other_teacher"]), "on-year": "2000"}
    answer = client.send(f"/groups/{scene.group_id}/cover", status=422, **asked)
    assert "Cover can be entered for the last month and later." in answer.text


def test_who_covers_a_group_may_log_it_on_that_day(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    place = f"/groups/{scene.group_id}/log"
    cover = app.test_client()
    assert isinstance(cover, PageClient)
    cover.sign_in("other_teacher")
    assert cover.status(place) == 404
    client.sign_in("ta")
    client.send(f"/groups/{scene.group_id}/cover", user_id=str(world.users["other_teacher"]))
    cover.send(place)
    assert delivered(app, world, scene) == 15


@pytest.mark.parametrize(
    ("who", "see", "write"),
    [
        ("senco", 200, 200),
        ("assistant", 200, 200),
        ("head", 200, 403),
        ("safeguarding", 200, 403),
        ("ta", 200, 200),
        ("lead", 200, 403),
        ("teacher", 200, 403),
        ("other_teacher", 404, 404),
        ("admin", 404, 404),
        ("parent", 404, 404),
        ("other_school", 404, 404),
    ],
)
def test_who_may_see_and_write_a_groups_log(client: PageClient, scene: Scene, who: str, see: int, write: int) -> None:
    client.sign_in(who)
    assert client.status(f"/groups/{scene.group_id}/sessions") == see
    for page in ("log", "missed", "cover"):
        assert client.status(f"/groups/{scene.group_id}/{page}") == write, page


def test_a_session_that_happened_is_not_also_one_that_did_not(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    client.send(f"/groups/{scene.group_id}/log")
    place = f"/groups/{scene.group_id}/missed"
    answer = client.send(place, status=422, reason="trip")
    assert "is logged already, by you at 3.30 pm: 1 here." in answer.text
    client.send(place, reason="trip", second="instead", stands=_standing(app, world, scene))
    assert delivered(app, world, scene) == 0
    assert client.text(f"/groups/{scene.group_id}/sessions").count("Did not happen") == 1


def _standing(app: Flask, world: World, scene: Scene) -> str:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return str(next(line.session_id for line in sessions_of(scene.group_id) if line.in_force))


def test_a_correction_does_not_move_to_a_day_that_is_logged(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    thursday = TODAY - timedelta(days=5)
    client.send(f"/groups/{scene.group_id}/log?on={thursday.isoformat()}")
    client.send(f"/groups/{scene.group_id}/log")
    typed = {"held_on-day": str(thursday.day), "held_on-month": str(thursday.month)}
    answer = client.send(f"/sessions/{_standing(app, world, scene)}/correct", status=422, **typed)
    assert "Another entry stands for" in answer.text
    assert delivered(app, world, scene) == 30


def test_two_people_who_log_one_session_count_it_once(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("senco")
    place = f"/groups/{scene.group_id}/log"
    _action, opened_before = other.form(place)
    client.send(place)
    answer = other.post(place, data=opened_before)
    assert answer.status_code == 422
    assert "is logged already, by Sheila Tuck at 3.30 pm: 1 here. Only one entry counts for one session" in answer.text
    assert delivered(app, world, scene) == 15


def test_my_groups_are_sheets_and_the_groups_of_others_are_lines(client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    assert "Zofia S was here" in client.text("/groups")
    client.sign_in("senco")
    text = client.text("/groups")
    assert "was here" not in text and "Precision reading" in text


def test_the_sheet_saves_without_javascript_and_comes_back_to_the_groups(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("ta")
    assert client.send("/groups", 0).headers["Location"].endswith("/groups")
    assert delivered(app, world, scene) == 15
    assert "1 here, by you at 3.30 pm." in client.text("/groups")
    assert client.send("/groups", 0).headers["Location"].endswith("/groups")
    assert delivered(app, world, scene) == 0


def test_thirty_groups_take_as_many_queries_as_one(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("ta")
    client.get("/groups")
    with counted(app) as few:
        client.get("/groups")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Groups for a test"):
        for number in range(29):
            group = Group(
                name=f"Reading {number}",
                staff_id=world.users["ta"],
                starts=TODAY - timedelta(days=30),
                weekdays=[number % 5],
                minutes=15,
                times_a_week=1,
            )
            db.session.add(group)
            db.session.flush()
            for pupil in ("zofia", "idris"):
                db.session.add(Place(pupil_id=world.pupils[pupil], group_id=group.id, starts=group.starts))
    assert client.text("/groups").count("Both here") == 29
    with counted(app) as many:
        client.get("/groups")
    assert len(many) == len(few)
