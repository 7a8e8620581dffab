"""A meeting in a diary: the right local time on either side of a change of the clocks, and no child by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from icalendar import Calendar
from icalendar.cal import Component
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import LONDON, held, now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.review.meeting_file import DiaryEntry, calendar_bytes
from tests.review.scene import Scene
from tests.support.client import PageClient
from tests.support.world import World

STAMP = datetime(2027, 1, 5, 9, tzinfo=UTC)


def parsed(body: bytes | str) -> Calendar:
    """The calendar, read by the library, with nothing wrong anywhere in it."""
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    return calendar


def event(body: bytes | str) -> Component:
    (found,) = parsed(body).walk("VEVENT")
    return found


@pytest.mark.parametrize(
    ("on_the_wall", "utc"),
    [
        ("2027-03-26T15:30", "2027-03-26T15:30"),  # the Friday before summer time
        ("2027-03-29T15:30", "2027-03-29T14:30"),  # the Monday after
        ("2027-10-29T15:30", "2027-10-29T14:30"),  # the Friday before it ends
        ("2027-11-01T15:30", "2027-11-01T15:30"),
        ("2028-02-29T09:00", "2028-02-29T09:00"),
        ("2027-07-22T00:30", "2027-07-21T23:30"),
    ],
)
def test_a_diary_shows_the_time_on_the_schools_wall(on_the_wall: str, utc: str) -> None:
    wall, at = datetime.fromisoformat(on_the_wall), datetime.fromisoformat(f"{utc}Z")
    body = calendar_bytes([DiaryEntry("1", at, "Meeting", "Room 2", 1)], STAMP)
    it = event(body)
    assert f"DTSTART;TZID=Europe/London:{wall:%Y%m%dT%H%M%S}" in body.decode()
    assert it.decoded("dtstart") == at
    assert it.decoded("dtstart").replace(tzinfo=None) == wall
    assert it.decoded("dtend") - it.decoded("dtstart") == timedelta(hours=1)
    assert it.decoded("dtstamp") == STAMP


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_the_time_zone_in_the_file_changes_when_britain_does(year: int) -> None:
    """Read from the file alone, as a diary that knows no time zones must."""
    zone = next(iter(parsed(calendar_bytes((), STAMP)).walk("VTIMEZONE"))).to_tz()
    day = datetime.fromisoformat(f"{year}-01-01")
    while day.year == year:
        for hour in (0, 4, 12):
            wall = day.replace(hour=hour)
            assert wall.replace(tzinfo=zone).utcoffset() == wall.replace(tzinfo=LONDON).utcoffset(), wall
        day += timedelta(days=1)


def test_words_with_commas_semicolons_lines_and_accents_come_back_as_they_were() -> None:
    place = "Room 2; by the hall, łódź\nfirst floor \\ left " + "and along the corridor " * 5
    it = event(calendar_bytes([DiaryEntry("1", STAMP, "Meeting, at school", place, 3)], STAMP))
    assert (str(it["location"]), str(it["summary"]), it["sequence"]) == (place, "Meeting, at school", 3)


def test_lines_are_folded_and_end_as_the_standard_asks() -> None:
    body = calendar_bytes([DiaryEntry("1", STAMP, "Meeting", "along the corridor " * 10, 1)], STAMP)
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(map(len, body.split(b"\r\n"))) <= 75


def arrange(app: Flask, world: World, scene: Scene, at: datetime | None, place: str = "Room 3") -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Meeting"):
        cycle = db.session.scalars(select(Cycle).where(Cycle.id == scene.cycle_id)).one()
        cycle.meeting_at, cycle.meeting_place = at, place


def test_staff_get_the_meeting_without_the_child_and_a_link_that_needs_sign_in(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    arrange(app, world, scene, now() + timedelta(days=3))
    client.sign_in("senco")
    assert "Add to my calendar" in client.text(f"/cycles/{scene.cycle_id}")
    response = client.get(f"/cycles/{scene.cycle_id}/meeting.ics")
    it = event(response.data)
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == "attachment; filename=review-meeting.ics"
    assert str(it["summary"]).startswith("SEN review meeting, ")
    assert it["url"].endswith(f"/cycles/{scene.cycle_id}")
    for name in ("Zofia", "Zosia", "Nowak", "Z."):
        assert name not in response.text


def test_a_meeting_that_moves_keeps_its_name_and_counts_on(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    client.sign_in("senco")
    arrange(app, world, scene, now() + timedelta(days=3))
    first = event(client.get(f"/cycles/{scene.cycle_id}/meeting.ics").data)
    arrange(app, world, scene, now() + timedelta(days=4))
    second = event(client.get(f"/cycles/{scene.cycle_id}/meeting.ics").data)
    assert first["uid"] == second["uid"]
    assert second["sequence"] > first["sequence"]
    assert second.decoded("dtstart") - first.decoded("dtstart") == timedelta(days=1)


def test_no_meeting_no_file(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    client.sign_in("senco")
    assert client.get(f"/cycles/{scene.cycle_id}/meeting.ics").status_code == 404


def test_the_family_and_the_school_hold_the_same_meeting_and_the_familys_says_nothing_of_sen(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    arrange(app, world, scene, now() + timedelta(days=3), "Room 2, by the hall")
    client.sign_in("senco")
    staff = event(client.get(f"/cycles/{scene.cycle_id}/meeting.ics").data)
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("parent")
    body = other.get(f"/family/children/{scene.pupil_id}/meeting.ics").text
    family = event(body)
    assert (family["uid"], family["dtstart"].dt) == (staff["uid"], staff["dtstart"].dt)
    assert (str(family["summary"]), str(family["location"])) == ("Meeting at school", "Room 2, by the hall")
    for word in ("SEN", "review", "Zofia", "Zosia"):
        assert word not in body.replace("BEGIN:", "")


def test_the_clock_may_be_held_anywhere_and_the_file_says_when_it_was_made(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    arrange(app, world, scene, now() + timedelta(days=3))
    client.sign_in("senco")
    with held(now() + timedelta(minutes=5)):
        it = event(client.get(f"/cycles/{scene.cycle_id}/meeting.ics").data)
        assert it.decoded("dtstamp") == now().replace(microsecond=0)
