"""What a member of staff has in hand: open plans they lead, groups they run, words and proposals that wait for them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import bindparam, func, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.models import RoleProposal
from graduated.plan.models import Asked, Cycle, Group
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.vocabulary import CycleStatus

_RUNNING = (CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED)


@dataclass(frozen=True, slots=True)
class LedPlan:
    """An open plan that somebody leads."""

    cycle_id: int
    pupil_id: int
    words: str


@dataclass(frozen=True, slots=True)
class RunGroup:
    """A running group that somebody runs, with what stays as it is when another adult takes it."""

    group_id: int
    name: str
    weekdays: tuple[int, ...]
    at: time | None


@dataclass(frozen=True, slots=True)
class InHand:
    """Everything that one person has in hand. `asked` and `proposed` end with them and are only told."""

    plans: tuple[LedPlan, ...]
    groups: tuple[RunGroup, ...]
    asked: int
    proposed: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing has to be handed over."""
        return not (self.plans or self.groups)


_PLANS = (
    select(
        Cycle.id,
        Cycle.number,
        Cycle.status,
        Cycle.pupil_id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
    )
    .join(Pupil, Pupil.id == Cycle.pupil_id)
    .where(Cycle.lead_id == bindparam("user_id"), Cycle.status.in_(_RUNNING))
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Cycle.number)
)
_GROUPS = (
    select(Group.id, Group.name, Group.weekdays, Group.at)
    .where(Group.staff_id == bindparam("user_id"), or_(Group.ends.is_(None), Group.ends >= bindparam("day")))
    .order_by(Group.name, Group.id)
)
_ASKED = (
    select(func.count(Asked.id))
    .join(Cycle, Cycle.id == Asked.cycle_id)
    .where(Asked.user_id == bindparam("user_id"), Cycle.status.in_(_RUNNING))
)
_PROPOSED = select(func.count(RoleProposal.id)).where(
    RoleProposal.recorded_by_id == bindparam("user_id"), RoleProposal.decided_at.is_(None)
)
_LEADS = select(Cycle.lead_id).where(Cycle.lead_id.is_not(None), Cycle.status.in_(_RUNNING))
_RUNS = select(Group.staff_id).where(
    Group.staff_id.is_not(None), or_(Group.ends.is_(None), Group.ends >= bindparam("day"))
)


def in_hand_of(user_id: int, day: date | None = None) -> InHand:
    """What one person has in hand, as far as the person acting sees it."""
    given = {"user_id": user_id, "day": day or today()}
    return InHand(
        plans=tuple(
            LedPlan(row.id, row.pupil_id, f"{name_of(row)}, cycle {row.number} ({row.status.inside})")
            for row in db.session.execute(_PLANS, given)
        ),
        groups=tuple(
            RunGroup(row.id, row.name, tuple(row.weekdays or ()), row.at) for row in db.session.execute(_GROUPS, given)
        ),
        asked=int(db.session.scalar(_ASKED, given) or 0),
        proposed=int(db.session.scalar(_PROPOSED, given) or 0),
    )


def counts() -> dict[int, int]:
    """How many plans and groups each person has in hand."""
    led = Counter(db.session.scalars(_LEADS))
    led.update(db.session.scalars(_RUNS, {"day": today()}))
    return {user_id: count for user_id, count in led.items() if user_id is not None}


hooks.in_hand[:] = [counts]
