"""One's own calendar address: made and shown once, replaced, withdrawn."""

from __future__ import annotations

from flask import Response, request, url_for

from graduated.access.actions import REVIEW_READ
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.people import services_feeds as services
from graduated.people.queries_feeds import made_at
from graduated.people.sign_in import hash_token
from graduated.people.tokens import new_token
from graduated.people.views import bp
from graduated.web.page import done, page


@bp.route("/account/calendar", methods=["GET", "POST"])
@guard(REVIEW_READ)
def calendar_address() -> Response:
    """Have an address for one's own calendar; the answer to making one is the only page that ever shows it."""
    address = ""
    if request.method == "POST":
        token = new_token(require_actor().school_id)
        services.make_address(hash_token(token))
        address = url_for("review.feed", token=token, _external=True)
    return page("people/calendar.html", title="Meetings in your own calendar", address=address, made_at=made_at())


@bp.post("/account/calendar/withdraw")
@guard(REVIEW_READ)
def withdraw_calendar() -> Response:
    """The address works no more."""
    services.withdraw_address()
    return done("people.calendar_address", "The address no longer works.")
