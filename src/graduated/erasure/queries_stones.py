"""Tombstones as `graduated verify` reads them, and what stands in their places: of the whole school, as the system."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import inspect, select

from graduated.db.machinery import DestructionPermit
from graduated.db.session import db
from graduated.erasure.places import FILES, Place, classes, row_at

_OF_SHELLS = {
    "pupil": ("upn", "known_as", "known_surname", "address", "nhs_number", "first_language", "previous_schools"),
    "cycle": ("assess_summary", "lead_id"),
    "review": ("held_on", "summary", "pupil_views", "parent_views", "attempts", "others_present", "decision"),
    "seal": ("salt", "signer_name", "details"),
    "transfer_out": ("sha256",),
}
"""What is empty in the shell of a row, of which only its number has to stay."""
_PERMITS = select(DestructionPermit.id)


@dataclass(frozen=True, slots=True)
class Stone:
    """One tombstone: where it stands, the mark that has to stand there too, and what it says of a review's seal."""

    stone_id: int
    place: Place
    mark: str
    review_id: int | None
    part: str
    digest: str

    @property
    def is_file(self) -> bool:
        """Whether it stands for a kept file."""
        return (self.place.table, self.place.field) in FILES


def what_stands_at(place: Place) -> object:
    """What stands at a place now; None when there is no such place."""
    cls = classes().get(place.table)
    if cls is None or place.field not in inspect(cls).column_attrs:
        return None
    row = row_at(place)
    return None if row is None else getattr(row, place.field)


def is_there(place: Place) -> bool:
    """Whether a row that went whole is there again; of what only a shell stays, whether anything of it is."""
    row = row_at(place) if place.table in classes() else None
    if row is None:
        return False
    emptied = _OF_SHELLS.get(place.table)
    return emptied is None or any(getattr(row, name) for name in emptied)


def has_mark(value: object, mark: str) -> bool:
    """Whether a mark stands in a value as columns hold it: in a text, or in one of a list or mapping."""
    if isinstance(value, str):
        return mark in value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return any(has_mark(one, mark) for one in inner)


def permits_standing() -> int:
    """How many permits to change evidence were left standing; there is none but within the act itself."""
    return len(db.session.scalars(_PERMITS).all())
