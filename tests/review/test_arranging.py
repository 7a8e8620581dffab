"""Arranging the meeting of a review: who may, what counts as an appointment, and that nobody's change is lost."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from icalendar import Calendar

from tests.review.scene import TODAY, Scene
from tests.support.client import PageClient


def day(on: date) -> dict[str, str]:
    return {"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}


def test_the_meeting_of_an_agreed_plan_is_arranged_moved_and_taken_back(client: PageClient, scene: Scene) -> None:
    path, plan = f"/cycles/{scene.cycle_id}/meeting", f"/cycles/{scene.cycle_id}"
    client.sign_in("senco")
    assert "Arrange the meeting" in client.text(plan)
    client.send(path, **day(TODAY + timedelta(days=9)), time="3.30 pm", place="Room 2")
    first = Calendar.from_ical(client.get(f"{plan}/meeting.ics").data).walk("VEVENT")[0]
    assert (first["dtstart"].dt.hour, str(first["location"])) == (15, "Room 2")
    assert "Change the meeting" in client.text(plan)
    client.send(path, **day(TODAY + timedelta(days=10)), time="9.00", place="Room 2")
    moved = Calendar.from_ical(client.get(f"{plan}/meeting.ics").data).walk("VEVENT")[0]
    assert (moved["uid"], moved["dtstart"].dt.hour) == (first["uid"], 9) and moved["sequence"] > first["sequence"]
    client.send(path, **{"on-day": "", "on-month": "", "on-year": ""}, time="", place="")
    assert client.get(f"{plan}/meeting.ics").status_code == 404


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**day(TODAY - timedelta(days=1)), "time": "3.30 pm"}, "lies in the past"),
        ({**day(TODAY + timedelta(days=9)), "time": ""}, "Give the time of the meeting"),
        ({"on-day": "", "on-month": "", "on-year": "", "time": "3.30 pm"}, "Give the day of the meeting too"),
        ({"on-day": "31", "on-month": "2", "on-year": "2027", "time": "3.30 pm"}, "February"),
    ],
)
def test_what_is_no_appointment_is_refused_beside_the_field_and_changes_nothing(
    client: PageClient, scene: Scene, typed: dict[str, str], said: str
) -> None:
    client.sign_in("senco")
    answer = client.send(f"/cycles/{scene.cycle_id}/meeting", status=422, **typed)
    assert said in answer.text
    assert client.get(f"/cycles/{scene.cycle_id}/meeting.ics").status_code == 404


def test_two_who_arrange_at_once_see_what_the_other_arranged(app: Flask, client: PageClient, scene: Scene) -> None:
    path = f"/cycles/{scene.cycle_id}/meeting"
    client.sign_in("senco")
    action, opened = client.form(path)
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("lead")
    other.send(path, **day(TODAY + timedelta(days=7)), time="8.15", place="Library")
    sent = client.post(action, data={**opened, **day(TODAY + timedelta(days=9)), "time": "3.30 pm", "place": "Hall"})
    assert sent.status_code == 409
    assert "Library" in sent.text and 'value="Hall"' in sent.text
