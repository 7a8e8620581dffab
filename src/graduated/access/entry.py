"""The one place that reads before anybody is known: who a session belongs to, and which account an address is.

These statements are exempt from the scope filter and run on a connection of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, bindparam, exists, func, or_, select

from graduated.access.identity import Actor
from graduated.access.policy import Hat
from graduated.db.base import Base
from graduated.db.clock import now, today
from graduated.db.session import looking
from graduated.db.wall import ENTRY
from graduated.rules.vocabulary import Role

FAMILY_ROLES = frozenset({Role.PARENT, Role.YOUNG_PERSON})
CLOCKS_DIFFER = timedelta(minutes=2)
"""So far into the future a sign-in may have begun: by the clock of another machine that serves the same school."""
_statements: dict[str, Any] = {}


def _table(name: str) -> Table:
    return Base.metadata.tables[name]


def _identify_statement() -> Any:
    if "identify" not in _statements:
        session, user, school = _table("sign_in_session"), _table("user"), _table("school")
        member, adult = _table("membership"), _table("adult")
        by_pin, device = _table("device_session"), _table("school_device")
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
                session.c.needs_factor,
                session.c.school_id,
                user.c.id,
                user.c.name,
                school.c.name.label("school_name"),
                member.c.role,
                has_child.label("has_child"),
                by_pin.c.school_device_id,
                device.c.name.label("device_name"),
            )
            .join(user, user.c.id == session.c.user_id)
            .join(school, school.c.id == session.c.school_id)
            .join(member, current)
            .outerjoin(by_pin, by_pin.c.sign_in_session_id == session.c.id)
            .outerjoin(device, device.c.id == by_pin.c.school_device_id)
            .where(
                session.c.id == bindparam("sid"),
                session.c.ended_at.is_(None),
                user.c.active.is_(True),
                or_(
                    by_pin.c.id.is_(None),
                    and_(device.c.ended_at.is_(None), device.c.expires_on >= bindparam("day")),
                ),
            )
        )
    return _statements["identify"]


def identify(session_id: int, token_hash: str, longest: timedelta, *, is_fresh: bool = True) -> Actor | None:
    """The person of a signed-in browser, or nobody: ended, too old, account closed, or no role here any more.

    `is_fresh`: whether the browser's cookie says that they proved who they are within the last half hour.
    """
    with looking(ENTRY) as connection:
        rows = connection.execute(_identify_statement(), {"sid": session_id, "day": today()}).all()
    if not rows or rows[0].token_hash != token_hash:
        return None
    age = now() - rows[0].started_at
    if age > longest or age < -CLOCKS_DIFFER:  # a clock that was put back must not make a sign-in last longer
        return None
    first = rows[0]
    actor = _actor(rows, Hat(first.hat), session_id, needs_factor=first.needs_factor, is_fresh=is_fresh)
    by_pin = first.school_device_id is not None
    return replace(actor, on_device=first.device_name) if actor is not None and by_pin else actor


def gone(session_id: int, token_hash: str) -> tuple[int, int, str] | None:
    """(school, user, name) of a browser whose person has no role in that school today: somebody who left.

    Nobody for a sign-in that is only idle or ended while its person still works here.
    """
    session, user, member = _table("sign_in_session"), _table("user"), _table("membership")
    day = today()
    works = exists().where(
        member.c.user_id == session.c.user_id,
        member.c.school_id == session.c.school_id,
        member.c.starts <= day,
        or_(member.c.ends.is_(None), member.c.ends >= day),
    )
    statement = (
        select(session.c.school_id, user.c.id, user.c.name)
        .join(user, user.c.id == session.c.user_id)
        .where(session.c.id == session_id, session.c.token_hash == token_hash, or_(~works, user.c.active.is_(False)))
    )
    with looking(ENTRY) as connection:
        row = connection.execute(statement).first()
    return (row.school_id, row.id, row.name) if row else None


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
    with looking(ENTRY) as connection:
        rows = connection.execute(statement).all()
    return _actor(rows, Hat.STAFF, None) if rows else None


def _actor(
    rows: Sequence[Any], hat: Hat, session_id: int | None, *, needs_factor: bool = False, is_fresh: bool = True
) -> Actor | None:
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
        needs_factor=needs_factor,
        is_fresh=is_fresh,
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
    with looking(ENTRY) as connection:
        row = connection.execute(statement).first()
    return Account(row.id, row.password_hash) if row else None


@dataclass(frozen=True, slots=True)
class Factor:
    """The second step of a person's sign-in as it is kept: the enciphered secret, and the last code that was taken."""

    secret: str
    last_step: int
    since: datetime


def factor(user_id: int) -> Factor | None:
    """The second step of a person, when they have one."""
    kept = _table("second_factor")
    statement = select(kept.c.totp_secret, kept.c.last_step, kept.c.since).where(kept.c.user_id == user_id)
    with looking(ENTRY) as connection:
        row = connection.execute(statement).first()
    return Factor(row.totp_secret, row.last_step, row.since) if row else None


@dataclass(frozen=True, slots=True)
class Door:
    """One way in for a person: a school, wearing a hat. With `asks_factor` it asks for a second step.

    With `trusts_provider` the one that a provider of sign-ins took will do.
    """

    school_id: int
    school_name: str
    hat: Hat
    asks_factor: bool = False
    trusts_provider: bool = False


def doors(user_id: int) -> list[Door]:
    """Every school and hat a person may enter today; staff before family."""
    member, school = _table("membership"), _table("school")
    day: date = today()
    statement = (
        select(
            school.c.id, school.c.name, school.c.staff_need_second_step, school.c.trusts_provider_step, member.c.role
        )
        .join(school, school.c.id == member.c.school_id)
        .where(
            member.c.user_id == user_id,
            member.c.starts <= day,
            or_(member.c.ends.is_(None), member.c.ends >= day),
        )
        .order_by(school.c.name, school.c.id)
    )
    with looking(ENTRY) as connection:
        rows = connection.execute(statement).all()
    found = {
        Door(row.id, row.name, Hat.FAMILY)
        if row.role in FAMILY_ROLES
        else Door(row.id, row.name, Hat.STAFF, row.staff_need_second_step, row.trusts_provider_step): None
        for row in rows
    }
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
    with looking(ENTRY) as connection:
        return int(connection.scalar(by_account) or 0), int(connection.scalar(by_address) or 0)


def known_at(address: str, since: datetime) -> int:
    """How many people signed in from an address since a moment."""
    attempt = _table("sign_in_attempt")
    statement = select(func.count(attempt.c.account.distinct())).where(
        attempt.c.address == address, attempt.c.at >= since, attempt.c.succeeded.is_(True)
    )
    with looking(ENTRY) as connection:
        return int(connection.scalar(statement) or 0)


def password_since(user_id: int) -> str:
    """When the password of a person was last changed, to be compared; nothing when there is none."""
    credential = _table("credential")
    with looking(ENTRY) as connection:
        found = connection.scalar(select(credential.c.changed_at).where(credential.c.user_id == user_id))
    return found.isoformat() if found else ""


def school_by_urn(urn: str) -> tuple[int, str] | None:
    """The school of a URN, for the command line."""
    school = _table("school")
    with looking(ENTRY) as connection:
        row = connection.execute(select(school.c.id, school.c.name).where(school.c.urn == urn)).first()
    return (row.id, row.name) if row else None


def school_count() -> int:
    """How many schools the installation has; none means that it is new."""
    with looking(ENTRY) as connection:
        return int(connection.scalar(select(func.count()).select_from(_table("school"))) or 0)


def user_id_of(email: str) -> int | None:
    """The id of any account of that address, open or closed, for the command line."""
    user = _table("user")
    with looking(ENTRY) as connection:
        return connection.scalar(select(user.c.id).where(func.lower(user.c.email) == email.strip().lower()))


def school_ids() -> list[tuple[int, str]]:
    """Every school of the installation, (id, name), for checks that go through them all."""
    school = _table("school")
    with looking(ENTRY) as connection:
        return [
            (row.id, row.name) for row in connection.execute(select(school.c.id, school.c.name).order_by(school.c.id))
        ]
