"""Making, using, renaming and removing passkeys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError

from graduated.access import entry
from graduated.access.keyring import has_second_step
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write, writes
from graduated.people import services_second_step
from graduated.people.models import Passkey, SpentProof
from graduated.people.passkeys import MOST_KEYS, Made, Refused

_OWN = select(Passkey).where(Passkey.user_id == bindparam("user_id"), Passkey.id == bindparam("passkey_id"))
_OLD = select(SpentProof).where(SpentProof.until < bindparam("moment")).limit(100)


class LastStep(PermissionError):
    """The school asks for a second step, and this is the only one that the person has."""


class TooMany(ValueError):
    """Nobody has so many devices; somebody is making keys for another reason."""


@writes("Passkey made")
def add(user_id: int, key: Made, host: str, name: str, codes: Iterable[str]) -> int:
    """Keep a new passkey. As the first second step of an account it brings recovery codes and signs out elsewhere.

    Raises TooMany, and Refused for a key that somebody has already.
    """
    if (db.session.scalar(select(func.count(Passkey.id)).where(Passkey.user_id == user_id)) or 0) >= MOST_KEYS:
        raise TooMany(f"You have {MOST_KEYS} passkeys. Remove one that you no longer use first.")
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == key.credential_id)) is not None:
        raise Refused
    first = not has_second_step(user_id)
    row = Passkey(
        user_id=user_id,
        credential_id=key.credential_id,
        public_key=key.public_key,
        sign_count=key.sign_count,
        transports=" ".join(key.transports)[:120],
        host=host,
        name=name,
    )
    db.session.add(row)
    if first:
        services_second_step.begin_codes(user_id, codes)
    db.session.flush()
    return row.id


@writes("Passkey renamed")
def rename(user_id: int, passkey_id: int, name: str) -> int:
    """Another name for one of one's own passkeys."""
    row = db.session.scalars(_OWN, {"user_id": user_id, "passkey_id": passkey_id}).one()
    row.name = name
    return row.id


@writes("Passkey removed")
def remove(user_id: int, passkey_id: int) -> int:
    """One of one's own passkeys goes. Raises LastStep when a school asks for a second step and no other is left."""
    row = db.session.scalars(_OWN, {"user_id": user_id, "passkey_id": passkey_id}).one()
    others = select(func.count(Passkey.id)).where(Passkey.user_id == user_id, Passkey.id != passkey_id)
    is_last = not db.session.scalar(others) and entry.factor(user_id) is None
    if is_last and any(door.asks_factor for door in entry.doors(user_id)):
        raise LastStep(
            "Your school asks its staff for a second step, and this is your only one. Add another passkey, or set up "
            "an app for codes, and then remove this one."
        )
    db.session.delete(row)
    if is_last:
        services_second_step.forget_codes(user_id)
    db.session.flush()
    return user_id


def spend(proof: str, until: datetime) -> bool:
    """Use a proof up; false when it was used before. Proofs that are too old to be shown again are forgotten."""
    digest = hashlib.sha256(proof.encode()).hexdigest()
    try:
        with write("Proof used up"):
            if db.session.scalar(select(SpentProof.id).where(SpentProof.digest == digest)) is not None:
                return False
            for old in db.session.scalars(_OLD, {"moment": now()}).all():
                db.session.delete(old)
            db.session.add(SpentProof(digest=digest, until=until))
    except IntegrityError:  # at the same moment in another process
        return False
    return True


def use(key_id: int, count: int) -> bool:
    """Note that a passkey was used. False when it is gone, or counts backwards, as a copy of it would."""
    with write("Passkey used"):
        row = db.session.scalars(select(Passkey).where(Passkey.id == key_id).with_for_update()).one_or_none()
        if row is None or ((count or row.sign_count) and count <= row.sign_count):
            return False
        row.sign_count, row.last_used_at = count, now()
        return True
