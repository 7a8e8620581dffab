"""Keeping rate cards: a new one, a new version from the last, and corrections until a plan was costed with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import flag_modified

from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.rules.vocabulary import RateOwner, Role
from graduated.school.models import Rate, RateCard

_CARD = select(RateCard).where(RateCard.id == bindparam("card_id"))
_RATES = select(Rate).where(Rate.rate_card_id == bindparam("card_id"))
_SAME_DAY = select(RateCard.id).where(RateCard.valid_from == bindparam("day"), RateCard.id != bindparam("card_id"))


class CardRefused(ValueError):
    """A rate card that cannot be kept so; `field` is what is at fault, the sentence says what to do instead."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class CardDetails:
    """What a card holds: pounds an hour with on-costs by role, to four places."""

    whose: RateOwner
    source: str
    valid_from: date
    weeks_a_year: int
    rates: Mapping[Role, Decimal]


@writes("Rate card added")
def add_rate_card(details: CardDetails) -> int:
    """Keep a new card. Plans that are agreed already stay on theirs. Raises CardRefused."""
    _check(details, 0)
    card = RateCard(
        whose=details.whose,
        source=details.source.strip(),
        valid_from=details.valid_from,
        weeks_a_year=details.weeks_a_year,
    )
    db.session.add(card)
    db.session.flush()
    _add_rates(card.id, details)
    return card.id


@writes("Rate card corrected")
def change_rate_card(card_id: int, details: CardDetails, version: int | None) -> int:
    """Correct a card that no plan goes by yet. Raises CardRefused, or Clash when somebody else saved it first."""
    card = db.session.scalars(_CARD, {"card_id": card_id}).one()
    if card.used:
        raise CardRefused("Plans were costed with this card, so it stays as it is. Start a new one from it.")
    check_version(card, version)
    _check(details, card_id)
    card.whose, card.source = details.whose, details.source.strip()
    card.valid_from, card.weeks_a_year = details.valid_from, details.weeks_a_year
    flag_modified(card, "source")  # its rates stand in rows of their own: the card has a new version all the same
    for row in db.session.scalars(_RATES, {"card_id": card_id}).all():
        db.session.delete(row)
    db.session.flush()
    _add_rates(card_id, details)
    return card_id


def _check(details: CardDetails, card_id: int) -> None:
    if not details.rates:
        raise CardRefused("Enter the hourly rate of at least one role.", "role_support")
    if db.session.scalar(_SAME_DAY, {"day": details.valid_from, "card_id": card_id}) is not None:
        raise CardRefused("Another card begins on that day. Give this one a later day.", "valid_from")


def _add_rates(card_id: int, details: CardDetails) -> None:
    for role, pounds in details.rates.items():
        db.session.add(Rate(rate_card_id=card_id, role=role, label=role.label, pounds_an_hour=pounds))
    db.session.flush()
