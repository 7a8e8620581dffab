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
from graduated.pupils.models_restricted import RestrictedNote, RestrictedRelease, Restriction
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
        RestrictedRelease.observation_id,
        RestrictedRelease.concern_id,
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
_MARKS = select(Restriction.observation_id, Restriction.concern_id, Restriction.level, Restriction.version).where(
    Restriction.pupil_id == bindparam("pupil_id")
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
    """A restricted paper, note or entry that a member of staff may read until a day."""

    release_id: int
    document_id: int | None
    note_id: int | None
    observation_id: int | None
    concern_id: int | None
    user_id: int
    name: str
    reason: str
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Mark:
    """Who may read an entry that is, or once was, restricted."""

    level: Visibility
    version: int

    @property
    def is_closed(self) -> bool:
        """Whether only a few may read it now."""
        return self.level in (Visibility.RESTRICTED, Visibility.KEPT)


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
    rows = db.session.execute(_RELEASES, {"pupil_id": pupil_id, "day": today()})
    return tuple(Release(*tuple(row)) for row in rows)


def marks_of(pupil_id: int) -> dict[tuple[str, int], Mark]:
    """By table and number the entries of a pupil that carry a mark, as far as the person acting may know of it."""
    found = {}
    for observation_id, concern_id, level, version in db.session.execute(_MARKS, {"pupil_id": pupil_id}):
        for table, row_id in (("observation", observation_id), ("concern", concern_id)):
            if row_id is not None:
                found[table, row_id] = Mark(level, version)
    return found
