"""Tombstones as `graduated verify` reads them: of the whole school, as the system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from graduated.audit.models import Tombstone
from graduated.db.machinery import DestructionPermit
from graduated.db.session import db
from graduated.erasure.places import FILES, Place, classes, row_at, words_of

_STONES = select(
    Tombstone.id, Tombstone.table_name, Tombstone.row_id, Tombstone.field, Tombstone.mark, Tombstone.audit
).order_by(Tombstone.id)
_PERMITS = select(DestructionPermit.id)


@dataclass(frozen=True, slots=True)
class Stone:
    """One tombstone: where it stands, the mark that has to stand there too, and what it says of the audit."""

    stone_id: int
    place: Place
    mark: str
    audit: Mapping[str, str]

    @property
    def is_file(self) -> bool:
        """Whether it stands for a kept file."""
        return self.place.table in FILES


def all_stones() -> tuple[Stone, ...]:
    """Every tombstone of the school in the order in which they were set."""
    return tuple(
        Stone(row.id, Place(row.table_name, row.row_id, row.field), row.mark, row.audit)
        for row in db.session.execute(_STONES)
    )


def what_stands_at(place: Place) -> object:
    """What stands at a place now; None when there is no such place."""
    if place.table not in classes() or place.field not in words_of(classes()[place.table]):
        return None
    row = row_at(place)
    return None if row is None else getattr(row, place.field)


def permits_standing() -> int:
    """How many permits to change evidence were left standing; there is none but within the act itself."""
    return len(db.session.scalars(_PERMITS).all())
