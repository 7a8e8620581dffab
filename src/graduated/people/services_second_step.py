"""Setting up the second step of one's sign-in, and taking it away."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from graduated.access import entry
from graduated.access.identity import require_actor
from graduated.access.keyring import has_second_step
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.people import giving, invitations
from graduated.people import sign_in as signing
from graduated.people.models import Passkey, RecoveryCode, SecondFactor, User
from graduated.people.queries_staff import roles_of
from graduated.people.second_factor import enciphered, recovery_hash


class NotYourPhone(PermissionError):
    """The second step of somebody whose account other schools rely on is not this school's to take away."""


@writes("Second step set up")
def set_up(user_id: int, secret: str, step: int, codes: Iterable[str]) -> int:
    """From now on a code is asked for. Other browsers are signed out; this one needs nothing more."""
    _forget_app(user_id)
    db.session.add(SecondFactor(user_id=user_id, totp_secret=enciphered(secret), since=now(), last_step=step))
    return begin_codes(user_id, codes)


def begin_codes(user_id: int, codes: Iterable[str]) -> int:
    """Inside the act that sets a second step up: its recovery codes, and other browsers are signed out."""
    forget_codes(user_id)
    _keep(user_id, codes)
    here = require_actor().session_id
    for row in signing.open_of(user_id):
        row.needs_factor = False
        if row.id != here:
            row.ended_at = now()
    return user_id


@writes("Recovery codes made")
def new_codes(user_id: int, codes: Iterable[str]) -> int:
    """Ten new recovery codes; the earlier ones stop working."""
    forget_codes(user_id)
    _keep(user_id, codes)
    return user_id


@writes("Second step taken away")
def take_away(user_id: int) -> int:
    """The app for codes goes: passkeys stay, and with them the recovery codes.

    Without any, it is the password alone again, or, where the school asks for a second step, the page on which one is
    set up.
    """
    _forget_app(user_id)
    keys = db.session.scalar(select(func.count(Passkey.id)).where(Passkey.user_id == user_id))
    if not keys:
        forget_codes(user_id)
    asked = not keys and any(door.asks_factor for door in entry.doors(user_id))
    for row in signing.open_of(user_id):
        row.needs_factor = asked
    return user_id


@writes("Second step taken away for somebody")
def take_away_for(user_id: int) -> int:
    """A member of staff has lost phone and codes: second step and passkeys go, and they are signed out everywhere.

    Raises NotYoursToGive when they hold a role that the person acting may not give, or one that nobody alone may come
    into; NotYourPhone for one's own and for somebody who also belongs to another school.
    """
    if user_id == require_actor().user_id:
        raise NotYourPhone("Your own second step is on the page of your account.")
    giving.refuse_way_in(roles_of(user_id))
    if invitations.belongs_elsewhere(user_id, require_actor().school_id):
        raise NotYourPhone(
            "This person also works at another school, so only they can take it away, with a recovery code."
        )
    _forget_all(user_id)
    signing.end_all(user_id)
    return user_id


@writes("Second step taken away at the command line")
def take_away_here(email: str) -> bool:
    """For the command line: take it away from a person of the school; whether there was one."""
    user_id = db.session.scalar(select(User.id).where(User.email == email.strip().lower()))
    if user_id is None or not has_second_step(user_id):
        return False
    _forget_all(user_id)
    signing.end_all(user_id)
    return True


def _forget_all(user_id: int) -> None:
    """What was lost may hold the keys, too."""
    _forget_app(user_id)
    forget_codes(user_id)
    for row in db.session.scalars(select(Passkey).where(Passkey.user_id == user_id)).all():
        db.session.delete(row)
    db.session.flush()


def _forget_app(user_id: int) -> None:
    kept = db.session.scalars(select(SecondFactor).where(SecondFactor.user_id == user_id)).one_or_none()
    if kept is not None:
        db.session.delete(kept)
        db.session.flush()


def forget_codes(user_id: int) -> None:
    """Inside an act: recovery codes made before stop working."""
    for row in db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == user_id)).all():
        db.session.delete(row)
    db.session.flush()


def _keep(user_id: int, codes: Iterable[str]) -> None:
    for code in codes:
        db.session.add(RecoveryCode(user_id=user_id, code_hash=recovery_hash(code) or ""))
