"""Calendar addresses: whose one is, if it works now, and whether the person acting has one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, select

from graduated.access import entry
from graduated.access.identity import Actor, acting, require_actor, system_actor
from graduated.db.session import db
from graduated.people.models import CalendarFeed
from graduated.people.sign_in import hash_token
from graduated.people.tokens import school_of
from graduated.rules.vocabulary import Role

_BY_HASH = select(CalendarFeed.user_id, CalendarFeed.roles).where(
    CalendarFeed.token_hash == bindparam("token_hash"), CalendarFeed.revoked_at.is_(None)
)
_OWN = (
    select(CalendarFeed.recorded_at)
    .where(CalendarFeed.user_id == bindparam("user_id"), CalendarFeed.revoked_at.is_(None))
    .order_by(CalendarFeed.id.desc())
)


def roles_key(roles: Iterable[Role]) -> str:
    """Roles as they stand beside an address."""
    return ",".join(sorted(role.value for role in roles))


def reader_of(token: str) -> Actor | None:
    """The member of staff whose address this is, as they are today; nobody when it is unknown or revoked, when they
    left, or when their roles are no longer those with which they made it."""
    school_id = school_of(token)
    if school_id is None:
        return None
    with acting(system_actor(school_id, "Calendar address")):
        row = db.session.execute(_BY_HASH, {"token_hash": hash_token(token)}).one_or_none()
    if row is None:
        return None
    actor = entry.member_of_staff(row.user_id, school_id)
    return actor if actor is not None and roles_key(actor.roles) == row.roles else None


def made_at() -> datetime | None:
    """When the person acting made the address that works now; none when there is none."""
    return db.session.scalar(_OWN.limit(1), {"user_id": require_actor().user_id})
