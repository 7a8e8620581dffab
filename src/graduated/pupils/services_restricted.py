"""Writing restricted notes, releasing a restricted thing by name: for a reason, and until a day."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.pupils.models import Document
from graduated.pupils.models_restricted import RestrictedNote, RestrictedRelease
from graduated.rules.vocabulary import Visibility

LONGEST = timedelta(days=92)
"""How long a release lasts at most; as long as a safeguarding hold."""
_NOTE = select(RestrictedNote).where(RestrictedNote.id == bindparam("note_id"))
_PAPER = select(Document.pupil_id).where(Document.id == bindparam("document_id"))
_RELEASE = select(RestrictedRelease).where(RestrictedRelease.id == bindparam("release_id"))
_RELEASES = select(RestrictedRelease)


@writes("Restricted note written")
def add_note(pupil_id: int, noted_on: date, text: str, visibility: Visibility) -> int:
    """Keep a note that only a few may read. Its words are never changed: a correction is another note."""
    row = RestrictedNote(pupil_id=pupil_id, noted_on=noted_on, text=text.strip(), visibility=visibility)
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Who may read a restricted note changed")
def change_note(note_id: int, visibility: Visibility, version: int | None = None) -> int:
    """Open a note to the SENCO and the head, or keep it to the safeguarding lead: then releases of it end."""
    row = db.session.scalars(_NOTE, {"note_id": note_id}).one()
    check_version(row, version, {"visibility": row.visibility})
    if visibility is Visibility.KEPT and row.visibility is not Visibility.KEPT:
        end_releases(restricted_note_id=row.id)
    row.visibility = visibility
    return row.id


@writes("Restricted paper or note released by name")
def release(
    user_id: int, reason: str, ends: date, *, document_id: int | None = None, note_id: int | None = None
) -> int:
    """Let one member of staff read one restricted thing until a day."""
    if note_id is not None:
        pupil_id = db.session.scalars(_NOTE, {"note_id": note_id}).one().pupil_id
    else:
        pupil_id = db.session.scalars(_PAPER, {"document_id": document_id}).one()
    return let_read(pupil_id, user_id, reason, ends, document_id=document_id, restricted_note_id=note_id)


def let_read(pupil_id: int, user_id: int, reason: str, ends: date, **what: int | None) -> int:
    """Keep that somebody may read something until a day, within another act."""
    row = RestrictedRelease(
        pupil_id=pupil_id, user_id=user_id, reason=reason.strip(), starts=today(), ends=min(ends, today() + LONGEST),
        **what,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


def end_releases(**what: int) -> None:
    """End whatever releases there are of one thing, within another act."""
    for one in db.session.scalars(_RELEASES.filter_by(**what)):
        one.ends = min(one.ends, today() - timedelta(days=1))


@writes("Release of a restricted paper or note ended")
def end_release(release_id: int) -> int:
    """Take it back at once."""
    row = db.session.scalars(_RELEASE, {"release_id": release_id}).one()
    row.ends = today() - timedelta(days=1)
    return row.id
