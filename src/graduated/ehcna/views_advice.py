"""The educational advice after the authority has agreed to assess: its sections, what is lacking, signing, building."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, url_for

from graduated.access.actions import COST_READ, REQUEST_BUILD, REQUEST_READ, REQUEST_SIGN, REQUEST_WRITE
from graduated.access.guards import guard, may
from graduated.access.identity import require_actor
from graduated.ehcna import services, services_advice
from graduated.ehcna.advice import lacking_of, new_since
from graduated.ehcna.forms import BuildForm
from graduated.ehcna.page_parts import sections_of
from graduated.ehcna.paper_parts import copies_given
from graduated.ehcna.queries import builds_of
from graduated.ehcna.queries_files import files_of_request
from graduated.ehcna.queries_narrative import advice_digest
from graduated.ehcna.records import records_for
from graduated.ehcna.references import looks_of, references_of, sentence_of
from graduated.ehcna.signed import signed_of
from graduated.ehcna.standing import standings_of
from graduated.ehcna.views import bp
from graduated.pupils.tabs import tabs_of
from graduated.request.forms import SignForm
from graduated.request.queries import RequestRow, clock_notes_of, clock_of, request_of
from graduated.request.rights import rights
from graduated.review.queries_given import adults_to_give
from graduated.rules.advice import Lacking, statement
from graduated.rules.clock import ClockLine, LimitException, LineId, closure_around
from graduated.rules.declarations import words_digest
from graduated.rules.vocabulary import BuildKind
from graduated.school.queries import terms
from graduated.web.filters import long_date
from graduated.web.forms import open_form
from graduated.web.page import done, page


@dataclass(frozen=True, slots=True)
class Ground:
    """A closure in whose window the advice was asked, in a sentence, and where it is noted as an exception."""

    words: str
    href: str


@bp.get("/requests/<int:request_id>/advice")
@guard(REQUEST_READ)
def advice(request_id: int) -> Response:
    """The advice whole: when it is due, its sections, what is lacking, signatures and builds."""
    row = request_of(request_id)
    records = records_for(row.pupil_id, request_id, BuildKind.ADVICE)
    found = references_of(records)
    looked, can_edit = looks_of(records, found), may(REQUEST_WRITE)
    signatures = tuple(one for one in signed_of(records, looked) if one.on)
    builds, build_form = builds_of(request_id, BuildKind.ADVICE), open_form(BuildForm)
    build_form.offer(adults_to_give(row.pupil_id))
    return page(
        "ehcna/advice.html",
        title=f"Educational advice: {row.pupil_name}",
        head=records.head,
        tabs=tabs_of(row.pupil_id, "ehcna.evidence"),
        row=row,
        line=_line(row),
        ground=_ground(row) if can_edit else None,
        sections=sections_of(records),
        look_at={one.section for one in looked},
        looks=sentence_of(looked),
        lacking=[
            (one.words, _mend(one, row, can_edit))
            for one in lacking_of(records, (look.section for look in looked), bool(signatures))
        ],
        fresh=new_since(records, found),
        signatures=signatures,
        builds=builds,
        standings=standings_of([one.build_id for one in builds]),
        given=copies_given(row.pupil_id),
        beside=files_of_request(request_id),
        build_form=build_form,
        rights=rights(row),
        can_edit=can_edit,
        can_sign=may(REQUEST_SIGN),
        can_build=may(REQUEST_BUILD),
        can_open=may(COST_READ),
    )


def _mend(one: Lacking, row: RequestRow, can_edit: bool) -> str:
    """Where a thing that is lacking is mended, for who may mend it."""
    if one.section is not None:
        section = one.section.value
        return url_for("ehcna.narrative", request_id=row.request_id, section=section) if can_edit else ""
    return url_for("ehcna.sign_advice", request_id=row.request_id) if may(REQUEST_SIGN) else ""


def _line(row: RequestRow) -> ClockLine | None:
    """The line of the clock that the advice has to keep, with its exceptions."""
    lines = clock_of(row, clock_notes_of(row.request_id))
    return next((one for one in lines if one.id is LineId.ADVICE), None)


def _ground(row: RequestRow) -> Ground | None:
    """A long closure around the asking, unless it is noted already."""
    known = {one.exception for one in clock_notes_of(row.request_id) if one.line is LineId.ADVICE}
    if row.advice_asked_on is None or row.advice_sent_on is not None or LimitException.SCHOOL_CLOSED in known:
        return None
    closure = closure_around(row.advice_asked_on, terms())
    if closure is None:
        return None
    words = (
        f"The school is closed from {long_date(closure[0])} and opens again on {long_date(closure[1])}. Advice that is "
        "asked for around a closure of four weeks or more need not keep the six weeks where that is impractical. The "
        "day does not move."
    )
    line, exception = LineId.ADVICE.value, LimitException.SCHOOL_CLOSED.value
    return Ground(words, url_for("request.exceptions", request_id=row.request_id, line=line, exception=exception))


@bp.post("/requests/<int:request_id>/advice/build")
@guard(REQUEST_BUILD)
def build_advice(request_id: int) -> Response:
    """Ask the worker for the advice as a document."""
    row = request_of(request_id)
    form = BuildForm()
    form.offer(adults_to_give(row.pupil_id))
    if not form.validate_on_submit():
        abort(422)
    if not row.has_advice:
        return done("ehcna.advice", "Enter first that the authority asked for advice.", request_id=request_id)
    copies = tuple(int(one) for one in form.copies.data or ())
    return done("ehcna.progress", job_id=services.ask_for_build(request_id, copies, BuildKind.ADVICE))


@bp.route("/requests/<int:request_id>/advice/sign", methods=["GET", "POST"])
@guard(REQUEST_SIGN)
def sign_advice(request_id: int) -> Response:
    """Give the advice in one's own name: as the head, or as the SENCO on the head's behalf."""
    form = open_form(SignForm)
    words, role = advice_digest(request_id), services_advice.signing_role()
    shown = words_digest(statement(role), words)
    status = form.sign_by(shown, lambda: services_advice.sign_advice(request_id, words))
    if status == 303:
        return done("ehcna.advice", "The advice is signed in your name.", request_id=request_id)
    return _sign_page(request_id, form, status)


def _sign_page(request_id: int, form: SignForm, status: int) -> Response:
    """What is declared, and the words that it is declared of; new ones have not been agreed to yet."""
    row, anew = request_of(request_id), status == 409
    records = records_for(row.pupil_id, request_id, BuildKind.ADVICE)
    declared = statement(services_advice.signing_role())
    form.shown.data = words_digest(declared, advice_digest(request_id))
    if anew:
        form.sure.data = False
    response = page(
        "ehcna/sign_advice.html",
        status=status,
        title="Sign the educational advice",
        head=records.head,
        row=row,
        form=form,
        rights=rights(row),
        signer=require_actor(),
        declared=declared,
        sections=[one for one in sections_of(records) if one.text.strip()],
        anew=anew,
    )
    if anew:
        response.headers["HX-Retarget"] = "#main"
    return response
