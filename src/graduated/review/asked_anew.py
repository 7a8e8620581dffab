"""Each review is asked for by itself.

Once a review of a cycle is sealed, an interim one too, what was asked and written for it is past: for the next review
of that cycle nobody was asked and nothing has come (design §5).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select

from graduated.review.models import Review, Seal


def for_the_next(cycle_id: Any, recorded_at: Any) -> ColumnElement[bool]:
    """Whether what was recorded at a moment is for the review of a cycle that is still to be sealed; of two columns."""
    sealed_since = (
        select(Seal.id)
        .join(Review, Review.id == Seal.review_id)
        .where(Review.cycle_id == cycle_id, Seal.sealed_at >= recorded_at)
    )
    return ~sealed_since.exists()
