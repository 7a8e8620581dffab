"""The week by adult and by pupil: what is expected, what became of it, who is in two places; the queries stay few."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do import services
from graduated.do.queries_week import week_of
from graduated.do.services import NewPresence, NewSession, NewTick
from graduated.do.week import WeekRow, by_adult, by_pupil
from graduated.plan.models import Group, Place
from graduated.rules.calendar import monday_of
from graduated.rules.vocabulary import AbsenceReason, CancelReason, SenStatus, SessionState, YearGroup
from tests.register.counting import counted
from tests.review.scene import STARTS, TODAY, Scene, set_scene
from tests.support.client import PageClient
from tests.support.world import World, _pupil

MONDAY = monday_of(TODAY)  # TODAY is a Tuesday
THURSDAY = MONDAY + timedelta(days=3)
HALF_TERM = date(TODAY.year, 10, 27)


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


def group(
    name: str, staff_id: int | None, pupils: list[int], days: tuple[int, ...] = (1,), at: time | None = time(13, 40),
    minutes: int = 20, times: dict[str, str] | None = None,
) -> int:  # fmt: skip
    """A group with these pupils since the scene began."""
    with write("Group made"):
        row = Group(name=name, staff_id=staff_id, starts=STARTS, weekdays=list(days), at=at, minutes=minutes,
                    times_a_week=len(days) or 3, times=times or {})  # fmt: skip
        db.session.add(row)
        db.session.flush()
        db.session.add_all(Place(pupil_id=pupil_id, group_id=row.id, starts=STARTS) for pupil_id in pupils)
    return row.id


def row_of(rows: tuple[WeekRow, ...], name: str) -> WeekRow:
    return next(row for row in rows if row.person.name == name)


def told(row: WeekRow) -> list[list[tuple[str, str]]]:
    return [[(one.name, one.state) for one in cells] for cells in row.days]


def test_sessions_stand_on_their_days_with_what_became_of_them(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    found = week_of(TODAY)
    assert [day.closed for day in found.days] == [""] * 5
    row = row_of(by_adult(found), "Sheila Tuck")
    assert told(row) == [[], [("Precision reading", "To come")], [], [("Precision reading", "To come")], []]
    assert row.days[1][0].when == "1.30 to 1.45 pm"
    assert told(row_of(by_pupil(found), "Zofia Szymańska")) == told(row)
    earlier = TODAY - timedelta(days=7)
    assert told(row_of(by_adult(week_of(earlier)), "Sheila Tuck"))[1] == [("Precision reading", "Not recorded")]
    services.log_session(scene.group_id, NewSession(earlier, 15, SessionState.CANCELLED, CancelReason.NO_ADULT))
    away = NewPresence(scene.pupil_id, False, AbsenceReason.ILL)
    services.log_session(scene.group_id, NewSession(TODAY, 15, presences=(away,)))
    assert told(row_of(by_adult(week_of(TODAY)), "Sheila Tuck"))[1] == [("Precision reading", "0 here, 1 away")]
    states = told(row_of(by_adult(week_of(earlier)), "Sheila Tuck"))
    assert states[1] == [("Precision reading", "Did not happen: no adult free")]


def test_nothing_is_expected_in_half_term(as_system: Actor, world: World) -> None:
    set_scene(world)
    found = week_of(HALF_TERM)
    assert {day.closed for day in found.days if day.on >= HALF_TERM} == {"Half-term"}
    assert found.sessions == ()


def test_a_weekday_has_its_own_time(as_system: Actor, world: World) -> None:
    group("Talk group", world.users["ta"], [world.pupils["reuben"]], (1, 3), time(9, 0), times={"3": "10:15"})
    row = row_of(by_adult(week_of(TODAY)), "Sheila Tuck")
    assert [row.days[day][0].when for day in (1, 3)] == ["9.00 to 9.20 am", "10.15 to 10.35 am"]


def test_an_adult_in_two_places_is_told_in_words(as_system: Actor, world: World) -> None:
    set_scene(world)
    group("Spelling", world.users["ta"], [world.pupils["reuben"]])
    found = week_of(TODAY)
    (clash,) = found.clashes
    assert (clash.name, clash.is_pupil) == ("Sheila Tuck", False)
    assert clash.overlap.words == (
        "Tuesday: Precision reading (1.30 to 1.45 pm) and Spelling (1.40 to 2.00 pm) overlap"
    )
    assert [one.clash for one in row_of(by_adult(found), "Sheila Tuck").days[1]] == [True, True]
    assert [one.clash for one in row_of(by_pupil(found), "Reuben Trevett").days[1]] == [False]


def test_a_pupil_in_two_places_is_told_too(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    group("Spelling", world.users["teacher"], [scene.pupil_id])
    (clash,) = week_of(TODAY).clashes
    assert (clash.name, clash.is_pupil) == ("Zofia Szymańska", True)


def test_a_session_that_did_not_happen_keeps_nobody(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    group("Spelling", world.users["ta"], [world.pupils["reuben"]])
    services.log_session(scene.group_id, NewSession(TODAY, 15, SessionState.CANCELLED, CancelReason.TRIP))
    assert week_of(TODAY).clashes == ()


def test_whoever_covers_a_group_that_day_has_it_in_their_week(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    group("Spelling", world.users["ta"], [world.pupils["reuben"]])
    services.cover_group(scene.group_id, world.users["teacher"], TODAY)
    found = week_of(TODAY)
    assert found.clashes == ()
    rows = by_adult(found)
    (taken,) = row_of(rows, "Tom Fry").days[1]
    assert (taken.name, taken.cover) == ("Precision reading", "For Sheila Tuck")
    handed = next(one for one in row_of(rows, "Sheila Tuck").days[1] if one.is_handed_over)
    assert handed.cover == "Tom Fry takes it"
    assert row_of(rows, "Sheila Tuck").days[3][0].cover == ""


def test_pupils_are_expected_only_while_they_belong(as_system: Actor, world: World) -> None:
    made = group("Spelling", world.users["ta"], [world.pupils["reuben"]], (0, 3))
    with write("Place ended"):
        db.session.query(Place).filter(Place.group_id == made).one().ends = MONDAY
    days = told(row_of(by_pupil(week_of(TODAY)), "Reuben Trevett"))
    assert days == [[("Spelling", "Not recorded")], [], [], [], []]


def test_a_group_without_days_stands_apart(as_system: Actor, world: World) -> None:
    made = group("Check-in", world.users["ta"], [world.pupils["reuben"]], (), None, 5)
    services.log_session(made, NewSession(TODAY, 5, presences=(NewPresence(world.pupils["reuben"], True),)))
    row = row_of(by_adult(week_of(TODAY)), "Sheila Tuck")
    (loose,) = row.loose
    assert loose.words == "5 minutes, 3 a week, with Reuben Trevett; held 1 this week"
    assert told(row)[1] == [("Check-in", "1 here")]


def test_support_in_class_is_ticked_or_said_not_to_be_logged(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    row = row_of(by_pupil(week_of(TODAY)), "Zofia Szymańska")
    assert [one.state for one in row.support] == ["Not ticked yet"]
    services.tick_week(TODAY, (NewTick(scene.in_class, False, CancelReason.TRIP),))
    row = row_of(by_pupil(week_of(TODAY)), "Zofia Szymańska")
    assert [one.state for one in row.support] == ["Did not happen: trip or event"]


def test_the_page_reads_and_prints_by_adult_and_by_pupil(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        group("Spelling", world.users["ta"], [world.pupils["reuben"]])
    client.sign_in("senco")
    text = client.text("/groups/week")
    assert "One clash this week" in text and "Sheila Tuck: Tuesday: Precision reading" in text
    text = client.text(f"/groups/week?by=pupil&who={world.pupils['reuben']}")
    assert "Spelling" in text and "Precision reading" not in text
    assert "Half-term" in client.text(f"/groups/week?week={HALF_TERM.isoformat()}")
    assert "Sheila Tuck" in client.text("/groups/week?week=nonsense&who=abc")
    client.text("/groups/week?week=0001-01-01")
    client.text("/groups/week?week=9999-12-31&by=pupil")


def test_a_teacher_sees_the_week_of_their_own_pupils_only(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("other_teacher")
    assert "Zofia" not in client.text("/groups/week?by=pupil")


def fill(world: World, groups: int, pupils: int, mark: str) -> None:
    """Groups of three, logged up to today."""
    staff = [world.users[who] for who in ("ta", "teacher", "lead", "senco")]
    with write("Pupils made"):
        ids = [
            _pupil(f"Surname{mark}{n}", f"Forename{n}", date(2017, 3, 1), YearGroup.Y4, SenStatus.SUPPORT)
            for n in range(pupils)
        ]
    for number in range(groups):
        taken = [ids[(3 * number + step) % pupils] for step in range(3)]
        made = group(f"Group {mark}{number}", staff[number % 4], taken, (number % 5,), time(9 + number % 5, 0))
        day = MONDAY + timedelta(days=number % 5)
        if day <= TODAY:
            services.log_session(made, NewSession(day, 20, presences=tuple(NewPresence(one, True) for one in taken)))


def test_the_week_of_forty_groups_and_sixty_pupils_makes_as_many_queries_as_of_four_and_six(
    app: Flask, client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    asked: dict[str, list[int]] = {"adult": [], "pupil": []}
    for groups, pupils, mark in ((4, 6, "a"), (36, 54, "b")):
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            fill(world, groups, pupils, mark)
        for by, counts in asked.items():
            client.get(f"/groups/week?by={by}")
            with counted(app) as sent:
                client.page(f"/groups/week?by={by}")
            counts.append(len(sent))
    assert asked["adult"][0] == asked["adult"][1] <= 20
    assert asked["pupil"][0] == asked["pupil"][1] <= 20
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        large = week_of(TODAY)
    assert len({one.group_id for one in large.sessions}) == 40
    assert len({pupil.id for one in large.sessions for pupil in one.pupils}) == 60
