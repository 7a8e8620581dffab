"""Giving a plan or a sealed record to the parents: who, how, when; and the copy that was kept."""

from __future__ import annotations

from collections.abc import Collection

from flask import Response, abort, request, url_for

from graduated.access import actions
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.plan.queries import cycle_of
from graduated.pupils.parts import offer_part
from graduated.pupils.queries import pupil_head
from graduated.review.errors import ReviewRefused
from graduated.review.forms_given import GiveForm
from graduated.review.given import drawn_copy, offer_drawing
from graduated.review.queries import review_of
from graduated.review.queries_given import GivenRow, adults_to_give, given_of, papers_given_of
from graduated.review.record_pdf import record_bytes
from graduated.review.services_given import give
from graduated.review.views import bp
from graduated.rules.vocabulary import GivenHow, PaperKind
from graduated.web.forms import open_form
from graduated.web.headers import stored_download
from graduated.web.page import done, page


def _record(review_id: int, builder: str, given_to: Collection[int]) -> bytes:
    return record_bytes(review_of(review_id), builder, given_to)


def _given_to_family(pupil_id: int) -> tuple[GivenRow, ...]:
    return papers_given_of(pupil_id)


offer_drawing(PaperKind.REVIEW, _record)
offer_part("pupils.family", "review/_given_to_family.html", _given_to_family)


@bp.route("/cycles/<int:reviewed_cycle_id>/given", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def give_plan(reviewed_cycle_id: int) -> Response:
    """Record that parents were given the plan."""
    cycle = cycle_of(reviewed_cycle_id)
    if cycle.is_draft or cycle.is_paper:
        abort(404)
    back = url_for("register.cycle", cycle_id=reviewed_cycle_id)
    return _give(PaperKind.PLAN, f"Support plan {cycle.number}", cycle.pupil_id, reviewed_cycle_id, None, back)


@bp.route("/reviews/<int:given_review_id>/given", methods=["GET", "POST"])
@guard(actions.REVIEW_WRITE)
def give_review(given_review_id: int) -> Response:
    """Record that parents were given the record of a sealed review."""
    record = review_of(given_review_id)
    if not record.sealed:
        abort(404)
    back = url_for("review.read", review_id=given_review_id)
    title = f"Review of support plan {record.cycle_number}"
    return _give(PaperKind.REVIEW, title, record.pupil_id, record.cycle_id, given_review_id, back)


def _give(kind: PaperKind, title: str, pupil_id: int, cycle_id: int, review_id: int | None, back: str) -> Response:
    adults = adults_to_give(pupil_id)
    first = [str(one.adult_id) for one in adults if one.parental_responsibility]
    form = open_form(GiveForm, {"adults": first, "how": GivenHow.HANDED.value, "given_on": today()})
    form.offer(adults)
    if request.method == "POST" and form.validate():
        try:
            giving = form.giving(kind, title, cycle_id, review_id)
            give(pupil_id, giving, drawn_copy(kind, review_id or cycle_id, giving.adult_ids))
            words = "It is on the record that the parents were given this, and the copy is kept."
            if review_id is not None:
                return done("review.read", words, review_id=review_id)
            return done("register.cycle", words, cycle_id=cycle_id)
        except ReviewRefused as refused:
            form.form_errors.append(str(refused))
    return page(
        "review/give.html",
        status=422 if request.method == "POST" else 200,
        title="Given to the parents",
        form=form,
        paper=title,
        adults=adults,
        head=pupil_head(pupil_id),
        back=back,
    )


@bp.get("/given/<int:given_id>")
@guard(actions.PLAN_READ)
def given_copy(given_id: int) -> Response:
    """The very copy that was given, for who may read the paper itself."""
    row = given_of(given_id)
    if row.kind is PaperKind.PACK:  # it prints costs, and is handed out beside the pack that it was built with
        abort(404)
    if row.kind is not PaperKind.PLAN and not may(actions.REVIEW_READ, Subject(row.pupil_id)):
        abort(404)
    return sent_copy(row)


def sent_copy(row: GivenRow) -> Response:
    """A kept copy as a download whose name says nothing of the child; a damaged one is not given out."""
    return stored_download(row.sha256, "application/pdf", f"{row.kind.value}-given-{row.given_on}.pdf")
