"""Who has read which plan: most have within a week, some have still to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from graduated.db.session import db
from graduated.demo.stage import Stage, chance
from graduated.plan.models import Cycle
from graduated.pupils.models import Assignment
from graduated.register.models import PlanReading
from graduated.rules.vocabulary import CycleStatus

_SHARE = 0.78
_PLANS = (
    select(Cycle.id, Cycle.pupil_id, Cycle.agreed_on, Assignment.user_id)
    .join(Assignment, Assignment.pupil_id == Cycle.pupil_id)
    .where(Cycle.status == CycleStatus.AGREED, Cycle.agreed_on.is_not(None), Assignment.ends.is_(None))
    .distinct()
    .order_by(Cycle.id, Assignment.user_id)
)


def tell(stage: Stage) -> None:
    """Each reads on a school day in the week after the plan was agreed; one act for what was read in one sitting."""
    keys = {user_id: key for key, user_id in stage.cast.users.items()}
    sittings: dict[tuple[date, str], list[tuple[int, int]]] = defaultdict(list)
    with stage.system():
        rows = db.session.execute(_PLANS).all()
    for row in rows:
        key = keys.get(row.user_id)
        if key is None:
            continue
        luck = chance("read", row.pupil_id, key)
        day = stage.calendar.shifted(row.agreed_on, luck.randint(1, 5))
        if luck.random() < _SHARE and day < stage.today:
            sittings[day, key].append((row.pupil_id, row.id))
    for (day, key), read in sorted(sittings.items()):
        with stage.act(key, day, "Plan read", 16, 10):
            db.session.add_all([PlanReading(pupil_id=pupil_id, cycle_id=cycle_id) for pupil_id, cycle_id in read])
