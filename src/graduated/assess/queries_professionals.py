"""Reading professionals across the school: who waits for whom, advice that nobody acted on, reports that grow old."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.assess.models import Advice, AdviceAction, Involvement
from graduated.assess.rows import InvolvementRow
from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Document, Pupil
from graduated.pupils.queries import name_of
from graduated.rules.professionals import Dates, ReportAge, Wait, WaitFor, report_age, wait_of
from graduated.rules.readiness_evidence import ReportDate, Thresholds
from graduated.rules.vocabulary import AdviceStatus, DocumentKind, YearGroup
from graduated.school.queries_authority import school_profile


@dataclass(frozen=True, slots=True)
class OpenAdvice:
    """A recommendation that nobody has acted on, planned or answered."""

    advice_id: int
    involvement_id: int
    pupil_id: int
    pupil_name: str
    service: str
    recommendation: str
    given_on: date


@dataclass(frozen=True, slots=True)
class ProfessionalRow:
    """One involvement in the school's list. `age` is of the newest report of its service; none for an older one."""

    involvement_id: int
    pupil_id: int
    pupil_name: str
    year_group: YearGroup
    registration_group: str
    service: str
    person: str
    wait: Wait
    reported_on: date | None
    age: ReportAge | None
    advice: tuple[OpenAdvice, ...]

    @property
    def is_waiting(self) -> bool:
        """Whether a referral, a visit or a report is still to come."""
        return self.wait.what is not WaitFor.NOTHING

    @property
    def is_old(self) -> bool:
        """Whether the newest report of the service has reached a limit of the authority."""
        return self.age is not None and self.age.is_old

    @property
    def needs_something(self) -> bool:
        """Whether there is anything to do about it."""
        return self.is_waiting or self.is_old or bool(self.advice)


_ON_ROLL = or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day"))
_ALL = (
    select(
        Involvement.id, Involvement.pupil_id, Involvement.service, Involvement.person, Involvement.refer_by,
        Involvement.referred_on, Involvement.seen_on, Involvement.reported_on, Involvement.closed_on,
        Document.kind.label("document_kind"), Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as,
        Pupil.known_surname, Pupil.year_group, Pupil.registration_group,
    )
    .join(Pupil, Pupil.id == Involvement.pupil_id)
    .outerjoin(Document, Document.id == Involvement.document_id)
    .where(_ON_ROLL)
    .order_by(Involvement.service, Pupil.legal_surname, Pupil.legal_forename, Involvement.id)
)  # fmt: skip
_ADVICE = (
    select(
        Advice.id, Advice.involvement_id, Advice.pupil_id, Advice.recommendation, Advice.given_on, Advice.replaces_id,
        Involvement.service, AdviceAction.status, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as,
        Pupil.known_surname,
    )
    .join(Involvement, Involvement.id == Advice.involvement_id)
    .join(Pupil, Pupil.id == Advice.pupil_id)
    .outerjoin(AdviceAction, AdviceAction.advice_id == Advice.id)
    .where(_ON_ROLL)
    .order_by(Advice.given_on, Advice.id, AdviceAction.id)
)  # fmt: skip


def limits_of_reports() -> Thresholds:
    """The ages that the school's authority sets."""
    return school_profile().thresholds


def age_of(row: InvolvementRow, limits: Thresholds) -> ReportAge | None:
    """How old the report of an involvement is; none before there is one."""
    return report_age(ReportDate(row.reported_on, row.is_diagnosis), today(), limits) if row.reported_on else None


def professionals() -> tuple[ProfessionalRow, ...]:
    """Every involvement with pupils on roll in one's own reach, by service and pupil; always three queries."""
    day, limits = today(), limits_of_reports()
    rows = db.session.execute(_ALL, {"day": day}).all()
    advice: dict[int, list[OpenAdvice]] = defaultdict(list)
    for one in open_advice():
        advice[one.involvement_id].append(one)
    newest: dict[tuple[int, str], date] = {}
    for row in rows:
        if row.reported_on:
            key = (row.pupil_id, row.service.casefold())
            newest[key] = max(newest.get(key, row.reported_on), row.reported_on)
    return tuple(_row(row, advice, limits, day, newest) for row in rows)


def _row(row: Any, advice: Any, limits: Thresholds, day: date, newest: dict[tuple[int, str], date]) -> ProfessionalRow:
    dates = Dates(row.refer_by, row.referred_on, row.seen_on, row.reported_on, row.closed_on)
    is_newest = row.reported_on and newest[row.pupil_id, row.service.casefold()] == row.reported_on
    report = ReportDate(row.reported_on, row.document_kind is DocumentKind.DIAGNOSIS) if is_newest else None
    return ProfessionalRow(
        involvement_id=row.id,
        pupil_id=row.pupil_id,
        pupil_name=name_of(row),
        year_group=row.year_group,
        registration_group=row.registration_group,
        service=row.service,
        person=row.person,
        wait=wait_of(dates, day),
        reported_on=row.reported_on,
        age=report_age(report, day, limits) if report else None,
        advice=tuple(advice.get(row.id, ())),
    )


def open_advice() -> tuple[OpenAdvice, ...]:
    """Recommendations for pupils on roll in one's own reach that nobody has acted on, the oldest first.

    The newest word on a recommendation counts, and one that was corrected is passed over.
    """
    newest: dict[int, Any] = {}
    replaced = set()
    for row in db.session.execute(_ADVICE, {"day": today()}):
        newest[row.id] = row
        replaced.add(row.replaces_id)
    return tuple(
        OpenAdvice(
            row.id, row.involvement_id, row.pupil_id, name_of(row), row.service, row.recommendation, row.given_on
        )
        for row in newest.values()
        if row.id not in replaced and row.status in (None, AdviceStatus.OPEN)
    )
