"""The calendar of the term, and a meeting as a file for a diary."""

from __future__ import annotations

from flask import Response, abort, make_response

from graduated.access import actions
from graduated.access.guards import guard
from graduated.db.clock import now
from graduated.review.links import link
from graduated.review.meeting_file import MEDIA_TYPE, DiaryEntry, calendar_bytes
from graduated.review.queries_meetings import Meeting, diary_key, meeting_of
from graduated.review.views import bp
from graduated.web.headers import attach_as


def staff_entry(meeting: Meeting, key: str) -> DiaryEntry:
    """A meeting in a member of staff's diary: the year and the room, no child; the link needs sign-in."""
    return DiaryEntry(
        key=key,
        at=meeting.at,
        title=f"SEN review meeting, {meeting.year_group.label}",
        place=meeting.place,
        sequence=meeting.version,
        href=link("register.cycle", cycle_id=meeting.cycle_id, _external=True),
    )


@bp.get("/cycles/<int:reviewed_cycle_id>/meeting.ics")
@guard(actions.REVIEW_READ)
def meeting_file(reviewed_cycle_id: int) -> Response:
    """The meeting of a cycle for a member of staff's diary."""
    meeting = meeting_of(reviewed_cycle_id)
    if meeting is None:
        abort(404)
    body = calendar_bytes([staff_entry(meeting, diary_key(meeting.cycle_id))], now())
    response = make_response(body, 200, {"Content-Type": MEDIA_TYPE})
    attach_as(response, "review-meeting.ics")
    return response
