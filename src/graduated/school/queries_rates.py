"""Rate cards as others read them: hourly rates with on-costs by staff role, and the card in force on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from graduated.access.guards import finder
from graduated.access.once import read_once
from graduated.access.policy import Subject
from graduated.db.session import db
from graduated.rules.costing import annual_cost
from graduated.rules.vocabulary import RateOwner, Role
from graduated.school.models import Rate, RateCard
from graduated.web.filters import long_date


@dataclass(frozen=True, slots=True)
class HourlyRate:
    """Pounds an hour with on-costs for one staff role; `label` is what the school calls the post."""

    role: Role
    label: str
    pounds_an_hour: Decimal

    @property
    def words(self) -> str:
        """As it is printed: "£17.2368 an hour"."""
        return f"£{self.pounds_an_hour:.4f} an hour"


def card_name(source: str, valid_from: date) -> str:
    """What a rate card is called: "School payroll, from 1 September 2026"."""
    return f"{source}, from {long_date(valid_from)}"


@dataclass(frozen=True, slots=True)
class RateCardRow:
    """One card: whose rates, from which day, and how many weeks its year has. A used card is never edited."""

    card_id: int
    whose: RateOwner
    source: str
    valid_from: date
    weeks_a_year: int
    used: bool
    rates: tuple[HourlyRate, ...]
    version: int
    brought_from: str = ""

    @property
    def in_words(self) -> str:
        """Every rate in a line."""
        return ", ".join(f"{one.role.label} {one.words}" for one in self.rates)

    def a_year_of(self, rate: HourlyRate) -> str:
        """What an hour a week costs for a school year, the figure that costing guides give (domain §2.4)."""
        return annual_cost(60, self.weeks_a_year, rate.pounds_an_hour).pounds

    @property
    def name(self) -> str:
        """Whose rates they are and from when: what is printed beside a figure."""
        return card_name(self.source, self.valid_from)

    def rate_for(self, role: Role | None) -> HourlyRate | None:
        """The rate of a role; none for a role that the card does not price."""
        return next((one for one in self.rates if one.role is role), None)


_CARDS = (
    select(
        RateCard.id, RateCard.whose, RateCard.source, RateCard.valid_from, RateCard.weeks_a_year, RateCard.used,
        RateCard.version, RateCard.brought_from, Rate.role, Rate.label, Rate.pounds_an_hour,
    )
    .outerjoin(Rate, Rate.rate_card_id == RateCard.id)
    .order_by(RateCard.valid_from, RateCard.id, Rate.id)
)  # fmt: skip
"""A line for each rate, and one for a card without any."""


@read_once
def rate_cards() -> tuple[RateCardRow, ...]:
    """Every card, the oldest first."""
    lines: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_CARDS):
        lines[row.id].append(row)
    return tuple(
        RateCardRow(
            card_id=card.id,
            whose=card.whose,
            source=card.source,
            valid_from=card.valid_from,
            weeks_a_year=card.weeks_a_year,
            used=card.used,
            rates=tuple(
                HourlyRate(one.role, one.label or one.role.label, one.pounds_an_hour)
                for one in lines[card.id]
                if one.role is not None
            ),
            version=card.version,
            brought_from=card.brought_from,
        )
        for card, *_more in lines.values()
    )


def card_in_force(cards: Sequence[RateCardRow], day: date) -> RateCardRow | None:
    """The newest card of the school that is valid on a day; none before the first one.

    One that came with another school's record is for that record's plans alone.
    """
    return next((card for card in reversed(cards) if card.valid_from <= day and not card.brought_from), None)


@finder("rate_card")
def find_rate_card(rate_card_id: int) -> Subject | None:
    """A rate card of this school."""
    found = db.session.scalar(select(RateCard.id).where(RateCard.id == rate_card_id))
    return Subject() if found is not None else None
