"""Who met at a review, for the plan that may have been agreed in the same sitting."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.plan.forms_agree import Met, met_lookup
from graduated.review.models import Attendee, Review
from graduated.rules.vocabulary import ReviewStatus

_LAST = (
    select(Review.id, Review.held_on, Review.pupil_present)
    .where(
        Review.cycle_id == bindparam("cycle_id"),
        Review.status == ReviewStatus.SEALED,
        Review.from_paper.is_(False),
        Review.with_parent.is_(True),
        Review.held_on.is_not(None),
    )
    .order_by(Review.held_on.desc(), Review.id.desc())
    .limit(1)
)
_FAMILY = (
    select(Attendee.adult_id)
    .where(Attendee.review_id == bindparam("review_id"), Attendee.adult_id.is_not(None))
    .order_by(Attendee.id)
)


def met_at_review(cycle_id: int) -> Met | None:
    """The family who came to the last sealed review of a cycle, and its day; None when it was without a parent."""
    row = db.session.execute(_LAST, {"cycle_id": cycle_id}).first()
    if row is None:
        return None
    adults = db.session.scalars(_FAMILY, {"review_id": row.id}).all()
    return Met(row.held_on, tuple(one for one in adults if one is not None), row.pupil_present)


if met_at_review not in met_lookup:
    met_lookup.append(met_at_review)
