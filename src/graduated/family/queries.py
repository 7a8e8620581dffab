"""What a family reads of its own child: column lists of their own, narrowed again by the scope of the family's hat.

Nothing of drafts, of staff notes or of other children is asked for here, so none can slip onto a page.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, case, or_, select

from graduated.access.identity import require_actor
from graduated.assess.models import Measurement
from graduated.assess.rows import PERSONAL
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import Membership, User
from graduated.plan.models import Agreement, Cycle, Group, Outcome, Place, Provision, ProvisionOutcome, Responsibility
from graduated.pupils.models import Adult, Document, FamilyLink, Profile, Pupil
from graduated.request.models import AssessmentRequest
from graduated.rules.progress import Value
from graduated.rules.vocabulary import (
    Censor,
    CycleStatus,
    Direction,
    DocumentKind,
    MeasureKind,
    NeedArea,
    ProvisionKind,
    Relationship,
    RequestBy,
    RequestStatus,
    Respondent,
    Responsible,
    Role,
)
from graduated.school.models import Measure


@dataclass(frozen=True, slots=True)
class Child:
    """One child whose plan this person may read; `is_self` for a young person reading their own."""

    pupil_id: int
    name: str
    first_name: str
    is_self: bool
    interpreter: str


@dataclass(frozen=True, slots=True)
class PlanHead:
    """A plan that the family was sent."""

    cycle_id: int
    number: int
    status: CycleStatus
    starts: date
    review_due: date | None
    meeting_at: datetime | None
    meeting_place: str
    lead_name: str
    sent_on: date | None
    agreed_on: date | None


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """One outcome with its figures, as recorded."""

    outcome_id: int
    area: NeedArea
    statement: str
    in_plain_words: str
    by_when: date | None
    measure_id: int | None
    measure: str
    kind: MeasureKind | None
    direction: Direction | None
    respondent: Respondent | None
    error: Decimal | None
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    maintain: bool
    tolerance: Decimal | None


@dataclass(frozen=True, slots=True)
class ProvisionFacts:
    """One provision: what, how long, how often, by whom; `serves` holds outcome ids."""

    provision_id: int
    kind: ProvisionKind
    name: str
    minutes: int
    times_a_week: int
    group_size: int
    who: str
    stopped_on: date | None
    serves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure on one day."""

    taken_on: date
    value: Value
    respondent: Respondent


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper that the school shares with the family."""

    document_id: int
    title: str
    kind: DocumentKind
    dated: date | None
    media_type: str
    sha256: str


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """Where a request stands that has left the school."""

    status: RequestStatus
    asked_by: RequestBy
    sent_on: date | None
    received_on: date | None
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What the child is good at and finds hard, in the one-page profile in force."""

    good_at: str
    important_to_me: str
    hard_for_me: str
    helps_me: str


_LINKS = (
    select(FamilyLink.pupil_id, FamilyLink.relationship, Adult.interpreter)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .where(Adult.user_id == bindparam("user_id"))
)
_CHILDREN = select(Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname).order_by(
    Pupil.legal_forename, Pupil.id
)
_PROFILE = (
    select(Profile.good_at, Profile.important_to_me, Profile.hard_for_me, Profile.helps_me)
    .where(Profile.pupil_id == bindparam("pupil_id"))
    .order_by(Profile.number.desc())
    .limit(1)
)
_PLANS = (
    select(
        Cycle.id, Cycle.number, Cycle.status, Cycle.starts, Cycle.review_due, Cycle.meeting_at, Cycle.meeting_place,
        User.name, Cycle.sent_on, Cycle.agreed_on,
    )
    .outerjoin(User, User.id == Cycle.lead_id)
    .where(Cycle.pupil_id == bindparam("pupil_id"))
    .order_by(Cycle.starts, Cycle.number)
)  # fmt: skip
_OUTCOMES: Any = (
    select(
        Outcome.id, Outcome.area, Outcome.statement, Outcome.in_plain_words, Outcome.by_when, Outcome.measure_id,
        case((Measure.code.in_(PERSONAL), ""), else_=Measure.name),
        Measure.kind, Measure.direction, Measure.respondent, Measure.error, Outcome.baseline,
        Outcome.baseline_on, Outcome.target, Outcome.maintain, Outcome.tolerance,
    )
    .outerjoin(Measure, Measure.id == Outcome.measure_id)
    .where(Outcome.cycle_id == bindparam("cycle_id"), Outcome.dropped_on.is_(None))
    .order_by(Outcome.position, Outcome.id)
)  # fmt: skip
_PROVISIONS = (
    select(
        Provision.id, Provision.kind, Provision.name, Provision.minutes, Provision.times_a_week, Provision.group_size,
        Provision.who, User.name.label("staff_name"), Provision.stopped_on,
    )
    .outerjoin(Place, Place.id == Provision.place_id)
    .outerjoin(Group, Group.id == Place.group_id)
    .outerjoin(User, User.id == Group.staff_id)
    .where(Provision.cycle_id == bindparam("cycle_id"))
    .order_by(Provision.position, Provision.id)
)  # fmt: skip
_SERVES = (
    select(ProvisionOutcome.provision_id, ProvisionOutcome.outcome_id)
    .join(Provision, Provision.id == ProvisionOutcome.provision_id)
    .where(Provision.cycle_id == bindparam("cycle_id"))
)
_PARTS = (
    select(Responsibility.who, Responsibility.text)
    .where(Responsibility.cycle_id == bindparam("cycle_id"))
    .order_by(Responsibility.position, Responsibility.id)
)
_AGREED = (
    select(Agreement.agreed_on)
    .where(Agreement.cycle_id == bindparam("cycle_id"))
    .order_by(Agreement.agreed_on.desc())
    .limit(1)
)
_FIGURES = (
    select(
        Measurement.id, Measurement.measure_id, Measurement.taken_on, Measurement.value, Measurement.censor,
        Measurement.respondent, Measurement.replaces_id,
    )
    .where(Measurement.pupil_id == bindparam("pupil_id"))
    .order_by(Measurement.taken_on, Measurement.id)
)  # fmt: skip
_PAPERS = (
    select(Document.id, Document.title, Document.kind, Document.dated, Document.media_type, Document.sha256)
    .where(Document.pupil_id == bindparam("pupil_id"))
    .order_by(Document.dated.desc(), Document.id.desc())
)
_PAPER = select(Document.id, Document.title, Document.kind, Document.dated, Document.media_type, Document.sha256).where(
    Document.id == bindparam("paper_id")
)
_REQUESTS = (
    select(
        AssessmentRequest.status, AssessmentRequest.asked_by, AssessmentRequest.sent_on, AssessmentRequest.received_on,
        AssessmentRequest.decided_on,
    )
    .where(
        AssessmentRequest.pupil_id == bindparam("pupil_id"),
        AssessmentRequest.status.not_in(
            [RequestStatus.CONSIDERING, RequestStatus.DRAFT, RequestStatus.WITHDRAWN]
        ),
    )
    .order_by(AssessmentRequest.opened_on.desc(), AssessmentRequest.id.desc())
)  # fmt: skip
_SENCO = (
    select(User.name)
    .join(Membership, Membership.user_id == User.id)
    .where(
        Membership.role == Role.SENCO,
        Membership.starts <= bindparam("day"),
        or_(Membership.ends.is_(None), Membership.ends >= bindparam("day")),
        User.active.is_(True),
    )
    .order_by(User.name)
)


def children() -> tuple[Child, ...]:
    """The children whose plans this person may read today."""
    links = {row.pupil_id: row for row in db.session.execute(_LINKS, {"user_id": require_actor().user_id})}
    return tuple(_child(row, links.get(row.id)) for row in db.session.execute(_CHILDREN))


def child_of(pupil_id: int) -> Child:
    """One child. It must be in scope (the guard has looked)."""
    return next(one for one in children() if one.pupil_id == pupil_id)


def _child(row: Any, link: Any) -> Child:
    first = row.known_as or row.legal_forename
    return Child(
        pupil_id=row.id,
        name=f"{first} {row.known_surname or row.legal_surname}",
        first_name=first,
        is_self=link is not None and link.relationship is Relationship.SELF,
        interpreter=link.interpreter if link is not None else "",
    )


def profile_facts(pupil_id: int) -> ProfileFacts | None:
    """The one-page profile in force."""
    row = db.session.execute(_PROFILE, {"pupil_id": pupil_id}).first()
    return ProfileFacts(*row) if row else None


def plans_sent(pupil_id: int) -> tuple[PlanHead, ...]:
    """Every plan that the family was sent, oldest first; drafts never leave the scope."""
    rows = db.session.execute(_PLANS, {"pupil_id": pupil_id})
    return tuple(
        PlanHead(
            row.id, row.number, row.status, row.starts, row.review_due, row.meeting_at, row.meeting_place,
            row.name or "", row.sent_on, row.agreed_on,
        )
        for row in rows
    )  # fmt: skip


def outcome_facts(cycle_id: int) -> tuple[OutcomeFacts, ...]:
    """The outcomes of a plan that was sent."""
    return tuple(OutcomeFacts(*row) for row in db.session.execute(_OUTCOMES, {"cycle_id": cycle_id}))


def provision_facts(cycle_id: int) -> tuple[ProvisionFacts, ...]:
    """The provision of a plan that was sent."""
    serves: dict[int, list[int]] = defaultdict(list)
    for provision_id, outcome_id in db.session.execute(_SERVES, {"cycle_id": cycle_id}):
        serves[provision_id].append(outcome_id)
    return tuple(
        ProvisionFacts(
            row.id, row.kind, row.name, row.minutes, row.times_a_week, row.group_size, row.staff_name or row.who,
            row.stopped_on, tuple(serves[row.id]),
        )
        for row in db.session.execute(_PROVISIONS, {"cycle_id": cycle_id})
    )  # fmt: skip


def parts_of(cycle_id: int) -> tuple[tuple[Responsible, str], ...]:
    """Who does what in a plan that was sent."""
    return tuple((row.who, row.text) for row in db.session.execute(_PARTS, {"cycle_id": cycle_id}))


def agreed_on(cycle_id: int) -> date | None:
    """When the plan was agreed."""
    return db.session.scalar(_AGREED, {"cycle_id": cycle_id})


def figures_of(pupil_id: int) -> dict[int, tuple[Figure, ...]]:
    """Figures by measure, oldest first, without what was corrected."""
    rows = db.session.execute(_FIGURES, {"pupil_id": pupil_id}).all()
    followed = {row.replaces_id for row in rows}
    found: dict[int, list[Figure]] = defaultdict(list)
    for row in rows:
        if row.id not in followed:
            censor: Censor | None = row.censor
            found[row.measure_id].append(Figure(row.taken_on, Value(row.value, censor), row.respondent))
    return {measure_id: tuple(figures) for measure_id, figures in found.items()}


def papers_shared(pupil_id: int) -> tuple[PaperFacts, ...]:
    """Papers marked for the family."""
    return tuple(PaperFacts(*row) for row in db.session.execute(_PAPERS, {"pupil_id": pupil_id}))


def paper_shared(document_id: int) -> PaperFacts:
    """One paper. It must be in scope (the guard has looked)."""
    return PaperFacts(*db.session.execute(_PAPER, {"paper_id": document_id}).one())


def requests_made(pupil_id: int) -> tuple[RequestFacts, ...]:
    """Requests that have left the school, the newest first."""
    return tuple(RequestFacts(*row) for row in db.session.execute(_REQUESTS, {"pupil_id": pupil_id}))


def senco_names() -> tuple[str, ...]:
    """Who to ask at school."""
    return tuple(db.session.scalars(_SENCO, {"day": today()}))
