"""Pages of a request and its evidence: the list, the request whole, gaps, narrative, builds."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort

from graduated.access.actions import ASSESS_READ, COST_READ, REQUEST_BUILD, REQUEST_READ, REQUEST_SIGN, REQUEST_WRITE
from graduated.access.guards import guard, may
from graduated.db import hooks
from graduated.db.clock import local, today
from graduated.ehcna import services
from graduated.ehcna.balance import balance_of
from graduated.ehcna.build import build_job
from graduated.ehcna.forms import BuildForm
from graduated.ehcna.mending import gaps_for
from graduated.ehcna.page_parts import people_of, sections_of
from graduated.ehcna.queries import JOB_KIND, build_of, builds_of, job_of
from graduated.ehcna.queries_files import files_of_build, files_of_request, pack_file_of
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of, sentence_of
from graduated.ehcna.signed import signed_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import offer_tab, tabs_of
from graduated.request.queries import all_requests, clock_notes_of, clock_of, request_of
from graduated.request.rights import rights
from graduated.request.steps import possible_steps
from graduated.review.queries_given import adults_to_give
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import GapState
from graduated.web import nav
from graduated.web.forms import open_form
from graduated.web.headers import stored_download
from graduated.web.page import done, page

bp = Blueprint("ehcna", __name__)
nav.offer(50, "Requests", "ehcna.requests", REQUEST_READ, ["request"])
offer_tab(70, "EHC evidence", "ehcna.evidence", REQUEST_READ)
hooks.job_handlers[JOB_KIND] = build_job


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
    return page(
        "ehcna/request.html",
        title=f"EHC request: {row.pupil_name}",
        head=records.head,
        tabs=tabs_of(row.pupil_id, "ehcna.evidence"),
        row=row,
        clock=[replace(line, source=law_only(line.source)) for line in clock_of(row, notes)],
        notes=notes,
        waits=any(line.on is not None and not line.is_done for line in clock_of(row))
        and (row.is_running or row.can_be_appealed(today())),
        people=people_of(records),
        papers={one.document_id for one in records.papers} if may(ASSESS_READ) else (),
        signatures=signed_of(records, looked),
        sections=sections_of(records),
        balance=balance_of(records, {}) if can_edit else (),
        earlier=[one for one in records.requests if one.request_id != request_id],
        missing=found.of(GapState.MISSING),
        partial=found.of(GapState.PARTIAL),
        looks=sentence_of(looked),
        look_at={one.section for one in looked},
        builds=builds_of(request_id),
        beside=files_of_request(request_id),
        build_form=build_form,
        rights=rights(row),
        sends_to=records.profile_of_authority.where_to_send,
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
    return page(
        "ehcna/progress.html",
        "ehcna/_progress.html",
        title="Building the pack",
        job=job,
        head=pupil_head(int(job.payload["pupil_id"])),
        request_id=job.payload["request_id"],
        built=build_of(job.build_id) if job.build_id else None,
        beside=files_of_build(job.build_id) if job.build_id else (),
        can_build=may(REQUEST_BUILD),
        can_open=may(COST_READ),
    )


@bp.get("/packs/<int:build_id>/pack.pdf")
@guard(COST_READ)  # the pack prints hourly rates: docs/decisions/009-who-sees-costs.md
def download(build_id: int) -> Response:
    """The file as it was built, for those who read costs; its name says nothing of the child."""
    built = build_of(build_id)
    name = f"evidence-pack-{local(built.built_at).date().isoformat()}.pdf"
    return stored_download(built.sha256, "application/pdf", name)


@bp.get("/packs/files/<int:pack_file_id>")
@guard(COST_READ)  # all but the list of records print hourly rates, and the list goes with them
def pack_file(pack_file_id: int) -> Response:
    """A file that a build keeps beside the pack."""
    row = pack_file_of(pack_file_id)
    if not row.is_open:
        abort(404)
    return stored_download(row.sha256, row.media_type, row.file_name)


from graduated.ehcna import (  # noqa: E402  # they hang their pages into the blueprint
    views_agreement,  # noqa: F401
    views_copy_out,  # noqa: F401
    views_gaps,  # noqa: F401
    views_narrative,  # noqa: F401
)
