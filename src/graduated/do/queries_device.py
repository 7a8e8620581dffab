"""What a sign-in by PIN may take back."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.models import DeliveredSession

_OWN_OF_TODAY = select(DeliveredSession.id).where(
    DeliveredSession.id == bindparam("session_id"),
    DeliveredSession.recorded_by_id == bindparam("user_id"),
    DeliveredSession.held_on == bindparam("day"),
)


def is_own_of_today(session_id: int, user_id: int | None) -> bool:
    """Whether an entry is of today and of this person's own making."""
    given = {"session_id": session_id, "user_id": user_id, "day": today()}
    return db.session.execute(_OWN_OF_TODAY, given).first() is not None
