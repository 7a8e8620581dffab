"""Signing in and out: throttled by account and by address, one revocable row for each browser."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from graduated.access import entry
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import SignInAttempt, SignInSession
from graduated.people.passwords import matches

ACCOUNT_TRIES, ACCOUNT_WINDOW = 10, timedelta(minutes=5)
ADDRESS_TRIES, ADDRESS_WINDOW = 20, timedelta(hours=1)


class Throttled(Exception):
    """Too many wrong tries; wait."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A new sign-in: the row's id, whose it is, and the token that only the browser keeps."""

    session_id: int
    user_id: int
    token: str
    hat: Hat


def hash_token(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _account_key(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def prove(email: str, password: str, *, address: str) -> int | None:
    """The id of the person whose password this is, or nobody. Raises Throttled after too many wrong tries."""
    moment = now()
    by_account, by_address = entry.failures(
        _account_key(email), address, moment - ACCOUNT_WINDOW, moment - ADDRESS_WINDOW
    )
    if by_account >= ACCOUNT_TRIES or by_address >= ADDRESS_TRIES:
        raise Throttled
    account = entry.account(email)
    right = matches(password, account.password_hash if account else None)
    with write("Sign-in tried"):
        db.session.add(SignInAttempt(account=_account_key(email), address=address[:45], succeeded=right))
    return account.user_id if account is not None and right else None


def sign_in(email: str, password: str, *, address: str, device: str) -> Entered | None:
    """Let a person in, or nobody. The answer never says whether the address is known."""
    user_id = prove(email, password, address=address)
    ways = entry.doors(user_id) if user_id is not None else []
    return enter(user_id, ways[0], address=address, device=device) if user_id is not None and ways else None


def enter(user_id: int, door: entry.Door, *, address: str, device: str) -> Entered:
    """Open a session for a person at one door."""
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=hash_token(token),
        user_id=user_id,
        school_id=door.school_id,
        hat=door.hat.value,
        address=address[:45],
        device=device[:200],
    )
    with write("Signed in"):
        db.session.add(row)
    return Entered(row.id, user_id, token, door.hat)


def end(session_id: int) -> None:
    """End one sign-in at once, on the server."""
    with write("Signed out"):
        row = db.session.scalars(select(SignInSession).where(SignInSession.id == session_id)).one_or_none()
        if row is not None and row.ended_at is None:
            row.ended_at = now()


def end_one(session_id: int, user_id: int) -> None:
    """End one sign-in of this person; another person's is left alone."""
    with write("Signed out"):
        row = db.session.scalars(
            select(SignInSession).where(SignInSession.id == session_id, SignInSession.user_id == user_id)
        ).one_or_none()
        if row is not None and row.ended_at is None:
            row.ended_at = now()


def end_all(user_id: int) -> int:
    """End every sign-in of a person at once; how many there were."""
    with write("Signed out everywhere"):
        rows = db.session.scalars(
            select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
        ).all()
        for row in rows:
            row.ended_at = now()
    return len(rows)
