"""Checking what a review will do, and sealing it."""

from __future__ import annotations

from flask import Response, request

from graduated.access import actions
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.writing import Clash
from graduated.plan.details import PlanRefused
from graduated.request.rights import rights
from graduated.review import services
from graduated.review.errors import ReviewRefused
from graduated.review.forms import SealForm
from graduated.review.gathered import said_when
from graduated.review.queries import review_of
from graduated.review.queries_met import met_at_review
from graduated.review.sitting import table_of
from graduated.review.telling import what_follows
from graduated.review.views import bp
from graduated.web.forms import open_form
from graduated.web.page import done, page

__all__ = ["met_at_review"]


@bp.route("/reviews/<int:review_id>/seal", methods=["GET", "POST"])
@guard(actions.REVIEW_SEAL)
def seal(review_id: int) -> Response:
    """All consequences in words, and the one button that makes them so."""
    record = review_of(review_id)
    form = open_form(SealForm, version=record.version)
    refused = ""
    if request.method == "POST" and form.validate():
        try:
            services.seal_review(review_id, form.sent_version)
            return done("review.read", "The review is sealed. What follows from it is done.", review_id=review_id)
        except Clash:
            refused = "Somebody changed the review since this page was opened. Read what follows below again."
        except (ReviewRefused, PlanRefused) as error:
            refused = str(error)
        except ValueError as error:  # the register's own refusals are sentences too
            refused = str(error)
        record = review_of(review_id)
        form.version.data = str(record.version)
    table = table_of(record)
    step = table.decision.step
    return page(
        "review/seal.html",
        status=409 if refused else 200,
        title="Check and seal",
        table=table,
        record=record,
        when=said_when(record),
        head=table.head,
        form=form,
        refused=refused,
        missing=table.missing,
        follows=what_follows(table, rights().asked_whom) if not table.missing else [],
        step_label=step.label_for(table.head.status.value) if step else "",
        signer=require_actor().name,
        is_sealed=record.sealed,
    )
