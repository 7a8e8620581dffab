"""Writing about requests: opened by hand or by a next step, written, agreed to, signed, sent and answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.plan.queries import cycles_of
from graduated.plan.services_close import close_cycle
from graduated.pupils.services import StatusRefused, set_status
from graduated.request.models import AssessmentRequest, ClockNote, Consent
from graduated.request.queries import RUNNING, UNSENT
from graduated.request.steps import LetterDays, Step, StepRefused, refusal
from graduated.rules.clock import LimitException, LineId
from graduated.rules.vocabulary import (
    ConsentAnswer,
    ConsentKind,
    CycleStatus,
    PlanType,
    RequestBy,
    RequestStatus,
    SenStatus,
    SignedHow,
    StatusSource,
)
from graduated.school.queries_authority import in_force, newest_version


@dataclass(frozen=True, slots=True)
class RequestText:
    """What the school writes: the reason against s36(8), what is needed beyond it, the outcomes hoped for."""

    asked_by: RequestBy
    reason: str
    more_needed: str
    outcomes_sought: str
    none_earlier: bool = False


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier request as the papers tell it."""

    asked_by: RequestBy
    status: RequestStatus
    made_on: date
    decided_on: date | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What one adult, or the young person, said to one question."""

    adult_id: int | None
    kind: ConsentKind
    answer: ConsentAnswer
    on: date
    signed_how: SignedHow | None = None
    copies_to: str = ""
    not_shared_with: str = ""
    capacity: str = ""
    document_id: int | None = None


def _load(request_id: int) -> AssessmentRequest:
    return db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == request_id)).one()


@writes("Request opened")
def open_request(pupil_id: int, review_id: int | None = None, asked_by: RequestBy = RequestBy.SCHOOL) -> int:
    """Open a draft request, by hand or by a review's next step; one that is not at an end is taken up instead.

    Opened for a request that a family has made, it is theirs from the start (`asked_by`).
    """
    running = db.session.scalars(
        select(AssessmentRequest)
        .where(AssessmentRequest.pupil_id == pupil_id, AssessmentRequest.status.in_(RUNNING))
        .order_by(AssessmentRequest.id.desc())
    ).first()
    if running is not None:
        if running.review_id is None and running.status in UNSENT:
            running.review_id = review_id
        return running.id
    followed = in_force()
    row = AssessmentRequest(
        pupil_id=pupil_id,
        review_id=review_id,
        asked_by=asked_by,
        authority=followed.code,
        authority_version=followed.version,
        opened_on=today(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Earlier request entered from paper")
def enter_earlier(pupil_id: int, earlier: Earlier) -> int:
    """Enter a request of the past, which bears on the six-month rule (s36(6)) and on the pack."""
    followed = in_force()
    row = AssessmentRequest(
        pupil_id=pupil_id,
        asked_by=earlier.asked_by,
        authority=followed.code,
        authority_version=followed.version,
        status=earlier.status,
        opened_on=earlier.made_on,
        sent_on=earlier.made_on,
        decided_on=earlier.decided_on,
        decision_words=earlier.words,
        from_paper=True,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Authority profile of a request changed")
def follow_school(request_id: int) -> int:
    """Let a request that has not left the school follow the profile, and its version, that the school follows now."""
    row, followed = _load(request_id), in_force()
    if row.status in UNSENT:
        row.authority, row.authority_version = followed.code, followed.version
    return row.id


@writes("Authority profile of a request changed")
def follow_profile(request_id: int, code: str) -> int:
    """Let a request that has not left the school follow a profile that is offered, in its newest version."""
    row = _load(request_id)
    if row.status in UNSENT:
        row.authority, row.authority_version = code, newest_version(code)
    return row.id


@writes("Request written")
def write_request(request_id: int, text: RequestText, version: int | None = None) -> int:
    """Save the words of a request; somebody else's change in between is a clash, shown and never lost."""
    row = _load(request_id)
    names = ("asked_by", "reason", "more_needed", "outcomes_sought", "none_earlier")
    check_version(row, version, {name: getattr(row, name) for name in names})
    for name in names:
        setattr(row, name, getattr(text, name))
    return row.id


@writes("Agreement to a request recorded")
def record_consent(request_id: int, answered: Answered) -> int:
    """Add one answer; an earlier one is kept. No adult given means that the young person answered."""
    request = _load(request_id)
    row = Consent(
        pupil_id=request.pupil_id,
        assessment_request_id=request.id,
        adult_id=answered.adult_id,
        by_pupil=answered.adult_id is None,
        kind=answered.kind,
        answer=answered.answer,
        signed_how=answered.signed_how if answered.answer is ConsentAnswer.GIVEN else None,
        given_on=answered.on,
        copies_to=answered.copies_to,
        not_shared_with=answered.not_shared_with,
        capacity=answered.capacity if answered.adult_id is None else "",
        document_id=answered.document_id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Step of a request recorded")
def record_step(
    request_id: int,
    step: Step,
    on: date,
    words: str = "",
    version: int | None = None,
    days: LetterDays | None = None,
    whom: str = "",
) -> int:
    """Record what happened to a request and when; raises StepRefused with a sentence when it cannot have.

    `days` are those that a refusal letter gives the family. `whom`: who asked for advice, or to whom it was sent.
    """
    row = _load(request_id)
    check_version(row, version)
    wrong = refusal(row.status, row.sent_on, row.received_on, step, on, today(), row.advice_asked_on)
    if wrong:
        raise StepRefused(wrong)
    if step.column:
        setattr(row, step.column, on)
    if step.leads_to is not None:
        row.status = step.leads_to
    _say(row, step, words, whom)
    if step is Step.REFUSED and days is not None:
        row.mediation_by, row.appeal_by = days.mediation_by, days.appeal_by
    if step is Step.PLAN_ISSUED:
        _plan_issued(row.pupil_id, on)
    return row.id


def _say(row: AssessmentRequest, step: Step, words: str, whom: str) -> None:
    """The words of a letter; those about advice stand below the reasons of the decision, and take nothing's place."""
    if step is Step.ADVICE_ASKED and whom:
        row.advice_asked_by = whom
    if step is Step.ADVICE_SENT and whom:
        row.advice_sent_to = whom
    if words and step in {Step.ADVICE_ASKED, Step.ADVICE_SENT}:
        row.decision_words = "\n".join(part for part in (row.decision_words, words) if part)
    elif words:
        row.decision_words = words


@writes("Days of a refusal letter entered")
def enter_letter_days(request_id: int, days: LetterDays, version: int | None = None) -> int:
    """Keep the last days that the authority's refusal letter gives the family. Raises StepRefused before a refusal."""
    row = _load(request_id)
    check_version(row, version, {"mediation_by": row.mediation_by, "appeal_by": row.appeal_by})
    if row.status is not RequestStatus.REFUSED:
        raise StepRefused("The authority has not refused this request.")
    row.mediation_by, row.appeal_by = days.mediation_by, days.appeal_by
    return row.id


def _plan_issued(pupil_id: int, on: date) -> None:
    """The register says E from that day, and the cycle on SEN support closes without a next step (design §5)."""
    try:
        set_status(pupil_id, SenStatus.PLAN, on, StatusSource.AUTHORITY, "The authority issued a plan")
    except StatusRefused as refused:
        raise StepRefused(str(refused)) from refused
    for cycle in cycles_of(pupil_id):
        if cycle.status.is_open and cycle.plan_type is PlanType.SEN_SUPPORT:
            close_cycle(cycle.cycle_id, CycleStatus.PLAN_ISSUED, on)


@writes("Exception of the clock noted")
def note_exception(request_id: int, line: LineId, ground: LimitException, words: str, on: date) -> int:
    """Note a lawful ground on which a limit may not apply; it moves no date."""
    request = _load(request_id)
    row = ClockNote(
        pupil_id=request.pupil_id, assessment_request_id=request.id, line=line, exception=ground, text=words, on=on
    )
    db.session.add(row)
    db.session.flush()
    return row.id
