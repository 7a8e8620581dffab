"""Pupils by a gap in evidence that takes months to close: the register's filter, for whoever builds packs.

Four kinds, because requests fail on them most often (domain §2.6) and none is mended in a day. They say what is
missing and nothing else: no number, no order of pupils, no word on what an authority would decide.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import select

from graduated.assess.models import View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.plan.models import Cycle, Outcome
from graduated.pupils.models import Need
from graduated.review.models import Review
from graduated.rules.readiness import months_old
from graduated.rules.vocabulary import CycleStatus, ReviewStatus, ViewMethod, ViewOf
from graduated.school.queries_authority import school_profile

GAPS: dict[str, str] = {
    "": "Any",
    "cycle": "No complete cycle yet",
    "baseline": "A measured outcome without a baseline",
    "parents": "No recent view of the parents",
    "need": "No primary need",
}
_AGREED = (CycleStatus.AGREED, CycleStatus.REVIEWED, CycleStatus.LEFT, CycleStatus.PLAN_ISSUED)
_COMPLETE = select(Cycle.pupil_id).where(Cycle.status == CycleStatus.REVIEWED).distinct()
_PRIMARY = select(Need.pupil_id).where(Need.ends.is_(None), Need.rank == 1).distinct()
_NO_BASELINE = (
    select(Outcome.pupil_id)
    .join(Cycle, Cycle.id == Outcome.cycle_id)
    .where(
        Cycle.status.in_(_AGREED),
        Outcome.dropped_on.is_(None),
        Outcome.measure_id.is_not(None),
        Outcome.baseline.is_(None),
    )
    .distinct()
)
_CORRECTED: Any = select(View.replaces_id).where(View.replaces_id.is_not(None))
_VIEWS = select(View.pupil_id, View.given_on).where(
    View.whose == ViewOf.PARENT, View.method != ViewMethod.ATTEMPTED, View.id.not_in(_CORRECTED)
)
_AT_REVIEWS = select(Review.pupil_id, Review.held_on, Review.parent_views).where(
    Review.held_on.is_not(None),
    Review.parent_views != "",
    (Review.status == ReviewStatus.SEALED) | Review.from_paper,
)


def without(gap: str) -> Callable[[int], bool]:
    """Whether a pupil has the gap; one or two queries for all pupils together, whatever their number."""
    if gap == "cycle":
        return _none_of(_COMPLETE)
    if gap == "need":
        return _none_of(_PRIMARY)
    if gap == "baseline":
        found = frozenset(db.session.scalars(_NO_BASELINE))
        return lambda pupil_id: pupil_id in found
    if gap == "parents":
        return _no_recent_view()
    return lambda pupil_id: True


def _none_of(statement: Any) -> Callable[[int], bool]:
    there = frozenset(db.session.scalars(statement))
    return lambda pupil_id: pupil_id not in there


def _no_recent_view() -> Callable[[int], bool]:
    """A view is recent by the months of the authority's profile, as on the page of gaps."""
    day, months = today(), school_profile().thresholds.views_months
    given: list[tuple[int, date]] = [(row.pupil_id, row.given_on) for row in db.session.execute(_VIEWS)]
    given += [(row.pupil_id, row.held_on) for row in db.session.execute(_AT_REVIEWS) if row.parent_views.strip()]
    recent = frozenset(pupil_id for pupil_id, on in given if months_old(on, day) < months)
    return lambda pupil_id: pupil_id not in recent
