"""Letting a request that has not left the school follow another authority profile: the school's, or one chosen."""

from __future__ import annotations

from flask import Response, abort, request, url_for

from graduated.access.actions import REQUEST_READ, REQUEST_WRITE
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.request import services
from graduated.request.forms import ProfileChoiceForm
from graduated.request.queries import all_requests, request_of
from graduated.request.views import bp, shown
from graduated.school.panels import Link, Panel, offer_panel
from graduated.school.queries_authority import in_force, offered, profile_for
from graduated.web.forms import Form, open_form
from graduated.web.page import done


@bp.post("/requests/<int:request_id>/follow")
@guard(REQUEST_WRITE)
def follow(request_id: int) -> Response:
    """Take the school's profile, in its version of today, into this request."""
    if not Form().validate_on_submit():
        abort(422)
    services.follow_school(request_id)
    return done("ehcna.evidence", "The request follows the school’s profile.", pupil_id=request_of(request_id).pupil_id)


@bp.route("/requests/<int:request_id>/profile", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def profile(request_id: int) -> Response:
    """Choose whose profile a request follows while it lies with the school; each can be looked at before."""
    row, choices = request_of(request_id), offered()
    form = open_form(ProfileChoiceForm, {"code": row.authority})
    form.code.choices = list(choices)
    if request.method == "POST" and row.is_unsent and form.validate_on_submit():
        services.follow_profile(request_id, form.code.data)
        return done("ehcna.request", "The request follows that profile.", request_id=request_id)
    now, status = profile_for(row.authority, row.authority_version).name, 422 if request.method == "POST" else 200
    return shown("profile", form, "Use another authority’s profile", row, status, now=now, offered=choices)


def _stay_panel() -> Panel | None:
    """Requests that keep an earlier profile than the school's: nobody who changes it should have to find out later."""
    if not may(REQUEST_READ, Subject()):
        return None
    now = in_force()
    staying = [
        one
        for one in all_requests()
        if one.is_unsent and (one.authority, one.authority_version) != (now.code, now.version)
    ]
    if not staying:
        return None
    with_whom: dict[tuple[str, str], int] = {}
    for one in staying:
        key = one.authority, one.authority_version
        with_whom[key] = with_whom.get(key, 0) + 1
    lines = tuple(
        f"{count} open request{' stays' if count == 1 else 's stay'} with {profile_for(*key).name}."
        for key, count in with_whom.items()
    )
    link = Link("Requests", url_for("ehcna.requests"))
    return Panel("Requests with another profile", (*lines, "Each can be given another one on its own page."), (link,))


offer_panel(30, "requests", _stay_panel)
