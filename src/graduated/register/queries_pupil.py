"""Reading across a pupil's record for the overview: cycles, the outcomes of one, who was involved, what was changed.

Each is one statement, so that the page asks the same few questions however long the pupil's story is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.assess.models import Involvement
from graduated.assess.queries import SCALE, Scale, scale_of
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle, Outcome, ProvisionOutcome, Strategy
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.rules.vocabulary import CycleOrigin, CycleStatus, NeedArea, SenStatus, StatusSource, YearGroup
from graduated.school.models import Measure


@dataclass(frozen=True, slots=True)
class CycleLine:
    """One cycle as the overview and the table of cycles need it."""

    cycle_id: int
    number: int
    status: CycleStatus
    origin: CycleOrigin
    starts: date
    ends: date | None
    review_due: date | None
    sent_on: date | None
    agreed_on: date | None
    meeting_at: datetime | None
    meeting_place: str
    lead_id: int | None
    lead_name: str
    recorded_at: datetime

    @property
    def is_paper(self) -> bool:
        """Whether it was typed in later from paper."""
        return self.origin is CycleOrigin.PAPER


@dataclass(frozen=True, slots=True)
class OutcomeLine:
    """One outcome of a cycle, its measure if it has one, and the provisions that serve it."""

    outcome_id: int
    area: NeedArea
    statement: str
    success: str
    scale: Scale | None
    baseline: Decimal | None
    baseline_on: date | None
    target: Decimal | None
    maintain: bool
    tolerance: Decimal | None
    by_when: date | None
    served_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ToTell:
    """A change of SEN status that the school's information system does not know yet."""

    spell_id: int
    pupil_id: int
    name: str
    year_group: YearGroup
    upn: str
    status: SenStatus
    starts: date
    source: StatusSource
    reason: str


_CYCLES: Any = (
    select(
        Cycle.id,
        Cycle.number,
        Cycle.status,
        Cycle.origin,
        Cycle.starts,
        Cycle.ends,
        Cycle.review_due,
        Cycle.sent_on,
        Cycle.agreed_on,
        Cycle.meeting_at,
        Cycle.meeting_place,
        Cycle.lead_id,
        func.coalesce(User.name, ""),
        Cycle.recorded_at,
    )
    .outerjoin(User, User.id == Cycle.lead_id)
    .where(Cycle.pupil_id == bindparam("pupil_id"))
    .order_by(Cycle.starts, Cycle.number)
)
_ASSEMBLED = ("outcome_id", "scale", "served_by")
_OUTCOMES: Any = (
    select(
        Outcome.id,
        Outcome.area,
        Outcome.statement,
        Outcome.success,
        Outcome.baseline,
        Outcome.baseline_on,
        Outcome.target,
        Outcome.maintain,
        Outcome.tolerance,
        Outcome.by_when,
        ProvisionOutcome.provision_id,
        *SCALE,
    )
    .outerjoin(Measure, Measure.id == Outcome.measure_id)
    .outerjoin(ProvisionOutcome, ProvisionOutcome.outcome_id == Outcome.id)
    .where(Outcome.cycle_id == bindparam("cycle_id"), Outcome.dropped_on.is_(None))
    .order_by(Outcome.position, Outcome.id, ProvisionOutcome.provision_id)
)
_STRATEGIES = (
    select(Strategy.text).where(Strategy.cycle_id == bindparam("cycle_id")).order_by(Strategy.position, Strategy.id)
)
_AGENCIES = (
    select(Involvement.service, Involvement.referred_on, Involvement.seen_on, Involvement.reported_on)
    .where(Involvement.pupil_id == bindparam("pupil_id"))
    .order_by(Involvement.id)
)
_TO_TELL = (
    select(
        SenStatusSpell.id,
        Pupil.id.label("pupil_id"),
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
        Pupil.upn,
        SenStatusSpell.status,
        SenStatusSpell.starts,
        SenStatusSpell.source,
        SenStatusSpell.reason,
    )
    .join(Pupil, Pupil.id == SenStatusSpell.pupil_id)
    .where(SenStatusSpell.told_mis.is_(False), SenStatusSpell.ends.is_(None))
    .order_by(SenStatusSpell.starts, SenStatusSpell.id)
)


def cycle_lines(pupil_id: int) -> list[CycleLine]:
    """Every cycle of a pupil in sight, in the order in which they began."""
    return [CycleLine(*row) for row in db.session.execute(_CYCLES, {"pupil_id": pupil_id})]


def outcome_lines(cycle_id: int) -> list[OutcomeLine]:
    """The outcomes of one cycle that stand, each with its measure and the provisions that serve it."""
    found: dict[int, OutcomeLine] = {}
    for row in db.session.execute(_OUTCOMES, {"cycle_id": cycle_id}):
        values = row._mapping
        earlier = found[row.id].served_by if row.id in found else ()
        served_by = (*earlier, row.provision_id) if row.provision_id is not None else earlier
        plain = {name: values[name] for name in OutcomeLine.__slots__ if name not in _ASSEMBLED}
        found[row.id] = OutcomeLine(outcome_id=row.id, scale=scale_of(row), served_by=served_by, **plain)
    return list(found.values())


def strategies_of(cycle_id: int) -> tuple[str, ...]:
    """What adults do in lessons, as the plan of a cycle has it."""
    return tuple(db.session.scalars(_STRATEGIES, {"cycle_id": cycle_id}))


def agencies_of(pupil_id: int) -> list[tuple[date, str]]:
    """Each service with the day that counts for it and what happened then: seen, reported, or asked."""
    found = []
    for service, referred_on, seen_on, reported_on in db.session.execute(_AGENCIES, {"pupil_id": pupil_id}):
        ways = ((seen_on, "seen"), (reported_on, "reported"), (referred_on, "asked"))
        told = next(((on, f"{service} {what}") for on, what in ways if on is not None), None)
        if told is not None:
            found.append(told)
    return sorted(found)


def to_tell_mis() -> list[ToTell]:
    """What to change in the school's information system: status changes in force that it does not know."""
    return [
        ToTell(
            spell_id=row.id,
            pupil_id=row.pupil_id,
            name=name_of(row),
            year_group=row.year_group,
            upn=row.upn or "",
            status=row.status,
            starts=row.starts,
            source=row.source,
            reason=row.reason,
        )
        for row in db.session.execute(_TO_TELL)
    ]
