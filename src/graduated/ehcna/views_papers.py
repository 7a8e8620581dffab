"""Choosing the papers that go with a request, and releasing a restricted one by name."""

from __future__ import annotations

from flask import Response, abort, request

from graduated.access.actions import REQUEST_WRITE, RESTRICTED_WRITE
from graduated.access.guards import guard
from graduated.db.writing import Clash
from graduated.ehcna.forms_papers import ChoosePapersForm, ReleaseForm, as_chosen, papers_form
from graduated.ehcna.queries_chosen import PaperLine, PapersOfRequest, may_take_back, papers_of_request
from graduated.ehcna.services_papers import PaperRefused, choose_papers, release_paper, take_back_release
from graduated.ehcna.views import bp
from graduated.pupils.queries import pupil_head
from graduated.request.queries import RequestRow, request_of
from graduated.rules.paper_choice import OPEN
from graduated.school.authorities import AuthorityProfile
from graduated.school.queries_authority import profile_for
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/requests/<int:request_id>/papers", methods=["GET", "POST"])
@guard(REQUEST_WRITE)
def choose(request_id: int) -> Response:
    """A tick for every open paper of the pupil; one that stays out says why."""
    row = request_of(request_id)
    papers = papers_of_request(row)
    form = open_form(papers_form(papers.open), as_chosen(papers.open), version=papers.version)
    if request.method == "GET":
        return _choosing(row, papers, form)
    if not form.validate_on_submit():
        return _choosing(row, papers, form, 422)
    try:
        choose_papers(request_id, form.left_out, form.sent_version)
    except Clash:
        theirs = papers_of_request(row)
        form.version.data = str(theirs.version)
        return _choosing(row, theirs, form, 409)
    except PaperRefused as refused:
        form.form_errors.append(str(refused))
        return _choosing(row, papers, form, 422)
    return done("ehcna.request", "The papers are chosen. The next build takes just these.", request_id=request_id)


def report_age_asked(profile: AuthorityProfile) -> str:
    """How old a report may be and whose figure that is: the authority's own only where it could be confirmed."""
    age = f"less than {profile.thresholds.report_months} months old"
    if not profile.council:
        return f"Many authorities ask for reports that are {age}."
    if any("how old a report" in one.casefold() for one in profile.unconfirmed):
        own = f"the figure of {profile.council} itself could not be confirmed"
        return f"Many authorities ask for reports that are {age}; {own}."
    return f"Reports are asked for that are {age}, says the profile of {profile.council}."


def _choosing(row: RequestRow, papers: PapersOfRequest, form: ChoosePapersForm, status: int = 200) -> Response:
    profile = profile_for(row.authority, row.authority_version)
    response = page(
        "ehcna/choose_papers.html",
        status=status,
        title="Papers that go with the request",
        head=pupil_head(row.pupil_id),
        row=row,
        papers=papers,
        lines=[(one, form[f"goes_{one.paper.document_id}"], form[f"why_{one.paper.document_id}"])
               for one in papers.open if f"goes_{one.paper.document_id}" in form],
        form=form,
        asked_age=report_age_asked(profile),
        clashed=status == 409,
    )  # fmt: skip
    if status == 409:
        response.headers["HX-Retarget"] = "#main"
    return response


@bp.route("/requests/<int:request_id>/papers/<int:document_id>/release", methods=["GET", "POST"])
@guard(RESTRICTED_WRITE)
def release(request_id: int, document_id: int) -> Response:
    """Let one restricted paper go with one request, with a reason; or take that back until the papers were sent."""
    row = request_of(request_id)
    papers = papers_of_request(row)
    line = next((one for one in (*papers.open, *papers.restricted) if one.paper.document_id == document_id), None)
    if line is None:  # erased by law: there is nothing to release
        abort(404)
    form = open_form(ReleaseForm)
    if request.method == "POST" and form.validate_on_submit():
        try:
            if line.goes:
                take_back_release(request_id, document_id, form.why.data or "")
                words = "The release is taken back. Packs built with the paper are not to be given any more."
            else:
                release_paper(request_id, document_id, form.why.data or "")
                words = "The paper is released for this request. The next build takes it."
            return done("ehcna.request", words, request_id=request_id)
        except PaperRefused as refused:
            form.form_errors.append(str(refused))
    return _releasing(row, line, form)


def _releasing(row: RequestRow, line: PaperLine, form: ReleaseForm) -> Response:
    is_restricted = line.paper.visibility not in OPEN
    can = row.is_running and is_restricted and (not line.goes or may_take_back(row.request_id))
    return page(
        "ehcna/release_paper.html",
        status=422 if request.method == "POST" else 200,
        title="Take the release back" if is_restricted and line.goes else "Release a restricted paper",
        head=pupil_head(row.pupil_id),
        row=row,
        line=line,
        form=form,
        is_restricted=is_restricted,
        can=can,
    )
