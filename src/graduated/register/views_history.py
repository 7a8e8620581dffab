"""The story of a pupil as a page, to read and to print."""

from __future__ import annotations

from flask import Response

from graduated.access.actions import PLAN_READ, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.register.history_page import history_of
from graduated.register.views import bp
from graduated.web.page import page


@bp.get("/pupils/<int:pupil_id>/history")
@guard(PLAN_READ)
def history(pupil_id: int) -> Response:
    """Cycles, reviews, outcomes and measures from the first day to this one."""
    head = pupil_head(pupil_id)
    return page(
        "register/history.html",
        title="History",
        head=head,
        tabs=tabs_of(pupil_id, "register.cycles"),
        view=history_of(head, today(), with_reviews=may(REVIEW_READ)),
        reads_reviews=may(REVIEW_READ),
    )
