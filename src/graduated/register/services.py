"""What the register writes: that the school's information system was told, and that a plan was read."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.models import Cycle
from graduated.pupils.services import mark_told_mis
from graduated.register.models import PlanReading
from graduated.register.queries_cards import reading_of
from graduated.rules.vocabulary import CycleStatus


class PlanNotAgreed(Exception):
    """Only an agreed plan can be said to be read."""


def told_mis(spell_id: int) -> int:
    """Somebody has changed a status in the school's information system too. Gives the pupil's id."""
    return mark_told_mis(spell_id)


@writes("Plan read")
def mark_plan_read(cycle_id: int) -> int:
    """The person acting has read the agreed plan of a cycle; a kept row, and none more while nothing has changed.

    Gives the row's id. Raises PlanNotAgreed for a draft, which is not yet anybody's to follow.
    """
    cycle = db.session.scalars(select(Cycle).where(Cycle.id == cycle_id)).one()
    if cycle.status is not CycleStatus.AGREED:
        raise PlanNotAgreed
    me = require_actor().user_id
    if reading_of(cycle_id).state == "read":
        mine = select(PlanReading.id).where(PlanReading.cycle_id == cycle_id, PlanReading.recorded_by_id == me)
        return db.session.scalars(mine.order_by(PlanReading.id.desc())).first() or 0
    row = PlanReading(pupil_id=cycle.pupil_id, cycle_id=cycle_id)
    db.session.add(row)
    db.session.flush()
    return row.id
