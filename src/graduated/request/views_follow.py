"""Letting a request that has not left the school follow the authority profile that the school follows now."""

from __future__ import annotations

from flask import Response, abort

from graduated.access.actions import REQUEST_WRITE
from graduated.access.guards import guard
from graduated.request import services
from graduated.request.queries import request_of
from graduated.request.views import bp
from graduated.web.forms import Form
from graduated.web.page import done


@bp.post("/requests/<int:request_id>/follow")
@guard(REQUEST_WRITE)
def follow(request_id: int) -> Response:
    """Take the school's profile, in its version of today, into this request."""
    if not Form().validate_on_submit():
        abort(422)
    services.follow_school(request_id)
    return done("ehcna.evidence", "The request follows the school’s profile.", pupil_id=request_of(request_id).pupil_id)
