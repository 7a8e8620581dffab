"""Groups made and kept: who runs them, when, who is in them from when until when, and what a plan keeps of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.do import services
from graduated.do.queries import doses_of_cycle
from graduated.do.queries_group_pages import all_groups, covers_ahead, group_changes, group_row, places_of
from graduated.do.queries_groups import group_of
from graduated.do.queries_week import week_of
from graduated.do.services_groups import GroupDetails, GroupRefused, change_group, end_cover, join, leave, make_group
from graduated.plan import services as plan
from graduated.plan.details import Because, PlanRefused, ProvisionDetails
from graduated.plan.queries import plan_of
from graduated.pupils.models import Assignment
from graduated.rules.vocabulary import AssignmentSource, SenStatus, YearGroup
from graduated.school.queries import interventions
from tests.register.counting import counted
from tests.review.scene import STARTS, TODAY, Scene, log, set_scene
from tests.support.client import PageClient
from tests.support.world import World, _pupil

BECAUSE = Because("It clashes with swimming.", "Hannah Legg", TODAY)


def details(world: World, **more: object) -> GroupDetails:
    plain = GroupDetails("Talk group", STARTS, 20, 2, staff_id=world.users["ta"], weekdays=(0, 2), at=time(9, 30))
    return replace(plain, **more)  # type: ignore[arg-type]


def own_pupils(user_id: int) -> set[int]:
    """Whose pupils by a group, today."""
    rows = db.session.query(Assignment).filter(
        Assignment.user_id == user_id, Assignment.source == AssignmentSource.GROUP
    )
    return {row.pupil_id for row in rows if row.ends is None or row.ends >= TODAY}


def test_a_group_is_made_and_pupils_join_from_a_day(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    assert join(made, (world.pupils["reuben"], world.pupils["ivy"]), TODAY) == 2
    assert join(made, (world.pupils["ivy"],), TODAY) == 0
    assert {(one.name, one.starts) for one in places_of(made)} == {("Reuben Trevett", TODAY), ("Ivy Guppy", TODAY)}
    assert own_pupils(world.users["ta"]) >= {world.pupils["reuben"], world.pupils["ivy"]}
    assert group_of(made, TODAY - timedelta(days=1)).members == ()


def test_a_weekdays_own_time_is_shown_wherever_the_group_is(as_system: Actor, world: World) -> None:
    made = make_group(details(world, times={"2": "10:15", "4": "11:00"}))
    row = group_row(made)
    assert row.times == {"2": "10:15"}
    assert row.when == ("Monday, 9.30 to 9.50 am", "Wednesday, 10.15 to 10.35 am")
    assert group_of(made, TODAY + timedelta(days=1)).at == time(10, 15)
    assert all_groups(STARTS)[0].when == "Monday, 9.30 to 9.50 am; Wednesday, 10.15 to 10.35 am"


def test_a_thirteenth_pupil_is_refused_here_and_in_the_plan(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    ids = tuple(_made_pupils(12))
    assert join(made, ids, TODAY) == 12
    with pytest.raises(GroupRefused, match="12 pupils at most: 12 are in and 1 would join"):
        join(made, (world.pupils["reuben"],), TODAY)
    cycle_id = plan.open_cycle(world.pupils["reuben"], plan.CycleFrame(TODAY))
    with pytest.raises(PlanRefused, match="12 pupils already"):
        plan.add_provision(cycle_id, ProvisionDetails("Talk group", join_group_id=made))
    places = places_of(made)
    leave(places[0].place_id, Because("", "", TODAY))
    assert join(made, (world.pupils["reuben"],), TODAY + timedelta(days=1)) == 1


def _made_pupils(number: int) -> list[int]:
    with write("Pupils made"):
        return [
            _pupil(f"Surname{n}", f"Forename{n}", date(2017, 3, 1), YearGroup.Y4, SenStatus.SUPPORT)
            for n in range(number)
        ]


def test_nobody_joins_before_the_group_begins_or_after_it_ends(as_system: Actor, world: World) -> None:
    made = make_group(details(world, starts=TODAY, ends=TODAY + timedelta(days=20)))
    with pytest.raises(GroupRefused, match="begins later"):
        join(made, (world.pupils["reuben"],), STARTS)
    with pytest.raises(GroupRefused, match="has ended"):
        join(made, (world.pupils["reuben"],), TODAY + timedelta(days=21))
    with pytest.raises(GroupRefused, match="before the first"):
        make_group(details(world, ends=STARTS - timedelta(days=1)))


def test_each_change_is_kept_and_amends_no_plan(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    row = group_row(scene.group_id)
    changed = GroupDetails("Precision reading", row.starts, 15, 2, staff_id=world.users["teacher"], weekdays=(0, 3),
                           at=time(9, 0))  # fmt: skip
    change_group(scene.group_id, changed, row.version)
    kept = {one.what: (one.before, one.after) for one in group_changes(scene.group_id)}
    assert kept == {
        "Adult": ("Sheila Tuck", "Tom Fry"),
        "Days": ("Tuesday, Thursday", "Monday, Thursday"),
        "Time": ("13:30", "09:00"),
    }
    assert plan_of(scene.cycle_id).amendments == ()
    assert scene.pupil_id in own_pupils(world.users["teacher"])
    with pytest.raises(Clash):
        change_group(scene.group_id, changed, row.version)


def test_who_ran_a_group_keeps_a_fortnight_to_log_what_is_late(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    join(made, (world.pupils["reuben"],), TODAY)
    change_group(made, details(world, name="Talking time", staff_id=world.users["teacher"]))
    assert world.pupils["reuben"] in own_pupils(world.users["teacher"])
    ends = [row.ends for row in db.session.query(Assignment).filter(
        Assignment.user_id == world.users["ta"], Assignment.pupil_id == world.pupils["reuben"],
        Assignment.source == AssignmentSource.GROUP)]  # fmt: skip
    assert ends and all(day is not None and day <= TODAY + timedelta(days=14) for day in ends)


def test_a_group_cannot_begin_after_its_first_pupil(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    join(made, (world.pupils["reuben"],), STARTS)
    with pytest.raises(GroupRefused, match="joined before that day"):
        change_group(made, details(world, starts=TODAY))


def test_leaving_a_group_that_an_agreed_plan_has_amends_the_plan(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    (line,) = places_of(scene.group_id)
    assert line.is_agreed and line.dose is not None
    with pytest.raises(PlanRefused, match="Say why"):
        leave(line.place_id, Because("", "", TODAY))
    leave(line.place_id, BECAUSE)
    (amendment,) = plan_of(scene.cycle_id).amendments
    assert (amendment.what, amendment.why) == ("Precision reading stopped", BECAUSE.why)
    assert places_of(scene.group_id)[0].ends == TODAY


def test_leaving_without_a_plan_needs_no_reason(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    join(made, (world.pupils["reuben"], world.pupils["ivy"]), STARTS)
    first = places_of(made)[0]
    with pytest.raises(GroupRefused, match="joined after"):
        leave(first.place_id, Because("", "", STARTS - timedelta(days=1)))
    leave(first.place_id, Because("", "", TODAY))
    assert [one.ends for one in places_of(made)] == [TODAY, None]
    assert group_row(made).ends is None


def test_a_group_ends_with_its_pupils_but_never_against_an_agreed_plan(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    row = group_row(scene.group_id)
    early = GroupDetails(row.name, row.starts, 15, 2, staff_id=row.staff_id, weekdays=row.weekdays, at=row.at,
                         ends=TODAY - timedelta(days=3))  # fmt: skip
    with pytest.raises(GroupRefused, match="One pupil’s agreed plan has the group after that day"):
        change_group(scene.group_id, early)
    made = make_group(details(world))
    join(made, (world.pupils["reuben"],), STARTS)
    change_group(made, details(world, ends=TODAY))
    assert places_of(made)[0].ends == TODAY


def test_a_plan_takes_up_the_place_that_a_pupil_has(as_system: Actor, world: World) -> None:
    made = make_group(details(world))
    join(made, (world.pupils["reuben"],), STARTS)
    cycle_id = plan.open_cycle(world.pupils["reuben"], plan.CycleFrame(TODAY))
    plan.add_provision(cycle_id, ProvisionDetails("Talk group", join_group_id=made))
    (line,) = places_of(made)
    assert line.cycle_id == cycle_id and not line.is_agreed


def test_nobody_leaves_before_a_session_they_were_in(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    log(scene, TODAY)
    place = next(one for one in places_of(scene.group_id) if one.pupil_id == scene.pupil_id)
    delivered = doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes
    with pytest.raises(GroupRefused, match="there on .*, after that day"):
        leave(place.place_id, replace(BECAUSE, on=TODAY - timedelta(days=14)))
    leave(place.place_id, replace(BECAUSE, on=TODAY))
    assert doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes == delivered > 0


def test_cover_can_be_taken_back(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    services.cover_group(scene.group_id, world.users["other_teacher"], TODAY)
    assert scene.pupil_id in own_pupils(world.users["other_teacher"])
    (cover,) = covers_ahead(scene.group_id)
    end_cover(cover.cover_id)
    assert covers_ahead(scene.group_id) == ()
    assert scene.pupil_id not in own_pupils(world.users["other_teacher"])
    assert week_of(TODAY).sessions[0].is_covered is False


def test_cover_taken_back_ends_sight_though_the_group_was_renamed(as_system: Actor, world: World) -> None:
    made, other = make_group(details(world)), world.users["other_teacher"]
    join(made, (world.pupils["ivy"],), TODAY)
    before = own_pupils(other)
    services.cover_group(made, other, TODAY)
    assert own_pupils(other) == before | {world.pupils["ivy"]}
    change_group(made, details(world, name="Talking together"))
    (cover,) = covers_ahead(made)
    end_cover(cover.cover_id)
    assert own_pupils(other) == before


def test_cover_taken_back_leaves_that_of_another_group_of_the_same_name(as_system: Actor, world: World) -> None:
    first, second, other = make_group(details(world)), make_group(details(world)), world.users["other_teacher"]
    join(first, (world.pupils["ivy"],), TODAY)
    join(second, (world.pupils["zofia"],), TODAY)
    before = own_pupils(other)
    for group_id in (first, second):
        services.cover_group(group_id, other, TODAY)
    end_cover(covers_ahead(first)[0].cover_id)
    assert own_pupils(other) == before | {world.pupils["zofia"]}


def test_a_day_that_is_sent_twice_is_one_day_of_the_week(client: PageClient, world: World, app: Flask) -> None:
    client.sign_in("senco").send("/groups/new", name="Talk group", minutes="20", weekdays=["0", "0"])
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (line,) = [one for one in all_groups(STARTS) if one.name == "Talk group"]
        row = group_row(line.group_id)
    assert (row.weekdays, row.times_a_week) == ((0,), 1)


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


def test_a_senco_makes_a_group_on_its_pages(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("senco")
    client.send("/groups/new", status=422)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        kind = next(row for row in interventions() if row.name == "Talk group")
    answer = client.send("/groups/new", intervention_id=str(kind.id), staff_id=str(world.users["ta"]),
                         weekdays=["1", "3"], at="13:35", at_3="9:15")  # fmt: skip
    path = answer.headers["Location"]
    client.send(path, status=422)
    for bent in ("x'", "9" * 5000):  # somebody bent the form
        client.send(path, status=422, pupils=[bent], another="")
        client.send(path, status=422, another=bent)
    client.send(path, pupils=[str(world.pupils["reuben"])], another=str(world.pupils["jude"]))
    home = path.removesuffix("/join")
    text = client.text(home)
    assert "Talk group" in text and "Tuesday, 1.35 to 2.05 pm" in text and "Thursday, 9.15 to 9.45 am" in text
    assert "Reuben Trevett" in text and "Jude Samways" in text and "No plan has this place" in text
    assert "Sheila Tuck: Tuesday: Precision reading (1.30 to 1.45 pm)" in text
    assert "Talk group" in client.text("/groups/all")
    client.send(f"{home}/edit", staff_id=str(world.users["teacher"]))
    assert "Adult: Sheila Tuck → Tom Fry (Hannah Legg)" in client.text(home)


def test_a_group_says_what_was_delivered_to_each_pupil(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        log(scene, STARTS)
        found = doses_of_cycle(scene.cycle_id)[scene.precision]
    client.sign_in("senco")
    text = client.text(f"/groups/{scene.group_id}")
    assert found.sentence in text and found.whole_plan in text and found.behind_words in text


def test_leaving_on_the_page_asks_why_when_a_plan_is_amended(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (line,) = places_of(scene.group_id)
    path = f"/places/{line.place_id}/leave"
    client.send(path, status=422)
    client.send(path, why="It clashes with swimming.")
    assert "Were in the group" in client.text(f"/groups/{scene.group_id}") or "until" in client.text(
        f"/groups/{scene.group_id}"
    )


def test_a_clash_of_two_people_shows_both_texts(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("senco")
    action, values = client.form(f"/groups/{scene.group_id}/edit")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = group_row(scene.group_id)
        change_group(scene.group_id, GroupDetails("Reading at noon", row.starts, 15, 2, weekdays=(1, 3), at=time(12)))
    answer = client.post(action, data={**values, "name": "Reading at one"})
    assert answer.status_code == 409
    assert "Reading at noon" in answer.text and "Reading at one" in answer.text


def test_the_pages_of_groups_ask_as_much_for_one_group_as_for_thirty(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    counts: dict[str, list[int]] = {"/groups/all": [], f"/groups/{scene.group_id}": []}
    for more in (0, 29):
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            for number in range(more):
                made = make_group(details(world, name=f"Group {number}", weekdays=(number % 5,)))
                join(made, (world.pupils["reuben"], scene.pupil_id), TODAY)
            if more:
                join(scene.group_id, (world.pupils["reuben"], world.pupils["ivy"]), TODAY)
        for path, sent in counts.items():
            client.get(path)
            with counted(app) as statements:
                client.page(path)
            sent.append(len(statements))
    for few, many in counts.values():
        assert few == many
