"""What Today is made of: computed afresh, never stored, in a fixed number of queries for any number of pupils."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.assess.models import Advice, AdviceAction, Involvement
from graduated.assess.queries_concerns import ConcernRow, open_concerns
from graduated.db.session import db
from graduated.do.queries import Calendar, ProvisionDose, running_doses
from graduated.plan.models import Agreement, AgreementAdult, Cycle
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import display_name
from graduated.request.queries import RequestRow, all_requests
from graduated.review.models import ActionItem, PaperGiven, Review
from graduated.review.queries_asking import AskedRow, all_asked
from graduated.review.queries_due import ReviewYear, review_year
from graduated.rules.vocabulary import AdviceStatus, CycleOrigin, CycleStatus, PaperKind, ReviewStatus
from graduated.school.queries import bank_holidays, terms

SILENT_DAYS = 7
"""How far back a session that nobody logged is asked for."""

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """Recommendations of one professional that nobody has acted on."""

    pupil_id: int
    pupil_name: str
    involvement_id: int
    advice_id: int
    service: str
    count: int
    since: date


@dataclass(frozen=True, slots=True)
class DueAction:
    """Something promised at a review that is due within a week, or late."""

    action_id: int
    pupil_id: int
    pupil_name: str
    what: str
    who: str
    by_when: date


@dataclass(frozen=True, slots=True)
class UntoldPlan:
    """A plan that runs: not sent to the family, and no adult of the family agreed to it, was asked or was given it."""

    pupil_id: int
    pupil_name: str
    cycle_id: int
    cycle_number: int
    lead_id: int | None
    agreed_on: date


@dataclass(frozen=True, slots=True)
class Day:
    """All that Today shows, before it is put into sentences."""

    calendar: Calendar
    reviews: ReviewYear
    doses: tuple[ProvisionDose, ...]
    requests: tuple[RequestRow, ...]
    advice: tuple[OpenAdvice, ...]
    actions: tuple[DueAction, ...]
    concerns: tuple[ConcernRow, ...]
    mis_changes: int
    asked: tuple[AskedRow, ...] = ()
    untold: tuple[UntoldPlan, ...] = ()


_NAME = (Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname)
_ADVICE = (
    select(
        Advice.id,
        Advice.pupil_id,
        Advice.involvement_id,
        Advice.given_on,
        Advice.replaces_id,
        Involvement.service,
        AdviceAction.status,
        *_NAME,
    )
    .join(Involvement, Involvement.id == Advice.involvement_id)
    .join(Pupil, Pupil.id == Advice.pupil_id)
    .outerjoin(AdviceAction, AdviceAction.advice_id == Advice.id)
    .where(or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")))
    .order_by(Advice.given_on, Advice.id, AdviceAction.id)
)
_ACTIONS = (
    select(ActionItem.id, ActionItem.pupil_id, ActionItem.what, ActionItem.who, ActionItem.by_when, *_NAME)
    .join(Review, Review.id == ActionItem.review_id)
    .join(Pupil, Pupil.id == ActionItem.pupil_id)
    .where(
        Review.status == ReviewStatus.SEALED,
        ActionItem.done_on.is_(None),
        ActionItem.by_when <= bindparam("until"),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(ActionItem.by_when, ActionItem.id)
)
_MIS = (
    select(func.count(SenStatusSpell.id))
    .join(Pupil, Pupil.id == SenStatusSpell.pupil_id)
    .where(SenStatusSpell.told_mis.is_(False), SenStatusSpell.ends.is_(None))
)
_UNTOLD = (
    select(Cycle.id, Cycle.pupil_id, Cycle.number, Cycle.lead_id, Cycle.agreed_on, *_NAME)
    .join(Pupil, Pupil.id == Cycle.pupil_id)
    .where(
        Cycle.status == CycleStatus.AGREED,
        Cycle.origin == CycleOrigin.LIVED,
        Cycle.agreed_on.is_not(None),
        Cycle.sent_on.is_(None),
        ~select(AgreementAdult.id)
        .join(Agreement, Agreement.id == AgreementAdult.agreement_id)
        .where(Agreement.cycle_id == Cycle.id)
        .exists(),
        ~select(PaperGiven.id).where(PaperGiven.cycle_id == Cycle.id, PaperGiven.kind == PaperKind.PLAN).exists(),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Cycle.agreed_on, Cycle.id)
)


def day_of(day: date) -> Day:
    """Everything that waits on a day, of the pupils in sight."""
    calendar: Calendar = (terms(), bank_holidays())
    return Day(
        calendar=calendar,
        reviews=review_year(day, calendar),
        doses=running_doses(day, day - timedelta(days=SILENT_DAYS), calendar),
        requests=all_requests(),
        advice=_open_advice(db.session.execute(_ADVICE, {"day": day})),
        actions=tuple(
            DueAction(row.id, row.pupil_id, _name(row), row.what, row.who, row.by_when)
            for row in db.session.execute(_ACTIONS, {"day": day, "until": day + SOON})
        ),
        concerns=open_concerns(),
        mis_changes=db.session.scalar(_MIS) or 0,
        asked=all_asked(),
        untold=tuple(
            UntoldPlan(row.pupil_id, _name(row), row.id, row.number, row.lead_id, row.agreed_on)
            for row in db.session.execute(_UNTOLD, {"day": day})
        ),
    )


def _name(row: Any) -> str:
    return display_name(row.legal_forename, row.legal_surname, row.known_as, row.known_surname)


def _open_advice(rows: Iterable[Any]) -> tuple[OpenAdvice, ...]:
    """By professional: the newest word on a recommendation counts, and a corrected one is passed over."""
    newest: dict[int, Any] = {}
    replaced = set()
    for row in rows:
        newest[row.id] = row
        replaced.add(row.replaces_id)
    found: dict[int, OpenAdvice] = {}
    for row in newest.values():
        if row.id in replaced or row.status not in (None, AdviceStatus.OPEN):
            continue
        before = found.get(row.involvement_id)
        found[row.involvement_id] = OpenAdvice(
            row.pupil_id,
            _name(row),
            row.involvement_id,
            before.advice_id if before else row.id,
            row.service,
            before.count + 1 if before else 1,
            before.since if before else row.given_on,
        )
    return tuple(found.values())
