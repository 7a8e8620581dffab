"""What the guard asks about plans: whose they are, who leads them, and whether they are still drafts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.assess import queries as assess
from graduated.db.session import db
from graduated.plan.models import Cycle, Outcome, Place, Provision, Responsibility, Strategy
from graduated.plan.queries_cycles import cycles_by_id
from graduated.rules.vocabulary import CycleStatus

_LEAD = (
    select(Cycle.lead_id)
    .where(
        Cycle.pupil_id == bindparam("pupil_id"),
        Cycle.status.in_([CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED]),
    )
    .order_by(Cycle.starts.desc())
)


def _lead(pupil_id: int) -> int | None:
    return db.session.scalars(_LEAD, {"pupil_id": pupil_id}).first()


if _lead not in assess.lead_lookup:
    assess.lead_lookup.append(_lead)


_SUBJECT = select(Cycle.pupil_id, Cycle.lead_id, Cycle.status)
_BELOW = {
    kind: _SUBJECT.join(model, model.cycle_id == Cycle.id).where(model.id == bindparam("row_id"))
    for kind, model in (
        ("outcome", Outcome),
        ("provision", Provision),
        ("strategy", Strategy),
        ("responsibility", Responsibility),
    )
}


def _find(kind: str, row_id: int) -> Subject | None:
    return _subject(db.session.execute(_BELOW[kind], {"row_id": row_id}).first())


def _subject(row: Any) -> Subject | None:
    if row is None:
        return None
    is_draft = row.status in (CycleStatus.DRAFT, CycleStatus.SENT)
    return Subject(row.pupil_id, row.lead_id, area=Area.PLAN_DRAFT if is_draft else Area.PLAN_AGREED)


@finder("cycle")
def find_cycle(cycle_id: int) -> Subject | None:
    """A cycle; a draft and an agreed plan stand in different rows of the access table."""
    return _subject(next(iter(cycles_by_id([cycle_id])), None))  # whole, as its page asks for it next


@finder("outcome")
def find_outcome(outcome_id: int) -> Subject | None:
    """An outcome of a cycle."""
    return _find("outcome", outcome_id)


@finder("provision")
def find_provision(provision_id: int) -> Subject | None:
    """A provision of a cycle."""
    return _find("provision", provision_id)


@finder("strategy")
def find_strategy(strategy_id: int) -> Subject | None:
    """A strategy of a cycle."""
    return _find("strategy", strategy_id)


@finder("responsibility")
def find_responsibility(responsibility_id: int) -> Subject | None:
    """Somebody's part in a cycle."""
    return _find("responsibility", responsibility_id)


_CYCLE_OF = {
    kind: select(model.cycle_id).where(model.id == bindparam("row_id"))
    for kind, model in (("outcome", Outcome), ("provision", Provision))
}


def cycle_id_of(kind: str, row_id: int) -> int:
    """The cycle of an outcome or a provision, which the guard has found in scope."""
    return db.session.execute(_CYCLE_OF[kind], {"row_id": row_id}).scalar_one()


_Mine = aliased(Place)
_OTHERS = (
    select(func.count(Place.id))
    .join(_Mine, _Mine.group_id == Place.group_id)
    .where(_Mine.id == bindparam("place_id"), Place.pupil_id != _Mine.pupil_id)
)


def others_in_group(place_id: int) -> bool:
    """Whether other pupils in sight are in the group of a place."""
    return bool(db.session.scalar(_OTHERS, {"place_id": place_id}))
