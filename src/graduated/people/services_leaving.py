"""What ends with a person's last role: sign-ins, PINs, the calendar address; and that access was looked through."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import services_devices
from graduated.people.models import CalendarFeed, SignInSession
from graduated.people.models_devices import StaffReview

_FEEDS = select(CalendarFeed).where(CalendarFeed.user_id == bindparam("user_id"), CalendarFeed.revoked_at.is_(None))
_SIGN_INS = select(SignInSession).where(
    SignInSession.user_id == bindparam("user_id"),
    SignInSession.school_id == bindparam("school_id"),
    SignInSession.ended_at.is_(None),
)


@writes("Ways in of a leaver closed")
def close_ways_in(user_id: int) -> None:
    """End every sign-in of a person at this school, their PINs and their calendar address.

    Without a role none of them opens anything in any case; ended, none comes alive again with a new role. Passkey and
    password are the person's own, for every school they belong to, and open no school in which they have no role.
    """
    given = {"user_id": user_id, "school_id": require_actor().school_id}
    for session in db.session.scalars(_SIGN_INS, given).all():
        session.ended_at = now()
    for feed in db.session.scalars(_FEEDS, given).all():
        feed.revoked_at = now()
    services_devices.forget_pins(user_id)


@writes("Access looked through")
def looked_through(people: int) -> int:
    """Somebody who keeps the accounts has gone through all of them; the row's id."""
    row = StaffReview(people=people)
    db.session.add(row)
    db.session.flush()
    return row.id
