"""Which records came in or were corrected after somebody signed: what a pack prints, and nobody saved words about.

Sessions and weekly ticks are not counted: they come in every week, and a signature would never hold. Nor are papers: a
count must not tell of one that is kept from who reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.assess.models import Advice, Concern, Involvement, Measurement, Observation, View
from graduated.assess.queries_restricted import closed_entries
from graduated.db.session import db
from graduated.pupils.models import (
    Attendance,
    Health,
    HealthStruck,
    Need,
    PartTime,
    Profile,
    Suspension,
    SuspensionStruck,
)
from graduated.request.models import Consent
from graduated.review.models import Addendum, Review

_ADDED: tuple[Any, ...] = (
    Measurement, View, Observation, Involvement, Advice, Concern, Attendance, PartTime, Suspension, Health, Need,
    Profile, Consent, Review, Addendum,
)  # fmt: skip
_STRUCK: tuple[Any, ...] = (HealthStruck, SuspensionStruck)
_SINCE = {
    model: select(
        model.id, model.recorded_at, *((model.replaces_id,) if "replaces_id" in model.__mapper__.column_attrs else ())
    ).where(model.pupil_id == bindparam("pupil_id"), model.recorded_at > bindparam("since"))
    for model in (*_ADDED, *_STRUCK)
}


@dataclass(frozen=True, slots=True)
class Entered:
    """One record that came in: when, and whether it puts another right."""

    at: datetime
    corrects: bool


def entered_since(pupil_id: int, since: datetime) -> tuple[Entered, ...]:
    """What came onto a pupil's record after a moment, in sight of whoever reads; in a constant number of queries."""
    closed = closed_entries(pupil_id)
    return tuple(
        Entered(row[1], model in _STRUCK or (len(row) > 2 and row[2] is not None))
        for model, statement in _SINCE.items()
        for row in db.session.execute(statement, {"pupil_id": pupil_id, "since": since})
        if (model.__tablename__, row[0]) not in closed
    )
