"""The measure library and the intervention library: to read, to add to, to change, to retire from and to bring back."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.db.writing import Clash
from graduated.school import queries, services, services_library
from graduated.school.forms_library import InterventionForm, intervention_data, start_data
from graduated.school.intervention_library import StartIntervention
from graduated.school.queries_library import by_area, intervention_changes, intervention_of, not_taken, uses_of
from graduated.school.services_library import NameTaken
from graduated.school.views import bp
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.get("/school/measures")
@guard(SCHOOL_READ)
def measures() -> Response:
    """What can be measured again, with its scale, which way is better and who answers."""
    rows = queries.measures(include_retired=True)
    return page("school/measures.html", title="Measures", rows=rows, can_edit=may(SCHOOL_WRITE))


@bp.post("/school/measures/<int:measure_id>/retired")
@guard(SCHOOL_WRITE)
def retire_measure(measure_id: int) -> Response:
    """Offer a measure no more, or again."""
    retired = request.form.get("retired") == "1"
    services.retire_measure(measure_id, retired)
    return done("school.measures", "Measure retired." if retired else "Measure brought back.")


@bp.get("/school/interventions")
@guard(SCHOOL_READ)
def interventions() -> Response:
    """The kinds of intervention that the school uses, under the areas of need that they are for."""
    rows = queries.interventions(include_retired=True)
    return page(
        "school/interventions.html",
        title="Interventions",
        areas=by_area(row for row in rows if not row.retired),
        retired=[row for row in rows if row.retired],
        count=sum(1 for row in rows if not row.retired),
        can_edit=may(SCHOOL_WRITE),
    )


@bp.get("/school/interventions/<int:intervention_id>")
@guard(SCHOOL_READ)
def intervention(intervention_id: int) -> Response:
    """One kind: purpose, usual dose, measure, evidence, where it is used, what was changed."""
    row = intervention_of(intervention_id)
    return page(
        "school/intervention.html",
        title=row.name,
        row=row,
        uses=uses_of(intervention_id),
        changes=intervention_changes(intervention_id),
        can_edit=may(SCHOOL_WRITE),
    )


@bp.route("/school/interventions/new", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def add_intervention() -> Response:
    """Put a kind into the library: one of the school's own, or a well-known one that it does not have yet."""
    left = not_taken()
    like = next((kind for kind in left if kind.name == request.args.get("like")), None)
    form = open_form(InterventionForm, start_data(like) if like else {})
    form.offer()
    if request.method == "POST" and form.validate():
        try:
            made = services_library.add_intervention(form.details())
        except NameTaken as taken:
            form.name.errors = [str(taken)]
        else:
            return done("school.intervention", "The intervention is in the library.", intervention_id=made)
    return _form_page(form, "Add an intervention", left=[] if like else left)


@bp.route("/school/interventions/<int:intervention_id>/edit", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def edit_intervention(intervention_id: int) -> Response:
    """Change what the library says of a kind. Plans keep what they say themselves."""
    row = intervention_of(intervention_id)
    form = open_form(InterventionForm, intervention_data(row), version=row.version)
    form.offer(row.measure_id)
    theirs = None
    if request.method == "POST" and form.validate():
        try:
            services_library.change_intervention(intervention_id, form.details(), form.sent_version)
        except NameTaken as taken:
            form.name.errors = [str(taken)]
        except Clash:
            theirs = intervention_of(intervention_id)
            form.version.process_data(str(theirs.version))
        else:
            return done("school.intervention", "The intervention is saved.", intervention_id=intervention_id)
    return _form_page(form, f"Change {row.name}", row, theirs)


def _form_page(
    form: InterventionForm,
    title: str,
    row: queries.InterventionRow | None = None,
    theirs: queries.InterventionRow | None = None,
    left: Sequence[StartIntervention] = (),
) -> Response:
    status = 409 if theirs else 422 if form.errors else 200
    context = {"form": form, "row": row, "theirs": theirs, "left": left}
    return page("school/intervention_form.html", None, status, title=title, **context)


@bp.post("/school/interventions/<int:intervention_id>/retired")
@guard(SCHOOL_WRITE)
def retire_intervention(intervention_id: int) -> Response:
    """Offer a kind of intervention no more, or again."""
    retired = request.form.get("retired") == "1"
    services_library.retire_intervention(intervention_id, retired)
    words = "It is retired: plans that have it keep it, new ones are not offered it." if retired else "It is back."
    return done("school.intervention", words, intervention_id=intervention_id)
