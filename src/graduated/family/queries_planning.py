"""What planning meetings decided for the child, as far as the school shares it; never the note for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.planning.models import PlanningDecision
from graduated.rules.vocabulary import Decided


@dataclass(frozen=True, slots=True)
class SharedDecision:
    """One decision as the family may read it."""

    decided: Decided
    decided_on: date
    service: str
    who: str
    by_when: date | None


# The scope leaves out what is not shared, and what was corrected since.
_SHARED = (
    select(
        PlanningDecision.decided, PlanningDecision.decided_on, PlanningDecision.service, PlanningDecision.who,
        PlanningDecision.by_when,
    )
    .where(PlanningDecision.pupil_id == bindparam("pupil_id"))
    .order_by(PlanningDecision.decided_on.desc(), PlanningDecision.id.desc())
)  # fmt: skip


def shared_decisions(pupil_id: int) -> tuple[SharedDecision, ...]:
    """What the school decided with specialists and shares, the newest first."""
    return tuple(SharedDecision(*row) for row in db.session.execute(_SHARED, {"pupil_id": pupil_id}))
