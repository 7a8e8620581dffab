"""Requests: opened once, written by two, agreed to per adult, signed by name, dated in the order of the law."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.pupils.queries import pupil_head
from graduated.request import services
from graduated.request.queries import clock_of, consents_of, request_of, requests_of, standing_consents
from graduated.request.steps import Step, StepRefused, possible_steps, refusal
from graduated.rules.vocabulary import (
    ConsentAnswer,
    ConsentKind,
    RequestBy,
    RequestStatus,
    SenStatus,
    SignedHow,
)
from tests.support.client import PageClient
from tests.support.world import World

SENT, RECEIVED = date(2026, 9, 7), date(2026, 9, 9)


def opened(client: PageClient, world: World, pupil: str = "zofia") -> str:
    """Open a request by hand; its page."""
    response = client.send(f"/pupils/{world.pupils[pupil]}/requests/new", asked_by="school")
    return response.headers["Location"]


def parts(day: date, name: str) -> dict[str, str]:
    """A date as its three boxes."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_a_request_that_goes_on_is_taken_up_and_no_second_one_opens(as_system: Actor, world: World) -> None:
    pupil = world.pupils["zofia"]
    first = services.open_request(pupil)
    assert services.open_request(pupil) == first
    services.record_step(first, Step.WITHDRAWN, today())
    assert services.open_request(pupil, asked_by=RequestBy.PARENT) != first


def test_a_request_opened_by_hand_shows_the_familys_right(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    words = client.text(place)
    assert "Draft" in words
    assert "Families can ask" in words
    assert "Nothing has left the school" in words


def test_the_words_are_saved_and_a_clash_shows_both(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    _action, old = client.form(f"{place}/words")
    client.send(f"{place}/words", reason="She may need a plan.\nŁ & <b>bold</b>", none_earlier="y")
    words = client.text(place)
    assert "Ł & <b>bold</b>" in words
    assert "There was none; we asked." in words
    fresh = client.form(f"{place}/words")[1]["form_key"]
    response = client.post(f"{place}/words", data={**old, "form_key": fresh, "reason": "Other words"})
    assert response.status_code == 409
    assert "She may need a plan." in response.text
    assert "Other words" in response.text


def test_agreement_is_kept_for_each_adult_and_a_later_answer_stands(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    who = str(world.adults["parent"])
    client.send(f"{place}/agreement", who=who, kind="request", answer="asked")
    assert "Asked, no answer yet" in client.text(place)
    client.send(f"{place}/agreement", who=who, kind="request", answer="given", status=422)
    client.send(f"{place}/agreement", who=who, kind="request", answer="given", signed_how="paper", copies_to="Nan")
    words = client.text(place)
    assert "signed on paper; copies to Nan" in words
    assert "Not asked yet" in words


def test_a_young_person_answers_for_themselves(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world, "idris")
    client.send(f"{place}/agreement", who="self", kind="request", answer="refused")
    assert "Answers for themselves" in client.text(place)
    assert "Did not agree" in client.text(place)


def test_head_and_senco_sign_each_in_their_own_name(client: PageClient, app: Flask, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    client.send(f"{place}/sign", sure="y")
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("head").send(f"{place}/sign", sure="y")
    words = client.text(place)
    assert "Headteacher: Ruth Chaffey" in words
    assert "SENCO: Hannah Legg" in words


@pytest.mark.parametrize(("who", "status"), [("assistant", 403), ("teacher", 403), ("ta", 404), ("parent", 404)])
def test_nobody_else_signs(client: PageClient, app: Flask, world: World, who: str, status: int) -> None:
    place = opened(client.sign_in("senco"), world)
    other = app.test_client()
    assert isinstance(other, PageClient)
    assert other.sign_in(who).status(f"{place}/sign") == status


def test_the_clock_runs_from_receipt_and_an_exception_moves_no_date(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    received = today() - timedelta(days=30)
    client.send(f"{place}/steps", step="sent", **parts(received, "on"))
    client.send(f"{place}/steps", step="received", **parts(received, "on"))
    due = received + timedelta(weeks=6)
    words = client.text(place)
    assert "Day 30 of 42" in words
    assert f"{due.day} {due:%b %Y}" in words
    client.send(f"{place}/exceptions", line="decision", exception="absent", text="Six weeks in Łódź")
    words = client.text(place)
    assert "may lawfully not apply" in words
    assert "Six weeks in Łódź" in words
    assert f"{due.day} {due:%b %Y}" in words


def test_a_refusal_tells_of_appeal_and_ends_the_clock(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    for step in ("sent", "received", "refused"):
        client.send(f"{place}/steps", step=step, words="Too few cycles", **parts(today(), "on"))
    words = client.text(place)
    assert "Assessment refused" in words
    assert "can appeal" in words
    assert "Final EHC plan" not in words
    assert "Too few cycles" in words


def test_the_days_of_a_refusal_letter_stand_on_the_request_on_today_and_in_calendars(
    client: PageClient, world: World
) -> None:
    place = opened(client.sign_in("senco"), world)
    late, soon = today() + timedelta(days=60), today() + timedelta(days=50)
    for step in ("sent", "received"):
        client.send(f"{place}/steps", step=step, **parts(today(), "on"))
    wrong = client.send(
        f"{place}/steps", step="refused", status=422, **parts(today(), "on"), **parts(today(), "appeal_by")
    )
    assert "That day must come after the refusal" in wrong.text
    client.send(f"{place}/steps", step="refused", **parts(today(), "on"), **parts(late, "appeal_by"))
    assert "Last day on which the family can appeal" in client.text(place)
    old = client.form(f"{place}/letter-days")[1]
    client.send(f"{place}/letter-days", **parts(soon, "mediation_by"))
    said = client.text("/today")
    assert "refused. The family can ask for mediation until then." in said
    assert "refused. The family can appeal until then." in said
    fresh = client.form(f"{place}/letter-days")[1]["form_key"]
    clash = client.post(f"{place}/letter-days", data={**old, "form_key": fresh, **parts(late, "mediation_by")})
    assert clash.status_code == 409 and "Somebody changed this since you opened it" in clash.text
    diary = client.get(f"{place}/days.ics").text
    assert f"DTSTART;VALUE=DATE:{late:%Y%m%d}" in diary and f"DTSTART;VALUE=DATE:{soon:%Y%m%d}" in diary
    assert "Zofia" not in diary and "Szyma" not in diary


def test_days_of_a_letter_need_a_refusal(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    answer = client.send(f"{place}/letter-days", status=422, **parts(today() + timedelta(days=9), "appeal_by"))
    assert "The authority has not refused this request." in answer.text


def test_today_says_what_the_authority_waits_for(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    asked = {"asked_by": "parent"}
    place = client.send(f"/pupils/{world.pupils['zofia']}/requests/new", **asked).headers["Location"]
    received = today() - timedelta(days=50)
    for step in ("sent", "received"):
        client.send(f"{place}/steps", step=step, **parts(received, "on"))
    said = client.text("/today")
    assert "the authority waits for the school’s information." in said and "past" in said
    client.send(f"{place}/steps", step="replied", **parts(today(), "on"))
    assert "waits for the school’s information" not in client.text("/today")
    client.send(f"{place}/steps", step="agreed", **parts(today(), "on"))
    client.send(f"{place}/steps", step="advice-asked", **parts(today(), "on"))
    assert "the authority waits for the school’s educational advice." in client.text("/today")
    client.send(f"{place}/steps", step="advice-sent", **parts(today(), "on"))
    assert "waits for the school’s educational advice" not in client.text("/today")


def test_an_issued_plan_changes_the_register(as_system: Actor, world: World) -> None:
    pupil = world.pupils["zofia"]
    request_id = services.open_request(pupil)
    for step in (Step.SENT, Step.RECEIVED, Step.AGREED, Step.PLAN_ISSUED):
        services.record_step(request_id, step, today())
    assert pupil_head(pupil).status is SenStatus.PLAN
    assert request_of(request_id).ended_on == today()
    assert clock_of(request_of(request_id))[-1].passed is False


def test_an_earlier_request_is_entered_from_paper(client: PageClient, app: Flask, world: World) -> None:
    client.sign_in("senco")
    made = today() - timedelta(days=500)
    client.send(
        f"/pupils/{world.pupils['zofia']}/requests/earlier",
        asked_by="parent",
        end="refused",
        words="Not enough evidence",
        **parts(made, "made_on"),
    )
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = requests_of(world.pupils["zofia"])[0]
    assert (row.from_paper, row.status, row.sent_on) == (True, RequestStatus.REFUSED, made)


def test_a_date_to_come_is_refused(client: PageClient, world: World) -> None:
    place = opened(client.sign_in("senco"), world)
    response = client.send(f"{place}/steps", step="sent", status=422, **parts(today() + timedelta(days=2), "on"))
    assert "lies ahead" in response.text


@pytest.mark.parametrize(
    ("status", "step", "on", "says"),
    [
        (RequestStatus.DRAFT, Step.AGREED, RECEIVED, "cannot follow"),
        (RequestStatus.SENT, Step.RECEIVED, SENT - timedelta(days=1), "It was sent on 7 Sep 2026"),
        (RequestStatus.SENT, Step.AGREED, SENT, "received the request on 9 Sep 2026"),
        (RequestStatus.SENT, Step.REFUSED, date(2027, 1, 1), "lies ahead"),
        (RequestStatus.SENT, Step.REFUSED, date(2026, 10, 1), None),
    ],
)
def test_steps_come_in_the_order_of_the_law(status: RequestStatus, step: Step, on: date, says: str | None) -> None:
    found = refusal(status, SENT, RECEIVED, step, on, date(2026, 11, 4))
    assert (says is None and found is None) or (says is not None and found is not None and says in found)


def test_nothing_follows_a_plan_or_a_request_that_was_given_up() -> None:
    assert possible_steps(RequestStatus.PLAN_ISSUED) == ()
    assert possible_steps(RequestStatus.WITHDRAWN) == ()


def test_a_step_out_of_order_is_refused_by_the_service(as_system: Actor, world: World) -> None:
    request_id = services.open_request(world.pupils["zofia"])
    with pytest.raises(StepRefused):
        services.record_step(request_id, Step.AGREED, today())


def test_a_later_answer_stands_beside_the_earlier_one(as_system: Actor, world: World) -> None:
    pupil, adult = world.pupils["zofia"], world.adults["parent"]
    request_id = services.open_request(pupil)
    for answer in (ConsentAnswer.GIVEN, ConsentAnswer.REFUSED):
        services.record_consent(
            request_id, services.Answered(adult, ConsentKind.REQUEST, answer, today(), SignedHow.PAPER)
        )
    rows = consents_of(pupil, request_id)
    assert [row.answer for row in rows] == [ConsentAnswer.GIVEN, ConsentAnswer.REFUSED]
    assert [row.answer for row in standing_consents(rows)] == [ConsentAnswer.REFUSED]
    assert rows[1].signed_how is None
