"""A review that was sealed while somebody was typing: they are told, and find their words under the record."""

from __future__ import annotations

from flask import Response, flash, request, url_for
from werkzeug.exceptions import Forbidden

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.identity import current_actor
from graduated.access.policy import Area
from graduated.review import typed
from graduated.review.queries import find_review, review_of
from graduated.review.views import bp
from graduated.web.errors import keep_words, on_http
from graduated.web.page import done, go_to, page


@bp.post("/reviews/<int:review_id>/typed")
@guard(actions.REVIEW_READ)
def discard_typed(review_id: int) -> Response:
    """Throw away one's own words that came too late for the seal."""
    typed.throw_away(review_id)
    return done("review.read", "What you had typed is thrown away.", review_id=review_id)


@bp.errorhandler(Forbidden)
def sealed_meanwhile(refusal: Forbidden) -> Response:
    """Who was writing when somebody else sealed is led to the record, with their words; everybody else is refused."""
    review_id = (request.view_args or {}).get("review_id")
    if request.method != "POST" or current_actor() is None or not isinstance(review_id, int):
        return on_http(refusal)
    subject = find_review(review_id)
    if subject is None or subject.area is not Area.REVIEW_SEALED or not may(actions.REVIEW_READ, subject):
        return on_http(refusal)
    if request.endpoint == "review.others":  # the page asks by itself, and need not ask again
        return page("review/_sealed_meanwhile.html", seal=review_of(review_id).seal)
    if request.endpoint != "review.edit" or not keep_words():
        return on_http(refusal)
    seal = review_of(review_id).seal
    flash(
        f"{seal.signer_name if seal else 'Somebody else'} sealed the review while you were writing. "
        "What you had typed is not in it: it stands below, for you alone.",
        "warning",
    )
    return go_to(url_for("review.read", review_id=review_id))
