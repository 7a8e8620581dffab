"""Ending a cycle without a review, and throwing away a draft that was started by mistake."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.details import PlanRefused
from graduated.plan.models import Contribution, Outcome, Responsibility, Strategy
from graduated.plan.services_draft import cycle_row, draft, release
from graduated.plan.services_provision import end_places, remove_provisions
from graduated.rules.vocabulary import AssignmentSource, CycleStatus

_BELOW_CYCLE = [select(model).where(model.cycle_id == bindparam("cycle_id")) for model in (Strategy, Responsibility)]
_WRITTEN = select(Contribution.id).where(Contribution.cycle_id == bindparam("cycle_id"))


@writes("Cycle closed without a review")
def close_cycle(cycle_id: int, status: CycleStatus, on: date) -> int:
    """A pupil left, or an EHC plan was issued: the cycle ends without a next step (design §5)."""
    cycle = cycle_row(cycle_id)
    if status not in (CycleStatus.LEFT, CycleStatus.PLAN_ISSUED) or not cycle.status.is_open:
        raise PlanRefused(f"Cycle {cycle.number} cannot be closed in this way.")
    cycle.status, cycle.ends = status, max(on, cycle.starts)
    end_places(cycle_id, cycle.ends)
    release(cycle.pupil_id, AssignmentSource.LEAD, f"Cycle {cycle.number}", last_day=cycle.ends)
    return cycle_id


@writes("Draft plan thrown away")
def discard_cycle(cycle_id: int) -> int:
    """Throw a draft away that was started by mistake; never one that the family was sent. Gives the pupil's id."""
    cycle = draft(cycle_id)
    if cycle.sent_on is not None:
        raise PlanRefused("The family was sent this plan. It can be changed, but not thrown away.")
    if db.session.execute(_WRITTEN, {"cycle_id": cycle_id}).first() is not None:
        raise PlanRefused("Colleagues or the last review have said things that stand in this draft. Change it instead.")
    remove_provisions(cycle_id)
    for statement in _BELOW_CYCLE:
        for row in db.session.scalars(statement, {"cycle_id": cycle_id}).all():
            db.session.delete(row)
    db.session.flush()
    for outcome in db.session.scalars(select(Outcome).where(Outcome.cycle_id == cycle_id)).all():
        db.session.delete(outcome)
    db.session.flush()
    release(cycle.pupil_id, AssignmentSource.LEAD, f"Cycle {cycle.number}")
    db.session.delete(cycle)
    return cycle.pupil_id
