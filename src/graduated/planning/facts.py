"""What the records hold that may bring a pupil to a planning meeting; a fixed number of queries for any school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, select

from graduated.assess.models import Involvement
from graduated.assess.queries_concerns import open_concerns
from graduated.assess.queries_professionals import ProfessionalRow, professionals
from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan.models import Outcome
from graduated.planning.queries import owed
from graduated.planning.rows import MeetingRow
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.request.queries import all_requests
from graduated.review.models import NextStepTaken, OutcomeJudgement, Review
from graduated.rules.concerns import Due
from graduated.rules.planning import Facts, Known, LastReview, Owed, Proposal, Stuck, propose, stuck_outcomes
from graduated.rules.vocabulary import Judgement, ReviewStatus

_BACK = timedelta(days=730)
"""How far back a review still speaks of the pupil as they are."""

_INVOLVED = (
    select(
        Involvement.id, Involvement.seen_on, Involvement.reported_on, Involvement.closed_on, Involvement.parents_agree,
        Involvement.review_id,
    )
    .join(Pupil, Pupil.id == Involvement.pupil_id)
    .where(Pupil.left_on.is_(None))
)  # fmt: skip
_REVIEWS = (
    select(Review.id, Review.pupil_id, Review.held_on, Review.interim, NextStepTaken.step, NextStepTaken.specialist)
    .join(Pupil, Pupil.id == Review.pupil_id)
    .outerjoin(NextStepTaken, NextStepTaken.review_id == Review.id)
    .where(Review.status == ReviewStatus.SEALED, Review.held_on >= bindparam("since"), Pupil.left_on.is_(None))
    .order_by(Review.held_on, Review.id)
)
_LESS = (
    select(OutcomeJudgement.review_id, Outcome.id, Outcome.statement, Outcome.continues_id)
    .join(Outcome, Outcome.id == OutcomeJudgement.outcome_id)
    .join(Review, Review.id == OutcomeJudgement.review_id)
    .where(
        Review.status == ReviewStatus.SEALED,
        Review.held_on >= bindparam("since"),
        OutcomeJudgement.judgement.in_((Judgement.LESS, Judgement.MUCH_LESS)),
    )
    .order_by(Outcome.position, Outcome.id)
)
_NAMES = select(
    Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname, Pupil.year_group,
    Pupil.registration_group,
).where(Pupil.id.in_(bindparam("ids", expanding=True)), Pupil.left_on.is_(None))  # fmt: skip


@dataclass
class _Found:
    """What is being gathered of one pupil."""

    known: list[Known] = field(default_factory=list)
    review: LastReview | None = None
    stuck: tuple[Stuck, ...] = ()
    owed: list[Owed] = field(default_factory=list)
    considering_since: date | None = None
    concern: tuple[date, date | None] | None = None


def proposals_for(meeting: MeetingRow) -> tuple[Proposal, ...]:
    """Everybody whom the records propose for a meeting, with the reasons, those on its agenda too."""
    found: dict[int, _Found] = defaultdict(_Found)
    _involved(found)
    _reviewed(found)
    for decision in owed():
        if decision.meeting_id != meeting.meeting_id:
            found[decision.pupil_id].owed.append(
                Owed(decision.decided, decision.service, decision.decided_on, decision.by_when)
            )
    for request in all_requests():
        if request.is_unsent:
            found[request.pupil_id].considering_since = request.opened_on
    for concern in open_concerns():
        if concern.standing.due is Due.LOOK_AGAIN:
            found[concern.pupil_id].concern = (concern.raised_on, concern.review_on)
    return propose(_facts(found), meeting.services, today())


def _facts(found: dict[int, _Found]) -> Iterable[Facts]:
    for row in db.session.execute(_NAMES, {"ids": list(found)}):
        one = found[row.id]
        yield Facts(
            row.id, name_of(row), tuple(one.known), one.review, one.stuck, tuple(one.owed), one.considering_since,
            one.concern,
        )  # fmt: skip


def _involved(found: dict[int, _Found]) -> None:
    more = {row.id: row for row in db.session.execute(_INVOLVED)}
    for one in professionals():
        found[one.pupil_id].known.append(_known(one, more[one.involvement_id]))


def _known(one: ProfessionalRow, more: Any) -> Known:
    heard = [day for day in (more.seen_on, more.reported_on) if day is not None]
    return Known(
        service=one.service,
        wait=one.wait,
        reported_on=one.reported_on,
        age=one.age,
        open_advice=tuple(advice.given_on for advice in one.advice),
        heard_on=max(heard, default=None),
        review_id=more.review_id,
        parents_agree=more.parents_agree,
        is_closed=more.closed_on is not None,
    )


def _reviewed(found: dict[int, _Found]) -> None:
    """The newest sealed review of each pupil, and what did not move at the last two that were not interim."""
    given = {"since": today() - _BACK}
    less: dict[int, dict[int, str]] = defaultdict(dict)
    continues: dict[int, int | None] = {}
    for line in db.session.execute(_LESS, given):
        less[line.review_id][line.id] = line.statement
        continues[line.id] = line.continues_id
    judged: dict[int, list[tuple[date, dict[int, str]]]] = defaultdict(list)
    for row in db.session.execute(_REVIEWS, given):
        if row.step is not None:
            found[row.pupil_id].review = LastReview(row.id, row.held_on, row.step, row.specialist)
        if not row.interim:
            judged[row.pupil_id].append((row.held_on, less[row.id]))
    for pupil_id, reviews in judged.items():
        if len(reviews) > 1:
            found[pupil_id].stuck = stuck_outcomes(reviews[-2], reviews[-1], continues)
