"""Taking words out from under a seal: the digest they were sealed with stays, their salt goes."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.finding import Found
from graduated.erasure.places import Place, row_at
from graduated.review.models import Seal, SealParts
from graduated.review.queries import review_of
from graduated.review.queries_seals import parts_gone, seal_holds, sealed_record
from graduated.review.seal_parts import newly_salted, part_of
from graduated.rules.seals import canonical, digest, part_digest

_SEAL = select(Seal).where(Seal.review_id == bindparam("review_id"))
_PARTS = select(SealParts).where(SealParts.review_id == bindparam("review_id"))


@dataclass
class Taken:
    """What was taken from seals: by place (review, part, digest as sealed); salts that go; what is still to write."""

    sealed: dict[Place, tuple[int, str, str]] = field(default_factory=dict)
    salts: set[Place] = field(default_factory=set)
    later: list[Callable[[], None]] = field(default_factory=list)

    def write(self) -> None:
        """Write what the seals keep, once the tombstones have opened the door."""
        for one in self.later:
            one()
        db.session.flush()


def take_from_seals(found: Found) -> Taken:
    """Work out, for every sealed review that is touched, what its tombstones say and what its seal keeps.

    Raises ErasureRefused when a seal does not hold: what was changed by hand must not vanish behind a tombstone.
    """
    taken = Taken()
    rows = [(place, row_at(place)) for place in found.records]
    for review_id in found.reviews:
        of_it = [
            (place, row, part_of(place.table, row, place.field))
            for place, row in rows
            if review_id == (row.id if place.table == "review" else getattr(row, "review_id", None))
        ]
        record = review_of(review_id)
        if record.from_paper:  # entered from paper, never sealed by anybody: there is no seal to keep
            taken.sealed |= {place: (review_id, "", "") for place, _row, _part in of_it}
            continue
        if not seal_holds(record):
            raise ErasureRefused(
                "The seal of this review does not hold: something was changed by hand. Run “graduated verify” first."
            )
        _take_from_one(taken, review_id, record, of_it)
    return taken


def _take_from_one(taken: Taken, review_id: int, record: Any, of_it: list[tuple[Place, Any, str]]) -> None:
    seal = db.session.scalars(_SEAL, {"review_id": review_id}).one()
    parts = db.session.scalars(_PARTS, {"review_id": review_id}).one_or_none()
    before = parts_gone()[review_id]
    fresh: dict[str, str] = {}
    renewed: SealParts | None = None
    if parts is None:
        held = sealed_record(record, seal.sequence, seal.signer_name, seal.sealed_at, newly_salted(fresh))
        salt = secrets.token_bytes(32)
        renewed = SealParts(
            pupil_id=seal.pupil_id,
            review_id=review_id,
            part_salts={},
            salt=salt.hex(),
            digest=digest(canonical(held), salt, seal.digest),
        )
        taken.salts.add(Place("seal", seal.id, "salt"))
    salts = dict(parts.part_salts) if parts is not None else fresh
    for place, row, part in of_it:
        sealed_with = ""
        if part:
            salt_of = salts.pop(part, None)
            sealed_with = (
                before.get(part, "") if salt_of is None else part_digest(part, getattr(row, place.field), salt_of)
            )
        taken.sealed[place] = (review_id, part, sealed_with)
    taken.later.append(lambda: _write(seal, parts, renewed, salts))


def _write(seal: Seal, parts: SealParts | None, renewed: SealParts | None, salts: dict[str, str]) -> None:
    if parts is not None:
        parts.part_salts = salts
    elif renewed is not None:
        renewed.part_salts = salts
        db.session.add(renewed)
        seal.salt = ""
