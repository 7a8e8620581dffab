"""Wrong tries to sign in, for who keeps the accounts: by account, how many, from how many places, when last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.db.clock import now
from graduated.db.session import db
from graduated.people.models import SignInAttempt
from graduated.people.queries import StaffMember, staff
from graduated.people.sign_in import account_key, code_key, passkey_key

SINCE = timedelta(days=7)
MANY = 10
"""So many wrong tries within a week are more than somebody's bad morning."""


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong tries at one account: passwords, codes (after the right password, at the second step) and passkeys."""

    name: str
    email: str
    passwords: int
    codes: int
    keys: int
    places: int
    last_at: datetime
    is_many: bool


_TRIES = (
    select(
        SignInAttempt.account,
        func.count(SignInAttempt.id).label("tries"),
        func.count(SignInAttempt.address.distinct()).label("places"),
        func.max(SignInAttempt.at).label("last_at"),
    )
    .where(
        SignInAttempt.at >= bindparam("since"),
        SignInAttempt.succeeded.is_(False),
        SignInAttempt.account.in_(bindparam("accounts", expanding=True)),
    )
    .group_by(SignInAttempt.account)
)


def tries_of_week() -> list[Tries]:
    """Accounts of this school's staff that somebody tried in vain within seven days, the most tried first.

    Families' accounts are not told: their addresses are not the office's to read.
    """
    people = staff()
    keys = {key: row for row in people for key in _keys(row)}
    found = db.session.execute(_TRIES, {"since": now() - SINCE, "accounts": sorted(keys)}).all()
    by_key = {row.account: row for row in found}
    told = [
        _told(person, [by_key.get(key) for key in _keys(person)])
        for person in people
        if any(key in by_key for key in _keys(person))
    ]
    return sorted(told, key=lambda one: (-one.passwords - one.codes - one.keys, one.name))


def _keys(person: StaffMember) -> tuple[str, str, str]:
    """Under what their wrong passwords, codes and passkeys are counted."""
    return account_key(person.email), code_key(person.user_id), passkey_key(person.user_id)


def _told(person: StaffMember, counted: Sequence[Any]) -> Tries:
    passwords, codes, keys = (row.tries if row else 0 for row in counted)
    rows = [row for row in counted if row]
    return Tries(
        name=person.name,
        email=person.email,
        passwords=passwords,
        codes=codes,
        keys=keys,
        places=max(row.places for row in rows),
        last_at=max(row.last_at for row in rows),
        is_many=passwords + codes + keys >= MANY,
    )
