"""Rate cards: the list, a new version from the last, and one card to read or, until it is used, to correct."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.school import services_rates as services
from graduated.school.forms_rates import RateCardForm, card_data, published_data
from graduated.school.panels import offer_link
from graduated.school.queries_authority import school_profile
from graduated.school.queries_rates import RateCardRow, card_in_force, rate_cards
from graduated.school.views import bp
from graduated.web.filters import long_date
from graduated.web.forms import open_form
from graduated.web.page import done, page

offer_link(5, "Rate cards, for what provision costs", "school.rates")


@bp.get("/school/rates")
@guard(SCHOOL_READ)
def rates() -> Response:
    """Every card, the newest first, with the one that a plan agreed today would go by."""
    cards = rate_cards()
    return page(
        "school/rates.html",
        title="Rate cards",
        cards=tuple(reversed(cards)),
        now=card_in_force(cards, today()),
        can_edit=may(SCHOOL_WRITE),
    )


@bp.route("/school/rates/new", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add_rate_card() -> Response:
    """Enter a card; it begins as a copy of the last, or with the rates that the authority has published."""
    cards = rate_cards()
    last = cards[-1] if cards else None
    published = school_profile().rate_card if request.args.get("from") == "authority" else None
    form = open_form(RateCardForm, dict(published_data(published) if published else card_data(last, anew=True)))
    heading = "A new version of the rates" if last else "The first rate card"
    if not form.is_submitted():
        return _form_page(form, heading)
    if form.validate():
        try:
            services.add_rate_card(form.details())
        except services.CardRefused as refused:
            form.blame(str(refused), refused.field)
        else:
            return done("school.rates", "Rate card added. Plans agreed from its day on go by it.")
    return _form_page(form, heading, 422)


@bp.route("/school/rates/<int:rate_card_id>", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def edit_rate_card(rate_card_id: int) -> Response:
    """Correct a card that no plan goes by yet."""
    row = _row(rate_card_id)
    if row.used:
        return done("school.rates", "Plans were costed with that card, so it stays as it is. Start a new version.")
    form = open_form(RateCardForm, dict(card_data(row)), version=row.version)
    heading = f"Rates from {long_date(row.valid_from)}"
    if not form.is_submitted():
        return _form_page(form, heading)
    if form.validate():
        try:
            services.change_rate_card(rate_card_id, form.details(), form.sent_version)
        except services.CardRefused as refused:
            form.blame(str(refused), refused.field)
        except Clash:
            theirs = _row(rate_card_id)
            form.version.process_data(str(theirs.version))
            return _form_page(form, heading, 409, theirs)
        else:
            return done("school.rates", "Rate card saved.")
    return _form_page(form, heading, 422)


def _row(card_id: int) -> RateCardRow:
    return next(card for card in rate_cards() if card.card_id == card_id)


def _form_page(form: RateCardForm, heading: str, status: int = 200, theirs: RateCardRow | None = None) -> Response:
    return page("school/rate_card.html", None, status, title=heading, heading=heading, form=form, theirs=theirs)
