"""Reading concerns: those of the school or of one's own pupils, those of one pupil, and one with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.assess.models import Concern, ConcernAction, ConcernNote
from graduated.assess.queries import lead_of
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Document, Pupil
from graduated.pupils.queries import name_of
from graduated.rules.concerns import OPEN, Standing, standing
from graduated.rules.vocabulary import ConcernBy, ConcernNoteKind, ConcernStatus, NeedArea, YearGroup


@dataclass(frozen=True, slots=True)
class ConcernRow:
    """A concern in a list, with what it waits for."""

    concern_id: int
    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    registration_group: str
    raised_as: ConcernBy
    raised_by: str
    raised_on: date
    area: NeedArea | None
    text: str
    evidence: str
    tried: str
    met_on: date | None
    review_on: date | None
    status: ConcernStatus
    ended_on: date | None
    ended_why: str
    version: int
    standing: Standing

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done or watched."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One entry of a concern's history; with a paper of the pupil's record when it names one."""

    kind: ConcernNoteKind
    on: date
    who: str
    text: str
    recorder: str
    document_id: int | None
    document_title: str


@dataclass(frozen=True, slots=True)
class AgreedRow:
    """One line of the plan of action."""

    action_id: int
    concern_id: int
    pupil_id: int
    what: str
    who: str
    by_when: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class ConcernStory:
    """A concern with its plan of action and its history, oldest first.

    `agreed` is the plan of action in words, for a concern from before its actions had lines of their own.
    """

    row: ConcernRow
    agreed: str
    actions: tuple[AgreedRow, ...]
    notes: tuple[NoteRow, ...]


_COLUMNS = (
    Concern.id, Concern.pupil_id, Concern.raised_as, Concern.raised_by, Concern.raised_on, Concern.area, Concern.text,
    Concern.evidence, Concern.tried, Concern.met_on, Concern.review_on, Concern.status, Concern.ended_on,
    Concern.ended_why, Concern.version, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname,
    Pupil.year_group, Pupil.registration_group,
)  # fmt: skip
_LISTED = select(*_COLUMNS).join(Pupil, Pupil.id == Concern.pupil_id)
_NEWEST = (Concern.raised_on.desc(), Concern.id.desc())
_ALL = _LISTED.where(Pupil.left_on.is_(None)).order_by(*_NEWEST)
_OPEN = _LISTED.where(Concern.status.in_(OPEN), Pupil.left_on.is_(None)).order_by(*_NEWEST)
_OF_PUPIL = _LISTED.where(Concern.pupil_id == bindparam("pupil_id")).order_by(*_NEWEST)
_ONE = _LISTED.where(Concern.id == bindparam("concern_id"))
_NOTES = (
    select(
        ConcernNote.kind, ConcernNote.on, ConcernNote.who, ConcernNote.text,
        func.coalesce(User.name, "The system"), ConcernNote.document_id, func.coalesce(Document.title, ""),
    )
    .outerjoin(User, User.id == ConcernNote.recorded_by_id)
    .outerjoin(Document, Document.id == ConcernNote.document_id)
    .where(ConcernNote.concern_id == bindparam("concern_id"))
    .order_by(ConcernNote.on, ConcernNote.id)
)  # fmt: skip
_AGREED = select(
    ConcernAction.id, ConcernAction.concern_id, ConcernAction.pupil_id, ConcernAction.what, ConcernAction.who,
    ConcernAction.by_when, ConcernAction.done_on,
)  # fmt: skip
_ACTIONS = _AGREED.where(ConcernAction.concern_id == bindparam("concern_id")).order_by(ConcernAction.id)
_ACTION = _AGREED.where(ConcernAction.id == bindparam("action_id"))
_AGREED_WORDS = select(Concern.agreed).where(Concern.id == bindparam("concern_id"))
_OWNER = select(Concern.pupil_id).where(Concern.id == bindparam("concern_id"))


def _row(row: Any, day: date) -> ConcernRow:
    return ConcernRow(
        concern_id=row.id,
        pupil_name=name_of(row),
        standing=standing(row.status, row.raised_on, row.review_on, day),
        **{name: getattr(row, name) for name in ConcernRow.__slots__ if name in row._fields},
    )


def _rows(statement: Any, **given: int) -> tuple[ConcernRow, ...]:
    day = today()
    return tuple(_row(row, day) for row in db.session.execute(statement, given))


def open_concerns() -> tuple[ConcernRow, ...]:
    """Concerns of pupils on roll that wait for a meeting or for a day to come, newest first; in one's own reach."""
    return _rows(_OPEN)


def all_concerns() -> tuple[ConcernRow, ...]:
    """Concerns of pupils on roll, those that ended too, newest first."""
    return _rows(_ALL)


def concerns_of(pupil_id: int) -> tuple[ConcernRow, ...]:
    """A pupil's concerns, newest first."""
    return _rows(_OF_PUPIL, pupil_id=pupil_id)


def concern_of(concern_id: int) -> ConcernRow:
    """One concern, which must be in scope."""
    return _row(db.session.execute(_ONE, {"concern_id": concern_id}).one(), today())


def story_of(concern_id: int) -> ConcernStory:
    """One concern with its plan of action and its history."""
    given = {"concern_id": concern_id}
    return ConcernStory(
        concern_of(concern_id),
        db.session.scalar(_AGREED_WORDS, given) or "",
        tuple(AgreedRow(*row) for row in db.session.execute(_ACTIONS, given)),
        tuple(NoteRow(*row) for row in db.session.execute(_NOTES, given)),
    )


def agreed_action(action_id: int) -> AgreedRow:
    """One line of a plan of action, which must be in scope."""
    return AgreedRow(*db.session.execute(_ACTION, {"action_id": action_id}).one())


@finder("concern")
def find_concern(concern_id: int) -> Subject | None:
    """A concern, when the person acting may see its pupil."""
    pupil_id = db.session.scalar(_OWNER, {"concern_id": concern_id})
    return Subject(pupil_id=pupil_id, lead_id=lead_of(pupil_id)) if pupil_id is not None else None


@finder("agreed")
def find_agreed(agreed_id: int) -> Subject | None:
    """A line of a concern's plan of action."""
    row = db.session.execute(_ACTION, {"action_id": agreed_id}).one_or_none()
    return Subject(pupil_id=row.pupil_id, lead_id=lead_of(row.pupil_id)) if row is not None else None
