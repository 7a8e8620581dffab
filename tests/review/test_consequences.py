"""Each next step with all that follows from it, for the plan, the register, referrals and requests."""

from __future__ import annotations

from datetime import timedelta

import pytest

from graduated.access.identity import Actor
from graduated.assess.queries import involvements_of
from graduated.do.queries import doses_of_cycle, group_of
from graduated.plan import services as plan
from graduated.plan.queries import cycles_of, plan_of
from graduated.plan.services import AgreementDetails
from graduated.pupils.queries import pupil_head, status_history
from graduated.request.queries import requests_of
from graduated.review.queries import review_of, seal_details_of
from graduated.rules.vocabulary import (
    AgreementMethod,
    CycleStatus,
    Judgement,
    NextStep,
    ProvisionVerdict,
    RequestPath,
    SenStatus,
    SpecialistPath,
    StatusSource,
)
from tests.review.scene import REFERRAL, STARTS, TODAY, Scene, log, measure, sealed, set_scene
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("as_system")

# The four next steps -------------------------------------------------------------------------------------------


def test_good_progress_takes_a_pupil_off_sen_support_from_the_day_of_the_review(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.COME_OFF, check_back_on=TODAY + timedelta(days=60))
    assert pupil_head(scene.pupil_id).status is SenStatus.NONE
    spells = status_history(scene.pupil_id)
    now = next(one for one in spells if one.status is SenStatus.NONE)
    assert (now.starts, now.source, now.told_mis) == (TODAY, StatusSource.REVIEW, False)
    assert any(one.status is SenStatus.SUPPORT for one in spells)
    cycles = cycles_of(scene.pupil_id)
    assert [(one.status, one.ends) for one in cycles] == [(CycleStatus.REVIEWED, TODAY)]
    record = review_of(review_id)
    assert record.step is not None and record.step.check_back_on == TODAY + timedelta(days=60)
    assert [one.what for one in record.actions] == ["Tell the parents in writing that SEN support has ended"]
    assert group_of(scene.group_id, TODAY + timedelta(days=1)).members == ()


def test_some_progress_opens_the_next_cycle_with_what_is_not_yet_met(scene: Scene) -> None:
    measure(scene, 8)
    review_id = sealed(scene, NextStep.ANOTHER_CYCLE)
    assert pupil_head(scene.pupil_id).status is SenStatus.SUPPORT
    first, second = cycles_of(scene.pupil_id)
    assert (first.status, second.status) == (CycleStatus.REVIEWED, CycleStatus.DRAFT)
    assert (second.number, second.previous_id, second.lead_id) == (2, first.cycle_id, first.lead_id)
    draft = plan_of(second.cycle_id)
    assert [one.continues_id for one in draft.outcomes] == [scene.reads, scene.asks]
    assert draft.outcomes[0].baseline_text == "8"
    assert {one.details.get("carried") for one in draft.contributions} == {"continue", "change"}
    followed = seal_details_of(review_id)
    assert followed is not None and followed.next_cycle_id == second.cycle_id


def test_an_outcome_that_was_reached_is_not_carried_over(scene: Scene) -> None:
    measure(scene, 4)
    sealed(scene, NextStep.ANOTHER_CYCLE)
    draft = plan_of(cycles_of(scene.pupil_id)[-1].cycle_id)
    assert [one.continues_id for one in draft.outcomes] == [scene.asks]


def test_provision_that_continues_runs_on_and_its_sessions_count_once(scene: Scene) -> None:
    log(scene, STARTS)
    sealed(scene, NextStep.ANOTHER_CYCLE)
    runs = {one.provision_id: one.runs_on for one in plan_of(scene.cycle_id).provisions}
    assert runs == {scene.precision: True, scene.in_class: False}
    second = cycles_of(scene.pupil_id)[-1]
    log(scene, TODAY)
    ran_on = doses_of_cycle(scene.cycle_id)[scene.precision]
    assert (ran_on.delivered_minutes, ran_on.to_come_minutes) == (30, 0)
    later = doses_of_cycle(scene.cycle_id, TODAY + timedelta(days=10))[scene.precision]
    assert later.not_recorded_minutes == ran_on.not_recorded_minutes + 3 * 15
    assert sum(one.delivered_minutes for one in doses_of_cycle(second.cycle_id).values()) == 0


def test_once_the_next_plan_is_agreed_its_own_copy_counts(scene: Scene, world: World) -> None:
    sealed(scene, NextStep.ANOTHER_CYCLE)
    second = cycles_of(scene.pupil_id)[-1]
    plan.agree(second.cycle_id, AgreementDetails(TODAY, AgreementMethod.MEETING, agreed_ids=(world.adults["parent"],)))
    log(scene, TODAY - timedelta(days=5), TODAY)
    copy = next(one for one in plan_of(second.cycle_id).provisions if one.name == "Precision reading")
    assert doses_of_cycle(scene.cycle_id)[scene.precision].delivered_minutes == 15
    assert doses_of_cycle(second.cycle_id)[copy.provision_id].delivered_minutes == 15


def test_little_progress_makes_a_referral_and_support_goes_on(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.SPECIALIST)
    (involved,) = involvements_of(scene.pupil_id)
    assert (involved.service, involved.question) == (REFERRAL["service"], REFERRAL["question"])
    assert (involved.refer_by, involved.parents_agree, involved.review_id) == (REFERRAL["refer_by"], True, review_id)
    assert [one.status for one in cycles_of(scene.pupil_id)] == [CycleStatus.REVIEWED, CycleStatus.DRAFT]
    assert [one.what for one in review_of(review_id).actions] == ["Refer to Speech and language therapy"]


@pytest.mark.parametrize("path", [SpecialistPath.ALREADY, SpecialistPath.DECLINED])
def test_a_service_already_involved_or_declined_is_kept_in_words_without_a_referral(
    scene: Scene, path: SpecialistPath
) -> None:
    review_id = sealed(
        scene, NextStep.SPECIALIST, specialist=path, specialist_words="The therapist sees her on Mondays."
    )
    assert involvements_of(scene.pupil_id) == []
    step = review_of(review_id).step
    assert step is not None
    assert (step.specialist, step.specialist_words) == (path, "The therapist sees her on Mondays.")
    assert len(cycles_of(scene.pupil_id)) == 2


def test_major_concerns_open_a_draft_request_and_support_never_stops(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.CONSIDER_EHCNA)
    (request,) = requests_of(scene.pupil_id)
    assert request.is_unsent and request.review_id == review_id
    assert [one.status for one in cycles_of(scene.pupil_id)] == [CycleStatus.REVIEWED, CycleStatus.DRAFT]
    assert pupil_head(scene.pupil_id).status is SenStatus.SUPPORT
    assert plan_of(scene.cycle_id).provisions[0].runs_on


def test_not_now_opens_no_request_but_keeps_why(scene: Scene) -> None:
    review_id = sealed(
        scene, NextStep.CONSIDER_EHCNA, request=RequestPath.NOT_NOW, request_words="The therapist reports in January."
    )
    assert requests_of(scene.pupil_id) == ()
    step = review_of(review_id).step
    assert step is not None
    assert (step.request, step.request_words, step.signposted) == (
        RequestPath.NOT_NOW,
        "The therapist reports in January.",
        True,
    )


def test_stopped_provision_ends_with_the_review(scene: Scene) -> None:
    sealed(scene, NextStep.ANOTHER_CYCLE, verdicts=(ProvisionVerdict.STOP, ProvisionVerdict.STOP))
    draft = plan_of(cycles_of(scene.pupil_id)[-1].cycle_id)
    assert draft.provisions == ()
    assert group_of(scene.group_id, TODAY + timedelta(days=1)).members == ()


@pytest.mark.parametrize(
    ("judgements", "expected"),
    [
        ((Judgement.MORE, Judgement.EXPECTED), NextStep.ANOTHER_CYCLE),
        ((Judgement.LESS, Judgement.LESS), NextStep.ANOTHER_CYCLE),
    ],
)
def test_the_suggestion_is_kept_beside_what_was_decided(
    scene: Scene, judgements: tuple[Judgement, Judgement], expected: NextStep
) -> None:
    review_id = sealed(scene, NextStep.COME_OFF, judgements=judgements)
    step = review_of(review_id).step
    assert step is not None and step.suggested is expected and step.suggestion_reasons


# A pupil with an EHC plan ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", list(NextStep))
def test_a_review_here_never_changes_the_register_of_a_pupil_with_an_ehc_plan(
    as_system: Actor, world: World, step: NextStep
) -> None:
    scene = set_scene(world, "ivy", "parent")
    scene.adult_id = None
    review_id = sealed(scene, step)
    assert pupil_head(scene.pupil_id).status is SenStatus.PLAN
    assert requests_of(scene.pupil_id) == ()
    assert len(cycles_of(scene.pupil_id)) == (1 if step is NextStep.COME_OFF else 2)
    actions = [one.what for one in review_of(review_id).actions]
    asked = "Ask the authority for an early annual review of the EHC plan"
    assert (asked in actions) is (step is NextStep.CONSIDER_EHCNA)


# Interim reviews --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("step", list(NextStep))
def test_an_interim_review_leaves_the_plan_running_unless_its_step_ends_the_cycle(scene: Scene, step: NextStep) -> None:
    sealed(scene, step, interim=True)
    statuses = [one.status for one in cycles_of(scene.pupil_id)]
    assert (
        statuses
        == {
            NextStep.COME_OFF: [CycleStatus.REVIEWED],
            NextStep.ANOTHER_CYCLE: [CycleStatus.REVIEWED, CycleStatus.DRAFT],
            NextStep.SPECIALIST: [CycleStatus.AGREED],
            NextStep.CONSIDER_EHCNA: [CycleStatus.AGREED],
        }[step]
    )
    assert len(involvements_of(scene.pupil_id)) == (step is NextStep.SPECIALIST)
    assert len(requests_of(scene.pupil_id)) == (step is NextStep.CONSIDER_EHCNA)


def test_after_an_interim_review_the_cycle_still_gets_its_own(scene: Scene) -> None:
    sealed(scene, NextStep.SPECIALIST, interim=True)
    sealed(scene, NextStep.ANOTHER_CYCLE)
    assert [one.status for one in cycles_of(scene.pupil_id)] == [CycleStatus.REVIEWED, CycleStatus.DRAFT]
