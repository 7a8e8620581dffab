"""What must be read of a school device before anybody is known: whether this browser is one, and whose PINs it has.

As in `entry`, these statements are exempt from the scope filter and run on a connection of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from graduated.db.base import Base
from graduated.db.clock import now, today
from graduated.db.session import looking
from graduated.db.wall import ENTRY


@dataclass(frozen=True, slots=True)
class Device:
    """A registered device of a school that has neither been ended nor run out."""

    id: int
    school_id: int
    name: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Pin:
    """A PIN on a device: whose it is, what its button says, and its hash."""

    id: int
    user_id: int
    initials: str
    pin_hash: str


def _table(name: str) -> Any:
    return Base.metadata.tables[name]


def _device(where: Any) -> Device | None:
    kept = _table("school_device")
    statement = select(kept.c.id, kept.c.school_id, kept.c.name, kept.c.expires_on).where(
        where, kept.c.ended_at.is_(None), kept.c.expires_on >= today()
    )
    with looking(ENTRY) as connection:
        row = connection.execute(statement).first()
    return Device(*row) if row else None


def by_token(token_hash: str) -> Device | None:
    """The device whose browser has this token."""
    return _device(_table("school_device").c.token_hash == token_hash)


def by_code(code_hash: str) -> Device | None:
    """The device that waits for a one-time code to be typed on it."""
    kept = _table("school_device").c
    return _device(and_(kept.code_hash == code_hash, kept.code_until > now(), kept.token_hash.is_(None)))


def pins(device: Device) -> tuple[Pin, ...]:
    """The PINs set on a device by people who work at its school today, by their buttons."""
    kept, member, user = _table("device_pin"), _table("membership"), _table("user")
    day = today()
    statement = (
        select(kept.c.id, kept.c.user_id, kept.c.initials, kept.c.pin_hash)
        .distinct()
        .join(user, and_(user.c.id == kept.c.user_id, user.c.active.is_(True)))
        .join(member, and_(member.c.user_id == kept.c.user_id, member.c.school_id == device.school_id))
        .where(
            kept.c.school_device_id == device.id,
            member.c.role.not_in(["parent", "young-person"]),
            member.c.starts <= day,
            or_(member.c.ends.is_(None), member.c.ends >= day),
        )
        .order_by(kept.c.initials)
    )
    with looking(ENTRY) as connection:
        return tuple(Pin(*row) for row in connection.execute(statement))
