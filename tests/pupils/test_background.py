"""A pupil's background by hand: what is refused beside its field, what is struck and kept, and who reads what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting
from graduated.access.policy import Hat
from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils import queries_background as read
from graduated.pupils import services_background as write
from graduated.pupils.services_background import BackgroundRefused, NewHealth, NewPartTime, NewSuspension
from graduated.rules.attendance import PartTimeSpan, Period
from graduated.rules.health import HealthFact
from graduated.rules.suspensions import Suspended
from graduated.rules.vocabulary import HealthKind, Role
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.databases import REFUSED, by_hand
from tests.support.world import World

MONDAY = today() - timedelta(days=today().weekday() + 28)
FRIDAY = MONDAY + timedelta(days=4)


def on(name: str, day: date) -> dict[str, str]:
    """A date as its three boxes send it."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def week(possible: str = "10", authorised: str = "1", unauthorised: str = "0", **more: Any) -> dict[str, Any]:
    figures = {"possible": possible, "authorised": authorised, "unauthorised": unauthorised}
    return {**on("starts", MONDAY), **on("ends", FRIDAY), **figures, **more}


def place(world: World, what: str = "background") -> str:
    return f"/pupils/{world.pupils['zofia']}/{what}"


def test_attendance_is_recorded_by_period_and_its_percentage_worked_out(client: PageClient, world: World) -> None:
    client.sign_in("senco").send(place(world, "attendance/new"), **week())
    page = client.get(place(world)).text
    assert "90.0%" in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="chart"' in page
    assert "Hannah Legg" in client.text(place(world))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (week(possible="11"), "has at most 10 half-day sessions"),
        (week(authorised="9", unauthorised="2"), "11 absences are more than the 10 possible sessions"),
        (week(possible=""), "Enter the possible sessions"),
        (week(authorised="two"), "Authorised absences must be a number"),
        (week(authorised="1.5"), "Authorised absences can have no decimals"),
        ({**week(), **on("ends", MONDAY - timedelta(days=1))}, "The last day cannot be before the first"),
        ({**week(), **on("ends", today() + timedelta(days=1))}, "cannot be in the future"),
    ],
)
def test_figures_that_cannot_be_are_refused_beside_their_field(
    client: PageClient, world: World, typed: dict[str, Any], said: str
) -> None:
    answer = client.sign_in("senco").send(place(world, "attendance/new"), status=422, **typed)
    assert said in answer.text
    assert "No attendance is recorded" in client.text(place(world))


def test_no_day_counts_twice_and_the_form_says_which_entry_it_is(client: PageClient, world: World) -> None:
    client.sign_in("senco").send(place(world, "attendance/new"), **week())
    answer = client.send(place(world, "attendance/new"), status=422, **week(authorised="2"))
    assert "is recorded already (90.0%), and no day counts twice" in answer.text


def test_a_correction_counts_instead_and_the_old_entry_stays_struck(
    client: PageClient, world: World, as_system: Actor
) -> None:
    client.sign_in("senco").send(place(world, "attendance/new"), **week())
    pupil = world.pupils["zofia"]
    entry = read.attendance_of(pupil)[0].entry_id
    answer = client.send(f"/attendance/{entry}/correct", status=422, authorised="3")
    assert "Say why it is corrected" in answer.text
    client.send(f"/attendance/{entry}/correct", authorised="3", why="The register was closed late")
    assert [one.percent for one in read.attendance_of(pupil)] == ["70.0%"]
    page = client.get(place(world)).text
    assert "<s>" in page
    assert "The register was closed late" in page
    again = client.send(f"/attendance/{entry}/correct", status=422, authorised="4", why="Once more")
    assert "Correct the newer entry instead" in again.text


def test_an_entry_that_should_not_be_there_is_struck_with_nothing_in_its_place(
    client: PageClient, world: World, as_system: Actor
) -> None:
    client.sign_in("senco").send(place(world, "attendance/new"), **week())
    pupil = world.pupils["zofia"]
    entry = read.attendance_of(pupil)[0].entry_id
    client.send(f"/attendance/{entry}/correct", strike="y", possible="", why="Another pupil's figures")
    assert read.attendance_of(pupil) == ()
    assert "Another pupil&#39;s figures" in client.get(place(world)).text
    withdrawal = max(one.entry_id for one in read.attendance_of(pupil, with_struck=True)) + 1
    assert client.status(f"/attendance/{withdrawal}/correct") == 404
    client.send(place(world, "attendance/new"), **week())
    assert len(read.attendance_of(pupil)) == 1


def test_a_part_time_timetable_runs_is_reviewed_and_ends(client: PageClient, world: World, as_system: Actor) -> None:
    client.sign_in("senco")
    typed = {"reason": "After an operation", "hours": "12.5", **on("starts", MONDAY), "parents_agree": "yes",
             "way_back": "Two more mornings each week"}  # fmt: skip
    client.send(place(world, "part-time/new"), **typed, **on("review_on", FRIDAY))
    words = client.text(place(world))
    assert "The review date has passed" in words
    assert "12.5" in words
    pupil = world.pupils["zofia"]
    row = read.part_times_of(pupil)[0]
    assert (row.parents_agree, row.way_back) == (True, "Two more mornings each week")
    refused = client.send(place(world, "part-time/new"), status=422, **typed)
    assert "is recorded already" in refused.text
    client.send(f"/part-time/{row.entry_id}/change", **on("ends", FRIDAY), why="Back to full days")
    assert "Ended" in client.text(place(world))
    client.send(place(world, "part-time/new"), **{**typed, **on("starts", today())})
    assert len(read.part_times_of(pupil)) == 2
    last = read.part_times_of(pupil)[-1].entry_id
    client.send(f"/part-time/{last}/change", strike="y", why="Never agreed")
    assert len(read.part_times_of(pupil)) == 1
    assert "Never agreed" in client.get(place(world)).text


def test_that_there_was_no_suspension_can_be_recorded_until_there_is_one(
    client: PageClient, world: World, as_system: Actor
) -> None:
    client.sign_in("senco")
    assert "not even that there was none" in client.text(place(world))
    client.send(place(world, "suspensions/new"), kind="none", **on("on", FRIDAY), reason="None since admission")
    assert "None up to this day" in client.text(place(world))
    new = place(world, "suspensions/new")
    assert "Enter the days" in client.send(new, status=422, kind="suspended", **on("on", MONDAY), reason="x").text
    assert "Say why" in client.send(new, status=422, kind="suspended", **on("on", MONDAY), days="1.5").text
    assert "half days" in client.send(new, status=422, kind="suspended", days="1.2", reason="Threw a chair").text
    client.send(new, kind="suspended", **on("on", MONDAY), days="1.5", reason="Threw a chair")
    assert "that there was no suspension is struck out and kept." in client.text(place(world))
    rows = read.suspensions_of(world.pupils["zofia"])
    assert [(one.starts, one.words) for one in rows] == [(MONDAY, "1.5 days")]
    assert "A suspension was recorded that lies before" in client.get(place(world)).text
    refused = client.send(new, status=422, kind="none", **on("on", FRIDAY))
    assert "would contradict it" in refused.text


def test_a_suspension_is_corrected_or_struck(client: PageClient, world: World, as_system: Actor) -> None:
    client.sign_in("senco")
    pupil = world.pupils["zofia"]
    client.send(place(world, "suspensions/new"), kind="suspended", **on("on", MONDAY), days="2", reason="Hit out")
    entry = read.suspensions_of(pupil)[0].entry_id
    client.send(f"/suspensions/{entry}/correct", days="0.5", why="Back after lunch")
    assert [one.words for one in read.suspensions_of(pupil)] == ["half a day"]
    entry = read.suspensions_of(pupil)[0].entry_id
    client.send(f"/suspensions/{entry}/correct", strike="y", days="", why="It was another pupil")
    assert read.suspensions_of(pupil) == ()
    assert [one.why for one in read.suspensions_of(pupil, with_struck=True)] == [
        "Back after lunch",
        "It was another pupil",
    ]


def test_nothing_known_of_health_falls_when_something_is(client: PageClient, world: World, as_system: Actor) -> None:
    client.sign_in("senco")
    new, pupil = place(world, "health/new"), world.pupils["zofia"]
    assert "Enter the day on which you asked" in client.send(new, status=422, kind="nothing known").text
    client.send(new, kind="nothing known", **on("since", MONDAY))
    assert [one.label for one in read.health_of(pupil)] == ["Nothing known"]
    assert "Say in a few words" in client.send(new, status=422, kind="diagnosis").text
    client.send(new, kind="diagnosis", detail="Glue ear", **on("since", FRIDAY))
    assert [one.detail for one in read.health_of(pupil)] == ["Glue ear"]
    assert "would contradict it" in client.send(new, status=422, kind="nothing known", **on("since", FRIDAY)).text
    entry = read.health_of(pupil)[0].entry_id
    client.send(f"/health/{entry}/correct", kind="waiting list", detail="Hearing clinic", why="Not diagnosed yet")
    assert [one.kind for one in read.health_of(pupil)] == [HealthKind.WAITING]
    entry = read.health_of(pupil)[0].entry_id
    client.send(f"/health/{entry}/correct", strike="y", why="Another child")
    assert read.health_of(pupil) == ()


def test_that_a_fact_struck_out_nothing_known_is_said(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    new = place(world, "health/new")
    client.send(new, kind="nothing known", **on("since", MONDAY))
    assert "struck out" not in client.get(place(world)).text.split("Corrected")[0]
    client.send(new, kind="diagnosis", detail="Glue ear", **on("since", FRIDAY))
    said = client.text(place(world))
    assert "that nothing was known is struck out and kept." in said


def test_a_kind_of_health_in_free_words_keeps_them_when_it_is_corrected(
    client: PageClient, world: World, as_system: Actor
) -> None:
    old = write.record_health(
        world.pupils["zofia"], NewHealth(HealthFact(HealthKind.OTHER, "Failed at 4 kHz"), called="Hearing test")
    )
    client.sign_in("senco")
    form = client.get(f"/health/{old}/correct").text
    assert "Hearing test" in form
    assert "Hearing test: Failed" not in form
    client.send(f"/health/{old}/correct", detail="Passed at 4 kHz", why="The letter says so")
    (row,) = read.health_of(world.pupils["zofia"])
    assert (row.label, row.detail) == ("Hearing test", "Passed at 4 kHz")
    client.send(f"/health/{row.entry_id}/correct", kind="diagnosis", detail="Glue ear", why="It was a diagnosis")
    (row,) = read.health_of(world.pupils["zofia"])
    assert (row.label, row.detail) == ("Diagnosis", "Glue ear")


def test_sending_the_same_form_twice_records_one_entry(client: PageClient, world: World, as_system: Actor) -> None:
    client.sign_in("senco")
    action, values = client.form(place(world, "suspensions/new"))
    typed = {**values, "kind": "suspended", **on("on", MONDAY), "days": "1", "reason": "Threw a chair"}
    assert [client.post(action, data=typed).status_code for _time in range(2)] == [303, 303]
    assert len(read.suspensions_of(world.pupils["zofia"])) == 1


@pytest.mark.parametrize(
    ("who", "sees"),
    [("senco", True), ("assistant", True), ("head", True), ("safeguarding", True), ("lead", False), ("teacher", False)],
)
def test_address_and_nhs_number_are_not_for_class_teachers(
    app: Flask, client: PageClient, world: World, who: str, sees: bool
) -> None:
    client.sign_in("senco")
    client.send(f"/pupils/{world.pupils['zofia']}/details", nhs_number="943 476 5919", address="7 Señora Close",
                religion="Roman Catholic")  # fmt: skip
    client.post("/sign-out", data={"csrf_token": client.token()})
    words = client.sign_in(who).text(place(world))
    assert "Health" in words
    for said in ("943 476 5919", "7 Señora Close", "Roman Catholic", "Ethnicity"):
        assert (said in words) is sees, said


def test_support_staff_and_parents_see_nothing_of_it(client: PageClient, world: World) -> None:
    for who in ("ta", "parent", "admin"):
        client.sign_in(who)
        assert client.status(place(world)) == 404
        client.post("/sign-out", data={"csrf_token": client.token()})


def test_a_reader_finds_no_form(client: PageClient, world: World) -> None:
    page = client.sign_in("head").get(place(world)).text
    assert "Record attendance" not in page
    assert "Change the details" not in page


def test_a_period_that_another_recorded_meanwhile_is_refused_in_the_act(world: World, as_system: Actor) -> None:
    pupil = world.pupils["zofia"]
    write.record_attendance(pupil, Period(MONDAY, FRIDAY, 10, 0, 0))
    with pytest.raises(BackgroundRefused, match="no day counts twice"):
        write.record_attendance(pupil, Period(FRIDAY, FRIDAY, 2, 0, 0))


def test_the_page_takes_no_more_queries_for_thirty_entries_than_for_one(
    app: Flask, client: PageClient, world: World, as_system: Actor
) -> None:
    pupil = world.pupils["zofia"]
    write.record_attendance(pupil, Period(MONDAY, MONDAY, 2, 0, 0))
    client.sign_in("senco").get(place(world))
    db.session.rollback()  # the look before belongs to no moment of this one, as between two requests
    with counted(app) as one:
        client.get(place(world))
    for number in range(1, 30):
        day = MONDAY - timedelta(days=7 * number)
        write.record_attendance(pupil, Period(day, day, 2, 0, 0))
    with counted(app) as thirty:
        client.get(place(world))
    assert len(thirty) == len(one)


def test_a_parent_may_be_shown_attendance_and_health_of_their_child_and_never_a_suspension(
    world: World, as_system: Actor
) -> None:
    zofia, reuben = world.pupils["zofia"], world.pupils["reuben"]
    for pupil in (zofia, reuben):
        write.record_attendance(pupil, Period(MONDAY, FRIDAY, 10, 0, 0))
        write.record_health(pupil, NewHealth(HealthFact(HealthKind.DIAGNOSIS, "Glue ear")))
        write.record_suspension(pupil, NewSuspension(Suspended(MONDAY, Decimal(1)), "Threw a chair"))
    parent = Actor(
        user_id=world.users["parent"], school_id=world.school_id, name="Anna Szymańska",
        roles=frozenset({Role.PARENT}), hat=Hat.FAMILY,
    )  # fmt: skip
    with acting(parent):
        assert [len(rows(zofia)) for rows in (read.attendance_of, read.health_of, read.suspensions_of)] == [1, 1, 0]
        assert [len(rows(reuben)) for rows in (read.attendance_of, read.health_of, read.suspensions_of)] == [0, 0, 0]


@pytest.mark.parametrize("table", ["attendance", "part_time", "suspension", "health", "suspension_struck"])
def test_the_database_itself_changes_no_entry(home: Path, world: World, as_system: Actor, table: str) -> None:
    pupil = world.pupils["zofia"]
    write.record_attendance(pupil, Period(MONDAY, FRIDAY, 10, 0, 0))
    write.record_part_time(pupil, NewPartTime(PartTimeSpan(MONDAY, None, Decimal(10)), "After an operation"))
    write.record_health(pupil, NewHealth(HealthFact(HealthKind.DIAGNOSIS, "Glue ear")))
    entry = write.record_suspension(pupil, NewSuspension(Suspended(MONDAY, Decimal(1)), "Threw a chair"))
    write.correct_suspension(entry, None, "Another pupil's")
    db.session.remove()
    with by_hand(home) as file:
        for change in (f'UPDATE "{table}" SET pupil_id = pupil_id', f'DELETE FROM "{table}"'):
            with pytest.raises(REFUSED, match="a record of evidence is never changed"):
                file.execute(change)
