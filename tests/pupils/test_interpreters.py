"""An interpreter is asked about once and shown at every meeting, to staff, and named of nobody in a diary."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Cycle
from graduated.planning.models import PlanningItem, PlanningMeeting
from graduated.pupils import queries, services
from graduated.pupils.models import Adult, FamilyLink
from graduated.pupils.queries_interpreters import meeting_needs
from graduated.rules.interpreting import at_meeting
from graduated.rules.vocabulary import CycleStatus, Relationship
from tests.support.client import PageClient
from tests.support.databases import is_of_a_page
from tests.support.world import World

ASKED = "Interpreter or signing: Polish for Anna Szymańska."


@pytest.fixture
def system(app: Flask, world: World) -> Iterator[None]:
    """The school, acting for itself."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        yield


def _needs(app: Flask, world: World, words: str = "Polish") -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Asked"):
        db.session.scalars(select(Adult).where(Adult.id == world.adults["parent"])).one().interpreter = words


def _meeting(app: Flask, world: World, who: str = "zofia") -> int:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Arranged"):
        cycle = Cycle(
            pupil_id=world.pupils[who], number=1, status=CycleStatus.AGREED, starts=today(), agreed_on=today(),
            sent_on=today(), review_due=today() + timedelta(days=3), meeting_at=now() + timedelta(days=3),
            meeting_place="Room 2", lead_id=world.users["lead"],
        )  # fmt: skip
        db.session.add(cycle)
        db.session.flush()
        return int(cycle.id)


def test_nobody_asked_is_not_the_same_as_none_needed(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        link = db.session.scalars(select(FamilyLink.id).where(FamilyLink.adult_id == world.adults["parent"])).one()
    place, family = f"/pupils/{zofia}/family/{link}", f"/pupils/{zofia}/family"
    client.sign_in("senco")
    assert "Nobody has asked yet whether an interpreter" in client.text(family)
    client.send(place, status=422, interpreter_asked="yes")
    client.send(place, status=422, interpreter_asked="no", interpreter="BSL")
    client.send(place, interpreter_asked="no")
    assert "Needs no interpreter; asked on" in client.text(family)
    client.send(place, interpreter_asked="yes", interpreter="BSL")
    assert "Interpreter: BSL" in client.text(family)
    client.send(place, interpreter_asked="no", interpreter="")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (one,) = [one for one in queries.adults_of(zofia) if one.adult_id == world.adults["parent"]]
        assert (one.interpreter, one.interpreter_asked_on) == ("", today())


def test_every_meeting_shows_it(app: Flask, client: PageClient, world: World) -> None:
    _needs(app, world)
    cycle = _meeting(app, world)
    client.sign_in("senco")
    assert ASKED in client.text(f"/cycles/{cycle}/meeting")
    assert ASKED in client.text("/today")
    letter = client.text(f"/cycles/{cycle}/invite")
    assert ASKED in letter and "You told us that you need an interpreter or signing: Polish." in letter
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Planned"):
        meeting = PlanningMeeting(guests=[["Educational psychology", "Dr Nair"]], on=today() + timedelta(days=4))
        db.session.add(meeting)
        db.session.flush()
        db.session.add(PlanningItem(pupil_id=world.pupils["zofia"], meeting_id=meeting.id, reasons=[]))
        number = meeting.id
    assert ASKED in client.text(f"/planning/{number}")


def test_today_says_once_for_all_meetings_of_whom_nobody_has_asked(
    app: Flask, client: PageClient, world: World
) -> None:
    _meeting(app, world)
    _meeting(app, world, "reuben")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        how = services.LinkDetails(Relationship.FATHER, True, False, may_view=True)
        services.add_and_link(world.pupils["reuben"], services.AdultDetails("Nowak", "Jan"), how)
    text = client.sign_in("senco").text("/today")
    assert text.count("Nobody has asked") == 1
    said = text.partition("Nobody has asked yet whether an interpreter")[2]
    assert "Zofia Szymańska or Reuben" in said or " or Zofia Szymańska." in said
    assert f'href="/pupils/{world.pupils["reuben"]}/family"' in client.get("/today").text
    _needs(app, world)
    assert "Zofia" not in client.text("/today").partition("Nobody has asked yet")[2].partition(".")[0]


def test_a_diary_says_what_is_needed_and_names_nobody(app: Flask, client: PageClient, world: World) -> None:
    _needs(app, world)
    cycle = _meeting(app, world)
    diary = client.sign_in("senco").get(f"/cycles/{cycle}/meeting.ics").text.replace("\r\n ", "")
    assert "Interpreter or signing: Polish" in diary
    assert "Anna" not in diary and "Zofia" not in diary and "Szyma" not in diary


def test_a_letter_to_two_parents_does_not_say_what_one_needs(app: Flask, client: PageClient, world: World) -> None:
    _needs(app, world)
    cycle = _meeting(app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        how = services.LinkDetails(Relationship.FATHER, True, False, may_view=True)
        services.add_and_link(world.pupils["zofia"], services.AdultDetails("Nowak", "Jan"), how)
    text = client.sign_in("senco").page(f"/cycles/{cycle}/invite")
    area = next(one for one in text.iter() if one.attrib.get("name") == "text")
    assert "Polish" not in (area.text or "")
    assert "Nobody has asked Jan Nowak yet" in client.text(f"/cycles/{cycle}/invite")


def test_who_is_barred_is_not_waited_for(system: None, world: World) -> None:
    (need,) = meeting_needs([world.pupils["zofia"]])[world.pupils["zofia"]]
    assert need.name == "Anna Szymańska" and at_meeting([need]).startswith("Nobody has asked")


def test_it_takes_one_query_for_any_number_of_pupils(app: Flask, system: None, world: World) -> None:
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    meeting_needs(list(world.pupils.values()))
    assert len([one for one in asked if one.startswith("SELECT") and is_of_a_page(one)]) == 1
