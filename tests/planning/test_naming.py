"""Who is named outside: the sheet hides every pupil of the meeting who may not be, and an answer needs standing."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.queries import involvements_of
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.planning import services
from graduated.planning.agenda import Group, grouped
from graduated.planning.models import PlanningConsent
from graduated.planning.queries import agenda_of, meeting_of
from graduated.planning.rows import Guest
from graduated.planning.services import Answered, Chosen, Deciding, Held, NewMeeting, PlanningRefused
from graduated.planning.sheet import sheet_of
from graduated.pupils.models import Bar, FamilyLink, Pupil
from graduated.rules.vocabulary import BarKind, ConsentAnswer, Decided, Naming, SignedHow
from tests.pack.reading import text_of
from tests.planning.test_services import EP, OBSERVE, agreed, arranged, naming_of, placed
from tests.support.client import PageClient
from tests.support.world import World

REFUSED = ConsentAnswer.REFUSED


def a_meeting_about_two(world: World) -> int:
    """Zofia may be named, Reuben may not, and every text of the meeting names him in another way."""
    meeting_id = services.start_meeting(
        NewMeeting((Guest(EP, "Dr Reuben Nair"),), today(), "A talk on reuben_plan\nand Trev-\nett")
    )
    zofia, reuben = placed(world, meeting_id), placed(world, meeting_id, "reuben")
    agreed(world, zofia)
    agreed(world, reuben, REFUSED, "other_parent")
    services.ask(zofia, "Zofia sits with REUBEN Trevett, who hits her.")
    services.put_on(meeting_id, [Chosen(world.pupils["zofia"], reasons=("Less than expected: “Shares with Reuben”",))])
    services.decide(zofia, Deciding(Decided.OBSERVE, EP, who="Dr Nair, with R. Trevett there"))
    services.decide(reuben, Deciding(Decided.CONSULT, EP, "His mother is ill."))
    return meeting_id


def test_no_text_of_the_sheet_names_a_pupil_of_the_meeting_whose_family_refused(
    app: Flask, client: PageClient, world: World, tmp_path: Path
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler-utils")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = a_meeting_about_two(world)
        services.hold(meeting_id, Held(today(), "Dr Nair; Mrs Trevett, mother of Reuben", "A carpet for Reubens class"))
    client.sign_in("senco")
    answer = client.get(f"/planning/{meeting_id}/sheet.pdf")
    assert answer.headers["Content-Disposition"].startswith("inline; filename=planning-meeting-")
    text = " ".join(text_of(answer.data, tmp_path).split())
    assert "reuben" not in text.casefold() and "trev" not in text.casefold()
    assert "Zofia sits with another pupil, who hits her." in text
    assert "“Shares with another pupil”" in text
    assert "Dr Nair, with another pupil there" in text
    assert "Dr Nair; Mrs a pupil, mother of a pupil" in text
    assert "A carpet for a pupil’s class" in text
    assert "Pupil A" in text and "Zofia Szymańska, Year 5" in text
    assert "His mother is ill." not in text


def test_a_name_is_hidden_also_of_a_pupil_whom_the_reader_does_not_see_or_who_was_taken_off(
    app: Flask, client: PageClient, world: World, tmp_path: Path
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
        zofia, reuben = placed(world, meeting_id), placed(world, meeting_id, "reuben")
        agreed(world, zofia)
        services.ask(zofia, "Zofia sits with Reuben.")
        services.take_off(reuben)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        row = meeting_of(meeting_id)
        assert "Reuben" not in repr(sheet_of(row, grouped(agenda_of(row)), "Hannah Legg"))
    if shutil.which("pdftotext") is None:
        pytest.skip("needs poppler-utils")
    answer = client.sign_in("teacher").get(f"/planning/{meeting_id}/sheet.pdf")
    text = " ".join(text_of(answer.data, tmp_path).split())
    assert "Zofia sits with another pupil." in text


def test_an_agreement_that_ends_while_the_sheet_is_made_names_nobody(as_system: Actor, world: World) -> None:
    meeting_id = a_meeting_about_two(world)
    row = meeting_of(meeting_id)
    before = tuple(
        Group(group.label, tuple(replace(one, naming=Naming.AGREED) for one in group.items))
        for group in grouped(agenda_of(row))
    )
    said = repr(sheet_of(row, before, "Hannah Legg"))
    assert "Pupil A, Year" in said and "Zofia Szymańska" in said
    assert "Reuben" not in said and "Trevett" not in said


def barred(world: World, who: str) -> None:
    """A court bars an adult of Zofia's family, from yesterday."""
    with write("Bar recorded"):
        found = select(FamilyLink).where(
            FamilyLink.pupil_id == world.pupils["zofia"], FamilyLink.adult_id == world.adults[who]
        )
        link = db.session.scalars(found).one()
        day = today() - timedelta(days=1)
        db.session.add(
            Bar(pupil_id=link.pupil_id, family_link_id=link.id, kind=BarKind.ORDER, starts=day, reason="An order")
        )


def test_the_agreement_of_a_parent_who_was_barred_since_names_nobody(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    agreed(world, placed(world, meeting_id))
    assert naming_of(meeting_id) is Naming.AGREED
    barred(world, "parent")
    assert naming_of(meeting_id) is Naming.NOT_ASKED
    assert [one.answer for one in agenda_of(meeting_of(meeting_id))[0].answers] == [ConsentAnswer.GIVEN]


def test_a_parents_agreement_ends_with_the_link_to_the_child(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    agreed(world, placed(world, meeting_id))
    with write("Link ended"):
        found = select(FamilyLink).where(FamilyLink.adult_id == world.adults["parent"])
        for link in db.session.scalars(found.where(FamilyLink.pupil_id == world.pupils["zofia"])):
            db.session.delete(link)
    assert naming_of(meeting_id) is Naming.NOT_ASKED


def test_the_young_persons_answer_counts_only_while_the_rights_are_theirs(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    item_id = placed(world, meeting_id, "idris")
    services.record_answer(item_id, Answered(None, ConsentAnswer.GIVEN, today(), SignedHow.PAPER))
    assert naming_of(meeting_id) is Naming.AGREED
    with write("Day of birth corrected"):
        pupil = db.session.scalars(select(Pupil).where(Pupil.id == world.pupils["idris"])).one()
        pupil.rights_pass_on = today() + timedelta(days=300)
    assert naming_of(meeting_id) is Naming.NOT_ASKED


@pytest.mark.parametrize("who", ["barred_parent", "other_parent"])
def test_the_answer_of_an_adult_who_may_not_be_asked_is_refused(as_system: Actor, world: World, who: str) -> None:
    item_id = placed(world, arranged())
    with pytest.raises(PlanningRefused, match="cannot be asked about this pupil today"):
        agreed(world, item_id, who=who)
    assert db.session.scalars(select(PlanningConsent)).all() == []


def test_a_note_for_staff_is_no_question_to_the_service(as_system: Actor, world: World) -> None:
    item_id = placed(world, arranged())
    agreed(world, item_id)
    services.decide(item_id, OBSERVE)
    (row,) = involvements_of(world.pupils["zofia"])
    assert row.question == ""
