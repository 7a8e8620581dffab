"""Reading requests for information: the register, one request, and what is near its limit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.access import actions
from graduated.access.guards import finder, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.disclosure.barred import Barred, bars_in_force, concerning
from graduated.disclosure.models import Clarification, InformationRequest
from graduated.people.models import User
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.information import SOON_DAYS, Limit, Stop, limit_of, may_stop
from graduated.rules.vocabulary import InformationBy, InformationHow, InformationKind, InformationOutcome
from graduated.school.queries import bank_holidays, terms

_NAME = (Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname)
_ROWS = select(
    InformationRequest.id,
    InformationRequest.pupil_id,
    InformationRequest.kind,
    InformationRequest.received_on,
    InformationRequest.how,
    InformationRequest.asked_by,
    InformationRequest.adult_id,
    InformationRequest.from_name,
    InformationRequest.wish,
    InformationRequest.identity,
    InformationRequest.acknowledged_on,
    InformationRequest.extended_on,
    InformationRequest.extension_reason,
    InformationRequest.answered_on,
    InformationRequest.outcome,
    InformationRequest.answer,
    InformationRequest.given_build_id,
    InformationRequest.recorded_at,
    InformationRequest.version,
    User.name.label("recorded_by"),
).outerjoin(User, User.id == InformationRequest.recorded_by_id)
_ALL = _ROWS.order_by(InformationRequest.received_on.desc(), InformationRequest.id.desc())
_OPEN = _ROWS.where(InformationRequest.answered_on.is_(None)).order_by(InformationRequest.received_on)
_ONE = _ROWS.where(InformationRequest.id == bindparam("request_id"))
_OF_PUPIL = _ALL.where(InformationRequest.pupil_id == bindparam("pupil_id"))
_QUESTIONS = select(
    Clarification.id,
    Clarification.information_request_id,
    Clarification.asked_on,
    Clarification.question,
    Clarification.answered_on,
).order_by(Clarification.asked_on, Clarification.id)
_NAMES = select(Pupil.id, *_NAME).where(Pupil.id.in_(bindparam("ids", expanding=True)))
_LIKE = (
    select(Pupil.id, *_NAME)
    .where(or_(*(name.icontains(bindparam("words"), autoescape=False) for name in _NAME)))
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
    .limit(20)
)
# Whose request it is, of pupils in sight: who reads the register alone finds none.
_WHOSE = (
    select(InformationRequest.pupil_id)
    .join(Pupil, Pupil.id == InformationRequest.pupil_id)
    .where(InformationRequest.id == bindparam("request_id"))
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to who asked, and when the answer came."""

    question_id: int
    asked_on: date
    question: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request for information. `pupil_name` is empty for who may not read that pupil's record.

    `bars` are those in force today on who asks; of somebody who acts for another, every bar of the family.
    """

    request_id: int
    pupil_id: int
    pupil_name: str
    kind: InformationKind
    received_on: date
    how: InformationHow
    asked_by: InformationBy
    adult_id: int | None
    from_name: str
    wish: str
    identity: str
    acknowledged_on: date | None
    extended_on: date | None
    extension_reason: str
    answered_on: date | None
    outcome: InformationOutcome | None
    answer: str
    given_build_id: int | None
    recorded_at: datetime
    recorded_by: str
    version: int
    questions: tuple[Question, ...]
    limit: Limit
    bars: tuple[Barred, ...]

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.answered_on is None

    @property
    def has_bundle(self) -> bool:
        """Whether records are put together for it."""
        return self.kind is not InformationKind.COMPLAINT

    @property
    def is_barred(self) -> bool:
        """Whether who asks is barred from the record themselves."""
        return self.adult_id is not None and bool(self.bars)

    @property
    def stops(self) -> tuple[Stop, ...]:
        """When its clock stood."""
        return tuple(Stop(one.asked_on, one.answered_on) for one in self.questions)

    @property
    def may_stop(self) -> bool:
        """Whether a question put today would stop the clock."""
        return self.is_open and may_stop(self.kind, self.stops)

    @property
    def open_question(self) -> Question | None:
        """The question that nobody has answered, if there is one."""
        return next((one for one in self.questions if one.answered_on is None), None)

    def is_near(self, on: date) -> bool:
        """Whether it is due within days, or late."""
        left = self.limit.days_left(on)
        return self.is_open and left is not None and left <= SOON_DAYS


@finder("information")
def find_request(information_id: int) -> Subject | None:
    """Whose request it is, when that pupil is in sight."""
    pupil_id = db.session.execute(_WHOSE, {"request_id": information_id}).scalar()
    return None if pupil_id is None else Subject(pupil_id)


def register() -> tuple[RequestRow, ...]:
    """Every request, the newest first. Who reads pupils sees those of pupils in sight; else none is named."""
    rows = _rows(db.session.execute(_ALL).all())
    return tuple(one for one in rows if one.pupil_name) if may(actions.REGISTER_READ, Subject()) else rows


def open_requests() -> tuple[RequestRow, ...]:
    """Those of pupils in sight that wait for an answer, the oldest first."""
    return tuple(one for one in _rows(db.session.execute(_OPEN).all()) if one.pupil_name)


def requests_of_pupil(pupil_id: int) -> tuple[RequestRow, ...]:
    """Requests about one pupil, the newest first."""
    return _rows(db.session.execute(_OF_PUPIL, {"pupil_id": pupil_id}).all())


def pupils_like(words: str) -> tuple[tuple[int, str], ...]:
    """Pupils in sight of whose name a word is a part, to enter a request about one: (id, name)."""
    part = max(words.split(), key=len, default="")
    if not part:
        return ()
    return tuple((row.id, name_of(row)) for row in db.session.execute(_LIKE, {"words": part}))


def request_of(request_id: int) -> RequestRow:
    """One request; the guard has looked."""
    return _rows(db.session.execute(_ONE, {"request_id": request_id}).all())[0]


def _rows(found: Sequence[Any]) -> tuple[RequestRow, ...]:
    if not found:
        return ()
    questions: dict[int, list[Question]] = defaultdict(list)
    for row in db.session.execute(_QUESTIONS):
        questions[row.information_request_id].append(Question(row.id, row.asked_on, row.question, row.answered_on))
    ids = sorted({row.pupil_id for row in found})
    names = {row.id: name_of(row) for row in db.session.execute(_NAMES, {"ids": ids})}
    bars = bars_in_force(ids)
    return tuple(_row(row, names, questions[row.id], bars) for row in found)


def _row(row: Any, names: Mapping[int, str], questions: Iterable[Question], bars: Iterable[Barred]) -> RequestRow:
    asked = tuple(questions)
    limit = limit_of(
        row.kind,
        row.received_on,
        today(),
        stops=tuple(Stop(one.asked_on, one.answered_on) for one in asked),
        extended=row.extended_on is not None,
        acknowledged=row.acknowledged_on is not None,
        terms=terms() if row.kind is InformationKind.RECORD else (),
        bank_holidays=bank_holidays() if row.kind is InformationKind.RECORD else (),
    )
    columns = {name: getattr(row, name) for name in RequestRow.__slots__ if hasattr(row, name)}
    return RequestRow(
        **{**columns, "recorded_by": row.recorded_by or "The system"},
        request_id=row.id,
        pupil_name=names.get(row.pupil_id, ""),
        questions=asked,
        limit=limit,
        bars=concerning(bars, row.pupil_id, row.adult_id, row.asked_by),
    )
