"""Each gap names what exactly is missing, and leads to the page that mends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import AdviceAction
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.lacking import Lacking
from graduated.ehcna.records import records_for
from graduated.plan.models import Outcome, Provision
from graduated.pupils.models import Attendance
from graduated.rules.attendance import Period, months_missing, months_recorded
from graduated.rules.vocabulary import Limb
from tests.ehcna.rich import Rich
from tests.register.counting import counted
from tests.support.client import PageClient

EVIDENCE = "/pupils/{}/evidence"


def change(app: Flask, model: type, **columns: object) -> None:
    """Give every row of a class these values, past its locks where it has any."""
    with app.app_context(), acting(system_actor(1, "Tests")), write("Changed for a test"):
        for row in db.session.scalars(select(model)):
            for name, value in columns.items():
                setattr(row, name, value)


@pytest.mark.parametrize(
    ("model", "columns", "says", "leads"),
    [
        (Outcome, {"baseline": None}, "no baseline", "/outcomes/"),
        (Outcome, {"success": ""}, "no success criterion", "/outcomes/"),
        (Outcome, {"by_when": None}, "no date by when", "/outcomes/"),
        (Provision, {"expected_impact": ""}, "no expected impact", "/provisions/"),
        (Provision, {"minutes": 0}, "no minutes", "/provisions/"),
    ],
)
def test_a_gap_names_its_record_and_leads_to_the_form_that_mends_it(
    client: PageClient, app: Flask, rich: Rich, model: type, columns: dict[str, object], says: str, leads: str
) -> None:
    client.sign_in("senco")
    path = EVIDENCE.format(rich.pupil_id)
    assert says not in client.text(path)
    change(app, model, **columns)
    page = unescape(client.get(path).text)
    line = page[page.index(says) - 400 : page.index(says) + 20]
    assert leads in line or "/cycles/" in line, "the form of a plan that runs, or the cycle that is over"
    client.text(path)


def test_provision_without_a_session_names_the_weeks_and_leads_to_the_log(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    client.sign_in("senco")
    page = unescape(client.get(EVIDENCE.format(rich.pupil_id)).text)
    assert "not recorded, in the week" in page or "no record of delivery" in page
    with app.app_context(), acting(system_actor(1, "Tests")):
        told = [one.words for one in Lacking(records_for(rich.pupil_id)).of("delivery").rows]
        held = db.session.scalars(select(DeliveredSession.held_on)).all()
    assert told and held


def test_acted_on_without_a_word_is_still_a_gap(app: Flask, rich: Rich, as_system: Actor) -> None:
    records = records_for(rich.pupil_id)
    assert evidence_of(records).advice_settled == evidence_of(records).advice
    bare = tuple(
        replace(
            one,
            advice=tuple(
                replace(row, done=tuple(replace(done, text="", effect="") for done in row.done)) for row in one.advice
            ),
        )
        for one in records.involvements
    )
    told = replace(records, involvements=bare)
    assert db.session.scalars(select(AdviceAction.id)).first()
    assert evidence_of(told).advice_settled == 0
    assert "says nothing of what was done" in Lacking(told).of("advice").rows[0].words


def test_the_months_without_attendance_are_named_as_runs(rich: Rich, as_system: Actor) -> None:
    day = date(2026, 11, 20)
    period = Period(date(2026, 2, 1), date(2026, 4, 30), 100, 0, 0)
    missing = months_missing([period], day)
    assert [f"{one:%b}" for one in missing] == ["Nov", "Dec", "Jan", "May", "Jun", "Jul", "Aug", "Sep", "Oct"]
    assert months_recorded([period], day) == 3
    records = replace(records_for(rich.pupil_id), attendance=(), on=day)
    (whole,) = Lacking(records).of("attendance").rows
    assert whole.words == "November 2025 to October 2026: not recorded."
    assert db.session.scalars(select(Attendance.id)).first()


def test_a_reader_is_not_led_to_forms_they_may_not_open(client: PageClient, app: Flask, rich: Rich) -> None:
    change(app, Outcome, success="")
    client.sign_in("teacher")
    page = client.get(EVIDENCE.format(rich.pupil_id)).text
    assert "no success criterion" in page
    assert "/amend" not in page


def test_what_is_missing_comes_first_and_what_is_on_record_is_folded_with_a_count(
    client: PageClient, rich: Rich
) -> None:
    client.sign_in("senco")
    page = client.get(EVIDENCE.format(rich.pupil_id)).text
    assert page.index('href="#mend"') < page.index('id="mend"') < page.index('id="limbs"')
    assert page.count('<details class="limb">') == len(Limb)
    assert " on record</span></summary>" in page


def test_naming_what_is_missing_asks_no_more_of_many_outcomes_than_of_one(
    client: PageClient, app: Flask, rich: Rich
) -> None:
    client.sign_in("senco")
    path = EVIDENCE.format(rich.pupil_id)
    change(app, Outcome, success="")
    client.text(path)
    asked = []
    for _twice in range(2):
        with counted(app) as sent:
            client.text(path)
        asked.append(len(sent))
        with app.app_context(), acting(system_actor(1, "Tests")), write("Many outcomes"):
            first = db.session.scalars(select(Outcome).order_by(Outcome.id.desc())).first()
            assert first is not None
            for number in range(20):
                db.session.add(
                    Outcome(
                        pupil_id=first.pupil_id, cycle_id=first.cycle_id, area=first.area, statement=f"Outcome {number}"
                    )
                )
    assert asked[0] == asked[1]
