"""Reading requests: where each stands, who agreed to what, and what the clock rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Adult, Pupil
from graduated.pupils.queries import display_name
from graduated.request.models import AssessmentRequest, ClockNote, Consent
from graduated.rules.clock import ClockLine, LimitException, LimitNote, LineId, Milestones, clock, day_words
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, RequestBy, RequestStatus, SignedHow, YearGroup

RUNNING = frozenset({RequestStatus.CONSIDERING, RequestStatus.DRAFT, RequestStatus.SENT, RequestStatus.AGREED})
"""Requests that are not at an end."""

_OF_FAMILY = frozenset({LineId.MEDIATION, LineId.APPEAL})
UNSENT = frozenset({RequestStatus.CONSIDERING, RequestStatus.DRAFT})


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request with its dates; `day_words` is the clock in brief ("Day 31 of 42"), empty when it does not run."""

    request_id: int
    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    status: RequestStatus
    asked_by: RequestBy
    review_id: int | None
    authority: str
    authority_version: str
    opened_on: date
    reason: str
    more_needed: str
    outcomes_sought: str
    sent_on: date | None
    received_on: date | None
    replied_on: date | None
    decided_on: date | None
    mediation_by: date | None
    appeal_by: date | None
    advice_asked_on: date | None
    advice_sent_on: date | None
    advice_asked_by: str
    advice_sent_to: str
    ended_on: date | None
    decision_words: str
    head_signed_by: str
    head_signed_on: date | None
    senco_signed_by: str
    senco_signed_on: date | None
    from_paper: bool
    none_earlier: bool
    version: int

    @property
    def is_running(self) -> bool:
        """Whether it is not at an end."""
        return self.status in RUNNING

    @property
    def is_unsent(self) -> bool:
        """Whether it still lies with the school."""
        return self.status in UNSENT

    @property
    def day_words(self) -> str:
        """How far the six weeks to a decision have run, while they run."""
        if self.received_on is None or self.decided_on is not None or self.status is not RequestStatus.SENT:
            return ""
        return day_words(self.received_on, today())

    @property
    def milestones(self) -> Milestones:
        """What has happened, as the clock takes it."""
        return Milestones(
            replied=self.replied_on,
            decided=self.decided_on,
            refused=self.status is RequestStatus.REFUSED,
            advice_asked=self.advice_asked_on,
            advice_sent=self.advice_sent_on,
            no_plan=self.ended_on if self.status is RequestStatus.NO_PLAN else None,
            plan_issued=self.ended_on if self.status is RequestStatus.PLAN_ISSUED else None,
            mediation_by=self.mediation_by,
            appeal_by=self.appeal_by,
        )

    @property
    def has_advice(self) -> bool:
        """Whether the school's educational advice is a matter: the authority assesses, or has asked for it."""
        return self.status is RequestStatus.AGREED or self.advice_asked_on is not None

    @property
    def went_on(self) -> date | None:
        """The day on which the authority got the school's request or, when the family asked, its information."""
        return self.sent_on or self.replied_on or self.received_on

    @property
    def went_words(self) -> str:
        """What happened on that day, as it stands inside a sentence."""
        if self.sent_on:
            return "the request was sent"
        return "the school sent its information" if self.replied_on else "the authority received the request"

    def can_be_appealed(self, on: date) -> bool:
        """Whether a day that the refusal letter gives the family still lies ahead."""
        days = (self.mediation_by, self.appeal_by)
        return self.status is RequestStatus.REFUSED and any(day is not None and day >= on for day in days)


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One answer to one question; `who` is the adult's name, or the young person's own."""

    consent_id: int
    request_id: int | None
    adult_id: int | None
    by_pupil: bool
    who: str
    kind: ConsentKind
    answer: ConsentAnswer
    signed_how: SignedHow | None
    given_on: date
    copies_to: str
    document_id: int | None
    not_shared_with: str = ""
    capacity: str = ""


@dataclass(frozen=True, slots=True)
class ClockNoteRow:
    """A recorded ground on which a limit may lawfully not apply."""

    note_id: int
    line: LineId
    exception: LimitException
    text: str
    on: date


_SAME = tuple(
    name
    for name in RequestRow.__dataclass_fields__
    if name not in {"request_id", "pupil_id", "pupil_name", "year_group"}
)
_REQUEST = (
    select(
        AssessmentRequest.id.label("request_id"),
        AssessmentRequest.pupil_id,
        Pupil.legal_forename.label("forename"),
        Pupil.legal_surname.label("surname"),
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
        *(getattr(AssessmentRequest, name) for name in _SAME),
    )
    .join(Pupil, Pupil.id == AssessmentRequest.pupil_id)
    .order_by(AssessmentRequest.opened_on.desc(), AssessmentRequest.id.desc())
)
_ONE = _REQUEST.where(AssessmentRequest.id == bindparam("request_id"))
_OF_PUPIL = _REQUEST.where(AssessmentRequest.pupil_id == bindparam("pupil_id"))
_FOUND = select(AssessmentRequest.pupil_id).where(AssessmentRequest.id == bindparam("request_id"))
_CONSENTS = (
    select(
        Consent.id,
        Consent.assessment_request_id,
        Consent.adult_id,
        Consent.by_pupil,
        Adult.title,
        Adult.forename,
        Adult.surname,
        Consent.kind,
        Consent.answer,
        Consent.signed_how,
        Consent.given_on,
        Consent.copies_to,
        Consent.document_id,
        Consent.not_shared_with,
        Consent.capacity,
    )
    .outerjoin(Adult, Adult.id == Consent.adult_id)
    .where(Consent.pupil_id == bindparam("pupil_id"))
    .order_by(Consent.given_on, Consent.id)
)
_NOTES = (
    select(ClockNote.id, ClockNote.line, ClockNote.exception, ClockNote.text, ClockNote.on)
    .where(ClockNote.assessment_request_id == bindparam("request_id"))
    .order_by(ClockNote.on, ClockNote.id)
)


@finder("request")
def find_request(request_id: int) -> Subject | None:
    """The pupil of a request, when it is in scope."""
    row = db.session.execute(_FOUND, {"request_id": request_id}).first()
    return Subject(pupil_id=row.pupil_id) if row else None


def _row(found: Mapping[Any, Any]) -> RequestRow:
    name = display_name(found["forename"], found["surname"], found["known_as"], found["known_surname"])
    same = {key: found[key] for key in _SAME}
    return RequestRow(
        request_id=found["request_id"],
        pupil_id=found["pupil_id"],
        pupil_name=name,
        year_group=found["year_group"],
        **same,
    )


def request_of(request_id: int) -> RequestRow:
    """One request. It must be in scope (the guard has looked)."""
    return _row(db.session.execute(_ONE, {"request_id": request_id}).mappings().one())


def requests_of(pupil_id: int) -> tuple[RequestRow, ...]:
    """Every request about a pupil, the newest first; earlier ones entered from paper among them."""
    found = db.session.execute(_OF_PUPIL, {"pupil_id": pupil_id}).mappings()
    return tuple(_row(row) for row in found)


def running_request_of(pupil_id: int) -> RequestRow | None:
    """The request of a pupil that is not at an end, if there is one."""
    return next((row for row in requests_of(pupil_id) if row.is_running), None)


def all_requests() -> tuple[RequestRow, ...]:
    """Every request that the person acting may see, the newest first."""
    return tuple(_row(row) for row in db.session.execute(_REQUEST).mappings())


def consents_of(pupil_id: int, request_id: int | None = None) -> tuple[ConsentRow, ...]:
    """What was asked and answered, oldest first; a later answer to the same question is a row of its own."""
    rows = db.session.execute(_CONSENTS, {"pupil_id": pupil_id})
    found = (
        ConsentRow(
            consent_id=row.id,
            request_id=row.assessment_request_id,
            adult_id=row.adult_id,
            by_pupil=row.by_pupil,
            who=" ".join(part for part in (row.title, row.forename, row.surname) if part),
            kind=row.kind,
            answer=row.answer,
            signed_how=row.signed_how,
            given_on=row.given_on,
            copies_to=row.copies_to,
            document_id=row.document_id,
            not_shared_with=row.not_shared_with,
            capacity=row.capacity,
        )
        for row in rows
    )
    return tuple(one for one in found if request_id is None or one.request_id == request_id)


def standing_consents(rows: tuple[ConsentRow, ...]) -> tuple[ConsentRow, ...]:
    """The answer that holds for each person and question: the latest one. Being asked again undoes no answer."""
    latest: dict[tuple[int | None, bool, ConsentKind], ConsentRow] = {}
    for row in rows:
        key = row.adult_id, row.by_pupil, row.kind
        if key not in latest or row.answer is not ConsentAnswer.ASKED or latest[key].answer is ConsentAnswer.ASKED:
            latest[key] = row
    return tuple(latest.values())


def clock_notes_of(request_id: int) -> tuple[ClockNoteRow, ...]:
    """The recorded exceptions of a request, oldest first."""
    return tuple(ClockNoteRow(*row) for row in db.session.execute(_NOTES, {"request_id": request_id}))


def waited_for(row: RequestRow) -> tuple[ClockLine, ...]:
    """The limits that somebody still has to keep, and the days until which a family still can act, each dated."""
    if not row.is_running and not row.can_be_appealed(today()):
        return ()
    return tuple(
        line
        for line in clock_of(row)
        if line.on is not None and not line.is_done and not (line.passed and line.id in _OF_FAMILY)
    )


def clock_of(row: RequestRow, notes: tuple[ClockNoteRow, ...] = ()) -> tuple[ClockLine, ...]:
    """The statutory lines of a request; none before the authority has received it or after it was given up."""
    if row.received_on is None or row.status is RequestStatus.WITHDRAWN:
        return ()
    exceptions = [LimitNote(note.line, note.exception, note.text) for note in notes]
    return clock(row.received_on, row.asked_by, today(), row.milestones, exceptions)
