"""Arranging the meeting of an agreed plan's review: day, time and place, as often as they change."""

from __future__ import annotations

from datetime import datetime

from flask import Response, abort, request, url_for

from graduated.access import actions
from graduated.access.guards import guard
from graduated.db.clock import local
from graduated.db.writing import Clash
from graduated.plan.queries import cycle_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_interpreters import needs_of
from graduated.review.forms_meeting import MeetingForm, meeting_data
from graduated.review.services_meeting import arrange_meeting
from graduated.review.views import bp
from graduated.rules.interpreting import at_meeting
from graduated.web.filters import clock_time, weekday_date
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/cycles/<int:reviewed_cycle_id>/meeting", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def arrange(reviewed_cycle_id: int) -> Response:
    """When and where the family and the school meet; a diary that follows it moves the meeting by itself."""
    cycle = cycle_of(reviewed_cycle_id)
    if not cycle.is_agreed:
        abort(404)
    form = open_form(MeetingForm, meeting_data(cycle), version=cycle.version)
    theirs, status = "", 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                arrange_meeting(reviewed_cycle_id, form.moment(), form.place.data or "", form.sent_version)
            except Clash:
                cycle, status = cycle_of(reviewed_cycle_id), 409
                form.version.data = str(cycle.version)
                theirs = ", ".join(part for part in (_words(cycle.meeting_at), cycle.meeting_place) if part)
            else:
                return done("register.cycle", _told(form), cycle_id=reviewed_cycle_id)
    return page(
        "review/meeting.html",
        status=status,
        title="Arrange the meeting",
        head=pupil_head(cycle.pupil_id),
        needs=at_meeting(needs_of(cycle.pupil_id)),
        cycle=cycle,
        back=url_for("register.cycle", cycle_id=reviewed_cycle_id),
        form=form,
        theirs=theirs,
        is_clash=status == 409,
    )


def _words(at: datetime | None) -> str:
    return f"{weekday_date(local(at).date())}, {clock_time(at)}" if at else "no meeting"


def _told(form: MeetingForm) -> str:
    at = form.moment()
    return f"The meeting is arranged for {weekday_date(local(at).date())}." if at else "No meeting is arranged now."
