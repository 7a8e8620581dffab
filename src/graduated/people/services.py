"""Accounts and memberships."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import sign_in as signing
from graduated.people.models import Credential, Membership, User
from graduated.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is needed to give a person a role. The password comes hashed, or not at all for someone known."""

    email: str
    name: str
    role: Role
    password_hash: str | None = None
    starts: date | None = None


@writes("Account opened")
def open_account(account: NewAccount) -> int:
    """Give a person a role in the school from today or a later day; who is known keeps their name and password."""
    email = account.email.strip().lower()
    # Within a longer act the person may have been made a moment ago, which only this session sees.
    user_id = db.session.scalar(select(User.id).where(User.email == email)) or entry.user_id_of(email)
    if user_id is None:
        user = User(email=email, name=account.name.strip())
        db.session.add(user)
        db.session.flush()
        user_id = user.id
    if account.password_hash is not None:
        _set_password(user_id, account.password_hash)
    held = db.session.execute(
        select(Membership.id).where(
            Membership.user_id == user_id, Membership.role == account.role, Membership.ends.is_(None)
        )
    ).first()
    if held is None:
        db.session.add(
            Membership(
                school_id=require_actor().school_id,
                user_id=user_id,
                role=account.role,
                starts=account.starts or today(),
            )
        )
    return user_id


def _set_password(user_id: int, password_hash: str) -> None:
    known = db.session.scalars(select(Credential).where(Credential.user_id == user_id)).one_or_none()
    if known is None:
        db.session.add(Credential(user_id=user_id, password_hash=password_hash))
    else:
        known.password_hash = password_hash
        known.changed_at = now()


@writes("Password changed")
def change_password(user_id: int, password_hash: str) -> int:
    """A new password for one's own account; every sign-in of it ends."""
    _set_password(user_id, password_hash)
    signing.end_all(user_id)
    return user_id


@writes("Role ended")
def end_membership(membership_id: int, last_day: date | None = None) -> int:
    """A leaver, or a mover: the role ends, and with it the right to look, from the next click."""
    row = db.session.scalars(select(Membership).where(Membership.id == membership_id)).one()
    row.ends = last_day or today() - timedelta(days=1)
    return row.id
