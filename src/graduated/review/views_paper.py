"""The page on which a past cycle is brought forward from paper."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import PLAN_DRAFT
from graduated.access.guards import guard
from graduated.pupils.forms_papers import ACCEPT, MOST_BYTES
from graduated.pupils.views import around
from graduated.review.errors import ReviewRefused
from graduated.review.forms_paper import PaperForm, paper_of
from graduated.review.paper import bring_forward
from graduated.review.views import bp
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.route("/pupils/<int:pupil_id>/cycles/paper", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def paper(pupil_id: int) -> Response:
    """Enter a past cycle short, with its scan."""
    form = open_form(PaperForm)
    if request.method == "POST" and "more" in request.form:
        form.grow()
        return _page(form, pupil_id, 200)
    if request.method == "GET" or not form.validate():
        return _page(form, pupil_id, 422 if form.errors else 200)
    try:
        cycle_id = bring_forward(pupil_id, form.cycle(paper_of(form)))
    except ReviewRefused as refused:
        form.form_errors.append(str(refused))
        return _page(form, pupil_id, 422)
    finally:
        form.let_go()
    return done(
        "register.cycle", "The cycle is brought forward from paper, and marked so wherever it is shown.",
        cycle_id=cycle_id,
    )  # fmt: skip


def _page(form: PaperForm, pupil_id: int, status: int) -> Response:
    return page(
        "review/paper.html",
        status=status,
        form=form,
        accept=ACCEPT,
        most=MOST_BYTES,
        title="Bring a cycle forward from paper",
        **around(pupil_id, "register.cycles"),
    )
