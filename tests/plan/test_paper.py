"""Cycles brought forward from paper: short, marked, and without effect on what runs now."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest

from graduated.access.identity import Actor
from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.queries import cycles_of, plan_of
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_papers import documents_of
from graduated.review.errors import ReviewRefused
from graduated.review.paper import PaperCycle, PaperOutcome, PaperProvision, bring_forward
from graduated.review.queries import records_of
from graduated.rules.vocabulary import AgreementMethod, CycleStatus, Judgement, NeedArea, NextStep, SenStatus
from tests.plan.conftest import Ask
from tests.plan.scene import on
from tests.support.client import PageClient
from tests.support.world import World

LAST_YEAR = today().year - 1


def old(starts: date, held_on: date, **more: object) -> PaperCycle:
    outcome = PaperOutcome(NeedArea.COGNITION, "Reads to the end of a line", judgement=Judgement.LESS)
    values: dict[str, object] = {"outcomes": (outcome,), "step": NextStep.COME_OFF, "reason": "Caught up"} | more
    return PaperCycle(starts, held_on, **values)  # type: ignore[arg-type]


def test_a_paper_cycle_is_closed_marked_and_leaves_the_register_alone(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    given = PaperProvision("Phonics catch-up", minutes=20, times_a_week=5, weeks=10)
    cycle = bring_forward(pupil_id, old(date(LAST_YEAR, 1, 8), date(LAST_YEAR, 3, 20), provisions=(given,)))
    plan = plan_of(cycle)
    assert (plan.cycle.status, plan.cycle.is_paper, plan.cycle.ends) == (
        CycleStatus.REVIEWED,
        True,
        date(LAST_YEAR, 3, 20),
    )
    assert plan.cycle.mark == f"Brought forward from paper, entered {today().day} {today():%b %Y}"
    (record,) = records_of(pupil_id)
    assert record.from_paper and record.sealed and record.seal is None
    assert [one.judgement for one in record.judgements] == [Judgement.LESS]
    assert record.step is not None and record.step.step is NextStep.COME_OFF
    assert pupil_head(pupil_id).status is SenStatus.SUPPORT


def test_cycles_are_numbered_in_the_order_of_time_while_nobody_knows_the_numbers(
    as_system: Actor, world: World
) -> None:
    pupil_id = world.pupils["zofia"]
    services.open_cycle(pupil_id, CycleFrame(today()))
    bring_forward(pupil_id, old(date(LAST_YEAR, 4, 20), date(LAST_YEAR, 7, 10)))
    bring_forward(pupil_id, old(date(LAST_YEAR, 1, 8), date(LAST_YEAR, 3, 20)))
    assert [(one.number, one.is_paper) for one in cycles_of(pupil_id)] == [(1, True), (2, True), (3, False)]


def test_a_plan_that_was_agreed_keeps_its_number(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    cycle = services.open_cycle(pupil_id, CycleFrame(today() - timedelta(days=9)))
    services.add_outcome(cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    services.agree(cycle, AgreementDetails(today(), AgreementMethod.MEETING, (world.adults["parent"],)))
    bring_forward(pupil_id, old(date(LAST_YEAR, 1, 8), date(LAST_YEAR, 3, 20)))
    assert [(one.number, one.is_paper) for one in cycles_of(pupil_id)] == [(2, True), (1, False)]


def test_dates_that_cannot_be_are_refused_with_a_reason(as_system: Actor, world: World) -> None:
    pupil_id = world.pupils["zofia"]
    bring_forward(pupil_id, old(date(LAST_YEAR, 1, 8), date(LAST_YEAR, 3, 20)))
    for starts, held_on, words in (
        (date(LAST_YEAR, 3, 1), date(LAST_YEAR, 5, 1), "covers part of that time"),
        (date(LAST_YEAR, 9, 1), date(LAST_YEAR, 8, 1), "ends before it begins"),
        (date(LAST_YEAR, 9, 1), today() + timedelta(days=1), "in the future"),
    ):
        with pytest.raises(ReviewRefused, match=words):
            bring_forward(pupil_id, old(starts, held_on))
    with pytest.raises(ReviewRefused, match="at least one outcome"):
        bring_forward(pupil_id, old(date(LAST_YEAR, 4, 20), date(LAST_YEAR, 7, 1), outcomes=()))
    with pytest.raises(ReviewRefused, match="Say why the next step"):
        bring_forward(pupil_id, old(date(LAST_YEAR, 4, 20), date(LAST_YEAR, 7, 1), reason=" "))


def test_a_cycle_with_its_scan_is_entered_on_one_page(client: PageClient, world: World, ask: Ask) -> None:
    pupil_id = world.pupils["zofia"]
    scan, pdf = BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(scan)
    scan.seek(0)
    client.sign_in("senco")
    page = f"/pupils/{pupil_id}/cycles/paper"
    client.send(
        page,
        **{
            **on("starts", date(LAST_YEAR, 1, 8)),
            **on("held_on", date(LAST_YEAR, 3, 20)),
            "outcomes-0-statement": "Reads to the end of a line",
            "outcomes-0-judgement": "-1",
            "provisions-0-name": "Phonics catch-up, 20 minutes a day",
            "provisions-0-minutes": "20",
            "with_parent": "yes",
            "step": "another-cycle",
            "reason": "Some words come by themselves now",
            "scan": (scan, "plan.pdf"),
        },
    )
    cycle = ask(cycles_of, pupil_id)[0]
    text = client.text(f"/cycles/{cycle.cycle_id}")
    for words in (
        "Brought forward from paper, entered",
        "Reads to the end of a line",
        "Some progress",
        "by Hannah Legg",
    ):
        assert words in text, words
    assert [paper.document_id for paper in ask(documents_of, pupil_id)] == [cycle.scan_id]
    assert "Brought forward from paper" in client.text(f"/pupils/{pupil_id}/cycles")


def test_the_paper_form_grows_and_keeps_what_was_typed(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    page = f"/pupils/{world.pupils['zofia']}/cycles/paper"
    more = client.send(page, status=200, more="1", **{"outcomes-0-statement": "Reads to the end"})
    assert "Reads to the end" in more.text and "outcomes-3-statement" in more.text
    empty = client.send(page, status=422)
    assert "Write at least one outcome" in empty.text
    unsaid = client.send(page, status=422, step="another-cycle")
    assert "Say why the next step was taken" in unsaid.text


@pytest.mark.parametrize(("who", "status"), [("teacher", 403), ("head", 403), ("parent", 404), ("other_teacher", 404)])
def test_only_who_writes_plans_brings_paper_forward(client: PageClient, world: World, who: str, status: int) -> None:
    client.sign_in(who)
    assert client.status(f"/pupils/{world.pupils['zofia']}/cycles/paper") == status
