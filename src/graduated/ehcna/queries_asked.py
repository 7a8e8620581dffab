"""Who was asked for words for a section of a request, what they handed in, and who can be asked at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from graduated.access.actions import REQUEST_CONTRIBUTE
from graduated.access.guards import finder
from graduated.access.identity import require_actor
from graduated.access.policy import Answer, Subject, decide
from graduated.db.clock import today
from graduated.db.session import db
from graduated.ehcna.models import NarrativeAsked, NarrativeGiven
from graduated.people.models import User
from graduated.people.queries import staff
from graduated.pupils.models import Adult, Assignment, FamilyLink, Pupil
from graduated.pupils.queries import name_of
from graduated.request.models import AssessmentRequest
from graduated.request.queries import RUNNING
from graduated.review.queries_asking import works_with
from graduated.rules.asked_words import as_what
from graduated.rules.references import RefKind
from graduated.rules.vocabulary import AssignmentSource, RequestStatus, YearGroup


@dataclass(frozen=True, slots=True)
class GivenRow:
    """Words that were handed in once: never changed, a later set is a newer row."""

    given_id: int
    asked_id: int
    section: str
    writer: str
    text: str
    on: date
    at: datetime

    @property
    def ref(self) -> str:
        """The mark that names it as a source."""
        return f"{RefKind.GIVEN.value}{self.given_id}"


@dataclass(frozen=True, slots=True)
class AskedWords:
    """One person who was asked for one section. `given` is what came, the newest first.

    `can_answer`: they still work with the pupil. `is_closed`: nothing is waited for any more, whatever came.
    """

    asked_id: int
    pupil_id: int
    pupil_name: str
    request_id: int
    request_status: RequestStatus
    section: str
    user_id: int
    name: str
    role: str
    question: str
    asked_by: str
    asked_on: date
    answer_by: date | None
    reminded_on: date | None
    closed_on: date | None
    can_answer: bool
    given: tuple[GivenRow, ...]

    @property
    def is_open(self) -> bool:
        """Whether something still has to be done about it: by who was asked, or by who asked."""
        return self.closed_on is None and self.request_status in RUNNING

    @property
    def is_waited_for(self) -> bool:
        """Whether words may still come and none did."""
        return self.is_open and not self.given and self.can_answer

    @property
    def is_to_read(self) -> bool:
        """Whether words came that nobody has taken over or put aside."""
        return self.is_open and bool(self.given)

    def is_late(self, on: date) -> bool:
        """Whether the day is past and they are still waited for."""
        return self.is_waited_for and self.answer_by is not None and self.answer_by < on

    @property
    def known_as(self) -> str:
        """The person as the words are signed: "Ada Pugh, class teacher"."""
        return signed(self.name, self.role)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works with the pupil and may be asked: with the words by which they would sign."""

    user_id: int
    name: str
    role: str


def signed(name: str, role: str) -> str:
    """A name with as what: "Ada Pugh, class teacher"."""
    return f"{name}, {role}" if role else name


_ASKER = aliased(User)
_ASKED = (
    select(
        NarrativeAsked.id,
        NarrativeAsked.pupil_id,
        NarrativeAsked.assessment_request_id,
        NarrativeAsked.section,
        NarrativeAsked.user_id,
        NarrativeAsked.role,
        NarrativeAsked.question,
        NarrativeAsked.asked_on,
        NarrativeAsked.answer_by,
        NarrativeAsked.reminded_on,
        NarrativeAsked.closed_on,
        AssessmentRequest.status,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        User.name,
        _ASKER.name.label("asker"),
        works_with(NarrativeAsked).label("works_here"),
    )
    .join(AssessmentRequest, AssessmentRequest.id == NarrativeAsked.assessment_request_id)
    .join(Pupil, Pupil.id == NarrativeAsked.pupil_id)
    .join(User, User.id == NarrativeAsked.user_id)
    .outerjoin(_ASKER, _ASKER.id == NarrativeAsked.recorded_by_id)
    .order_by(NarrativeAsked.id)
)
_OPEN = _ASKED.where(
    NarrativeAsked.closed_on.is_(None),
    AssessmentRequest.status.in_(sorted(RUNNING)),
    Pupil.left_on.is_(None) | (Pupil.left_on >= bindparam("day")),
)
_OF_SECTION = _ASKED.where(
    NarrativeAsked.assessment_request_id == bindparam("request_id"), NarrativeAsked.section == bindparam("section")
)
_OF_REQUEST = _ASKED.where(NarrativeAsked.assessment_request_id == bindparam("request_id"))
_ONE = _ASKED.where(NarrativeAsked.id == bindparam("asked_id"))
_GIVEN = select(
    NarrativeGiven.id,
    NarrativeGiven.narrative_asked_id,
    NarrativeGiven.section,
    NarrativeGiven.writer_name,
    NarrativeGiven.role,
    NarrativeGiven.text,
    NarrativeGiven.given_on,
    NarrativeGiven.recorded_at,
).order_by(NarrativeGiven.id.desc())
_GIVEN_FOR = _GIVEN.where(NarrativeGiven.narrative_asked_id.in_(bindparam("ids", expanding=True)))
_GIVEN_OF_REQUEST = _GIVEN.where(NarrativeGiven.assessment_request_id == bindparam("request_id"))
_SUBJECT = select(NarrativeAsked.pupil_id, NarrativeAsked.user_id).where(NarrativeAsked.id == bindparam("id"))
_SOURCES = (
    select(Assignment.user_id, Assignment.source)
    .where(
        Assignment.pupil_id == bindparam("pupil_id"),
        Assignment.starts <= bindparam("day"),
        Assignment.ends.is_(None) | (Assignment.ends >= bindparam("day")),
    )
    .order_by(Assignment.id)
)
_KIN = (
    select(Adult.user_id)
    .join(FamilyLink, FamilyLink.adult_id == Adult.id)
    .where(FamilyLink.pupil_id == bindparam("pupil_id"), Adult.user_id.is_not(None))
)


@finder("words_owed")
def find_words_owed(asked_id: int) -> Subject | None:
    """What the person acting was asked for; what others were asked is nobody's but the SENCO's."""
    row = db.session.execute(_SUBJECT, {"id": asked_id}).first()
    return Subject(pupil_id=row.pupil_id) if row and row.user_id == require_actor().user_id else None


@finder("words_asked")
def find_words_asked(asked_id: int) -> Subject | None:
    """What anybody was asked for a request in sight."""
    row = db.session.execute(_SUBJECT, {"id": asked_id}).first()
    return Subject(pupil_id=row.pupil_id) if row else None


def _rows(found: Iterable[Any]) -> tuple[AskedWords, ...]:
    rows = list(found)
    came: dict[int, list[GivenRow]] = {}
    for one in db.session.execute(_GIVEN_FOR, {"ids": [row.id for row in rows]}) if rows else ():
        came.setdefault(one.narrative_asked_id, []).append(_given(one))
    return tuple(
        AskedWords(
            asked_id=row.id,
            pupil_id=row.pupil_id,
            pupil_name=name_of(row),
            request_id=row.assessment_request_id,
            request_status=row.status,
            section=row.section,
            user_id=row.user_id,
            name=row.name,
            role=row.role,
            question=row.question,
            asked_by=row.asker or "",
            asked_on=row.asked_on,
            answer_by=row.answer_by,
            reminded_on=row.reminded_on,
            closed_on=row.closed_on,
            can_answer=row.works_here,
            given=tuple(came.get(row.id, ())),
        )
        for row in rows
    )


def _given(row: Any) -> GivenRow:
    writer = signed(row.writer_name, row.role)
    return GivenRow(row.id, row.narrative_asked_id, row.section, writer, row.text, row.given_on, row.recorded_at)


def open_asked() -> tuple[AskedWords, ...]:
    """Everybody in sight who was asked for words for a request that goes on, and of whom something is still open."""
    return _rows(db.session.execute(_OPEN, {"day": today()}))


def asked_for_section(request_id: int, section: str) -> tuple[AskedWords, ...]:
    """Everybody who was ever asked for one section."""
    return _rows(
        db.session.execute(_OF_SECTION, {"request_id": request_id, "section": section, "day": today()}),
    )


def asked_for_request(request_id: int) -> tuple[AskedWords, ...]:
    """Everybody who was ever asked for words for a request."""
    return _rows(db.session.execute(_OF_REQUEST, {"request_id": request_id, "day": today()}))


def asked_words(asked_id: int) -> AskedWords:
    """One asking. It must be in scope (the guard has looked)."""
    return _rows(db.session.execute(_ONE, {"asked_id": asked_id, "day": today()}))[0]


def given_for(request_id: int) -> tuple[GivenRow, ...]:
    """All that colleagues handed in for a request."""
    return tuple(_given(row) for row in db.session.execute(_GIVEN_OF_REQUEST, {"request_id": request_id}))


def colleagues_of(pupil_id: int, year: YearGroup) -> tuple[Colleague, ...]:
    """Staff who work with a pupil and whom the access table lets write for a request, without who asks.

    The pupil's own family among the staff is not asked: they have the family's view of their child.
    """
    given = {"pupil_id": pupil_id, "day": today()}
    sources: dict[int, set[AssignmentSource]] = {}
    for user_id, source in db.session.execute(_SOURCES, given):
        sources.setdefault(user_id, set()).add(source)
    kin = set(db.session.scalars(_KIN, {"pupil_id": pupil_id}))
    return tuple(
        Colleague(one.user_id, one.name, as_what(sources[one.user_id], year, one.roles[0]))
        for one in staff()
        if one.user_id in sources
        and one.user_id not in kin
        and one.user_id != require_actor().user_id
        and decide(frozenset(one.roles), one.user_id, REQUEST_CONTRIBUTE, Subject(pupil_id)) is Answer.ALLOW
    )
