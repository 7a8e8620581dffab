"""Gaps in evidence: by limb of Code 9.14, and by what the authority asks for."""

from __future__ import annotations

from flask import Response, url_for

from graduated.access.actions import REQUEST_READ, REQUEST_WRITE
from graduated.access.guards import guard, may, may_open
from graduated.ehcna.mending import gaps_for
from graduated.ehcna.records import records_for
from graduated.ehcna.views import bp
from graduated.pupils.tabs import tabs_of
from graduated.request.rights import rights
from graduated.web.page import page


@bp.get("/pupils/<int:pupil_id>/evidence")
@guard(REQUEST_READ)
def evidence(pupil_id: int) -> Response:
    """What is on record and what is missing, with the link that mends each gap and the day by which it could close."""
    records = records_for(pupil_id)
    can_edit = may(REQUEST_WRITE)
    profile = records.profile_of_authority
    return page(
        "ehcna/evidence.html",
        title=f"Gaps in evidence: {records.head.name}",
        head=records.head,
        tabs=tabs_of(pupil_id),
        found=gaps_for(records, profile, can_edit),
        row=records.request,
        earlier=[one for one in records.requests if not one.is_running],
        profile=profile,
        profile_href=url_for("school.authority") if may_open("school.authority") else "",
        rights=rights(),
        can_edit=can_edit,
    )
