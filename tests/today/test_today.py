"""Today says what waits, to each their own, in a fixed number of queries."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Advice, Involvement
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan import services as plan
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.pupils.models import Assignment, Pupil, SenStatusSpell
from graduated.request.services import open_request
from graduated.review.services import seal_review
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import (
    AgreementMethod,
    AssignmentSource,
    NeedArea,
    NextStep,
    SenStatus,
    SpecialistPath,
    StatusSource,
    YearGroup,
)
from tests.review.scene import STARTS, TODAY, Scene, log, written
from tests.support.client import PageClient
from tests.support.databases import is_of_a_page
from tests.support.world import World


def test_the_senco_sees_what_waits(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        log(scene, STARTS)
        draft = plan.open_cycle(world.pupils["reuben"], CycleFrame(TODAY))
        open_request(world.pupils["idris"])
        with write("Advice came"):
            involved = Involvement(pupil_id=scene.pupil_id, service="Speech and language therapy")
            db.session.add(involved)
            db.session.flush()
            for words in ("Teach topic words before the lesson", "Use pictures"):
                db.session.add(
                    Advice(
                        pupil_id=scene.pupil_id,
                        involvement_id=involved.id,
                        recommendation=words,
                        given_on=TODAY - timedelta(days=30),
                    )
                )
    assert draft
    client.sign_in("senco")
    text = client.text("/today")
    for words in (
        "Zofia Szymańska · Year 5 · cycle 1. Nobody has contributed yet.",
        "Due today",
        "Start the review",
        "Reuben Trevett’s plan is not agreed yet.",
        "Idris Hussain: the request for an EHC needs assessment is not sent yet.",
        "two recommendations of Speech and language therapy",
        "not logged",
        "Behind",
        "autumn term, week",
    ):
        assert words in text, words
    assert "Reviews held 0 of 1" in text


def test_a_late_review_says_how_late(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        cycle_id = plan.open_cycle(world.pupils["zofia"], CycleFrame(STARTS, TODAY - timedelta(days=8)))
        plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
        plan.agree(cycle_id, AgreementDetails(STARTS, AgreementMethod.PHONE, agreed_ids=(world.adults["parent"],)))
    client.sign_in("senco")
    assert "8 days late" in client.text("/today")


def test_a_teaching_assistant_sees_own_groups_first(app: Flask, client: PageClient, scene: Scene) -> None:
    client.sign_in("ta")
    text = client.text("/today")
    assert text.index("Your groups today") < text.index("Precision reading")
    assert "1.30 pm" in text and "Not logged yet." in text
    client.send(f"/groups/{scene.group_id}/log")
    assert "Logged." in client.text("/today")


def test_a_teacher_sees_own_pupils_only(client: PageClient, scene: Scene) -> None:
    client.sign_in("other_teacher")
    assert "Zofia" not in client.text("/today")
    assert "Precision reading" not in client.text("/today")


@pytest.mark.parametrize("who", ["admin", "dpo", "head", "safeguarding", "lead", "staff_parent"])
def test_everybody_at_school_has_a_today(client: PageClient, scene: Scene, who: str) -> None:
    client.sign_in(who)
    text = client.text("/today")
    assert ("Zofia" in text) is (who in {"head", "safeguarding", "lead"})


def test_a_parent_has_none(client: PageClient, scene: Scene) -> None:
    client.sign_in("parent")
    assert client.status("/today") == 404


def test_the_day_to_look_again_is_brought_back(app: Flask, client: PageClient, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seal_review(written(scene, NextStep.COME_OFF, check_back_on=TODAY + timedelta(days=10)))
    client.sign_in("senco")
    assert "Zofia Szymańska came off SEN support" in client.text("/today")


def test_support_staff_do_not_learn_what_a_sealed_review_decided(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        referral = {"service": "Speech therapy", "question": "Why?", "who_refers": "Hannah Legg", "refer_by": TODAY}
        seal_review(
            written(scene, NextStep.SPECIALIST, specialist=SpecialistPath.REFER, parents_agree=True, **referral)
        )
    client.sign_in("ta")
    assert "Refer to" not in client.text("/today")
    other = app.test_client()
    assert isinstance(other, PageClient)
    assert "Refer to Speech therapy" in other.sign_in("senco").text("/today")


def test_thirty_pupils_take_no_more_queries_than_one(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        many_pupils(world, 1)
    client.get("/today")
    few = queries_of(app, client)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        many_pupils(world, 30)
    many = queries_of(app, client)
    assert few == many <= 26


def test_a_long_card_shows_seven_lines_and_leads_to_the_rest(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        many_pupils(world, 30)
    client.sign_in("senco")
    some, whole = client.text("/today"), client.text("/today?all=log")
    assert "and 23 more: Sessions not logged" in some
    assert (some.count("not logged."), whole.count("not logged.")) == (7, 30)
    assert "more: Sessions not logged" not in whole
    assert "Sessions not logged 30" in some and "Sessions not logged 30" in whole, (
        "what waits stands at the top, counted"
    )


def test_one_button_of_the_page_is_strong(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for who in ("zofia", "reuben"):
            cycle_id = plan.open_cycle(world.pupils[who], CycleFrame(STARTS, TODAY - timedelta(days=8)))
            plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
            plan.agree(cycle_id, AgreementDetails(STARTS, AgreementMethod.PHONE, agreed_ids=(world.adults["parent"],)))
    client.sign_in("senco")
    page = client.get("/today").get_data(as_text=True)
    assert page.count("8 days late") == 2
    assert page.count('class="govuk-button"') == 1


def test_a_status_that_the_information_system_does_not_know_is_said(
    app: Flask, client: PageClient, world: World, scene: Scene
) -> None:
    words = "1 change of SEN status to make in your MIS."
    client.sign_in("senco")
    assert words not in client.text("/today")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seal_review(written(scene, NextStep.COME_OFF))
    assert words in client.text("/today")
    other = app.test_client()
    assert isinstance(other, PageClient)
    assert words not in other.sign_in("lead").text("/today")


def queries_of(app: Flask, client: PageClient) -> int:
    """How many statements one look at Today runs, who is signed in included."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT") and is_of_a_page(statement):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get("/today").status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def many_pupils(world: World, count: int) -> None:
    """So many pupils on SEN support, each in an agreed plan with a logged group."""
    for n in range(count):
        with write("Pupil added"):
            born = date(TODAY.year - 9, 3, 3)
            pupil = Pupil(
                legal_surname=f"Surname{n}",
                legal_forename="Test",
                born_on=born,
                year_group=YearGroup.Y4,
                rights_pass_on=end_of_compulsory_school_age(born),
            )
            db.session.add(pupil)
            db.session.flush()
            db.session.add(
                SenStatusSpell(pupil_id=pupil.id, status=SenStatus.SUPPORT, starts=STARTS, source=StatusSource.HAND)
            )
            db.session.add(
                Assignment(user_id=world.users["lead"], pupil_id=pupil.id, source=AssignmentSource.HAND, starts=STARTS)
            )
        cycle_id = plan.open_cycle(pupil.id, CycleFrame(STARTS, TODAY))
        outcome = plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
        plan.add_provision(
            cycle_id,
            ProvisionDetails(name="Reading", minutes=15, times_a_week=1, weekdays=(1,), serves=(outcome,)),
        )
        plan.agree(cycle_id, AgreementDetails(STARTS, AgreementMethod.PHONE, no_answer_ids=(world.adults["parent"],)))
