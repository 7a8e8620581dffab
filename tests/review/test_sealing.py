"""Each next step with all that follows from it, in one transaction or not at all; and what is sealed stays so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import Actor
from graduated.assess.queries import involvements_of
from graduated.db.base import Base
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.do.queries import doses_of_cycle, group_of
from graduated.plan import services as plan
from graduated.plan.queries import cycles_of, plan_of
from graduated.plan.services import AgreementDetails
from graduated.pupils.queries import pupil_head, status_history
from graduated.request.queries import requests_of
from graduated.review import services
from graduated.review.errors import ReviewRefused
from graduated.review.models import Attendee, NextStepTaken, OutcomeJudgement, ProvisionJudgement, Review, Seal
from graduated.review.queries import review_of, seal_details_of
from graduated.review.queries_seals import broken_seals
from graduated.review.services import save_review, seal_review, start_review
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
from tests.review.scene import STARTS, TODAY, Scene, log, measure, said, set_scene, written
from tests.support.world import World

REFERRAL: dict[str, Any] = {
    "specialist": SpecialistPath.REFER,
    "service": "Speech and language therapy",
    "question": "Is word finding what holds her back?",
    "who_refers": "Hannah Legg",
    "refer_by": TODAY + timedelta(days=14),
    "parents_agree": True,
}
PATHS: dict[NextStep, dict[str, Any]] = {
    NextStep.COME_OFF: {},
    NextStep.ANOTHER_CYCLE: {},
    NextStep.SPECIALIST: REFERRAL,
    NextStep.CONSIDER_EHCNA: {"request": RequestPath.OPEN, "signposted": True},
}


@pytest.fixture
def scene(as_system: Actor, world: World) -> Scene:
    return set_scene(world)


def sealed(scene: Scene, step: NextStep, interim: bool = False, **more: Any) -> int:
    review_id = written(scene, step, interim, **{**PATHS[step], **more})
    return seal_review(review_id)


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


# What has to be said ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"held_on": None}, "when the review was held"),
        ({"held_on": TODAY + timedelta(days=1)}, "in the future"),
        ({"held_on": STARTS - timedelta(days=1)}, "before its cycle began"),
        ({"with_parent": None}, "whether a parent"),
        ({"with_parent": False}, "record what was tried"),
        ({"attending": ()}, "Tick which of the family"),
        ({"pupil_views": ""}, "pupil’s views"),
        ({"parent_views": ""}, "parents’ views"),
        ({"judgements": ()}, "Judge the outcome"),
        ({"verdicts": ()}, "continue, change or stop"),
    ],
)
def test_a_review_is_not_sealed_while_something_is_missing(scene: Scene, change: dict[str, Any], words: str) -> None:
    review_id = start_review(scene.cycle_id)
    save_review(review_id, replace(said(scene, NextStep.ANOTHER_CYCLE), **change))
    with pytest.raises(ReviewRefused, match=words):
        seal_review(review_id)
    assert not review_of(review_id).sealed


@pytest.mark.parametrize(
    ("step", "more", "words"),
    [
        (None, {}, "Choose the next step"),
        (NextStep.ANOTHER_CYCLE, {"reason": "  "}, "Say why this is the next step"),
        (NextStep.SPECIALIST, {}, "refer to a service"),
        (NextStep.SPECIALIST, {**REFERRAL, "question": ""}, "Write the question"),
        (NextStep.SPECIALIST, {**REFERRAL, "parents_agree": False}, "Declined by the family"),
        (NextStep.SPECIALIST, {"specialist": SpecialistPath.DECLINED}, "what the family declined"),
        (NextStep.CONSIDER_EHCNA, {}, "draft request opens or not now"),
        (NextStep.CONSIDER_EHCNA, {"request": RequestPath.NOT_NOW}, "why a request is not made now"),
        (NextStep.COME_OFF, {"check_back_on": STARTS}, "lies before the review"),
    ],
)
def test_exactly_one_step_with_its_reason_and_its_path(
    scene: Scene, step: NextStep | None, more: dict[str, Any], words: str
) -> None:
    sitting = said(scene, NextStep.ANOTHER_CYCLE)
    sitting = replace(sitting, decision=replace(sitting.decision, step=step, **more))
    review_id = start_review(scene.cycle_id)
    save_review(review_id, sitting)
    with pytest.raises(ReviewRefused, match=words):
        seal_review(review_id)


def test_without_a_parent_recorded_attempts_make_it_a_review_held(as_system: Actor, world: World) -> None:
    scene = set_scene(world)
    scene.adult_id = None
    review_id = sealed(scene, NextStep.ANOTHER_CYCLE)
    record = review_of(review_id)
    assert record.with_parent is False and record.attempts


def test_words_without_a_judgement_are_not_lost(scene: Scene) -> None:
    review_id = start_review(scene.cycle_id)
    save_review(
        review_id, replace(said(scene, NextStep.ANOTHER_CYCLE), judgements=((scene.reads, None, "Early yet."),))
    )
    from graduated.review.sitting import table_of

    assert table_of(review_of(review_id)).decision.reasons == ((scene.reads, "Early yet."),)


# Starting ---------------------------------------------------------------------------------------------------------


def test_a_cycle_has_one_open_review_and_starting_again_gives_the_same(scene: Scene) -> None:
    assert start_review(scene.cycle_id) == start_review(scene.cycle_id, interim=True)


def test_only_an_agreed_plan_is_reviewed(scene: Scene) -> None:
    sealed(scene, NextStep.ANOTHER_CYCLE)
    draft = cycles_of(scene.pupil_id)[-1].cycle_id
    with pytest.raises(ReviewRefused, match="agree it first"):
        start_review(draft)
    with pytest.raises(ReviewRefused, match="closed already"):
        start_review(scene.cycle_id)


def test_saving_over_somebody_elses_review_is_refused(scene: Scene) -> None:
    review_id = start_review(scene.cycle_id)
    opened = review_of(review_id).version
    save_review(review_id, said(scene, NextStep.ANOTHER_CYCLE), opened)
    with pytest.raises(Clash):
        save_review(review_id, said(scene, NextStep.COME_OFF), opened)


# All or nothing ---------------------------------------------------------------------------------------------------


def counts() -> dict[str, int]:
    """How many rows every table of records holds."""
    return {
        mapper.class_.__tablename__: db.session.scalar(select(func.count()).select_from(mapper.class_)) or 0
        for mapper in Base.registry.mappers
        if mapper.class_.audited and mapper.class_.scope_by != "none"
    }


@contextmanager
def failing_at(write_number: int) -> Iterator[list[str]]:
    """Let the n-th INSERT or UPDATE of the transaction fail, as a full disk would."""
    seen: list[str] = []

    def fail(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            seen.append(statement)
            if len(seen) == write_number:
                raise RuntimeError("the disk is full")

    event.listen(db.engine, "before_cursor_execute", fail)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", fail)


@pytest.mark.parametrize("step", list(NextStep))
def test_a_failure_at_any_write_leaves_everything_as_it_was(scene: Scene, step: NextStep) -> None:
    review_id = written(scene, step, **PATHS[step])
    before, status = counts(), pupil_head(scene.pupil_id).status
    write_number = 0
    while True:
        write_number += 1
        with failing_at(write_number) as seen:
            try:
                seal_review(review_id)
            except RuntimeError:
                pass
            else:
                break
        assert len(seen) == write_number
        assert counts() == before
        assert not review_of(review_id).sealed
        assert pupil_head(scene.pupil_id).status is status
        assert plan_of(scene.cycle_id).cycle.status is CycleStatus.AGREED
    assert write_number > 8
    assert review_of(review_id).sealed


# The seal ---------------------------------------------------------------------------------------------------------


def test_seals_are_chained_and_hold(scene: Scene, world: World) -> None:
    sealed(scene, NextStep.SPECIALIST, interim=True)
    second = sealed(scene, NextStep.ANOTHER_CYCLE)
    other = set_scene(world, "reuben", "other_parent")
    third = sealed(other, NextStep.COME_OFF)
    seals = [review_of(one).seal for one in (second, third)]
    assert [one.sequence for one in seals if one] == [2, 3]
    assert seals[0] and seals[1] and seals[1].previous_digest == seals[0].digest
    assert broken_seals() == (3, ())


def test_ticking_an_action_off_breaks_no_seal(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.COME_OFF)
    (action,) = review_of(review_id).actions
    services.tick_action(action.action_id, True)
    assert review_of(review_id).actions[0].done_on == TODAY
    assert broken_seals() == (1, ())


def raw(statement: str) -> None:
    """Change the file by hand, the triggers out of the way, as somebody with the file could."""
    connection = db.engine.raw_connection()
    try:
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute(statement)
        connection.commit()
    finally:
        connection.close()
    db.session.remove()


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE judgement SET reason = 'Nothing was done.'", "was changed"),
        ("UPDATE next_step SET reason = 'Another reason'", "was changed"),
        ("UPDATE review SET held_on = '2020-01-01'", "was changed"),
        ("DELETE FROM attendee WHERE name = 'Mrs Kowalska'", "was changed"),
        ("UPDATE action_item SET what = 'Nothing'", "was changed"),
        ("DELETE FROM seal", "its seal is gone"),
        ("UPDATE review SET status = 'open'", "no longer sealed"),
        ("UPDATE seal SET previous_digest = 'ab'", "does not follow on"),
    ],
)
def test_a_row_changed_by_hand_is_found(scene: Scene, statement: str, words: str) -> None:
    review_id = sealed(scene, NextStep.COME_OFF)
    db.session.rollback()
    raw(statement)
    _count, broken = broken_seals()
    assert broken and broken[0].review_id == review_id and words in broken[0].what


def test_a_sealed_review_is_refused_by_every_service(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.COME_OFF)
    with pytest.raises(ReviewRefused, match="sealed"):
        save_review(review_id, said(scene, NextStep.ANOTHER_CYCLE))
    with pytest.raises(ReviewRefused, match="sealed already"):
        seal_review(review_id)


@pytest.mark.parametrize("model", [Review, OutcomeJudgement, ProvisionJudgement, Attendee, NextStepTaken, Seal])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_a_sealed_review_is_refused_by_the_database(scene: Scene, model: Any, act: str) -> None:
    sealed(scene, NextStep.COME_OFF)
    row = db.session.scalars(select(model)).first()
    name = {Review: "summary", Attendee: "name", ProvisionJudgement: "why", Seal: "signer_name"}.get(model, "reason")
    with pytest.raises(IntegrityError, match="never changed"), write("Tampering"):
        if act == "change":
            setattr(row, name, "Something else")
        else:
            db.session.delete(row)


def test_nothing_is_slipped_into_a_sealed_review(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.COME_OFF)
    with pytest.raises(IntegrityError, match="never changed"), write("Tampering"):
        db.session.add(Attendee(pupil_id=scene.pupil_id, review_id=review_id, name="Somebody"))


def test_a_second_next_step_is_refused(scene: Scene) -> None:
    review_id = sealed(scene, NextStep.COME_OFF)
    with pytest.raises(IntegrityError), write("Tampering"):
        db.session.add(
            NextStepTaken(pupil_id=scene.pupil_id, review_id=review_id, step=NextStep.SPECIALIST, reason="Also")
        )


def test_an_addendum_stands_under_a_sealed_review_only(scene: Scene) -> None:
    review_id = start_review(scene.cycle_id)
    with pytest.raises(ReviewRefused, match="still being written"):
        services.add_addendum(review_id, "A report came.", "It arrived late.")
    save_review(review_id, said(scene, NextStep.COME_OFF))
    seal_review(review_id)
    services.add_addendum(review_id, "A report came.", "It arrived late.")
    assert [(one.text, one.why) for one in review_of(review_id).addenda] == [("A report came.", "It arrived late.")]
    assert broken_seals() == (1, ())


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


def test_stopped_provision_ends_with_the_review(scene: Scene) -> None:
    sealed(scene, NextStep.ANOTHER_CYCLE, verdicts=(ProvisionVerdict.STOP, ProvisionVerdict.STOP))
    draft = plan_of(cycles_of(scene.pupil_id)[-1].cycle_id)
    assert draft.provisions == ()
    assert group_of(scene.group_id, TODAY + timedelta(days=1)).members == ()
