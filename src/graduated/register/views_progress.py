"""A pupil's progress as a page."""

from __future__ import annotations

from flask import Response

from graduated.access.actions import ASSESS_CONTRIBUTE, ASSESS_READ, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import tabs_of
from graduated.register.progress_page import progress_page
from graduated.register.views import bp
from graduated.web.page import page


@bp.get("/pupils/<int:pupil_id>/progress")
@guard(ASSESS_READ)
def progress(pupil_id: int) -> Response:
    """Each measure with its picture, and how far each outcome has come."""
    return page(
        "register/progress.html",
        title="Progress",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id, "assess.measures"),
        view=progress_page(pupil_id, today(), with_reviews=may(REVIEW_READ)),
        can_add=may(ASSESS_CONTRIBUTE),
    )
