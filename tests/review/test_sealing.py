"""What has to be said before a review is sealed; and it is sealed in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from graduated.access.identity import Actor
from graduated.db.base import Base
from graduated.db.session import db
from graduated.db.writing import Clash
from graduated.plan.queries import cycles_of
from graduated.pupils.services import set_status
from graduated.review.errors import ReviewRefused
from graduated.review.queries import review_of
from graduated.review.services import save_review, seal_review, start_review
from graduated.rules.vocabulary import NextStep, RequestPath, SenStatus, SpecialistPath, StatusSource
from tests.review.scene import PATHS, REFERRAL, STARTS, TODAY, Scene, said, sealed, set_scene, written
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("as_system")

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


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table as it stands in the file: records, the audit and its head, form keys, all."""
    with db.engine.connect() as connection:
        found = {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }
    assert found["change_event"], "seen by nobody who acts in the school"
    return found


INTERIM = {"interim": True}
WAYS: list[tuple[str, NextStep, dict[str, Any]]] = [
    *((step.value, step, PATHS[step]) for step in NextStep),
    ("already", NextStep.SPECIALIST, {"specialist": SpecialistPath.ALREADY, "specialist_words": "She comes weekly."}),
    ("declined", NextStep.SPECIALIST, {"specialist": SpecialistPath.DECLINED, "specialist_words": "Not this term."}),
    ("not-now", NextStep.CONSIDER_EHCNA, {"request": RequestPath.NOT_NOW, "request_words": "After the report."}),
    ("interim-referral", NextStep.SPECIALIST, {**PATHS[NextStep.SPECIALIST], **INTERIM}),
    ("interim-request", NextStep.CONSIDER_EHCNA, {**PATHS[NextStep.CONSIDER_EHCNA], **INTERIM}),
]


@pytest.mark.parametrize(
    ("with_plan", "step", "more"),
    [
        *(pytest.param(False, step, more, id=name) for name, step, more in WAYS),
        *(pytest.param(True, step, PATHS[step], id=f"ehc-plan-{step.value}") for step in NextStep),
    ],
)
def test_a_failure_at_any_write_leaves_everything_as_it_was(
    scene: Scene, with_plan: bool, step: NextStep, more: dict[str, Any]
) -> None:
    if with_plan:
        set_status(scene.pupil_id, SenStatus.PLAN, STARTS, StatusSource.AUTHORITY, "The plan was issued")
    review_id = written(scene, step, **more)
    db.session.rollback()
    before = everything()
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
        assert everything() == before, f"after a failure at write {write_number}"
    assert write_number > 5
    assert review_of(review_id).sealed
