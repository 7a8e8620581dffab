"""Putting a running plan on newer rates: an act of its own, asked for, explained and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, flash, request
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from graduated.access.actions import COST_WRITE
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.plan import services_rates as services
from graduated.plan.details import PlanRefused
from graduated.plan.queries import plan_of
from graduated.plan.views import bp, form_page
from graduated.pupils.forms import strip
from graduated.school.queries_rates import RateCardRow, card_in_force, rate_cards
from graduated.web.forms import Form, open_form
from graduated.web.page import done


class NewerRatesForm(Form):
    """Why a plan goes by newer rates."""

    why = TextAreaField(
        "Why",
        [InputRequired("Say why the plan goes by newer rates"), Length(max=2000)],
        filters=[strip],
        description="Kept with the day, your name, and both cards",
    )


@dataclass(frozen=True, slots=True)
class RateThenNow:
    """One role's rate on the plan's card and on the newer one; "none" where a card has none."""

    role: str
    then: str
    now: str


@bp.route("/cycles/<int:cycle_id>/newer-rates", methods=["GET", "POST"])
@guard(COST_WRITE)
def newer_rates(cycle_id: int) -> Response:
    """Cost all provision of a running plan by the card in force today."""
    form = open_form(NewerRatesForm)
    cards = rate_cards()
    newest = card_in_force(cards, today())
    used = {one.rate_card_id for one in plan_of(cycle_id).provisions}
    old = tuple(card for card in cards if card.card_id in used and card != newest)
    context: dict[str, Any] = {"old": old, "newest": newest, "rates": _rates(old, newest)}
    if request.method == "GET" or not form.validate():
        return form_page("newer_rates", form, cycle_id, "Use the newer rates", **context)
    try:
        services.use_newer_rates(cycle_id, form.why.data or "")
    except PlanRefused as refused:
        flash(str(refused), "warning")
        return done("register.cycle", cycle_id=cycle_id)
    return done("register.cycle", "The plan goes by the newer rates. Old and new are kept.", cycle_id=cycle_id)


def _rates(old: tuple[RateCardRow, ...], newest: RateCardRow | None) -> tuple[RateThenNow, ...]:
    if newest is None:
        return ()
    roles = [one.role for one in newest.rates]
    roles += [one.role for card in old for one in card.rates if one.role not in roles]
    return tuple(RateThenNow(role.label, _words([*old], role), _words([newest], role)) for role in dict.fromkeys(roles))


def _words(cards: list[RateCardRow], role: object) -> str:
    found = [f"£{one.pounds_an_hour:.4f}" for card in cards for one in card.rates if one.role is role]
    return ", ".join(found) or "none"
