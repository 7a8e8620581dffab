"""Which days a review counts provision to: one rule for the sitting, the last look before the seal, and the record."""

from __future__ import annotations

from datetime import date

from graduated.db.clock import today
from graduated.do.queries import AtReview
from graduated.review.rows import ReviewRecord
from graduated.rules.vocabulary import ProvisionVerdict


def counted_to(record: ReviewRecord) -> date:
    """The day on which the review was held, today while none is entered; never a day to come."""
    return min(record.held_on or today(), today())


def seen_by(record: ReviewRecord) -> AtReview | None:
    """The cycle as this review closes it, whether it was held before or after it was due; None when it goes on.

    An interim review closes nothing: there the plan counts to its own end.
    """
    if record.interim:
        return None
    going_on = (one.provision_id for one in record.verdicts if one.verdict is ProvisionVerdict.CONTINUE)
    return AtReview(record.cycle_id, counted_to(record), frozenset(going_on))
