"""A cycle brought forward from paper: short, marked as such with its day of entry, and closed from the start.

It touches neither the register nor the plan that runs, and no seal is set: what a paper said is not what was witnessed
here. The scan, when there is one, is kept among the papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.models import Cycle, Outcome, Provision
from graduated.plan.services_draft import next_number
from graduated.pupils.services import NewPaper, PaperWords, add_document
from graduated.review.errors import ReviewRefused
from graduated.review.models import NextStepTaken, OutcomeJudgement, Review
from graduated.rules.calendar import plain_date
from graduated.rules.vocabulary import (
    CycleOrigin,
    CycleStatus,
    Evidencing,
    Judgement,
    NeedArea,
    NextStep,
    PlanType,
    ProvisionKind,
    ReviewStatus,
)

__all__ = ["NewPaper", "PaperCycle", "PaperOutcome", "PaperProvision", "PaperWords", "bring_forward"]


@dataclass(frozen=True, slots=True)
class PaperOutcome:
    """An outcome as the paper had it, and how it was judged if that is known."""

    area: NeedArea
    statement: str
    success: str = ""
    judgement: Judgement | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PaperProvision:
    """Provision as the paper had it; 0 or None for what it did not say."""

    name: str
    who: str = ""
    minutes: int = 0
    times_a_week: int = 0
    weeks: int | None = None
    group_size: int = 1


@dataclass(frozen=True, slots=True)
class PaperCycle:
    """A past cycle from its paper, from the first day to the day of its review."""

    starts: date
    held_on: date
    outcomes: tuple[PaperOutcome, ...]
    provisions: tuple[PaperProvision, ...] = ()
    step: NextStep | None = None
    reason: str = ""
    with_parent: bool | None = None
    attempts: str = ""
    present: str = ""
    assess_summary: str = ""
    plan_type: PlanType = PlanType.SEN_SUPPORT
    scan: NewPaper | None = None


_CYCLES = select(Cycle).where(Cycle.pupil_id == bindparam("pupil_id")).order_by(Cycle.starts, Cycle.number)


@writes("Cycle brought forward from paper")
def bring_forward(pupil_id: int, paper: PaperCycle) -> int:
    """Keep a past cycle from its paper. Gives the cycle's id.

    Cycles are numbered in the order of time, so those that nobody was sent yet move up. Raises ReviewRefused for dates
    that cannot be, or that lie across another cycle.
    """
    known = list(db.session.scalars(_CYCLES, {"pupil_id": pupil_id}))
    _check(paper, known)
    cycle = Cycle(
        pupil_id=pupil_id,
        number=next_number(pupil_id),
        plan_type=paper.plan_type,
        origin=CycleOrigin.PAPER,
        status=CycleStatus.REVIEWED,
        starts=paper.starts,
        ends=paper.held_on,
        review_due=paper.held_on,
        assess_summary=paper.assess_summary.strip(),
    )
    if paper.scan is not None:
        cycle.scan_id = add_document(pupil_id, paper.scan)
    db.session.add(cycle)
    db.session.flush()
    outcomes = [_outcome(cycle, number, one) for number, one in enumerate(paper.outcomes)]
    for number, given in enumerate(paper.provisions):
        _provision(cycle, number, given)
    _review(cycle, paper, outcomes)
    _number_by_time([*known, cycle])
    return cycle.id


def _check(paper: PaperCycle, known: list[Cycle]) -> None:
    if paper.held_on > today():
        raise ReviewRefused("The review of a past cycle cannot lie in the future.")
    if paper.starts >= paper.held_on:
        raise ReviewRefused("The cycle ends before it begins. Check both dates.")
    if not paper.outcomes:
        raise ReviewRefused("Write at least one outcome.")
    if paper.step is not None and not paper.reason.strip():
        raise ReviewRefused("Say why the next step was taken, as far as the paper tells.")
    for other in known:
        ends = other.ends or today()
        if paper.starts < ends and paper.held_on > other.starts:
            raise ReviewRefused(
                f"Cycle {other.number} ({plain_date(other.starts)} to {plain_date(ends)}) covers part of that time. "
                "Check the dates."
            )


def _outcome(cycle: Cycle, number: int, one: PaperOutcome) -> int:
    row = Outcome(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle.id,
        position=number,
        area=one.area,
        statement=one.statement.strip(),
        success=one.success.strip(),
        by_when=cycle.ends,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _provision(cycle: Cycle, number: int, given: PaperProvision) -> None:
    db.session.add(
        Provision(
            pupil_id=cycle.pupil_id,
            cycle_id=cycle.id,
            position=number,
            kind=ProvisionKind.SESSIONS,
            name=given.name.strip()[:120],
            who=given.who.strip(),
            minutes=given.minutes,
            times_a_week=given.times_a_week,
            weeks=given.weeks,
            group_size=given.group_size,
            starts=cycle.starts,
            ends=cycle.ends,
            # A paper says what was planned; what was delivered nobody logged here.
            evidencing=Evidencing.NONE,
        )
    )


def _review(cycle: Cycle, paper: PaperCycle, outcomes: list[int]) -> None:
    review = Review(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle.id,
        held_on=paper.held_on,
        with_parent=paper.with_parent,
        attempts=paper.attempts.strip(),
        others_present=paper.present.strip(),
        from_paper=True,
    )
    db.session.add(review)
    db.session.flush()
    for outcome_id, one in zip(outcomes, paper.outcomes, strict=True):
        if one.judgement is not None:
            db.session.add(
                OutcomeJudgement(
                    pupil_id=cycle.pupil_id,
                    review_id=review.id,
                    outcome_id=outcome_id,
                    judgement=one.judgement,
                    reason=one.reason.strip(),
                )
            )
    if paper.step is not None:
        db.session.add(
            NextStepTaken(pupil_id=cycle.pupil_id, review_id=review.id, step=paper.step, reason=paper.reason.strip())
        )
    db.session.flush()
    # Closed last, because nothing can be added to a review that is.
    review.status = ReviewStatus.SEALED
    db.session.flush()


def _number_by_time(cycles: list[Cycle]) -> None:
    """1 for the earliest; not when a later plan was sent or agreed, whose number families and papers know by now."""
    ordered = sorted(cycles, key=lambda one: (one.starts, one.id))
    wrong = [one for number, one in enumerate(ordered, start=1) if one.number != number]
    known_outside = any(one.origin is CycleOrigin.LIVED and (one.sent_on or one.agreed_on) for one in wrong)
    if known_outside or not wrong:
        return
    # Two passes, since no two cycles of a pupil may share a number even for a moment.
    above = max(one.number for one in cycles)
    for number, one in enumerate(ordered, start=1):
        one.number = above + number
    db.session.flush()
    for number, one in enumerate(ordered, start=1):
        one.number = number
    db.session.flush()
