"""Writing drafts: a cycle, its outcomes, strategies and parts, and what others contribute.

Everything that may change a draft goes through `draft()`, which refuses an agreed plan.
"""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.details import CycleFrame, OutcomeDetails, PlanAgreed, PlanRefused, Words
from graduated.plan.models import Contribution, Cycle, Outcome, ProvisionOutcome, Responsibility, Strategy
from graduated.pupils import services as pupils
from graduated.pupils.models import Assignment
from graduated.rules.vocabulary import AssignmentSource, CycleStatus, Responsible, StrategyKind

DRAFTS = (CycleStatus.DRAFT, CycleStatus.SENT)
_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))
_OPEN = (
    select(Cycle.id, Cycle.number)
    .where(Cycle.pupil_id == bindparam("pupil_id"), Cycle.status.in_([*DRAFTS, CycleStatus.AGREED]))
    .order_by(Cycle.number)
)
_LAST_NUMBER = select(func.max(Cycle.number)).where(Cycle.pupil_id == bindparam("pupil_id"))
_OUTCOME = select(Outcome).where(Outcome.id == bindparam("outcome_id"))
_SERVED = select(ProvisionOutcome).where(ProvisionOutcome.outcome_id == bindparam("outcome_id"))
_WRITTEN_ABOUT = select(Contribution.id).where(Contribution.outcome_id == bindparam("outcome_id"))
_STRATEGY = select(Strategy).where(Strategy.id == bindparam("strategy_id"))
_ASSIGNED = select(Assignment.id, Assignment.user_id).where(
    Assignment.pupil_id == bindparam("pupil_id"),
    Assignment.source == bindparam("source"),
    Assignment.reason == bindparam("reason"),
    or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
)
_RESPONSIBILITY = select(Responsibility).where(Responsibility.id == bindparam("responsibility_id"))


def cycle_row(cycle_id: int) -> Cycle:
    """The cycle to be written, in scope."""
    return db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one()


def draft(cycle_id: int) -> Cycle:
    """The cycle, when it may still be edited freely. Raises PlanAgreed otherwise."""
    cycle = cycle_row(cycle_id)
    if cycle.status not in DRAFTS:
        raise PlanAgreed(
            f"The plan of cycle {cycle.number} is {cycle.status.inside}. "
            "It changes only by an amendment, which is kept with its reason.",
            cycle.id,
        )
    return cycle


def next_number(pupil_id: int) -> int:
    """The number of the pupil's next cycle."""
    return (db.session.scalar(_LAST_NUMBER, {"pupil_id": pupil_id}) or 0) + 1


def position_in(model: Any, cycle_id: int) -> int:
    """The place after the last one."""
    last = db.session.scalar(select(func.max(model.position)).where(model.cycle_id == cycle_id))
    return 0 if last is None else last + 1


@writes("Cycle started")
def open_cycle(pupil_id: int, frame: CycleFrame, previous_id: int | None = None) -> int:
    """Start a cycle as a draft. A pupil is in one cycle at a time; `previous_id` is the one that this one follows.

    Raises PlanRefused while another cycle is open.
    """
    for row in db.session.execute(_OPEN, {"pupil_id": pupil_id}):
        if row.id != previous_id:
            raise PlanRefused(f"Cycle {row.number} is still open. Review it, or close it, before the next one starts.")
    cycle = Cycle(pupil_id=pupil_id, number=next_number(pupil_id), previous_id=previous_id, status=CycleStatus.DRAFT)
    _fill_frame(cycle, frame)
    db.session.add(cycle)
    db.session.flush()
    _assign_lead(cycle)
    return cycle.id


@writes("Draft plan changed")
def save_frame(cycle_id: int, frame: CycleFrame, version: int | None = None) -> int:
    """Change when a draft begins and is reviewed, who leads it, what it rests on, its meeting."""
    cycle = draft(cycle_id)
    check_version(cycle, version, {one.name: getattr(cycle, one.name) for one in fields(frame)})
    _check_dates(frame)
    _fill_frame(cycle, frame)
    db.session.flush()
    _assign_lead(cycle)
    return cycle_id


def _check_dates(frame: CycleFrame) -> None:
    if frame.review_due is not None and frame.review_due <= frame.starts:
        raise PlanRefused("The review date lies before the plan begins. Give a later one.")


def _fill_frame(cycle: Cycle, frame: CycleFrame) -> None:
    _check_dates(frame)
    for one in fields(frame):
        value = getattr(frame, one.name)
        setattr(cycle, one.name, value.strip() if one.name in {"assess_summary", "meeting_place"} else value)


def _assign_lead(cycle: Cycle) -> None:
    """The lead teacher counts the pupil among their own; who led before no longer does for that reason."""
    reason = f"Cycle {cycle.number}"
    if cycle.lead_id is not None:
        pupils.assign(cycle.lead_id, cycle.pupil_id, AssignmentSource.LEAD, reason)
    release(cycle.pupil_id, AssignmentSource.LEAD, reason, keep=cycle.lead_id)


@writes("Plan handed over to another lead")
def change_lead(cycle_id: int, user_id: int) -> int:
    """Another teacher leads an open plan, agreed or not; what was agreed stays. A plan that is over keeps its lead."""
    cycle = cycle_row(cycle_id)
    if cycle.status.is_open and cycle.lead_id != user_id:
        cycle.lead_id = user_id
        db.session.flush()
        _assign_lead(cycle)
    return cycle_id


def release(
    pupil_id: int, source: AssignmentSource, reason: str, keep: int | None = None, last_day: date | None = None
) -> None:
    """End what made a pupil somebody's own for one reason, but for one person; at once unless a last day is given."""
    given = {"pupil_id": pupil_id, "source": source, "reason": reason, "day": today()}
    for row in db.session.execute(_ASSIGNED, given).all():
        if row.user_id != keep:
            pupils.end_assignment(row.id, last_day)


@writes("Outcome added")
def add_outcome(cycle_id: int, details: OutcomeDetails, continues_id: int | None = None) -> int:
    """Add an outcome to a draft."""
    return new_outcome(draft(cycle_id), details, continues_id)


def new_outcome(cycle: Cycle, details: OutcomeDetails, continues_id: int | None = None) -> int:
    """The row itself; the caller has looked whether the plan takes it."""
    outcome = Outcome(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle.id,
        position=position_in(Outcome, cycle.id),
        continues_id=continues_id,
    )
    fill_outcome(outcome, details)
    db.session.add(outcome)
    db.session.flush()
    return outcome.id


def fill_outcome(outcome: Outcome, details: OutcomeDetails) -> None:
    """Put the words and figures in; figures without a measure mean nothing and are left out."""
    if details.measure_id is None:
        details = replace(details, baseline=None, baseline_on=None, target=None, tolerance=None)
    if details.maintain:
        details = replace(details, target=None)
    for one in fields(details):
        value = getattr(details, one.name)
        setattr(outcome, one.name, value.strip() if one.name in {"statement", "success", "in_plain_words"} else value)


def outcome_row(outcome_id: int) -> Outcome:
    """The outcome to be written, in scope."""
    return db.session.scalars(_OUTCOME, {"outcome_id": outcome_id}).one()


@writes("Outcome changed")
def change_outcome(outcome_id: int, details: OutcomeDetails, version: int | None = None) -> int:
    """Change an outcome of a draft. Raises Clash when somebody else saved it first."""
    outcome = outcome_row(outcome_id)
    draft(outcome.cycle_id)
    check_version(outcome, version, {one.name: getattr(outcome, one.name) for one in fields(details)})
    fill_outcome(outcome, details)
    return outcome_id


@writes("Outcome removed from the draft")
def remove_outcome(outcome_id: int) -> int:
    """Take an outcome out of a draft. Gives the cycle's id."""
    outcome = outcome_row(outcome_id)
    draft(outcome.cycle_id)
    if db.session.execute(_WRITTEN_ABOUT, {"outcome_id": outcome_id}).first() is not None:
        raise PlanRefused("A colleague has written about this outcome, so it stays. Change its words instead.")
    for link in db.session.scalars(_SERVED, {"outcome_id": outcome_id}).all():
        db.session.delete(link)
    db.session.flush()
    db.session.delete(outcome)
    return outcome.cycle_id


@writes("Strategy added")
def add_strategy(cycle_id: int, kind: StrategyKind, text: str, who: str = "") -> int:
    """Add what adults do in lessons; teachers may add to an agreed plan too (design §6), never to a closed one."""
    cycle = cycle_row(cycle_id)
    if not cycle.status.is_open:
        raise PlanAgreed(f"Cycle {cycle.number} is closed. Add the strategy to the next plan.", cycle.id)
    row = Strategy(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        kind=kind,
        text=text.strip(),
        who=who.strip(),
        position=position_in(Strategy, cycle_id),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Strategy removed from the draft")
def remove_strategy(strategy_id: int) -> int:
    """Take a strategy out of a draft. Gives the cycle's id."""
    row = db.session.scalars(_STRATEGY, {"strategy_id": strategy_id}).one()
    draft(row.cycle_id)
    db.session.delete(row)
    return row.cycle_id


@writes("Responsibility added")
def add_responsibility(cycle_id: int, who: Responsible, text: str) -> int:
    """Say in a draft what the school, the parents or the pupil do."""
    cycle = draft(cycle_id)
    row = Responsibility(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        who=who,
        text=text.strip(),
        position=position_in(Responsibility, cycle_id),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Responsibility removed from the draft")
def remove_responsibility(responsibility_id: int) -> int:
    """Take somebody's part out of a draft. Gives the cycle's id."""
    row = db.session.scalars(_RESPONSIBILITY, {"responsibility_id": responsibility_id}).one()
    draft(row.cycle_id)
    db.session.delete(row)
    return row.cycle_id


@writes("Contribution added")
def contribute(cycle_id: int, words: Words, outcome_id: int | None = None, for_review: bool = False) -> int:
    """What somebody who teaches the pupil adds, to a plan or for a review."""
    cycle = cycle_row(cycle_id)
    if not cycle.status.is_open:
        raise PlanRefused(f"Cycle {cycle.number} is closed. Add it to the next plan.")
    row = Contribution(
        pupil_id=cycle.pupil_id,
        cycle_id=cycle_id,
        outcome_id=outcome_id,
        for_review=for_review,
        text=words.text.strip(),
        works=words.works.strip(),
        does_not_work=words.does_not_work.strip(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id
