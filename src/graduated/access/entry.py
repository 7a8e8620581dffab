"""The one place that reads before anybody is known: who a session belongs to, and which account an address is.

These statements are exempt from the scope filter and run on a connection of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, bindparam, exists, func, or_, select

from graduated.access.identity import Actor
from graduated.access.policy import Hat
from graduated.db.base import Base
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.rules.vocabulary import Role

FAMILY_ROLES = frozenset({Role.PARENT, Role.YOUNG_PERSON})
_statements: dict[str, Any] = {}


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _identify_statement() -> Any:
    if "identify" not in _statements:
        session, user, school = _table("sign_in_session"), _table("user"), _table("school")
        member, adult = _table("membership"), _table("adult")
        current = and_(
            member.c.user_id == user.c.id,
            member.c.school_id == session.c.school_id,
            member.c.starts <= bindparam("day"),
            or_(member.c.ends.is_(None), member.c.ends >= bindparam("day")),
        )
        has_child = exists().where(adult.c.user_id == user.c.id, adult.c.school_id == session.c.school_id)
        _statements["identify"] = (
            select(
                session.c.token_hash,
                session.c.started_at,
                session.c.hat,
                session.c.school_id,
                user.c.id,
                user.c.name,
                school.c.name.label("school_name"),
                member.c.role,
                has_child.label("has_child"),
            )
            .join(user, user.c.id == session.c.user_id)
            .join(school, school.c.id == session.c.school_id)
            .join(member, current)
            .where(session.c.id == bindparam("sid"), session.c.ended_at.is_(None), user.c.active.is_(True))
        )
    return _statements["identify"]


def identify(session_id: int, token_hash: str, longest: timedelta) -> Actor | None:
    """The person of a signed-in browser, or nobody: ended, too old, account closed, or no role here any more."""
    with db.engine.connect() as connection:
        rows = connection.execute(_identify_statement(), {"sid": session_id, "day": today()}).all()
    if not rows or rows[0].token_hash != token_hash or now() - rows[0].started_at > longest:
        return None
    return _actor(rows, Hat(rows[0].hat), session_id)


def member_of_staff(user_id: int, school_id: int) -> Actor | None:
    """A person as staff of a school today, without a sign-in; nobody when they left or their account is closed."""
    user, member, school, adult = _table("user"), _table("membership"), _table("school"), _table("adult")
    day = today()
    statement = (
        select(
            user.c.id,
            user.c.name,
            member.c.school_id,
            school.c.name.label("school_name"),
            member.c.role,
            exists().where(adult.c.user_id == user.c.id, adult.c.school_id == school_id).label("has_child"),
        )
        .join(member, member.c.user_id == user.c.id)
        .join(school, school.c.id == member.c.school_id)
        .where(
            user.c.id == user_id,
            user.c.active.is_(True),
            member.c.school_id == school_id,
            member.c.starts <= day,
            or_(member.c.ends.is_(None), member.c.ends >= day),
        )
    )
    with db.engine.connect() as connection:
        rows = connection.execute(statement).all()
    return _actor(rows, Hat.STAFF, None) if rows else None


def _actor(rows: Sequence[Any], hat: Hat, session_id: int | None) -> Actor | None:
    """One person from one row for each role that they have today; nobody when none of them goes with the hat."""
    first, roles = rows[0], frozenset(row.role for row in rows)
    worn = roles & FAMILY_ROLES if hat is Hat.FAMILY else roles - FAMILY_ROLES
    if not worn:
        return None
    return Actor(
        user_id=first.id,
        school_id=first.school_id,
        name=first.name,
        roles=worn,
        hat=hat,
        school_name=first.school_name,
        is_parent_here=hat is Hat.STAFF and bool(first.has_child),
        has_both_hats=bool(roles & FAMILY_ROLES) and bool(roles - FAMILY_ROLES),
        session_id=session_id,
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What signing in needs to know of an account."""

    user_id: int
    password_hash: str


def account(email: str) -> Account | None:
    """The open account of an e-mail address that has a password."""
    user, credential = _table("user"), _table("credential")
    statement = (
        select(user.c.id, credential.c.password_hash)
        .join(credential, credential.c.user_id == user.c.id)
        .where(func.lower(user.c.email) == email.strip().lower(), user.c.active.is_(True))
    )
    with db.engine.connect() as connection:
        row = connection.execute(statement).first()
    return Account(row.id, row.password_hash) if row else None


@dataclass(frozen=True, slots=True)
class Door:
    """One way in for a person: a school, wearing a hat."""

    school_id: int
    school_name: str
    hat: Hat


def doors(user_id: int) -> list[Door]:
    """Every school and hat a person may enter today; staff before family."""
    member, school = _table("membership"), _table("school")
    day: date = today()
    statement = (
        select(school.c.id, school.c.name, member.c.role)
        .join(school, school.c.id == member.c.school_id)
        .where(
            member.c.user_id == user_id,
            member.c.starts <= day,
            or_(member.c.ends.is_(None), member.c.ends >= day),
        )
        .order_by(school.c.name, school.c.id)
    )
    with db.engine.connect() as connection:
        rows = connection.execute(statement).all()
    found = {Door(row.id, row.name, Hat.FAMILY if row.role in FAMILY_ROLES else Hat.STAFF): None for row in rows}
    return sorted(found, key=lambda door: (door.hat is Hat.FAMILY, door.school_name))


def failures(account_key: str, address: str, since_account: datetime, since_address: datetime) -> tuple[int, int]:
    """Failed tries for an account and from an address since two moments."""
    attempt = _table("sign_in_attempt")
    by_account = select(func.count()).where(
        attempt.c.account == account_key, attempt.c.at >= since_account, attempt.c.succeeded.is_(False)
    )
    by_address = select(func.count()).where(
        attempt.c.address == address, attempt.c.at >= since_address, attempt.c.succeeded.is_(False)
    )
    with db.engine.connect() as connection:
        return int(connection.scalar(by_account) or 0), int(connection.scalar(by_address) or 0)


def school_by_urn(urn: str) -> tuple[int, str] | None:
    """The school of a URN, for the command line."""
    school = _table("school")
    with db.engine.connect() as connection:
        row = connection.execute(select(school.c.id, school.c.name).where(school.c.urn == urn)).first()
    return (row.id, row.name) if row else None


def school_count() -> int:
    """How many schools the installation has; none means that it is new."""
    with db.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(_table("school"))) or 0)


def user_id_of(email: str) -> int | None:
    """The id of any account of that address, open or closed, for the command line."""
    user = _table("user")
    with db.engine.connect() as connection:
        return connection.scalar(select(user.c.id).where(func.lower(user.c.email) == email.strip().lower()))


def school_ids() -> list[tuple[int, str]]:
    """Every school of the installation, (id, name), for checks that go through them all."""
    school = _table("school")
    with db.engine.connect() as connection:
        return [
            (row.id, row.name) for row in connection.execute(select(school.c.id, school.c.name).order_by(school.c.id))
        ]
