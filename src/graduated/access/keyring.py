"""Ways in before anybody is known: whose a passkey is, which a person has, whose an account at a provider is.

Like `entry`, these statements are exempt from the scope filter and run on a connection of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, func, select

from graduated.access import entry
from graduated.db.base import Base
from graduated.db.session import looking
from graduated.db.wall import ENTRY


@dataclass(frozen=True, slots=True)
class Key:
    """A passkey as it is kept. `host` is the address that it was made for."""

    id: int
    user_id: int
    email: str
    credential_id: str
    public_key: str
    sign_count: int
    transports: tuple[str, ...]
    host: str


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def key(credential_id: str) -> Key | None:
    """The passkey of that name, when the account it belongs to is open."""
    found = _keys(_table("passkey").c.credential_id == credential_id)
    return found[0] if found else None


def keys_of(user_id: int) -> tuple[Key, ...]:
    """The passkeys of a person, the oldest first."""
    return _keys(_table("passkey").c.user_id == user_id)


def _keys(which: object) -> tuple[Key, ...]:
    passkey, user = _table("passkey"), _table("user")
    statement = (
        select(
            passkey.c.id,
            passkey.c.user_id,
            user.c.email,
            passkey.c.credential_id,
            passkey.c.public_key,
            passkey.c.sign_count,
            passkey.c.transports,
            passkey.c.host,
        )
        .join(user, user.c.id == passkey.c.user_id)
        .where(which, user.c.active.is_(True))  # type: ignore[arg-type]
        .order_by(passkey.c.id)
    )
    with looking(ENTRY) as connection:
        rows = connection.execute(statement).all()
    return tuple(
        Key(
            row.id,
            row.user_id,
            row.email,
            row.credential_id,
            row.public_key,
            row.sign_count,
            tuple(row.transports.split()),
            row.host,
        )
        for row in rows
    )


def has_second_step(user_id: int) -> bool:
    """Whether a person has a second step of signing in: an app that shows codes, or a passkey."""
    passkey = _table("passkey")
    if entry.factor(user_id) is not None:
        return True
    with looking(ENTRY) as connection:
        count = connection.scalar(select(func.count()).select_from(passkey).where(passkey.c.user_id == user_id))
    return bool(count)


@dataclass(frozen=True, slots=True)
class Tied:
    """The open account that an account at a provider is tied to."""

    user_id: int
    email: str


def tied(issuer: str, sub: str) -> Tied | None:
    """Whose an account at a provider is here, when the account here is open."""
    link, user = _table("provider_link"), _table("user")
    statement = (
        select(user.c.id, user.c.email)
        .join(link, link.c.user_id == user.c.id)
        .where(link.c.issuer == issuer, link.c.sub == sub, user.c.active.is_(True))
    )
    with looking(ENTRY) as connection:
        row = connection.execute(statement).first()
    return Tied(row.id, row.email) if row else None


def issuers_of(user_id: int) -> frozenset[str]:
    """With which providers a person's account is tied."""
    link = _table("provider_link")
    with looking(ENTRY) as connection:
        return frozenset(connection.scalars(select(link.c.issuer).where(link.c.user_id == user_id)))
