"""Pages of a request and its evidence: the list, the request whole, gaps, narrative, builds."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, url_for

from graduated.access.actions import (
    ASSESS_READ,
    COST_READ,
    PACK_TAKE,
    REQUEST_BUILD,
    REQUEST_READ,
    REQUEST_SIGN,
    REQUEST_WRITE,
)
from graduated.access.guards import guard, may
from graduated.db import hooks
from graduated.db.clock import today
from graduated.db.machinery import JobState
from graduated.ehcna import services
from graduated.ehcna.balance import balance_of
from graduated.ehcna.build import build_job
from graduated.ehcna.forms import BuildForm
from graduated.ehcna.mending import gaps_for
from graduated.ehcna.page_names import PAGE_NAMES
from graduated.ehcna.page_parts import people_of, sections_of
from graduated.ehcna.paper_parts import not_to_give, nothing_given, paper_parts
from graduated.ehcna.queries import JOB_KIND, build_of, builds_of, job_of
from graduated.ehcna.queries_asked import asked_for_request
from graduated.ehcna.queries_files import files_of_build, files_of_request, pack_file_of
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of, sentence_of
from graduated.ehcna.services_build import take_away
from graduated.ehcna.signed import signed_of
from graduated.ehcna.standing import standing_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import name_pages, offer_tab, tabs_of
from graduated.request.queries import all_requests, clock_notes_of, clock_of, request_of, waited_for
from graduated.request.rights import rights
from graduated.request.steps import possible_steps
from graduated.review.queries_given import adults_to_give
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import BuildKind, GapState
from graduated.web import nav
from graduated.web.forms import Form, open_form
from graduated.web.headers import stored_download
from graduated.web.page import done, page

bp = Blueprint("ehcna", __name__)
nav.offer(50, "Requests", "ehcna.requests", REQUEST_READ, ["request"])
offer_tab(70, "EHC evidence", "ehcna.evidence", REQUEST_READ)
name_pages(PAGE_NAMES)
hooks.job_handlers[JOB_KIND] = build_job
hooks.job_left[JOB_KIND] = take_away
_BUILT = {
    BuildKind.REQUEST: ("pack", "ehcna.request", "Back to the request"),
    BuildKind.ADVICE: ("advice", "ehcna.advice", "Back to the advice"),
}
"""What is built is called so, and belongs to that page."""


@bp.get("/requests")
@guard(REQUEST_READ)
def requests() -> Response:
    """Every request in sight: those that go on, and those at an end."""
    rows = all_requests()
    return page(
        "ehcna/requests.html",
        title="Requests",
        running=[row for row in rows if row.is_running],
        ended=[row for row in rows if not row.is_running],
        rights=rights(),
    )


@bp.get("/requests/<int:request_id>", endpoint="request")
@guard(REQUEST_READ)
def one_request(request_id: int) -> Response:
    """One request whole."""
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id)
    notes, looked = clock_notes_of(request_id), looks_of(records)
    can_edit = may(REQUEST_WRITE)
    found = gaps_for(records, records.profile_of_authority, can_edit)
    build_form = open_form(BuildForm)
    build_form.offer(adults_to_give(row.pupil_id))
    builds = builds_of(request_id)
    papers = paper_parts(row, builds)
    return page(
        "ehcna/request.html",
        title=f"EHC request: {row.pupil_name}",
        head=records.head,
        tabs=tabs_of(row.pupil_id, "ehcna.evidence"),
        row=row,
        clock=[replace(line, source=law_only(line.source)) for line in clock_of(row, notes)],
        notes=notes,
        waits=bool(waited_for(row)),
        people=people_of(records),
        papers=papers.pop("in_sight") if may(ASSESS_READ) else (),
        signatures=signed_of(records, looked),
        sections=sections_of(records),
        balance=balance_of(records, {}) if can_edit else (),
        earlier=[one for one in records.requests if one.request_id != request_id],
        missing=found.of(GapState.MISSING),
        partial=found.of(GapState.PARTIAL),
        looks=sentence_of(looked),
        look_at={one.section for one in looked},
        asked=[one for one in asked_for_request(request_id) if one.is_open] if can_edit else (),
        on=today(),
        builds=builds,
        beside=files_of_request(request_id),
        **papers,
        build_form=build_form,
        asks_which_went=row.sent_on is not None and not row.from_paper and nothing_given(papers["standings"]),
        rights=rights(row),
        sends_to=records.profile_of_authority.where_to_send,
        profile_name=records.profile_of_authority.name,
        can_edit=can_edit,
        can_step=can_edit and bool(possible_steps(row.status)),
        can_sign=may(REQUEST_SIGN),
        can_build=may(REQUEST_BUILD),
        can_open=may(COST_READ),
    )


@bp.post("/requests/<int:request_id>/build")
@guard(REQUEST_BUILD)
def build(request_id: int) -> Response:
    """Ask the worker for a pack."""
    form = BuildForm()
    form.offer(adults_to_give(request_of(request_id).pupil_id))
    if not form.validate_on_submit():
        abort(422)
    job_id = services.ask_for_build(request_id, tuple(int(one) for one in form.copies.data or ()))
    return done("ehcna.progress", job_id=job_id)


@bp.get("/packs/jobs/<int:job_id>")
@guard(REQUEST_READ)
def progress(job_id: int) -> Response:
    """How far a build is; asked again every second where a script runs."""
    job = job_of(job_id)
    what, place, back_words = _BUILT[job.kind]
    return page(
        "ehcna/progress.html",
        "ehcna/_progress.html",
        title=f"Building the {what}",
        job=job,
        head=pupil_head(int(job.payload["pupil_id"])),
        what=what,
        back=url_for(place, request_id=job.payload["request_id"]),
        back_words=back_words,
        built=build_of(job.build_id) if job.build_id else None,
        beside=files_of_build(job.build_id) if job.build_id else (),
        standing=standing_of(job.build_id) if job.build_id else None,
        can_build=may(REQUEST_BUILD),
        can_open=may(COST_READ),
    )


@bp.post("/packs/jobs/<int:job_id>/again")
@guard(REQUEST_BUILD)
def build_again(job_id: int) -> Response:
    """Ask once more for a build that was given up, with the same copies."""
    job = job_of(job_id)
    if not Form().validate_on_submit() or job.state is not JobState.FAILED or job.payload["request_id"] is None:
        abort(422)
    copies = tuple(int(one) for one in job.payload.get("copies", ()))
    return done("ehcna.progress", job_id=services.ask_for_build(job.payload["request_id"], copies, job.kind))


@bp.get("/packs/<int:build_id>/pack.pdf")
@guard(PACK_TAKE)
def download(build_id: int) -> Response:
    """The file as it was built, for those who read costs; its name says nothing of the child."""
    built, standing = build_of(build_id), standing_of(build_id)
    if not standing.is_open:
        return not_to_give(built, standing)
    return stored_download(built.sha256, "application/pdf", built.file_name)


@bp.get("/packs/files/<int:pack_file_id>")
@guard(PACK_TAKE)
def pack_file(pack_file_id: int) -> Response:
    """A file that a build keeps beside the pack."""
    row = pack_file_of(pack_file_id)
    standing = standing_of(row.build_id)
    if not standing.is_open_for(row.kind):
        return not_to_give(build_of(row.build_id), standing)
    return stored_download(row.sha256, row.media_type, row.file_name)


from graduated.ehcna import (  # noqa: E402  # they hang their pages into the blueprint
    views_advice,  # noqa: F401
    views_agreement,  # noqa: F401
    views_asked,  # noqa: F401
    views_copy_out,  # noqa: F401
    views_gaps,  # noqa: F401
    views_given,  # noqa: F401
    views_narrative,  # noqa: F401
    views_papers,  # noqa: F401
)
