"""The sitting, the last look and the record say the same figures, whether a review is held late, early or in time."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.do.queries import doses_of_cycle
from graduated.plan import services as plan
from graduated.plan.queries import plans_of
from graduated.plan.services import AgreementDetails
from graduated.review.doses import counted_to, seen_by
from graduated.review.queries import review_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services import save_review, seal_review, start_review
from graduated.review.sitting import table_of
from graduated.rules.dosage import Dose
from graduated.rules.vocabulary import AgreementMethod, NextStep, ProvisionVerdict
from tests.review.scene import STARTS, TODAY, Scene, log, said
from tests.support.client import PageClient
from tests.support.world import World

LATE = TODAY + timedelta(days=9)  # a Thursday, the fourth planned session after the plan was due
EARLY = TODAY - timedelta(days=21)
VERDICTS = [
    (ProvisionVerdict.CONTINUE, ProvisionVerdict.CONTINUE),
    (ProvisionVerdict.CHANGE, ProvisionVerdict.STOP),
]


def _on(day: date) -> datetime:
    return datetime.combine(day, time(16, 0), UTC)


def _written(scene: Scene, day: date, verdicts: tuple[ProvisionVerdict, ProvisionVerdict]) -> int:
    """A review held on a day whose sitting is saved whole; two sessions in three were held until then."""
    weeks = (day - STARTS).days // 7
    days = ((0, 2), (0,))
    log(scene, *(STARTS + timedelta(days=7 * week + more) for week in range(weeks) for more in days[week % 2]))
    review_id = start_review(scene.cycle_id)
    save_review(review_id, replace(said(scene, NextStep.ANOTHER_CYCLE, verdicts=verdicts), held_on=day))
    return review_id


def _sitting(review_id: int) -> dict[int, Dose]:
    return {one.row.provision_id: one.dose for one in table_of(review_of(review_id)).provisions}


def _record(review_id: int) -> dict[int, Dose]:
    record = review_of(review_id)
    return doses_of_cycle(record.cycle_id, counted_to(record), seen_by(record))


@pytest.mark.parametrize("verdicts", VERDICTS)
@pytest.mark.parametrize("day", [EARLY, TODAY, LATE])
def test_no_figure_changes_at_the_seal_nor_when_the_next_plan_is_agreed_that_day(
    app: Flask, world: World, scene: Scene, day: date, verdicts: tuple[ProvisionVerdict, ProvisionVerdict]
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(day)):
        review_id = _written(scene, day, verdicts)
        before = _sitting(review_id)
        seal_review(review_id)
        assert _record(review_id) == before
        following = next(one for one in plans_of(scene.pupil_id) if one.cycle.previous_id == scene.cycle_id)
        plan.agree(
            following.cycle.cycle_id, AgreementDetails(day, AgreementMethod.MEETING, agreed_ids=(scene.adult_id or 0,))
        )
        assert _record(review_id) == before
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(day + timedelta(days=30))):
        assert _record(review_id) == before, "nor does it grow while time goes by"


def test_a_late_review_counts_to_its_day_and_an_early_one_no_further(app: Flask, world: World, scene: Scene) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(LATE)):
        review_id = start_review(scene.cycle_id)
        late = _sitting(review_id)[scene.precision]
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(EARLY)):
        early = _sitting(review_id)[scene.precision]
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(TODAY)):
        due = _sitting(review_id)[scene.precision]
    # Tuesdays and Thursdays: the due day's own, and three more after it.
    assert late.sessions_planned_to_date - due.sessions_planned_to_date >= 2
    assert early.sessions_planned_to_date < due.sessions_planned_to_date
    assert max(early.sessions_to_come, late.sessions_to_come) <= 1, "at most that of the day itself"


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")
def test_the_page_of_the_sitting_and_the_paper_say_the_same_sentence(
    app: Flask, world: World, client: PageClient, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(LATE)):
        review_id = _written(scene, LATE, VERDICTS[0])
        sentence = _sitting(review_id)[scene.precision].sentence
    with held(_on(LATE)):
        assert sentence in client.sign_in("senco").text(f"/reviews/{review_id}")
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")), held(_on(LATE)):
        seal_review(review_id)
        paper = record_bytes(review_of(review_id), "Hannah Legg")
    done = subprocess.run(["pdftotext", "-", "-"], input=paper, capture_output=True, check=True)
    assert sentence in " ".join(done.stdout.decode().split())
