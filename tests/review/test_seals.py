"""What is sealed stays so: the services and the database refuse a change, and one made by hand is found."""

from __future__ import annotations

from typing import Any

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from graduated.db.session import db
from graduated.db.writing import write
from graduated.family.queries_reviews import meeting_of
from graduated.plan.models import Provision
from graduated.plan.services import Because, OutcomeDetails, amend_outcome
from graduated.review import services
from graduated.review.errors import ReviewRefused
from graduated.review.models import Attendee, NextStepTaken, OutcomeJudgement, ProvisionJudgement, Review, Seal
from graduated.review.queries import review_of
from graduated.review.queries_seals import broken_seals, sealed_record
from graduated.review.services import save_review, seal_review, start_review
from graduated.rules.vocabulary import NeedArea, NextStep
from tests.review.scene import NOW, TODAY, Scene, said, sealed, set_scene, written
from tests.support.databases import by_hand
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("as_system")


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


def test_a_sealed_review_says_what_was_judged_however_the_running_plan_is_amended(
    scene: Scene,
) -> None:
    review_id = sealed(scene, NextStep.CONSIDER_EHCNA, interim=True)
    before, told = review_of(review_id), meeting_of(review_id)
    because = Because("It was too easy", "Hannah Legg", TODAY)
    amend_outcome(scene.reads, OutcomeDetails(NeedArea.COGNITION, "Reads a Year 5 text aloud", by_when=TODAY), because)
    with write("Provision renamed"):
        db.session.scalars(select(Provision).where(Provision.id == scene.precision)).one().name = "Paired reading"
    after = review_of(review_id)
    assert (after.judgements, after.verdicts) == (before.judgements, before.verdicts)
    assert broken_seals() == (1, ())
    assert before.judgements[0].statement.startswith("Reads a Year 4 text")
    assert (meeting_of(review_id).judged, meeting_of(review_id).verdicts) == (told.judged, told.verdicts)
    open_one = review_of(written(scene, NextStep.ANOTHER_CYCLE))
    assert open_one.judgements[0].statement == "Reads a Year 5 text aloud", "what is still written follows the plan"


def test_a_review_sealed_before_its_wording_was_kept_has_the_record_that_it_had(scene: Scene) -> None:
    record = review_of(written(scene, NextStep.ANOTHER_CYCLE))
    found = sealed_record(record, 1, "Hannah Legg", NOW)
    assert found["judgements"] == [[one.outcome_id, one.judgement.value, one.reason] for one in record.judgements]
    assert found["verdicts"] == [[one.provision_id, one.verdict.value, one.why] for one in record.verdicts]


def raw(statement: str) -> None:
    """Change the file by hand, the triggers out of the way, as somebody with the file could."""
    db.session.remove()
    with by_hand(current_app.config["SETTINGS"].home) as file:
        file.disarm()
        file.execute(statement)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE judgement SET reason = 'Nothing was done.'", "was changed"),
        ("UPDATE next_step SET reason = 'Another reason'", "was changed"),
        ("UPDATE review SET held_on = '2020-01-01'", "was changed"),
        ("UPDATE judgement SET stood_as = 'Reads'", "was changed"),
        ("UPDATE judgement SET stood_as = ''", "was changed"),
        ("UPDATE provision_judgement SET stood_as = 'Reading'", "was changed"),
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
