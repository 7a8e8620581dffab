"""Open reviews and what each still needs before its seal, many at once: a fixed number of queries for any number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.db.session import db
from graduated.plan.models import Cycle
from graduated.plan.queries import plans_by_id
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.review.deciding import Decision
from graduated.review.models import Review
from graduated.review.queries import open_records
from graduated.review.sitting import Decided
from graduated.rules.vocabulary import SenStatus

_THESE: Any = bindparam("review_ids", expanding=True)
_PUPILS: Any = bindparam("pupil_ids", expanding=True)
_DECISIONS = select(Review.id, Review.decision).where(Review.id.in_(_THESE))
_NUMBERS = select(Cycle.pupil_id, func.max(Cycle.number)).where(Cycle.pupil_id.in_(_PUPILS)).group_by(Cycle.pupil_id)
_WHOSE = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        SenStatusSpell.status,
    )
    .outerjoin(SenStatusSpell, (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None))
    .where(Pupil.id.in_(_PUPILS))
)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """Whose review it is."""

    name: str
    first_name: str
    status: SenStatus


def decided_reviews() -> tuple[Decided, ...]:
    """Every open review in sight with all that its seal asks for, by the pupils' names."""
    records = open_records()
    if not records:
        return ()
    pupil_ids = {"pupil_ids": sorted({one.pupil_id for one in records})}
    decisions = dict(_pairs(_DECISIONS, {"review_ids": [one.review_id for one in records]}))
    numbers = dict(_pairs(_NUMBERS, pupil_ids))
    plans = {one.cycle.cycle_id: one for one in plans_by_id([one.cycle_id for one in records])}
    whose = {row.id: _reviewed(row) for row in db.session.execute(_WHOSE, pupil_ids)}
    found = [
        Decided(
            record=one,
            decision=Decision.read(decisions.get(one.review_id) or {}),
            head=whose[one.pupil_id],
            plan=plans[one.cycle_id],
            next_number=numbers[one.pupil_id] + 1,
        )
        for one in records
    ]
    return tuple(sorted(found, key=lambda one: (one.head.name, one.record.review_id)))


def _pairs(statement: Any, given: dict[str, Any]) -> Sequence[tuple[int, Any]]:
    return [(row[0], row[1]) for row in db.session.execute(statement, given)]


def _reviewed(row: Any) -> Reviewed:
    return Reviewed(name_of(row), row.known_as or row.legal_forename, row.status or SenStatus.NONE)


_NAMES = (
    select(
        Review.id,
        Review.pupil_id,
        Cycle.lead_id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
    )
    .join(Pupil, Pupil.id == Review.pupil_id)
    .join(Cycle, Cycle.id == Review.cycle_id)
    .where(Review.id.in_(_THESE))
)


@dataclass(frozen=True, slots=True)
class Named:
    """A review by the pupil's name, open or sealed, and of whom the access table is asked."""

    review_id: int
    name: str
    pupil_id: int
    lead_id: int | None


def named_reviews(review_ids: Sequence[int]) -> dict[int, Named]:
    """Reviews by id, as far as they are in sight."""
    return {
        row.id: Named(
            row.id,
            name_of(row),
            row.pupil_id,
            row.lead_id,
        )
        for row in db.session.execute(_NAMES, {"review_ids": list(review_ids)})
    }
