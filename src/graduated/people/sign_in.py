"""Signing in and out: throttled by account and by address, one revocable row for each browser."""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from graduated.access import entry
from graduated.access.keyring import has_second_step
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people import second_factor
from graduated.people.models import RecoveryCode, SecondFactor, SignInAttempt, SignInSession
from graduated.people.passwords import matches

ACCOUNT_TRIES, ACCOUNT_WINDOW = 10, timedelta(minutes=5)
ADDRESS_TRIES, ADDRESS_WINDOW = 20, timedelta(hours=1)
KNOWN_TRIES, KNOWN_WINDOW, KNOWN_PEOPLE = 200, timedelta(days=30), 3
"""A place from which three people signed in within thirty days, such as a school, has more tries."""


class Throttled(Exception):
    """Too many wrong tries; wait. With `asks_code`, a second step and the password together still let its owner in."""

    def __init__(self, *, asks_code: bool = False) -> None:
        super().__init__("too many wrong tries")
        self.asks_code = asks_code


@dataclass(frozen=True, slots=True)
class Entered:
    """A new sign-in: the row's id, whose it is, and the token that only the browser keeps."""

    session_id: int
    user_id: int
    token: str
    hat: Hat


def proof_ends() -> datetime:
    """Until when a proof that was used up must be remembered: far longer than any is good for."""
    return now() + timedelta(hours=1)


def hash_token(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def account_key(email: str) -> str:
    """Under what tries of a password are counted: no address stands in the table."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def code_key(user_id: int) -> str:
    """Under what tries of a code are counted."""
    return hashlib.sha256(f"code of {user_id}".encode()).hexdigest()


def passkey_key(user_id: int) -> str:
    """Under what tries with a passkey are counted, apart: nobody's wrong ones close the way of the right one."""
    return hashlib.sha256(f"passkey of {user_id}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Proved:
    """Whose password it was. `stepped` when the second step was taken with it, as after many wrong tries."""

    user_id: int
    stepped: bool


def prove(email: str, password: str, *, address: str) -> int | None:
    """The id of the person whose password this is, or nobody. Raises Throttled after too many wrong tries."""
    proved = prove_with(email, password, "", address=address)
    return proved.user_id if proved else None


def prove_with(email: str, password: str, code: str, *, address: str) -> Proved | None:
    """The same, where somebody else's wrong tries may have closed the account: its owner's code opens it.

    A wrong code counts only against who had the right password, so that a stranger's guesses never close the owner's
    way in; whether there is such an account, or a second step, nobody learns from the answer.
    """
    moment, place = now(), place_of(address)
    by_account, by_address = entry.failures(account_key(email), place, moment - ACCOUNT_WINDOW, moment - ADDRESS_WINDOW)
    if by_address >= ADDRESS_TRIES and by_address >= _allowed(place):
        raise Throttled
    closed = by_account >= ACCOUNT_TRIES
    if closed and not code:
        raise Throttled(asks_code=True)
    account = entry.account(email)
    right = matches(password, account.password_hash if account else None)
    if closed and right and account is not None:
        try:
            right = try_code(account.user_id, code, address=address)
        except Throttled:
            right = False
    right = right and account is not None
    _note(account_key(email), place, succeeded=right)
    return Proved(account.user_id, closed) if account is not None and right else None


def place_of(address: str) -> str:
    """Where a try comes from: of IPv6 the network, for one machine has as many addresses of it as it likes."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:45]
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def _allowed(place: str) -> int:
    """How many wrong tries a place has in an hour: a school's many staff come from one, and are known there."""
    known = entry.known_at(place, now() - KNOWN_WINDOW) >= KNOWN_PEOPLE
    return KNOWN_TRIES if known else ADDRESS_TRIES


def refuse_busy_place(address: str) -> None:
    """Raise Throttled where too many wrong tries came from one place."""
    place = place_of(address)
    _account, by_address = entry.failures("", place, now(), now() - ADDRESS_WINDOW)
    if by_address >= ADDRESS_TRIES and by_address >= _allowed(place):
        raise Throttled


def note_passkey(user_id: int | None, email: str, *, address: str, succeeded: bool) -> None:
    """A passkey was tried: of a person, or one that is nobody's. A right one counts as that person's sign-in there."""
    account = account_key(email) if succeeded else passkey_key(user_id or 0)
    _note(account, place_of(address), succeeded=succeeded)


def _note(account: str, address: str, *, succeeded: bool) -> None:
    with write("Sign-in tried"):
        db.session.add(SignInAttempt(account=account, address=address, succeeded=succeeded))


def try_code(user_id: int, code: str, *, address: str) -> bool:
    """Whether this is a code of a person whose password was right. Raises Throttled after ten wrong ones."""
    key, moment, place = code_key(user_id), now(), place_of(address)
    by_account, by_address = entry.failures(key, place, moment - ACCOUNT_WINDOW, moment - ADDRESS_WINDOW)
    if by_account >= ACCOUNT_TRIES or (by_address >= ADDRESS_TRIES and by_address >= _allowed(place)):
        raise Throttled
    right = take_code(user_id, code)
    _note(key, place, succeeded=right)
    return right


def take_code(user_id: int, code: str) -> bool:
    """Use up a code of the app, or a recovery code; false when it is neither, or was used before."""
    kept = entry.factor(user_id)
    secret = second_factor.deciphered(kept.secret) if kept else None
    if kept is not None and secret is None:
        return False
    step = second_factor.step_of(secret, code, now()) if secret is not None else None
    hashed = second_factor.recovery_hash(code)
    with write("Second step taken"):
        if step is not None:
            row = db.session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()
            if row is None or row.last_step >= step:
                return False
            row.last_step = step
            return True
        spare = db.session.scalars(
            select(RecoveryCode).where(
                RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hashed, RecoveryCode.spent_at.is_(None)
            )
        ).one_or_none()
        if spare is not None:
            spare.spent_at = now()
    return spare is not None


def enter(
    user_id: int,
    door: entry.Door,
    *,
    address: str,
    device: str,
    since: datetime | None = None,
    stepped: bool = False,
) -> Entered:
    """Open a session for a person at one door. A door that asks for a second step opens no further without one.

    `since` is when they really signed in, where they only change from one door to another: no session lasts longer so.
    `stepped`: a second step was taken elsewhere, where the school takes that for its own.
    """
    token = secrets.token_urlsafe(32)
    row = SignInSession(
        token_hash=hash_token(token),
        user_id=user_id,
        school_id=door.school_id,
        hat=door.hat.value,
        needs_factor=door.asks_factor and not stepped and not has_second_step(user_id),
        started_at=since or now(),
        address=address[:45],
        device=device[:200],
    )
    with write("Signed in"):
        db.session.add(row)
    return Entered(row.id, user_id, token, door.hat)


def started_at(session_id: int | None) -> datetime | None:
    """When the person of a session signed in."""
    return db.session.scalar(select(SignInSession.started_at).where(SignInSession.id == session_id))


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


def open_of(user_id: int) -> list[SignInSession]:
    """Every browser in which a person is signed in, inside a write."""
    rows = select(SignInSession).where(SignInSession.user_id == user_id, SignInSession.ended_at.is_(None))
    return list(db.session.scalars(rows).all())


def end_all(user_id: int) -> int:
    """End every sign-in of a person at once; how many there were."""
    with write("Signed out everywhere"):
        rows = open_of(user_id)
        for row in rows:
            row.ended_at = now()
    return len(rows)
