"""Plan checks: the published list, and what they say beside a field as one writes.

A form that is being typed is read as far as it can be; nothing is kept. Without JavaScript the same words stand beside
the same fields after saving.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, make_response, render_template

from graduated.access.actions import PLAN_DRAFT, PLAN_READ
from graduated.access.guards import guard
from graduated.plan.board import Notes
from graduated.plan.checking import (
    FRAME_BOXES,
    OUTCOME_BOXES,
    PROVISION_BOXES,
    typed_frame,
    typed_outcome,
    typed_provision,
)
from graduated.plan.forms import FrameForm, OutcomeForm, own_ids
from graduated.plan.forms_provision import ProvisionForm
from graduated.plan.queries import plan_of
from graduated.plan.queries_subjects import cycle_id_of
from graduated.plan.rows import OutcomeRow, Plan, ProvisionRow
from graduated.plan.views import bp
from graduated.rules.plan_checks import CHECKS, STAGES
from graduated.rules.sources import law_only
from graduated.web.forms import Form
from graduated.web.page import page


@bp.get("/help/plan-checks")
@guard(PLAN_READ)
def checks() -> Response:
    """Every plan check with its reason and its two examples: what the small notes beside a draft come from."""
    return page(
        "plan/checks.html",
        title="What the plan checks look at",
        stages=[(stage, [(check, law_only(check.paragraph)) for check in checks]) for stage, checks in STAGES],
        count=len(CHECKS),
    )


@bp.post("/cycles/<int:cycle_id>/checks")
@guard(PLAN_DRAFT)
def check_frame(cycle_id: int) -> Response:
    """What the checks say of a plan's dates, lead and starting point while they are typed."""
    plan, form = plan_of(cycle_id), FrameForm()
    form.offer()
    return _said(form, FRAME_BOXES, lambda: typed_frame(plan, form))


@bp.post("/cycles/<int:cycle_id>/outcomes/checks")
@guard(PLAN_DRAFT)
def check_new_outcome(cycle_id: int) -> Response:
    """What the checks say of a new outcome while it is typed."""
    return _outcome(plan_of(cycle_id), None, "outcome-new")


@bp.post("/outcomes/<int:outcome_id>/checks")
@guard(PLAN_DRAFT)
def check_outcome(outcome_id: int) -> Response:
    """What the checks say of an outcome while it is changed."""
    plan = plan_of(cycle_id_of("outcome", outcome_id))
    row = next(one for one in plan.outcomes if one.outcome_id == outcome_id)
    return _outcome(plan, row, f"outcome-{outcome_id}")


def _outcome(plan: Plan, row: OutcomeRow | None, name: str) -> Response:
    form = OutcomeForm()
    form.offer(row)
    own_ids(form, name)
    return _said(form, OUTCOME_BOXES, lambda: typed_outcome(plan, form, row))


@bp.post("/cycles/<int:cycle_id>/provision/checks")
@guard(PLAN_DRAFT)
def check_new_provision(cycle_id: int) -> Response:
    """What the checks say of new provision while it is typed."""
    return _provision(plan_of(cycle_id), None, "provision-new")


@bp.post("/provisions/<int:provision_id>/checks")
@guard(PLAN_DRAFT)
def check_provision(provision_id: int) -> Response:
    """What the checks say of provision while it is changed."""
    plan = plan_of(cycle_id_of("provision", provision_id))
    row = next(one for one in plan.provisions if one.provision_id == provision_id)
    return _provision(plan, row, f"provision-{provision_id}")


def _provision(plan: Plan, row: ProvisionRow | None, name: str) -> Response:
    form = ProvisionForm()
    form.offer(plan, row)
    own_ids(form, name)
    return _said(form, PROVISION_BOXES, lambda: typed_provision(plan, form, row))


def _said(form: Form, boxes: Mapping[str, tuple[str, ...]], ask: Callable[[], Notes]) -> Response:
    """The words for each box; none while the form as it stands cannot be read."""
    form.validate()
    try:
        notes = ask()
    except (TypeError, ValueError):
        notes = {}
    said = [(form[fields[0]].id, name) for name, fields in boxes.items()]
    return make_response(render_template("plan/_checks_said.html", said=said, notes=notes))
