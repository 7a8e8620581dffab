"""Which rate card a plan goes by: that of the day it was agreed, until somebody says that it goes by a newer one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.plan.details import PlanRefused
from graduated.plan.models import Provision, RateChange
from graduated.plan.services_draft import cycle_row
from graduated.rules.vocabulary import CycleStatus
from graduated.school.models import RateCard

_CARD = (
    select(RateCard)
    .where(RateCard.valid_from <= bindparam("day"))
    .order_by(RateCard.valid_from.desc(), RateCard.id.desc())
)
_PROVISIONS = select(Provision).where(Provision.cycle_id == bindparam("cycle_id")).order_by(Provision.id)


def put_on_rate_card(provisions: Iterable[Provision], day: date) -> None:
    """The card in force that day prices what has none yet, and is never edited after."""
    card = db.session.scalars(_CARD, {"day": day}).first()
    if card is None:
        return
    for provision in provisions:
        if provision.rate_card_id is None:
            provision.rate_card_id = card.id
            card.used = True


@writes("Plan put on newer rates")
def use_newer_rates(cycle_id: int, why: str) -> int:
    """All provision of a running plan goes by the card in force today, for its whole length. Gives the cycle's id.

    Each change is kept with the card before, the card after and the reason. Raises PlanRefused for a plan that does not
    run, or that goes by the newest card already.
    """
    cycle = cycle_row(cycle_id)
    if cycle.status is not CycleStatus.AGREED:
        raise PlanRefused("Only a plan that is agreed and runs can go by newer rates.")
    if not why.strip():
        raise PlanRefused("Say why the plan goes by newer rates.")
    card = db.session.scalars(_CARD, {"day": today()}).first()
    provisions = db.session.scalars(_PROVISIONS, {"cycle_id": cycle_id}).all()
    behind = [one for one in provisions if card is not None and one.rate_card_id != card.id]
    if card is None or not behind:
        raise PlanRefused("The plan goes by the newest rates already.")
    for one in behind:
        db.session.add(
            RateChange(
                pupil_id=cycle.pupil_id,
                cycle_id=cycle_id,
                provision_id=one.id,
                from_card_id=one.rate_card_id,
                to_card_id=card.id,
                on=today(),
                why=why.strip(),
            )
        )
        one.rate_card_id = card.id
    card.used = True
    return cycle_id
