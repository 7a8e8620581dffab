"""The measure library and the intervention library, to read, to retire from and to bring back."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import SCHOOL_READ, SCHOOL_WRITE
from graduated.access.guards import guard, may
from graduated.school import queries, services
from graduated.school.views import bp
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
    """The kinds of intervention that the school uses, with their usual dose and what is published about them."""
    rows = queries.interventions(include_retired=True)
    return page("school/interventions.html", title="Interventions", rows=rows, can_edit=may(SCHOOL_WRITE))


@bp.post("/school/interventions/<int:intervention_id>/retired")
@guard(SCHOOL_WRITE)
def retire_intervention(intervention_id: int) -> Response:
    """Offer a kind of intervention no more, or again."""
    retired = request.form.get("retired") == "1"
    services.retire_intervention(intervention_id, retired)
    return done("school.interventions", "Intervention retired." if retired else "Intervention brought back.")
