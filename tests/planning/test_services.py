"""What a planning meeting decides lands on the pupil, and is never changed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.queries import involvements_of
from graduated.assess.services import InvolvementDetails, add_involvement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.planning import services
from graduated.planning.facts import proposals_for
from graduated.planning.models import PlanningDecision
from graduated.planning.queries import agenda_of, decisions_of, meeting_of, owed
from graduated.planning.rows import Guest
from graduated.planning.services import Answered, Chosen, Deciding, Held, NewMeeting, PlanningRefused
from graduated.rules.vocabulary import AgendaGroup, ConsentAnswer, Decided, Naming, PlanningStatus, SignedHow
from tests.support.world import World

EP, SLT = "Educational psychology", "Speech and language therapy"
OBSERVE = Deciding(Decided.OBSERVE, EP, "Watch the writing lesson.", "Dr Nair", today() + timedelta(days=5))


def arranged(in_days: int = 0, *services_: str) -> int:
    """A meeting with these services; gives its id."""
    guests = tuple(Guest(one, "Dr Nair" if one == EP else "") for one in services_ or (EP,))
    return services.start_meeting(NewMeeting(guests, today() + timedelta(days=in_days)))


def placed(world: World, meeting_id: int, pupil: str = "zofia") -> int:
    """A pupil on the agenda; gives the item's id."""
    services.put_on(meeting_id, [Chosen(world.pupils[pupil])])
    return next(one.item_id for one in agenda_of(meeting_of(meeting_id)) if one.pupil_id == world.pupils[pupil])


def agreed(world: World, item_id: int, answer: ConsentAnswer = ConsentAnswer.GIVEN, who: str = "parent") -> None:
    """A parent answers."""
    services.record_answer(item_id, Answered(world.adults[who], answer, today(), SignedHow.SPOKEN))


def naming_of(meeting_id: int) -> Naming:
    """Whether the only pupil of a meeting may be named."""
    return agenda_of(meeting_of(meeting_id))[0].naming


def test_the_newest_answer_of_each_parent_decides_whether_the_pupil_is_named(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    item_id = placed(world, meeting_id)
    assert naming_of(meeting_id) is Naming.NOT_ASKED
    agreed(world, item_id, ConsentAnswer.ASKED)
    assert naming_of(meeting_id) is Naming.WAITING
    agreed(world, item_id)
    assert naming_of(meeting_id) is Naming.AGREED
    agreed(world, item_id, ConsentAnswer.REFUSED)
    assert naming_of(meeting_id) is Naming.REFUSED
    assert [one.answer for one in agenda_of(meeting_of(meeting_id))[0].answers] == [
        ConsentAnswer.ASKED, ConsentAnswer.GIVEN, ConsentAnswer.REFUSED,
    ]  # fmt: skip


def test_agreement_to_the_services_involvement_counts_until_it_is_closed(as_system: Actor, world: World) -> None:
    meeting_id, zofia = arranged(), world.pupils["zofia"]
    placed(world, meeting_id)
    details = InvolvementDetails(service="Educational Psychology Service", parents_agree=True)
    involvement_id = add_involvement(zofia, details)
    assert naming_of(meeting_id) is Naming.AGREED
    services.change_involvement(involvement_id, InvolvementDetails(service=EP, parents_agree=True, closed_on=today()))
    assert naming_of(meeting_id) is Naming.NOT_ASKED


def test_a_young_person_whose_rights_these_are_answers_alone(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    item_id = placed(world, meeting_id, "idris")
    services.record_answer(item_id, Answered(None, ConsentAnswer.GIVEN, today(), SignedHow.PAPER))
    assert naming_of(meeting_id) is Naming.AGREED
    other = placed(world, meeting_id)
    with pytest.raises(PlanningRefused, match="not yet of the age"):
        services.record_answer(other, Answered(None, ConsentAnswer.GIVEN, today(), SignedHow.PAPER))


def test_an_observation_starts_an_involvement_with_the_parents_answer(as_system: Actor, world: World) -> None:
    meeting_id, zofia = arranged(), world.pupils["zofia"]
    item_id = placed(world, meeting_id)
    services.ask(item_id, "Is it the writing or the room?")
    agreed(world, item_id)
    services.decide(item_id, OBSERVE)
    (row,) = involvements_of(zofia)
    assert (row.service, row.person, row.question) == (EP, "Dr Nair", "Is it the writing or the room?")
    assert (row.referred_on, row.parents_agree) == (today(), True)
    (decision,) = decisions_of(zofia)
    assert decision.involvement_id == row.involvement_id
    assert decision.by_name
    assert decision.decided_on == today()


def test_parents_not_asked_yet_are_to_be_asked_before_the_service_comes(as_system: Actor, world: World) -> None:
    item_id = placed(world, arranged())
    services.decide(item_id, OBSERVE)
    (row,) = involvements_of(world.pupils["zofia"])
    assert row.parents_agree is None
    assert not decisions_of(world.pupils["zofia"])[0].by_name


def test_nobody_from_outside_meets_a_family_that_refused(as_system: Actor, world: World) -> None:
    item_id = placed(world, arranged())
    agreed(world, item_id, ConsentAnswer.REFUSED)
    with pytest.raises(PlanningRefused, match="Talk with them first"):
        services.decide(item_id, OBSERVE)
    services.decide(item_id, Deciding(Decided.TRAIN, EP))
    services.decide(item_id, Deciding(Decided.CONSULT, EP))
    assert not involvements_of(world.pupils["zofia"])


def test_an_involvement_that_runs_goes_on_and_closing_closes_it(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    running = add_involvement(zofia, InvolvementDetails(service=EP, question="Earlier", parents_agree=True))
    item_id = placed(world, arranged())
    services.decide(item_id, OBSERVE)
    assert [one.involvement_id for one in involvements_of(zofia)] == [running]
    services.decide(item_id, Deciding(Decided.CLOSE, EP))
    (row,) = involvements_of(zofia)
    assert (row.closed_on, row.question) == (today(), "Earlier")
    with pytest.raises(PlanningRefused, match="none to close"):
        services.decide(item_id, Deciding(Decided.CLOSE, EP))


def test_nothing_is_decided_before_the_day_off_the_agenda_or_with_who_did_not_come(
    as_system: Actor, world: World
) -> None:
    later = placed(world, arranged(3))
    with pytest.raises(PlanningRefused, match="once it is held"):
        services.decide(later, OBSERVE)
    item_id = placed(world, arranged())
    with pytest.raises(PlanningRefused, match="services that came"):
        services.decide(item_id, Deciding(Decided.TRAIN, SLT))
    services.take_off(item_id)
    with pytest.raises(PlanningRefused, match="not on the agenda"):
        services.decide(item_id, OBSERVE)


def test_a_decision_is_corrected_by_a_new_row_and_the_old_one_is_kept(as_system: Actor, world: World) -> None:
    zofia, meeting_id = world.pupils["zofia"], arranged()
    item_id = placed(world, meeting_id)
    first = services.decide(item_id, OBSERVE)
    second = services.correct(first, Deciding(Decided.CONSULT, EP), "It was consultation that we agreed.")
    assert [one.decision_id for one in decisions_of(zofia)] == [second]
    kept = agenda_of(meeting_of(meeting_id))[0].decisions
    assert [(one.decided, one.is_replaced) for one in kept] == [(Decided.OBSERVE, True), (Decided.CONSULT, False)]
    with pytest.raises(PlanningRefused, match="newest"):
        services.correct(first, OBSERVE, "Again")
    with pytest.raises(PlanningRefused, match="why"):
        services.correct(second, OBSERVE, " ")


@pytest.mark.parametrize("act", ["change", "delete"])
def test_the_database_itself_keeps_a_decision(as_system: Actor, world: World, act: str) -> None:
    decision_id = services.decide(placed(world, arranged()), OBSERVE)
    with pytest.raises(IntegrityError, match="never changed"), write("Tampering"):
        row = db.session.scalars(select(PlanningDecision).where(PlanningDecision.id == decision_id)).one()
        if act == "change":
            row.note = "Something else"
        else:
            db.session.delete(row)


def test_what_was_decided_is_owed_until_somebody_says_that_it_is_done(as_system: Actor, world: World) -> None:
    item_id = placed(world, arranged())
    decision_id = services.decide(item_id, OBSERVE)
    services.decide(item_id, Deciding(Decided.WAIT, EP))
    assert [one.decision_id for one in owed()] == [decision_id]
    with pytest.raises(PlanningRefused, match="future"):
        services.carry_out(decision_id, today() + timedelta(days=1), "")
    services.carry_out(decision_id, today(), "He writes when he may speak first.")
    assert owed() == ()
    done = next(one for one in decisions_of(world.pupils["zofia"]) if one.decision_id == decision_id)
    assert (done.done_on, done.done_text) == (today(), "He writes when he may speak first.")
    with pytest.raises(PlanningRefused, match="already"):
        services.carry_out(decision_id, today(), "")


def test_a_later_meeting_asks_after_what_was_not_done(as_system: Actor, world: World) -> None:
    first = arranged()
    services.decide(placed(world, first), OBSERVE)
    later = arranged(90)
    found = [one for one in proposals_for(meeting_of(later)) if one.pupil_id == world.pupils["zofia"]]
    assert found[0].group is AgendaGroup.FOLLOW_UP
    mine = proposals_for(meeting_of(first))
    assert all(reason.group is not AgendaGroup.FOLLOW_UP for one in mine for reason in one.reasons)
    elsewhere = proposals_for(meeting_of(arranged(90, SLT)))
    assert [one.pupil_id for one in elsewhere] == []


def test_once_held_the_agenda_stands_with_the_reasons_of_the_day(as_system: Actor, world: World) -> None:
    zofia, meeting_id = world.pupils["zofia"], arranged()
    waiting = InvolvementDetails(service=EP, referred_on=today() - timedelta(days=9))
    involvement_id = add_involvement(zofia, waiting)
    proposal = proposals_for(meeting_of(meeting_id))[0]
    services.put_on(meeting_id, [Chosen(zofia, proposal.group, proposal.words)])
    services.change_involvement(
        involvement_id,
        InvolvementDetails(service=EP, referred_on=today() - timedelta(days=9), seen_on=today() - timedelta(days=1)),
    )
    services.hold(meeting_id, Held(today(), "Dr Nair, Hannah Legg", "Twilight on word finding"))
    row = meeting_of(meeting_id)
    item = agenda_of(row)[0]
    assert row.status is PlanningStatus.HELD
    assert "no report yet" in item.reasons[0]
    for change in (
        lambda: services.take_off(item.item_id),
        lambda: services.ask(item.item_id, "Too late"),
        lambda: services.hold(meeting_id, Held(today(), "Again")),
        lambda: services.call_off(meeting_id),
        lambda: services.change_meeting(meeting_id, NewMeeting((Guest(SLT),), today())),
    ):
        with pytest.raises(PlanningRefused, match="stands as it is"):
            change()


def test_a_meeting_is_not_held_before_its_day_nor_called_off_after_a_decision(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    with pytest.raises(PlanningRefused, match="once it was held"):
        services.hold(meeting_id, Held(today() + timedelta(days=1), "Nobody yet"))
    item_id = placed(world, meeting_id)
    services.decide(item_id, Deciding(Decided.TRAIN, EP))
    with pytest.raises(PlanningRefused, match="cannot be called off"):
        services.call_off(meeting_id)
    with pytest.raises(PlanningRefused, match="stay on the agenda"):
        services.take_off(item_id)
    empty = arranged(4)
    services.call_off(empty)
    with pytest.raises(PlanningRefused, match="called off"):
        services.put_on(empty, [Chosen(world.pupils["zofia"])])
    with pytest.raises(PlanningRefused, match="which service"):
        services.start_meeting(NewMeeting((), today()))


def test_whoever_was_taken_off_comes_back_with_the_question(as_system: Actor, world: World) -> None:
    meeting_id = arranged()
    item_id = placed(world, meeting_id)
    services.ask(item_id, "What next?")
    services.take_off(item_id)
    assert meeting_of(meeting_id).pupils == 0
    assert placed(world, meeting_id) == item_id
    assert agenda_of(meeting_of(meeting_id))[0].question == "What next?"


def test_another_school_has_no_part_in_it(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        meeting_id = arranged()
    with app.app_context(), acting(system_actor(world.other_school_id, "Tests")):
        from graduated.planning.queries import all_meetings, find_meeting

        assert all_meetings() == ()
        assert find_meeting(meeting_id) is None
