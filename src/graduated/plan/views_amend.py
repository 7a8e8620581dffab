"""Amending an agreed plan: what changes, why, who decided it and from when."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, request

from graduated.access.actions import PLAN_AMEND
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.plan import services
from graduated.plan.details import PlanRefused
from graduated.plan.forms import outcome_data
from graduated.plan.forms_agree import (
    AmendDoseBecauseForm,
    AmendOutcomeForm,
    AmendProvisionForm,
    BecauseForm,
    ReviewDateForm,
    TakeUpProvisionForm,
)
from graduated.plan.queries import cycle_of, plan_of
from graduated.plan.queries_subjects import cycle_id_of
from graduated.plan.rows import ProvisionRow
from graduated.plan.views import bp, form_page
from graduated.plan.views_outcomes import outcome_of
from graduated.plan.views_provision import usual_doses
from graduated.web.forms import open_form
from graduated.web.page import done


def _because() -> dict[str, Any]:
    return {"on": today(), "decided_by": require_actor().name}


def _amended(
    name: str, form: BecauseForm, cycle_id: int, title: str, act: Callable[[], object], **context: Any
) -> Response:
    """Show the form, or do what it says; a refusal and somebody else's change come back in the form."""
    if request.method == "GET" or not form.validate():
        return form_page(name, form, cycle_id, title, **context)
    try:
        act()
    except Clash:
        form.form_errors.append("Somebody else changed this while you were writing. Look at the plan, then save again.")
        form.version.data = ""
        return form_page(name, form, cycle_id, title, 409, **context)
    except PlanRefused as refused:
        form.form_errors.append(str(refused))
        return form_page(name, form, cycle_id, title, 422, **context)
    return done("register.cycle", "The plan is amended. Old and new are kept with the reason.", cycle_id=cycle_id)


@bp.get("/cycles/<int:cycle_id>/amend")
@guard(PLAN_AMEND)
def amend(cycle_id: int) -> Response:
    """What can be amended."""
    return form_page("amend", BecauseForm(formdata=None), cycle_id, "Amend the plan", plan=plan_of(cycle_id))


@bp.route("/outcomes/<int:outcome_id>/amend", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def amend_outcome(outcome_id: int) -> Response:
    """Change an outcome of an agreed plan."""
    row = outcome_of(outcome_id)
    form = open_form(AmendOutcomeForm, {**outcome_data(row), **_because()}, version=row.version)
    form.offer(row)
    return _amended(
        "amend_outcome",
        form,
        row.cycle_id,
        f"Amend outcome {row.number}",
        lambda: services.amend_outcome(outcome_id, form.details(), form.because(), form.sent_version),
        row=row,
    )


@bp.route("/cycles/<int:cycle_id>/outcomes/take-up", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def take_up_outcome(cycle_id: int) -> Response:
    """Add an outcome to an agreed plan."""
    form = open_form(AmendOutcomeForm, _because())
    form.offer()
    return _amended(
        "amend_outcome",
        form,
        cycle_id,
        "Add an outcome by an amendment",
        lambda: services.take_up_outcome(cycle_id, form.details(), form.because()),
    )


@bp.route("/outcomes/<int:outcome_id>/drop", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def drop_outcome(outcome_id: int) -> Response:
    """Stop working on an outcome before the review."""
    row = outcome_of(outcome_id)
    form = open_form(BecauseForm, _because())
    return _amended(
        "amend_because",
        form,
        row.cycle_id,
        f"Drop outcome {row.number}",
        lambda: services.drop_outcome(outcome_id, form.because()),
        what=row.statement,
        then="The outcome stays in the plan, marked as dropped on that day.",
    )


def _provision(provision_id: int) -> ProvisionRow:
    plan = plan_of(cycle_id_of("provision", provision_id))
    return next(one for one in plan.provisions if one.provision_id == provision_id)


@bp.route("/provisions/<int:provision_id>/dose", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def amend_dose(provision_id: int) -> Response:
    """Change the dose of an agreed plan."""
    row = _provision(provision_id)
    data = {name: getattr(row, name) for name in ("minutes", "times_a_week", "weeks", "group_size")}
    form = open_form(AmendDoseBecauseForm, {**data, **_because()}, version=row.version)
    return _amended(
        "amend_dose",
        form,
        row.cycle_id,
        f"Amend the dose of {row.name}",
        lambda: services.amend_dose(
            provision_id,
            form.minutes.data or 0,
            form.times_a_week.data or 0,
            form.weeks.data,
            form.group_size.data or 1,
            form.because(),
            form.sent_version,
        ),
        row=row,
    )


@bp.route("/provisions/<int:provision_id>/amend", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def amend_provision(provision_id: int) -> Response:
    """Change what a provision is called, who gives it or what it is for."""
    row = _provision(provision_id)
    data = {
        "name": row.name,
        "given_by": row.who,
        "expected_impact": row.expected_impact,
        "serves": [str(one) for one in row.serves],
    }
    form = open_form(AmendProvisionForm, {**data, **_because()}, version=row.version)
    form.offer(plan_of(row.cycle_id))
    return _amended(
        "amend_provision",
        form,
        row.cycle_id,
        f"Amend {row.name}",
        lambda: services.amend_provision(
            provision_id,
            form.name.data or "",
            form.given_by.data or "",
            form.expected_impact.data or "",
            tuple(int(one) for one in form.serves.data or ()),
            form.because(),
            form.sent_version,
        ),
        row=row,
    )


@bp.route("/cycles/<int:cycle_id>/provision/take-up", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def take_up_provision(cycle_id: int) -> Response:
    """Add provision to an agreed plan."""
    form = open_form(TakeUpProvisionForm, _because())
    form.offer(plan_of(cycle_id))
    return _amended(
        "take_up_provision",
        form,
        cycle_id,
        "Add provision by an amendment",
        lambda: services.take_up_provision(cycle_id, form.details(), form.because()),
        library=usual_doses(form),
    )


@bp.route("/provisions/<int:provision_id>/stop", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def stop_provision(provision_id: int) -> Response:
    """Stop provision before the review."""
    row = _provision(provision_id)
    form = open_form(BecauseForm, _because())
    return _amended(
        "amend_because",
        form,
        row.cycle_id,
        f"Stop {row.name}",
        lambda: services.stop_provision(provision_id, form.because()),
        what=f"{row.name}: {row.dose}",
        then="That day is its last. What was given until then stays.",
    )


@bp.route("/cycles/<int:cycle_id>/review-date", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def amend_review_date(cycle_id: int) -> Response:
    """Move the review date of an agreed plan."""
    cycle = cycle_of(cycle_id)
    form = open_form(ReviewDateForm, {"review_due": cycle.review_due, **_because()}, version=cycle.version)
    return _amended(
        "amend_review_date",
        form,
        cycle_id,
        "Amend the review date",
        lambda: services.amend_review_date(cycle_id, form.review_due.data, form.because(), form.sent_version),  # type: ignore[arg-type]
    )
