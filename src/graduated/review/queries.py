"""Reading reviews: short rows for lists, whole records for pages and packs. Finished values only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, select

from graduated.access.guards import finder
from graduated.access.policy import Area, Subject
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle, Outcome, Provision
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
    Seal,
)
from graduated.review.rows import (
    ActionLine,
    AddendumLine,
    AttendeeLine,
    Followed,
    JudgementLine,
    ReviewRecord,
    ReviewRow,
    SealLine,
    StepLine,
    VerdictLine,
)
from graduated.rules.vocabulary import (
    ReviewStatus,
)

__all__ = [
    "ActionLine",
    "AddendumLine",
    "AttendeeLine",
    "Followed",
    "JudgementLine",
    "ReviewRecord",
    "ReviewRow",
    "SealLine",
    "StepLine",
    "VerdictLine",
    "find_action",
    "find_review",
    "open_records",
    "open_review_of",
    "records_of",
    "review_of",
    "reviews_of",
    "reviews_since",
    "seal_details_of",
    "sealed_records",
]

_SUBJECT = (
    select(Review.pupil_id, Review.status, Cycle.lead_id)
    .join(Cycle, Cycle.id == Review.cycle_id)
    .where(Review.id == bindparam("review_id"))
)
_ACTION_SUBJECT = select(ActionItem.review_id).where(ActionItem.id == bindparam("action_id"))


def _rows(*where: ColumnElement[bool]) -> Any:
    return (
        select(
            Review.id,
            Review.pupil_id,
            Review.cycle_id,
            Review.interim,
            Review.status,
            Review.held_on,
            Review.with_parent,
            Review.attempts,
            Review.from_paper,
            Review.recorded_at,
            Review.ready_by,
            Cycle.number,
            NextStepTaken.step,
            NextStepTaken.reason,
            NextStepTaken.check_back_on,
        )
        .join(Cycle, Cycle.id == Review.cycle_id)
        .outerjoin(NextStepTaken, NextStepTaken.review_id == Review.id)
        .where(*where)
        .order_by(Cycle.number, Review.held_on, Review.id)
    )


def _whole(*where: ColumnElement[bool]) -> Any:
    return (
        select(
            Review.id,
            Review.pupil_id,
            Review.cycle_id,
            Review.interim,
            Review.status,
            Review.version,
            Review.held_on,
            Review.with_parent,
            Review.pupil_present,
            Review.attempts,
            Review.others_present,
            Review.pupil_views,
            Review.parent_views,
            Review.summary,
            Review.from_paper,
            Review.saved_by,
            Review.saved_at,
            Review.ready_by,
            Review.ready_at,
            Review.recorded_at,
            Cycle.number.label("cycle_number"),
            Cycle.starts.label("cycle_starts"),
            Cycle.status.label("cycle_status"),
            Cycle.lead_id,
        )
        .join(Cycle, Cycle.id == Review.cycle_id)
        .where(*where)
        .order_by(Cycle.number, Review.held_on, Review.id)
    )


_ROWS_OF_PUPIL = _rows(Review.pupil_id == bindparam("pupil_id"))
_ROWS_SINCE = _rows((Review.status == ReviewStatus.OPEN) | (Review.held_on >= bindparam("since")))
_WHOLE = _whole(Review.id == bindparam("review_id"))
_WHOLE_OF_PUPIL = _whole(Review.pupil_id == bindparam("pupil_id"))
_WHOLE_OPEN = _whole(Review.status == ReviewStatus.OPEN)
_WHOLE_SEALED = _whole(Review.status == ReviewStatus.SEALED)
_BEFORE = (
    select(Review.id, Review.held_on)
    .join(Cycle, Cycle.id == Review.cycle_id)
    .where(
        Review.pupil_id == bindparam("pupil_id"),
        Review.status == ReviewStatus.SEALED,
        Review.id != bindparam("review_id"),
    )
    .order_by(Cycle.number, Review.held_on, Review.id)
)
_THESE: Any = bindparam("review_ids", expanding=True)
_AT_A_TIME = 10_000
"""Reviews named in one statement: databases bound how many a statement may name."""
_ATTENDEES = (
    select(Attendee.review_id, Attendee.id, Attendee.name, Attendee.role, Attendee.adult_id, Attendee.user_id)
    .where(Attendee.review_id.in_(_THESE))
    .order_by(Attendee.id)
)
# Joined from the review's side: else SQLite holds each outcome of the school against each of the reviews, and a school
# of 1,500 pupils on SEN support waits for minutes. What is out of sight has no number here, and is left out below.
_JUDGEMENTS = (
    select(
        OutcomeJudgement.review_id,
        Outcome.id,
        func.coalesce(func.nullif(OutcomeJudgement.stood_as, ""), Outcome.statement),
        OutcomeJudgement.judgement,
        OutcomeJudgement.reason,
        OutcomeJudgement.stood_as,
    )
    .outerjoin(Outcome, Outcome.id == OutcomeJudgement.outcome_id)
    .where(OutcomeJudgement.review_id.in_(_THESE))
    .order_by(Outcome.position, Outcome.id)
)
_VERDICTS = (
    select(
        ProvisionJudgement.review_id,
        Provision.id,
        func.coalesce(func.nullif(ProvisionJudgement.stood_as, ""), Provision.name),
        ProvisionJudgement.verdict,
        ProvisionJudgement.why,
        ProvisionJudgement.stood_as,
    )
    .outerjoin(Provision, Provision.id == ProvisionJudgement.provision_id)
    .where(ProvisionJudgement.review_id.in_(_THESE))
    .order_by(Provision.position, Provision.id)
)
_STEPS = select(
    NextStepTaken.review_id,
    NextStepTaken.step,
    NextStepTaken.reason,
    NextStepTaken.suggested,
    NextStepTaken.suggestion_reasons,
    NextStepTaken.specialist,
    NextStepTaken.specialist_words,
    NextStepTaken.request,
    NextStepTaken.request_words,
    NextStepTaken.check_back_on,
    NextStepTaken.signposted,
).where(NextStepTaken.review_id.in_(_THESE))
_ACTIONS = (
    select(
        ActionItem.review_id,
        ActionItem.id,
        ActionItem.what,
        ActionItem.who,
        ActionItem.by_when,
        ActionItem.done_on,
    )
    .where(ActionItem.review_id.in_(_THESE))
    .order_by(ActionItem.review_id, ActionItem.by_when.nulls_first(), ActionItem.id)
)
_SEALS = select(
    Seal.review_id, Seal.sequence, Seal.digest, Seal.previous_digest, Seal.signer_name, Seal.sealed_at
).where(Seal.review_id.in_(_THESE))
_DETAILS = select(Seal.details).where(Seal.review_id == bindparam("review_id"))
_ADDENDA = (
    select(Addendum.review_id, Addendum.text, Addendum.why, User.name, Addendum.recorded_at)
    .outerjoin(User, User.id == Addendum.recorded_by_id)
    .where(Addendum.review_id.in_(_THESE))
    .order_by(Addendum.id)
)


@finder("review")
def find_review(review_id: int) -> Subject | None:
    """A review in sight, with who leads its cycle; open and sealed ones stand in different rows of the table."""
    row = db.session.execute(_SUBJECT, {"review_id": review_id}).first()
    if row is None:
        return None
    area = Area.REVIEW_SEALED if row.status is ReviewStatus.SEALED else Area.REVIEW_OPEN
    return Subject(pupil_id=row.pupil_id, lead_id=row.lead_id, area=area)


@finder("action")
def find_action(action_id: int) -> Subject | None:
    """Something promised, by its review; ticking it off is work on the plan, also after the review is sealed."""
    review_id = db.session.execute(_ACTION_SUBJECT, {"action_id": action_id}).scalar()
    found = find_review(review_id) if review_id is not None else None
    return None if found is None else Subject(found.pupil_id, found.lead_id, None, Area.REVIEW_OPEN)


def reviews_of(pupil_id: int) -> tuple[ReviewRow, ...]:
    """The reviews of a pupil in order of their cycles, open ones too (which the family does not see)."""
    return _listed(_ROWS_OF_PUPIL, {"pupil_id": pupil_id})


def reviews_since(day: date) -> tuple[ReviewRow, ...]:
    """Every review in sight held on or after a day, and every one that is still being written."""
    return _listed(_ROWS_SINCE, {"since": day})


def review_of(review_id: int) -> ReviewRecord:
    """One review, whole. It must be in sight (the guard has looked)."""
    return _records(_WHOLE, {"review_id": review_id})[0]


def open_review_of(review_id: int) -> tuple[ReviewRecord, tuple[ActionLine, ...]]:
    """A review that is still being written, and what was promised before: at the last sealed one, or not done yet.

    It has no step, seal or addenda: those it has only once it is sealed.
    """
    row = db.session.execute(_WHOLE, {"review_id": review_id}).one()
    before = db.session.execute(_BEFORE, {"pupil_id": row.pupil_id, "review_id": review_id}).all()
    last = max((one.held_on or date.min for one in before), default=date.min)
    attendees, judgements, verdicts = (_by_review(each, [row.id]) for each in (_ATTENDEES, _JUDGEMENTS, _VERDICTS))
    actions = _by_review(_ACTIONS, [row.id, *(one.id for one in before)])
    none: dict[int, list[Any]] = defaultdict(list)
    promised = (
        ActionLine(action.id, one.id, *action[2:])
        for one in before
        for action in actions[one.id]
        if action.done_on is None or (one.held_on or date.min) == last
    )
    return _record(row, (attendees, judgements, verdicts, none, actions, none, none)), tuple(promised)


def records_of(pupil_id: int) -> tuple[ReviewRecord, ...]:
    """All reviews of a pupil, whole, in order; the number of queries does not grow with them."""
    return _records(_WHOLE_OF_PUPIL, {"pupil_id": pupil_id})


def seal_details_of(review_id: int) -> Followed | None:
    """What followed from a review when it was sealed; None while it is open."""
    details = db.session.scalar(_DETAILS, {"review_id": review_id})
    if details is None:
        return None
    opened = (details.get(name) for name in ("next_cycle_id", "involvement_id", "request_id"))
    return Followed(tuple(details.get("told") or ()), *opened)


def open_records() -> tuple[ReviewRecord, ...]:
    """Every review in sight that is still being written, whole."""
    return _records(_WHOLE_OPEN, {})


def sealed_records() -> tuple[ReviewRecord, ...]:
    """Every sealed review in sight, whole, for holding the seals against."""
    return _records(_WHOLE_SEALED, {})


def _listed(statement: Any, given: dict[str, Any]) -> tuple[ReviewRow, ...]:
    return tuple(
        ReviewRow(
            review_id=row.id,
            pupil_id=row.pupil_id,
            cycle_id=row.cycle_id,
            cycle_number=row.number,
            interim=row.interim,
            status=row.status,
            held_on=row.held_on,
            with_parent=row.with_parent,
            attempts_recorded=bool(row.attempts.strip()),
            step=row.step,
            reason=row.reason or "",
            from_paper=row.from_paper,
            recorded_at=row.recorded_at,
            check_back_on=row.check_back_on,
            ready_by=row.ready_by,
        )
        for row in db.session.execute(statement, given)
    )


def _by_review(statement: Any, review_ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for start in range(0, len(review_ids), _AT_A_TIME):
        for row in db.session.execute(statement, {"review_ids": review_ids[start : start + _AT_A_TIME]}):
            if row[1] is not None:
                found[row[0]].append(row)
    return found


def _records(statement: Any, given: dict[str, Any]) -> tuple[ReviewRecord, ...]:
    rows = db.session.execute(statement, given).all()
    ids = [row.id for row in rows]
    if not ids:
        return ()
    parts = [_by_review(each, ids) for each in (_ATTENDEES, _JUDGEMENTS, _VERDICTS, _STEPS, _ACTIONS, _SEALS, _ADDENDA)]
    return tuple(_record(row, parts) for row in rows)


def _record(row: Any, parts: Sequence[dict[int, list[Any]]]) -> ReviewRecord:
    attendees, judgements, verdicts, steps, actions, seals, addenda = (part[row.id] for part in parts)
    return ReviewRecord(
        review_id=row.id,
        **{name: value for name, value in row._mapping.items() if name != "id"},
        attendees=_lines(AttendeeLine, attendees),
        judgements=_lines(JudgementLine, judgements),
        verdicts=_lines(VerdictLine, verdicts),
        step=_step(steps),
        actions=tuple(ActionLine(one.id, row.id, *one[2:]) for one in actions),
        seal=next(iter(_lines(SealLine, seals)), None),
        addenda=tuple(AddendumLine(one.text, one.why, one.name or "", one.recorded_at) for one in addenda),
    )


def _lines(kind: Any, rows: Iterable[Any]) -> tuple[Any, ...]:
    """Rows whose first column is the review and the rest the fields in order."""
    return tuple(kind(*row[1:]) for row in rows)


def _step(rows: list[Any]) -> StepLine | None:
    if not rows:
        return None
    values = dict(rows[0]._mapping)
    values.pop("review_id")
    values["suggestion_reasons"] = tuple(values["suggestion_reasons"] or ())
    return StepLine(**values)
