"""What a review, a request or a concern brings to the next planning meeting, from real records."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import Concern
from graduated.assess.services import InvolvementDetails, add_advice, add_involvement, change_involvement
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.queries import cycles_of, plan_of
from graduated.plan.services import AgreementDetails, agree
from graduated.planning.facts import proposals_for
from graduated.planning.rows import Guest, MeetingRow
from graduated.request.services import open_request
from graduated.review.deciding import Decision
from graduated.review.services import Attending, Sitting, save_review, seal_review, start_review
from graduated.rules.planning import Proposal
from graduated.rules.vocabulary import (
    AgendaGroup,
    AgreementMethod,
    ConcernStatus,
    Judgement,
    NextStep,
    PlanningStatus,
    ProvisionVerdict,
    SpecialistPath,
)
from tests.planning.test_pages import another
from tests.register.counting import counted
from tests.review.scene import NOW, TODAY, Scene, sealed, set_scene
from tests.support.world import World

SLT, EP = "Speech and language therapy", "Educational psychology"


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day in the middle of a cycle."""
    with held(NOW):
        yield


@pytest.fixture
def scene(as_system: Actor, world: World) -> Scene:
    """Zofia's agreed plan, whose review is due today."""
    return set_scene(world)


def proposed(service: str, pupil_id: int) -> list[Proposal]:
    """What a meeting with a service would propose of one pupil."""
    row = MeetingRow(0, (Guest(service),), TODAY, PlanningStatus.PLANNED, "", "", "", 1, "")
    return [one for one in proposals_for(row) if one.pupil_id == pupil_id]


def test_a_referral_that_a_review_decided_comes_to_the_meeting_with_that_service(scene: Scene) -> None:
    sealed(scene, NextStep.SPECIALIST)
    (found,) = proposed(SLT, scene.pupil_id)
    assert [one.group for one in found.reasons] == [AgendaGroup.STEP, AgendaGroup.WAITING]
    assert found.words[0].endswith("decided to ask for specialist advice.")
    assert proposed(EP, scene.pupil_id) == []


def test_a_family_that_declined_advice_is_not_brought_by_that_review(scene: Scene) -> None:
    declined = {"specialist": SpecialistPath.DECLINED, "specialist_words": "Not this year, they said."}
    sealed(scene, NextStep.SPECIALIST, **declined)
    assert all(one.group is not AgendaGroup.STEP for found in proposed(EP, scene.pupil_id) for one in found.reasons)


def test_a_request_that_is_thought_about_and_a_concern_that_comes_back_are_reasons(
    as_system: Actor, world: World
) -> None:
    zofia, jude = world.pupils["zofia"], world.pupils["jude"]
    open_request(zofia)
    with write("Concern told"):
        db.session.add(
            Concern(pupil_id=jude, raised_by="Ms Vine", raised_on=TODAY - timedelta(days=40), text="Tires",
                    met_on=TODAY - timedelta(days=30), review_on=TODAY, status=ConcernStatus.AGREED)
        )  # fmt: skip
    assert proposed(EP, zofia)[0].group is AgendaGroup.REQUEST
    assert proposed(EP, jude)[0].group is AgendaGroup.CONCERN


def test_advice_left_undone_is_a_reason_until_it_is_answered(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    reported = InvolvementDetails(service=EP, seen_on=TODAY, reported_on=TODAY)
    involvement_id = add_involvement(zofia, reported)
    assert proposed(EP, zofia) == []
    add_advice(involvement_id, "Pre-teach the words of the topic", TODAY)
    assert proposed("Educational Psychology Service", zofia)[0].group is AgendaGroup.ADVICE
    change_involvement(involvement_id, InvolvementDetails(service=SLT, seen_on=TODAY, reported_on=TODAY))
    assert proposed(EP, zofia) == []


def test_an_outcome_less_than_expected_twice_running_is_brought_in_its_newest_words(scene: Scene) -> None:
    sealed(scene, NextStep.ANOTHER_CYCLE, judgements=(Judgement.MORE, Judgement.LESS))
    assert proposed(EP, scene.pupil_id) == []
    following = next(one for one in cycles_of(scene.pupil_id) if one.status.is_open)
    with held(NOW + timedelta(days=60)):
        agree(
            following.cycle_id,
            AgreementDetails(TODAY + timedelta(days=7), AgreementMethod.MEETING, agreed_ids=(scene.adult_id or 0,)),
        )
        review_id = start_review(following.cycle_id)
        save_review(review_id, _second(scene, following.cycle_id))
        seal_review(review_id)
        (found,) = proposed(EP, scene.pupil_id)
    assert found.group is AgendaGroup.STUCK
    assert "Asks for help at least three times a day" in found.words[0]


def _second(scene: Scene, cycle_id: int) -> Sitting:
    plan = plan_of(cycle_id)
    return Sitting(
        held_on=TODAY + timedelta(days=60),
        with_parent=True,
        pupil_present=True,
        pupil_views="I still wait.",
        parent_views="She waits at home too.",
        attending=(Attending("Anna Szymańska", "Mother", adult_id=scene.adult_id),),
        judgements=tuple((one.outcome_id, Judgement.LESS, "As before.") for one in plan.outcomes),
        verdicts=tuple((one.provision_id, ProvisionVerdict.CONTINUE, "Goes on.") for one in plan.provisions),
        decision=Decision(step=NextStep.ANOTHER_CYCLE, reason="Talked through."),
    )


def test_thirty_pupils_are_looked_through_as_quickly_as_one(app: Flask, world: World) -> None:
    actor = system_actor(world.school_id, "Tests")
    with app.app_context(), acting(actor):
        add_involvement(world.pupils["zofia"], InvolvementDetails(service=EP, referred_on=TODAY))
        with counted(app) as few:
            proposed(EP, world.pupils["zofia"])
        for number in range(30):
            pupil_id = another(number)
            add_involvement(pupil_id, InvolvementDetails(service=EP, referred_on=TODAY))
            open_request(pupil_id)
        with counted(app) as many:
            proposed(EP, world.pupils["zofia"])
    assert len(many) == len(few)
