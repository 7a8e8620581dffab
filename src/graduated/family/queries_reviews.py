"""Sealed reviews as the family reads them. One parent's words at a meeting are for those who were there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.access.identity import require_actor
from graduated.db.clock import local
from graduated.db.session import db
from graduated.plan.models import Cycle, Outcome, Provision
from graduated.pupils.models import Adult
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
)
from graduated.review.rows import as_judged
from graduated.rules.vocabulary import Judgement, NextStep, ProvisionVerdict


@dataclass(frozen=True, slots=True)
class Decided:
    """One sealed review in brief: when, and what was decided."""

    review_id: int
    pupil_id: int
    cycle_number: int
    held_on: date | None
    step: NextStep | None
    reason: str


@dataclass(frozen=True, slots=True)
class Promise:
    """What somebody said they would do."""

    what: str
    who: str
    by_when: date | None
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Judged:
    """How one outcome went."""

    outcome: str
    judgement: Judgement
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What happens with one provision."""

    name: str
    verdict: ProvisionVerdict
    why: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """A sealed review whole. `came`: name and role; `family_words` is empty for a parent who was not there."""

    decided: Decided
    came: tuple[tuple[str, str], ...]
    pupil_words: str
    family_words: str
    judged: tuple[Judged, ...]
    verdicts: tuple[Verdict, ...]
    promises: tuple[Promise, ...]
    added: tuple[tuple[date, str], ...]


_DECIDED = (
    select(
        Review.id, Review.pupil_id, Cycle.number, Review.held_on, NextStepTaken.step, NextStepTaken.reason,
    )
    .join(Cycle, Cycle.id == Review.cycle_id)
    .outerjoin(NextStepTaken, NextStepTaken.review_id == Review.id)
)  # fmt: skip
_OF_PUPIL = _DECIDED.where(Review.pupil_id == bindparam("pupil_id")).order_by(Review.held_on.desc(), Review.id.desc())
_ONE = _DECIDED.where(Review.id == bindparam("review_id"))
_WORDS = select(Review.pupil_views, Review.parent_views).where(Review.id == bindparam("review_id"))
_CAME = (
    select(Attendee.adult_id, Attendee.name, Attendee.role)
    .where(Attendee.review_id == bindparam("review_id"))
    .order_by(Attendee.id)
)
_ME = select(Adult.id).where(Adult.user_id == bindparam("user_id"))
_JUDGED = (
    select(
        Outcome.statement,
        Outcome.in_plain_words,
        OutcomeJudgement.stood_as,
        OutcomeJudgement.judgement,
        OutcomeJudgement.reason,
    )
    .join(Outcome, Outcome.id == OutcomeJudgement.outcome_id)
    .where(OutcomeJudgement.review_id == bindparam("review_id"))
    .order_by(Outcome.position, Outcome.id)
)
_VERDICTS = (
    select(
        func.coalesce(func.nullif(ProvisionJudgement.stood_as, ""), Provision.name),
        ProvisionJudgement.verdict,
        ProvisionJudgement.why,
    )
    .join(Provision, Provision.id == ProvisionJudgement.provision_id)
    .where(ProvisionJudgement.review_id == bindparam("review_id"))
    .order_by(Provision.position, Provision.id)
)
_PROMISES = (
    select(ActionItem.review_id, ActionItem.what, ActionItem.who, ActionItem.by_when, ActionItem.done_on)
    .where(ActionItem.review_id.in_(bindparam("review_ids", expanding=True)))
    .order_by(ActionItem.by_when, ActionItem.id)
)
_ADDED = (
    select(Addendum.recorded_at, Addendum.text)
    .where(Addendum.review_id == bindparam("review_id"))
    .order_by(Addendum.id)
)


def decided_of(pupil_id: int) -> tuple[Decided, ...]:
    """Sealed reviews of a child, the newest first."""
    return tuple(_decided(row) for row in db.session.execute(_OF_PUPIL, {"pupil_id": pupil_id}))


def _decided(row: Any) -> Decided:
    return Decided(row.id, row.pupil_id, row.number, row.held_on, row.step, row.reason or "")


def promises_of(review_ids: list[int]) -> dict[int, tuple[Promise, ...]]:
    """What was promised at each of these reviews."""
    found: dict[int, list[Promise]] = defaultdict(list)
    for row in db.session.execute(_PROMISES, {"review_ids": review_ids}):
        found[row.review_id].append(Promise(row.what, row.who, row.by_when, row.done_on))
    return {review_id: tuple(rows) for review_id, rows in found.items()}


def meeting_of(review_id: int) -> Meeting:
    """One sealed review. It must be in scope (the guard has looked)."""
    given = {"review_id": review_id}
    decided = _decided(db.session.execute(_ONE, given).one())
    words = db.session.execute(_WORDS, given).one()
    came = db.session.execute(_CAME, given).all()
    me = set(db.session.scalars(_ME, {"user_id": require_actor().user_id}))
    was_there = any(row.adult_id in me for row in came)
    return Meeting(
        decided=decided,
        came=tuple((row.name, row.role) for row in came),
        pupil_words=words.pupil_views,
        family_words=words.parent_views if was_there else "",
        judged=tuple(
            Judged(as_judged(row.statement, row.in_plain_words, row.stood_as), row.judgement, row.reason)
            for row in db.session.execute(_JUDGED, given)
        ),
        verdicts=tuple(Verdict(*row) for row in db.session.execute(_VERDICTS, given)),
        promises=promises_of([review_id]).get(review_id, ()),
        added=tuple((local(row.recorded_at).date(), row.text) for row in db.session.execute(_ADDED, given)),
    )
