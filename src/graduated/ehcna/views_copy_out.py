"""The copy-out sheet of a request: an authority's own form, question by question, from the pack's own content."""

from __future__ import annotations

from flask import Response

from graduated.access.actions import REQUEST_BUILD, REQUEST_COPY_OUT
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.ehcna.content import content_of
from graduated.ehcna.records import records_for
from graduated.ehcna.views import bp
from graduated.pack.copy_out import answers, render_copy_out
from graduated.pupils.tabs import tabs_of
from graduated.request.queries import request_of
from graduated.request.rights import rights
from graduated.web.headers import shown_pdf
from graduated.web.page import page


@bp.get("/requests/<int:request_id>/copy-out")
@guard(REQUEST_BUILD)
def copy_out(request_id: int) -> Response:
    """Each question of the authority's form with the words and figures to paste."""
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id)
    profile = records.profile_of_authority
    return page(
        "ehcna/copy_out.html",
        title=f"Copy-out sheet: {row.pupil_name}",
        head=records.head,
        tabs=tabs_of(row.pupil_id, "ehcna.evidence"),
        row=row,
        profile=profile,
        answers=answers(content_of(records), profile.form),
        rights=rights(row),
    )


@bp.get("/requests/<int:request_id>/copy-out.pdf")
@guard(REQUEST_COPY_OUT)
def copy_out_pdf(request_id: int) -> Response:
    """The same on paper."""
    records = records_for(request_of(request_id).pupil_id, request_id)
    profile, who = records.profile_of_authority, require_actor().name
    sheet = render_copy_out(content_of(records), profile.form, now(), who)
    return shown_pdf(sheet.pdf, f"copy-out-sheet-{today().isoformat()}.pdf")
