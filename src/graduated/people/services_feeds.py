"""Making, replacing and withdrawing one's own calendar address."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people.models import CalendarFeed
from graduated.people.queries_feeds import roles_key

_OPEN_OF = select(CalendarFeed).where(CalendarFeed.user_id == bindparam("user_id"), CalendarFeed.revoked_at.is_(None))


@writes("Calendar address made")
def make_address(token_hash: str) -> int:
    """Give the person acting an address; one that they had stops working at once. The token itself never comes here."""
    actor = require_actor()
    _revoke()
    row = CalendarFeed(user_id=actor.user_id or 0, token_hash=token_hash, roles=roles_key(actor.roles))
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Calendar address withdrawn")
def withdraw_address() -> None:
    """The address of the person acting works no more."""
    _revoke()


def _revoke() -> None:
    for row in db.session.scalars(_OPEN_OF, {"user_id": require_actor().user_id}).all():
        row.revoked_at = now()
