"""The planning meeting as a SENCO goes through it, and what everybody else may see of it."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.services import InvolvementDetails, add_involvement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.services import CycleFrame, open_cycle
from graduated.planning import services
from graduated.planning.facts import proposals_for
from graduated.planning.queries import agenda_of, all_meetings, decisions_of, meeting_of
from graduated.planning.services import Chosen, Deciding, Held
from graduated.pupils.models import Pupil
from graduated.rules.calendar import end_of_compulsory_school_age
from graduated.rules.vocabulary import Decided, YearGroup
from tests.pack.accessible import assert_accessible
from tests.pack.reading import text_of
from tests.planning.test_services import EP, OBSERVE, agreed, arranged, placed
from tests.register.counting import counted
from tests.support.client import PageClient
from tests.support.world import World


def day(name: str, on: date) -> dict[str, str]:
    """A date as a form sends it."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def waiting(world: World, pupil: str = "zofia", service: str = EP) -> int:
    """A pupil who waits for a service."""
    referred = today() - timedelta(days=40)
    return add_involvement(world.pupils[pupil], InvolvementDetails(service=service, referred_on=referred))


def test_a_senco_goes_from_the_records_to_decisions_in_one_sitting(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        waiting(world)
    client.sign_in("senco")
    assert "/planning" in client.get("/professionals").text
    client.send("/planning/new", **{"guests-0-service": EP, "guests-0-person": "Dr Nair", **day("on", today())})
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = all_meetings()[0].meeting_id
    here = f"/planning/{meeting_id}"
    text = client.text(f"{here}/pupils")
    assert "Waiting for the service" in text
    assert "Referred to educational psychology" in text
    client.send(f"{here}/pupils", pupils=[str(zofia)], other=str(world.pupils["reuben"]), why="His mother asked")
    text = client.text(here)
    assert "Zofia Szymańska" in text and "His mother asked" in text
    assert "2 pupils are discussed without a name" in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        item_id = next(one.item_id for one in agenda_of(meeting_of(meeting_id)) if one.pupil_id == zofia)
    client.send(f"/planning/pupils/{item_id}/question", question="Is it the room?")
    client.send(
        f"/planning/pupils/{item_id}/agreement", who=str(world.adults["parent"]), answer="given", signed_how="spoken"
    )
    text = client.text(here)
    assert "Agreed: by name" in text and "We ask: Is it the room?" in text
    client.send(
        f"/planning/pupils/{item_id}/decide", decided="observe", note="Sit by the door.", **day("by_when", today())
    )
    client.send(f"{here}/held", present="Dr Nair, Hannah Legg", school_notes="A twilight on noise")
    text = client.text(here)
    assert "Observation in school" in text and "A twilight on noise" in text and "Nothing was decided." in text
    known = client.text(f"/pupils/{zofia}/known")
    assert "Planning meetings Decided on" in known and "Sit by the door." in known and "Dr Nair" in known
    assert "Observation in school" in client.text(f"/pupils/{zofia}/history")
    today_page = client.text("/today")
    assert "observation in school, decided with educational psychology" in today_page
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        decision_id = decisions_of(zofia)[0].decision_id
    client.send(f"/planning/decisions/{decision_id}/done", text="He looks at the door at every noise.")
    assert "He looks at the door at every noise." in client.text(f"/pupils/{zofia}/known")
    assert "observation in school, decided with" not in client.text("/today")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choose at least one service"),
        ({"guests-1-person": "Dr Nair"}, "Say which service this person comes from"),
    ],
)
def test_a_meeting_needs_a_service_and_a_day(
    client: PageClient, world: World, typed: dict[str, str], said: str
) -> None:
    client.sign_in("senco")
    answer = client.send("/planning/new", status=422, **typed)
    assert said in answer.text
    assert "Enter the day of the meeting" in answer.text


def test_mistakes_are_said_beside_the_field(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        item_id = placed(world, meeting_id)
        later = placed(world, arranged(5))
    client.sign_in("senco")
    assert "Tick a pupil, or choose one" in client.send(f"/planning/{meeting_id}/pupils", status=422).text
    said = client.send(
        f"/planning/pupils/{item_id}/agreement", status=422, who=str(world.adults["parent"]), answer="given"
    )
    assert "Choose how the agreement was given" in said.text
    assert str(world.adults["barred_parent"]) not in client.form(f"/planning/pupils/{item_id}/agreement")[1].values()
    assert "Marek" not in client.text(f"/planning/pupils/{item_id}/agreement")
    said = client.send(f"/planning/pupils/{later}/decide", status=422, decided="train")
    assert "Record what it decides once it is held" in said.text


def test_two_who_change_one_meeting_see_each_others_words(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged(5)
        item_id = placed(world, meeting_id)
    client.sign_in("senco")
    action, values = client.form(f"/planning/pupils/{item_id}/question")
    client.send(f"/planning/pupils/{item_id}/question", question="What helps?")
    answer = client.post(action, data={**values, "question": "What hinders?"})
    assert answer.status_code == 409
    assert "What helps?" in answer.text and "What hinders?" in answer.text


def test_a_teacher_sees_only_their_own_pupils_on_it(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        for pupil in ("zofia", "reuben"):
            services.decide(placed(world, meeting_id, pupil), OBSERVE)
    teacher = client.sign_in("teacher").text(f"/planning/{meeting_id}")
    assert "Zofia" in teacher and "Reuben" not in teacher
    assert "Record another decision" not in teacher
    lead = app.test_client()
    assert isinstance(lead, PageClient)
    assert "Record another decision" not in lead.sign_in("lead").text(f"/planning/{meeting_id}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        open_cycle(world.pupils["zofia"], CycleFrame(today(), lead_id=world.users["lead"]))
    assert "Record another decision" in lead.text(f"/planning/{meeting_id}")
    other = app.test_client()
    assert isinstance(other, PageClient)
    assert "Reuben" in other.sign_in("other_teacher").text(f"/planning/{meeting_id}")
    assert "Zofia" not in other.text(f"/planning/{meeting_id}")


def test_a_pupil_is_put_on_the_next_agenda_from_their_own_page(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged(6)
        waiting(world)
    client.sign_in("teacher")
    assert "Put on the agenda" not in client.text(f"/pupils/{zofia}/known")
    client.sign_in("senco")
    assert client.text(f"/pupils/{zofia}/known").count("Put on the agenda") == 1
    assert client.send(f"/pupils/{zofia}/known").status_code == 303
    assert "On the agenda" in client.text(f"/pupils/{zofia}/known")
    assert "not seen yet" in client.text(f"/planning/{meeting_id}")
    client.sign_in("teacher")
    assert "On the agenda" in client.text(f"/pupils/{zofia}/known")


def test_the_sheet_names_only_who_may_be_named_and_keeps_the_note_in_school(
    app: Flask, client: PageClient, world: World, tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler-utils")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        zofia, reuben = placed(world, meeting_id), placed(world, meeting_id, "reuben")
        agreed(world, zofia)
        services.ask(zofia, "Zofia hides. Why?")
        services.ask(reuben, "Reuben Trevett shouts. Is it Reuben’s hearing?")
        services.decide(reuben, Deciding(Decided.CONSULT, EP, "His mother is ill.", "Dr Nair with Reuben’s teacher"))
    client.sign_in("senco")
    answer = client.get(f"/planning/{meeting_id}/sheet.pdf")
    assert_accessible(answer.data, tmp_path)
    text = " ".join(text_of(answer.data, tmp_path).split())
    assert "Zofia Szymańska, Year 5" in text and "Zofia hides. Why?" in text
    assert "Pupil A, Year 2" in text and "The pupil shouts. Is it the pupil’s hearing?" in text
    assert "Reuben" not in text and "Trevett" not in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.hold(meeting_id, Held(today(), "Dr Nair, Hannah Legg", "Reuben’s class gets a carpet"))
    text = " ".join(text_of(client.get(f"/planning/{meeting_id}/sheet.pdf").data, tmp_path).split())
    assert "Consultation with staff (educational psychology), Dr Nair with the pupil’s teacher" in text
    assert "Reuben" not in text and "His mother is ill" not in text


def test_the_family_reads_what_is_shared_in_plain_words_and_never_the_note(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        item_id = placed(world, arranged())
        agreed(world, item_id)
        first = services.decide(item_id, OBSERVE)
        services.decide(item_id, Deciding(Decided.WAIT, EP, "Too anxious.", shared_with_family=False))
    path = f"/family/children/{world.pupils['zofia']}"
    text = client.sign_in("parent").text(path)
    assert "Educational psychology: The specialist comes to school and sees how things go." in text
    assert "Watch the writing lesson." not in text and "No specialist comes for now" not in text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.correct(
            first, Deciding(Decided.CONSULT, EP, shared_with_family=False), "The family is told in person first."
        )
    assert "Specialists from outside school" not in client.text(path)


def test_today_brings_up_a_meeting_that_is_near_or_was_not_recorded(
    app: Flask, client: PageClient, world: World
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        placed(world, arranged(6))
        arranged(60)
        arranged(-3)
        services.call_off(arranged(2))
    text = client.sign_in("senco").text("/today")
    assert "Planning meeting with educational psychology: 1 pupil on the agenda." in text
    assert "Planning meeting with educational psychology is not recorded as held: no pupils on the agenda." in text
    assert text.count("on the agenda") == 2
    other = app.test_client()
    assert isinstance(other, PageClient)
    teacher = other.sign_in("teacher").text("/today")
    assert "1 pupil on the agenda" in teacher and "no pupils on the agenda" not in teacher


def test_an_agenda_of_thirty_asks_as_often_as_one_of_one(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        waiting(world)
        services.decide(placed(world, meeting_id), OBSERVE)
    client.sign_in("senco")
    client.get(f"/planning/{meeting_id}")
    with counted(app) as few:
        client.get(f"/planning/{meeting_id}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for number in range(30):
            add_involvement(another(number), InvolvementDetails(service=EP, referred_on=today()))
        services.put_on(
            meeting_id, [Chosen(one.pupil_id, one.group, one.words) for one in proposals_for(meeting_of(meeting_id))]
        )
        assert meeting_of(meeting_id).pupils > 30
    with counted(app) as many:
        client.get(f"/planning/{meeting_id}")
    assert len(many) == len(few)


def another(number: int) -> int:
    """One more pupil of the roll."""
    born = date(today().year - 9, 3, 3)
    with write("Pupil added"):
        pupil = Pupil(
            legal_surname=f"Surname{number}", legal_forename="Test", born_on=born, year_group=YearGroup.Y4,
            rights_pass_on=end_of_compulsory_school_age(born),
        )  # fmt: skip
        db.session.add(pupil)
        db.session.flush()
        return pupil.id
