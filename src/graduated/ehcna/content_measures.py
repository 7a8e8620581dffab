"""Figures over time in the pack: the pictures that the pupil's own page shows, with what the rules say of them."""

from __future__ import annotations

from graduated.ehcna.records import Records
from graduated.pack.measured import MeasureSeries
from graduated.plan.pictures import Around, followed, series_key
from graduated.school.queries import bank_holidays, terms

__all__ = ["all_series", "series_key"]


def all_series(records: Records) -> tuple[MeasureSeries, ...]:
    """Every measure by every respondent, never mixed in one line (domain §6)."""
    around = Around(
        plans=tuple(records.evidence_plans),
        reviews=tuple(review.held_on for review in records.reviews if review.held_on),
        terms=terms(),
        holidays=bank_holidays(),
        to=records.on,
        born=records.head.born_on,
    )
    return tuple(one.picture for one in followed(records.series, around))
