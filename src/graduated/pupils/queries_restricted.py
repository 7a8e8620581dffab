"""Reading restricted notes, and what was released by name to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models_restricted import RestrictedNote, RestrictedRelease
from graduated.rules.vocabulary import Visibility

_BY = aliased(User)
_NOTES = (
    select(
        RestrictedNote.id,
        RestrictedNote.noted_on,
        RestrictedNote.text,
        RestrictedNote.visibility,
        RestrictedNote.version,
        RestrictedNote.recorded_at,
        func.coalesce(User.name, "The system"),
    )
    .outerjoin(User, User.id == RestrictedNote.recorded_by_id)
    .where(RestrictedNote.pupil_id == bindparam("pupil_id"))
    .order_by(RestrictedNote.noted_on.desc(), RestrictedNote.id.desc())
)
_RELEASES = (
    select(
        RestrictedRelease.id,
        RestrictedRelease.document_id,
        RestrictedRelease.restricted_note_id,
        RestrictedRelease.user_id,
        func.coalesce(_BY.name, ""),
        RestrictedRelease.reason,
        RestrictedRelease.starts,
        RestrictedRelease.ends,
    )
    .outerjoin(_BY, _BY.id == RestrictedRelease.user_id)
    .where(RestrictedRelease.pupil_id == bindparam("pupil_id"), RestrictedRelease.ends >= bindparam("day"))
    .order_by(RestrictedRelease.ends, RestrictedRelease.id)
)
_NOTE_OF = select(RestrictedNote.pupil_id).where(RestrictedNote.id == bindparam("note_id"))
_RELEASE_OF = select(RestrictedRelease.pupil_id).where(RestrictedRelease.id == bindparam("release_id"))


@dataclass(frozen=True, slots=True)
class Note:
    """A note that only a few may read."""

    note_id: int
    noted_on: date
    text: str
    visibility: Visibility
    version: int
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Release:
    """A restricted paper or note that a member of staff may read until a day."""

    release_id: int
    document_id: int | None
    note_id: int | None
    user_id: int
    name: str
    reason: str
    starts: date
    ends: date


@finder("restricted_note")
def find_note(restricted_note_id: int) -> Subject | None:
    """Whose note it is, when it is in sight; it answers to its own row of the access table."""
    pupil_id = db.session.scalar(_NOTE_OF, {"note_id": restricted_note_id})
    return None if pupil_id is None else Subject(pupil_id, area=Area.RESTRICTED)


@finder("restricted_release")
def find_release(restricted_release_id: int) -> Subject | None:
    """Whose paper or note was released."""
    pupil_id = db.session.scalar(_RELEASE_OF, {"release_id": restricted_release_id})
    return None if pupil_id is None else Subject(pupil_id, area=Area.RESTRICTED)


def notes_of(pupil_id: int) -> tuple[Note, ...]:
    """The restricted notes that the person acting may read, the latest first."""
    return tuple(Note(*row) for row in db.session.execute(_NOTES, {"pupil_id": pupil_id}))


def note_of(pupil_id: int, note_id: int) -> Note:
    """One note; the guard has looked."""
    return next(one for one in notes_of(pupil_id) if one.note_id == note_id)


def releases_of(pupil_id: int) -> tuple[Release, ...]:
    """What of a pupil is released to whom today or later."""
    return tuple(Release(*row) for row in db.session.execute(_RELEASES, {"pupil_id": pupil_id, "day": today()}))
