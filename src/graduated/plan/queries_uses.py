"""Where a kind of intervention of the library is planned and run, for its page."""

from __future__ import annotations

from sqlalchemy import bindparam, func, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan.models import Cycle, Group, Provision
from graduated.rules.vocabulary import CycleStatus
from graduated.school.queries_library import Use, offer_use

_PLANS = (
    select(Cycle.status, func.count(Cycle.id.distinct()))
    .join(Provision, Provision.cycle_id == Cycle.id)
    .where(Provision.intervention_id == bindparam("intervention_id"))
    .group_by(Cycle.status)
)
_GROUPS = (
    select(func.count(Group.id))
    .where(
        Group.intervention_id == bindparam("intervention_id"),
        or_(Group.ends.is_(None), Group.ends >= bindparam("day")),
    )
)  # fmt: skip


def uses(intervention_id: int) -> list[Use]:
    """How many groups run it and how many plans name it; nobody's name."""
    given = {"intervention_id": intervention_id}
    groups = db.session.scalar(_GROUPS, {**given, "day": today()}) or 0
    plans = {row[0]: row[1] for row in db.session.execute(_PLANS, given)}
    running = plans.pop(CycleStatus.AGREED, 0)
    drafts = plans.pop(CycleStatus.DRAFT, 0) + plans.pop(CycleStatus.SENT, 0)
    counted = (
        (groups, "group runs it", "groups run it"),
        (running, "agreed plan has it", "agreed plans have it"),
        (drafts, "draft has it", "drafts have it"),
        (sum(plans.values()), "earlier plan has it", "earlier plans have it"),
    )
    return [Use(f"{number} {one if number == 1 else many}") for number, one, many in counted if number]


offer_use(10, uses)
