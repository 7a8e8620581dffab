"""The secret address of one's own meetings: it names no child, and opens for nobody but its owner as they are today."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.audit.models import ChangeEvent
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import CalendarFeed, Membership, User
from graduated.people.sign_in import hash_token
from graduated.plan.models import Cycle
from graduated.pupils.models import Adult, FamilyLink, Pupil
from graduated.request.services import open_request, record_step
from graduated.request.steps import Step
from graduated.review.views_calendar import NO_CALENDAR
from graduated.rules.vocabulary import CycleStatus, Relationship, Role
from tests.register.counting import counted
from tests.review.scene import TODAY, Scene, set_scene
from tests.support.client import PageClient
from tests.support.databases import all_words_in
from tests.support.world import World

PLACE = "/account/calendar"


def act(app: Flask, world: World, change: Callable[[], Any], school: str = "school_id") -> Any:
    with app.app_context(), acting(system_actor(getattr(world, school), "Tests")), write("Changed"):
        return change()


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        made = set_scene(world)
    arrange(app, world, made.cycle_id, "Room 3")
    return made


def arrange(app: Flask, world: World, cycle_id: int, place: str, school: str = "school_id") -> None:
    def change() -> None:
        cycle = db.session.scalars(select(Cycle).where(Cycle.id == cycle_id)).one()
        cycle.meeting_at, cycle.meeting_place = now() + timedelta(days=3), place

    act(app, world, change, school)


def address(client: PageClient, who: str) -> str:
    """The address that somebody makes for themselves, without the host."""
    client.sign_in(who)
    answer = client.send(PLACE, status=200)
    start = answer.text.index("/calendar/", answer.text.index('value="http'))
    return answer.text[start : answer.text.index(".ics", start)] + ".ics"


def stranger(app: Flask) -> PageClient:
    """A calendar program: no cookie, no sign-in."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


def titles(answer: Any) -> list[str]:
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    assert [part.errors for part in calendar.walk() if part.errors] == []
    return [str(event["summary"]) for event in calendar.walk("VEVENT")]


def test_the_feed_names_no_child_and_links_to_a_page_that_needs_sign_in(
    app: Flask, client: PageClient, scene: Scene
) -> None:
    answer = stranger(app).get(address(client, "senco"))
    assert answer.status_code == 200
    assert [title[:20] for title in titles(answer)] == ["SEN review meeting, "]
    assert "Room 3" in answer.text
    assert f"/cycles/{scene.cycle_id}" in answer.text.replace("\r\n ", "")
    for name in ("Zofia", "Zosia", "Nowak"):
        assert name not in answer.text
    assert stranger(app).get(f"/cycles/{scene.cycle_id}").status_code == 303


def test_the_feed_has_the_days_of_requests_only_for_who_reads_them(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    def send_off() -> None:
        request_id = open_request(scene.pupil_id)
        for step in (Step.SENT, Step.RECEIVED):
            record_step(request_id, step, today())

    act(app, world, send_off)
    answer = stranger(app).get(address(client, "senco"))
    assert sorted(title for title in titles(answer) if title.startswith("EHC request")) == [
        "EHC request: decision not to issue a plan",
        "EHC request: decision whether to assess",
        "EHC request: final EHC plan",
    ]
    limit = today() + timedelta(weeks=6)
    assert f"DTSTART;VALUE=DATE:{limit:%Y%m%d}" in answer.text
    assert "Zofia" not in answer.text
    other = titles(stranger(app).get(address(client, "other_teacher")))
    assert not any(title.startswith("EHC request") for title in other)


def test_a_place_that_holds_the_childs_name_is_left_out(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    arrange(app, world, scene.cycle_id, "Zofia’s classroom")
    answer = stranger(app).get(address(client, "senco"))
    assert len(titles(answer)) == 1
    assert "Zofia" not in answer.text
    assert "LOCATION" not in answer.text


def test_no_cache_and_no_index_keeps_it_and_an_unchanged_one_is_not_sent_again(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    place = address(client, "senco")
    first = stranger(app).get(place)
    assert first.headers["Cache-Control"] == "no-store"
    assert "noindex" in first.headers["X-Robots-Tag"]
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    again = stranger(app).get(place, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    arrange(app, world, scene.cycle_id, "The nest")
    assert stranger(app).get(place, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_the_address_is_shown_once_kept_as_a_digest_and_written_to_no_log(
    app: Flask, client: PageClient, world: World, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        place = address(client, "senco")
        stranger(app).get(place)
    token = place.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token.partition(".")[2]) >= 43  # 256 bits
    for page in (PLACE, "/account", "/reviews/calendar"):
        assert token not in client.get(page).text
    assert token not in caplog.text

    def kept() -> tuple[list[str], str]:
        rows = db.session.scalars(select(CalendarFeed)).all()
        events = db.session.scalars(select(ChangeEvent)).all()
        said = " ".join(str(vars(event)) for event in events)
        return [row.token_hash for row in rows], said

    hashes, said = act(app, world, kept)
    assert hashes == [hash_token(token)]
    assert "Calendar address made" in said
    assert token not in said
    assert token not in all_words_in(app.config["SETTINGS"].home).decode("latin-1")


def test_a_replaced_address_and_a_withdrawn_one_are_no_calendar(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    first = address(client, "senco")
    second = address(client, "senco")
    assert stranger(app).get(first).status_code == 404
    assert stranger(app).get(second).status_code == 200
    client.send(PLACE, 1)
    assert stranger(app).get(second).status_code == 404
    assert "Make an address" in client.text(PLACE)


def _leaves(world: World) -> None:
    for row in db.session.scalars(select(Membership).where(Membership.user_id == world.users["senco"])):
        row.starts, row.ends = today() - timedelta(days=400), today() - timedelta(days=1)


def _is_closed(world: World) -> None:
    db.session.scalars(select(User).where(User.id == world.users["senco"])).one().active = False


def _changes_role(world: World) -> None:
    for row in db.session.scalars(select(Membership).where(Membership.user_id == world.users["senco"])):
        row.role = Role.HEAD


def _gains_a_role(world: World) -> None:
    db.session.add(Membership(user_id=world.users["senco"], role=Role.SAFEGUARDING, starts=today()))


@pytest.mark.parametrize("change", [_leaves, _is_closed, _changes_role, _gains_a_role])
def test_who_left_or_changed_their_role_has_no_calendar_any_more(
    app: Flask, client: PageClient, world: World, scene: Scene, change: Callable[[World], None]
) -> None:
    place = address(client, "senco")
    act(app, world, lambda: change(world))
    answer = stranger(app).get(place)
    assert (answer.status_code, answer.text) == (404, NO_CALENDAR)


def test_every_refusal_is_the_same_to_the_byte(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    revoked = address(client, "senco")
    good = address(client, "senco")
    secret = good.partition(".")[2]
    asked = [
        revoked,
        "/calendar/nothing.ics",
        "/calendar/1..ics",
        f"/calendar/{world.other_school_id}.{secret}",  # the right secret under another school's number
        f"/calendar/999999999.{secret}",
        f"/calendar/99999999999999999999.{secret}",
        "/calendar/1.%00.ics",
        f"/calendar/{'x' * 2000}.ics",
    ]
    answers = [stranger(app).get(place) for place in asked]
    for answer in answers:
        kept = {name: value for name, value in answer.headers.items() if name != "Date"}
        assert (answer.status_code, answer.text) == (404, NO_CALENDAR)
        assert kept == {name: value for name, value in answers[0].headers.items() if name != "Date"}


def test_one_schools_address_never_shows_anothers_meetings(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    def elsewhere() -> int:
        cycle = Cycle(pupil_id=world.pupils["elsewhere"], number=1, status=CycleStatus.AGREED, starts=TODAY)
        db.session.add(cycle)
        db.session.flush()
        return cycle.id

    theirs = act(app, world, elsewhere, "other_school_id")
    arrange(app, world, theirs, "The attic", "other_school_id")
    ours = stranger(app).get(address(client, "senco"))
    assert "The attic" not in ours.text
    others = stranger(app).get(address(stranger(app), "other_school"))
    assert "The attic" in others.text
    assert "Room 3" not in others.text


def test_a_teacher_gets_the_meetings_of_their_own_pupils_only(app: Flask, client: PageClient, scene: Scene) -> None:
    assert len(titles(stranger(app).get(address(client, "lead")))) == 1
    assert titles(stranger(app).get(address(stranger(app), "other_teacher"))) == []


def test_a_member_of_staff_never_gets_the_meeting_about_their_own_child(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    place = address(client, "senco")

    def becomes_a_parent() -> None:
        adult = Adult(forename="Hannah", surname="Legg", user_id=world.users["senco"])
        db.session.add(adult)
        db.session.flush()
        db.session.add(
            FamilyLink(pupil_id=scene.pupil_id, adult_id=adult.id, relationship=Relationship.MOTHER,
                       parental_responsibility=True, lives_with=True, may_view=True)
        )  # fmt: skip

    act(app, world, becomes_a_parent)
    assert titles(stranger(app).get(place)) == []


@pytest.mark.parametrize("who", ["parent", "young_person", "ta", "admin", "dpo"])
def test_who_may_not_see_the_reviews_cannot_have_an_address(client: PageClient, scene: Scene, who: str) -> None:
    client.sign_in(who)
    assert client.status(PLACE) in {403, 404}
    assert "your own calendar" not in client.text("/account")


def test_the_feed_is_the_owners_even_in_a_browser_where_somebody_else_is_signed_in(
    app: Flask, client: PageClient, scene: Scene
) -> None:
    place = address(client, "senco")
    other = stranger(app)
    other.sign_in("other_teacher")
    assert len(titles(other.get(place))) == 1


def test_what_was_arranged_for_a_pupil_who_left_is_gone(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    place = address(client, "senco")

    def leaves() -> None:
        db.session.scalars(select(Pupil).where(Pupil.id == scene.pupil_id)).one().left_on = today() - timedelta(days=1)

    act(app, world, leaves)
    assert titles(stranger(app).get(place)) == []


def test_the_feed_costs_the_same_few_queries_whatever_it_holds(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    place = address(client, "senco")
    stranger(app).get(place)
    with counted(app) as one:
        stranger(app).get(place)

    def more() -> None:
        for number in range(2, 32):
            db.session.add(
                Cycle(pupil_id=scene.pupil_id, number=number, status=CycleStatus.AGREED, starts=TODAY,
                      meeting_at=now() + timedelta(days=number))
            )  # fmt: skip

    act(app, world, more)
    with counted(app) as many:
        assert len(titles(stranger(app).get(place))) == 31
    assert len(many) == len(one)
