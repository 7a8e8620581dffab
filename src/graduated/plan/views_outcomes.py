"""Outcomes of a draft: added and edited within the editor, or each on a page of its own."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, request, url_for

from graduated.access.actions import PLAN_DRAFT
from graduated.access.guards import guard
from graduated.db.writing import Clash
from graduated.plan import services
from graduated.plan.board import notes_of
from graduated.plan.details import PlanRefused
from graduated.plan.forms import OutcomeForm, outcome_data, own_ids
from graduated.plan.queries import plan_of
from graduated.plan.queries_subjects import cycle_id_of
from graduated.plan.rows import OutcomeRow
from graduated.plan.services_draft import draft
from graduated.plan.views import bp, form_page, saved, theirs
from graduated.web.forms import open_form
from graduated.web.page import done


@bp.route("/cycles/<int:cycle_id>/outcomes/new", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def add_outcome(cycle_id: int) -> Response:
    """Add an outcome to a draft."""
    draft(cycle_id)
    form = open_form(OutcomeForm)
    form.offer()
    own_ids(form, "outcome-new")
    if request.method == "GET" or not form.validate():
        live = url_for("plan.check_new_outcome", cycle_id=cycle_id)
        return form_page("outcome", form, cycle_id, "Add an outcome", live=live)
    services.add_outcome(cycle_id, form.details())
    return saved(cycle_id, "The outcome is added.")


def outcome_of(outcome_id: int) -> OutcomeRow:
    """One outcome as its page shows it."""
    plan = plan_of(cycle_id_of("outcome", outcome_id))
    return next(one for one in plan.outcomes if one.outcome_id == outcome_id)


@bp.route("/outcomes/<int:outcome_id>/edit", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def edit_outcome(outcome_id: int) -> Response:
    """Change an outcome of a draft."""
    plan = plan_of(cycle_id_of("outcome", outcome_id))
    cycle_id = plan.cycle.cycle_id
    draft(cycle_id)
    row = next(one for one in plan.outcomes if one.outcome_id == outcome_id)
    form = open_form(OutcomeForm, outcome_data(row), version=row.version)
    form.offer(row)
    own_ids(form, f"outcome-{outcome_id}")
    title = f"Outcome {row.number}"
    context: dict[str, Any] = {
        "row": row,
        "notes": notes_of(plan).get(str(outcome_id), {}),
        "slot": f"outcome-{outcome_id}",
        "live": url_for("plan.check_outcome", outcome_id=outcome_id),
    }
    if request.method == "GET" or not form.validate():
        return form_page("outcome", form, cycle_id, title, **context)
    try:
        services.change_outcome(outcome_id, form.details(), form.sent_version)
    except Clash as clash:
        now = outcome_of(outcome_id)
        others = theirs(form, {**clash.current, **outcome_words(now)})
        form.version.data = str(now.version)
        return form_page("outcome", form, cycle_id, title, 409, **{**context, "theirs": others})
    return saved(cycle_id, "The outcome is saved.")


def outcome_words(row: OutcomeRow) -> dict[str, object]:
    """What of an outcome stands in its form as text."""
    data = outcome_data(row)
    return {
        "area": data["area"],
        "measure_id": data["measure_id"],
        "baseline": data["baseline"],
        "target": data["target"],
    }


@bp.post("/outcomes/<int:outcome_id>/remove")
@guard(PLAN_DRAFT)
def remove_outcome(outcome_id: int) -> Response:
    """Take an outcome out of a draft."""
    cycle_id = cycle_id_of("outcome", outcome_id)
    try:
        services.remove_outcome(outcome_id)
    except PlanRefused as refused:
        flash(str(refused), "warning")
        return done("plan.edit", cycle_id=cycle_id)
    return saved(cycle_id, "The outcome is removed.")
