"""Links in letters, on paper and in diaries begin with the address that is set, whatever Host a browser claims."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held, now, today
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.pupils import queries
from graduated.request.models import AssessmentRequest
from tests.review.scene import NOW, set_scene
from tests.support.client import PageClient
from tests.support.world import World

EVIL, OURS = "evil.example", "https://sen.school.example"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day in the middle of a cycle."""
    with held(NOW):
        yield


@pytest.fixture
def forging(app: Flask) -> PageClient:
    """The SENCO's browser, whose every request from now on claims another host."""
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = dataclasses.replace(settings, public_url=OURS, smtp_url="smtp://mail.invalid")
    client = app.test_client()
    assert isinstance(client, PageClient)
    client.sign_in("senco")
    honest = app.wsgi_app
    # Between browser and program, so that the browser keeps its cookie.
    app.wsgi_app = lambda environ, start: honest({**environ, "HTTP_HOST": EVIL}, start)  # type: ignore[method-assign]
    return client


def letters(app: Flask, world: World) -> str:
    """What waits to be posted."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return "\n".join(db.session.scalars(select(Post.body)))


def dawn(app: Flask, client: PageClient, world: World) -> tuple[str, date]:
    """The page that invites Ivy's mother, and Ivy's date of birth."""
    ivy = world.pupils["ivy"]
    client.send(f"/pupils/{ivy}/family/add", surname="Guppy", forename="Dawn", relationship="mother", may_view="y")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        link = next(one.family_link_id for one in queries.adults_of(ivy) if one.forename == "Dawn")
        born_on = queries.pupil_head(ivy).born_on
    return f"/pupils/{ivy}/family/{link}/invite", born_on


def invitation(how: str) -> Callable[[Flask, PageClient, World], str]:
    def made(app: Flask, client: PageClient, world: World) -> str:
        place, day = dawn(app, client, world)
        born = {"born_on-day": str(day.day), "born_on-month": str(day.month), "born_on-year": str(day.year)}
        answer = client.send(place, status=303 if how == "mail" else 200, email="dawn@example.org", how=how, **born)
        return answer.text + letters(app, world)

    return made


def joiner(app: Flask, client: PageClient, world: World) -> str:
    answer = client.send("/school/staff/add", name="Bethan Cobb", email="bethan@purbeck.example.org", role="teacher")
    return client.get(answer.location).text + letters(app, world)


def renewal(app: Flask, client: PageClient, world: World) -> str:
    answer = client.send(f"/school/staff/{world.users['teacher']}/link")
    return client.get(answer.location).text + letters(app, world)


def feed(app: Flask, client: PageClient, world: World) -> str:
    """The calendar's own address, and the links in what it hands to a diary."""
    shown = client.send("/account/calendar", status=200).text
    found = re.search(r"/calendar/[\w.\-]+?\.ics", shown)
    assert found is not None
    _meeting(app, world)
    return shown + unfolded(client.get(found[0]).text)


def meeting(app: Flask, client: PageClient, world: World) -> str:
    return unfolded(client.get(f"/cycles/{_meeting(app, world)}/meeting.ics").text)


def request_days(app: Flask, client: PageClient, world: World) -> str:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Asked"):
        row = AssessmentRequest(
            pupil_id=world.pupils["zofia"], asked_by="school", authority="dorset", opened_on=today(), sent_on=today(),
            received_on=today(),
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
        number = row.id
    return unfolded(client.get(f"/requests/{number}/days.ics").text)


def device(_app: Flask, client: PageClient, _world: World) -> str:
    day: date = today() + timedelta(days=30)
    typed = {"expires_on-day": str(day.day), "expires_on-month": str(day.month), "expires_on-year": str(day.year)}
    answer = client.send("/school/devices/add", name="Trolley 3", which="code", **typed)
    return client.get(answer.location).text


def _meeting(app: Flask, world: World) -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        cycle_id = set_scene(world).cycle_id
        with write("Arranged"):
            cycle = db.session.scalars(select(Cycle).where(Cycle.id == cycle_id)).one()
            cycle.meeting_at, cycle.meeting_place = now() + timedelta(days=3), "Room 3"
    return cycle_id


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


LINKS: dict[str, tuple[Callable[[Flask, PageClient, World], str], str]] = {
    "a family is invited by e-mail": (invitation("mail"), "/invitation/"),
    "a family is invited by hand": (invitation("hand"), "/invitation/"),
    "a family is invited on paper": (invitation("paper"), "/invitation"),
    "a new member of staff": (joiner, "/invitation/"),
    "a password is renewed": (renewal, "/invitation/"),
    "a calendar that asks by itself": (feed, "/calendar/"),
    "a meeting for a diary": (meeting, "/cycles/"),
    "days of a request": (request_days, "/requests/"),
    "a code for a device": (device, "/device"),
}


@pytest.mark.parametrize("name", LINKS)
def test_a_link_that_leaves_the_program_begins_where_the_school_answers(
    app: Flask, forging: PageClient, world: World, name: str
) -> None:
    make, place = LINKS[name]
    text = make(app, forging, world)
    assert EVIL not in text
    assert OURS + place in text


def test_without_the_setting_a_link_begins_where_the_browser_asked(app: Flask, client: PageClient) -> None:
    client.sign_in("senco")
    assert "http://localhost/calendar/" in client.send("/account/calendar", status=200).text
