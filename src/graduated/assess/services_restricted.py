"""Marking a strength, a difficulty or a concern as restricted, and releasing it by name: for a reason, until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.pupils.models_restricted import Restriction
from graduated.pupils.services_restricted import end_releases, let_read
from graduated.rules.vocabulary import Visibility

_MARK = select(Restriction)


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

    Opened again, releases of it end: they would come alive when it is restricted once more. Kept to the safeguarding
    lead they end too: they were given of what a few more read, and who still needs it is named anew.
    """
    ends = level is Visibility.STAFF
    row = db.session.scalars(_MARK.where(getattr(Restriction, entry.column) == entry.row_id)).one_or_none()
    if row is None:
        row = Restriction(pupil_id=pupil_id, level=level, **{entry.column: entry.row_id})
        db.session.add(row)
    else:
        check_version(row, version, {"visibility": row.level})
        ends = ends or (level is Visibility.KEPT and row.level is not Visibility.KEPT)
        row.level = level
    if ends:
        end_releases(**{entry.column: entry.row_id})
    db.session.flush()
    return row.id


@writes("Restricted entry released by name")
def release_entry(pupil_id: int, entry: Entry, user_id: int, reason: str, ends: date) -> int:
    """Let one member of staff read one restricted strength, difficulty or concern until a day."""
    return let_read(pupil_id, user_id, reason, ends, **{entry.column: entry.row_id})
