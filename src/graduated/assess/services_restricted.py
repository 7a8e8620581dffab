"""Marking a strength, a difficulty or a concern as restricted, and releasing it by name: for a reason, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.pupils.models_restricted import RestrictedRelease, Restriction
from graduated.pupils.services_restricted import let_read
from graduated.rules.vocabulary import Visibility

_MARK = select(Restriction)
_RELEASES = select(RestrictedRelease)


@dataclass(frozen=True, slots=True)
class Entry:
    """What is marked: an "observation" (a strength or difficulty) or a "concern"."""

    table: str
    row_id: int

    @property
    def column(self) -> str:
        """By which column a mark or a release names it."""
        return f"{self.table}_id"


@writes("Who may read an entry changed")
def mark(pupil_id: int, entry: Entry, level: Visibility, version: int | None = None) -> int:
    """Restrict a strength, a difficulty or a concern, keep it to the safeguarding lead, or open it again.

    Opened again, releases of it end: they would come alive when it is restricted once more.
    """
    row = db.session.scalars(_MARK.where(getattr(Restriction, entry.column) == entry.row_id)).one_or_none()
    if row is None:
        row = Restriction(pupil_id=pupil_id, level=level, **{entry.column: entry.row_id})
        db.session.add(row)
    else:
        check_version(row, version, {"visibility": row.level})
        row.level = level
    if level is Visibility.STAFF:
        for one in db.session.scalars(_RELEASES.where(getattr(RestrictedRelease, entry.column) == entry.row_id)):
            one.ends = min(one.ends, today() - timedelta(days=1))
    db.session.flush()
    return row.id


@writes("Restricted entry released by name")
def release_entry(pupil_id: int, entry: Entry, user_id: int, reason: str, ends: date) -> int:
    """Let one member of staff read one restricted strength, difficulty or concern until a day."""
    return let_read(pupil_id, user_id, reason, ends, **{entry.column: entry.row_id})
