"""Arranging the meeting of a review."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.models import Cycle
from graduated.review.errors import ReviewRefused
from graduated.rules.vocabulary import CycleStatus

_CYCLE = select(Cycle).where(Cycle.id == bindparam("cycle_id"))


@writes("Meeting arranged")
def arrange_meeting(cycle_id: int, at: datetime | None, place: str, version: int | None = None) -> int:
    """Say when and where the review of an agreed plan is held, or that no meeting is arranged. Gives the cycle's id.

    It is no amendment: the plan stays as agreed. Raises Clash when somebody else changed the cycle since.
    """
    cycle = db.session.scalars(_CYCLE, {"cycle_id": cycle_id}).one()
    check_version(cycle, version, {"meeting_at": cycle.meeting_at, "meeting_place": cycle.meeting_place})
    if cycle.status is not CycleStatus.AGREED:
        raise ReviewRefused("A meeting is arranged for the review of an agreed plan.")
    cycle.meeting_at, cycle.meeting_place = at, place.strip() if at else ""
    db.session.flush()
    return cycle_id
