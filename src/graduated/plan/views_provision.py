"""Provision of a draft, and a group's adult, day and time at any time."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, request, url_for

from graduated.access.actions import PLAN_DRAFT, PLAN_READ, SESSIONS_LOG
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.writing import Clash
from graduated.plan import services
from graduated.plan.board import notes_of
from graduated.plan.details import PlanRefused
from graduated.plan.forms import own_ids
from graduated.plan.forms_provision import DaysForm, ProvisionForm, provision_data
from graduated.plan.queries import plan_of
from graduated.plan.queries_subjects import cycle_id_of, others_in_group
from graduated.plan.rows import Plan, ProvisionRow, dose_words
from graduated.plan.services_draft import draft
from graduated.plan.views import bp, form_page, saved, theirs
from graduated.web.forms import Form, open_form
from graduated.web.page import done


@bp.route("/cycles/<int:cycle_id>/provision/new", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def add_provision(cycle_id: int) -> Response:
    """Add provision to a draft."""
    draft(cycle_id)
    plan = plan_of(cycle_id)
    chosen = [str(plan.outcomes[0].outcome_id)] if len(plan.outcomes) == 1 else []
    form = open_form(ProvisionForm, {"serves": request.args.getlist("outcome") or chosen})
    form.offer(plan)
    own_ids(form, "provision-new")
    context: dict[str, Any] = {
        "library": usual_doses(form),
        "live": url_for("plan.check_new_provision", cycle_id=cycle_id),
    }
    if request.method == "GET" or not form.validate():
        return form_page("provision", form, cycle_id, "Add provision", **context)
    try:
        services.add_provision(cycle_id, form.details())
    except PlanRefused as refused:
        return refused_page("provision", form, cycle_id, "Add provision", refused, **context)
    return saved(cycle_id, "The provision is added.")


def usual_doses(form: ProvisionForm) -> list[tuple[str, str, str]]:
    """Name, purpose and usual dose of each intervention, for those who want to look."""
    return [
        (
            row.name,
            row.purpose,
            dose_words(row.usual_minutes or 0, row.usual_times_a_week or 0, row.usual_weeks, row.usual_group_size or 1),
        )
        for row in form.library.values()
    ]


def refused_page(name: str, form: Form, cycle_id: int, title: str, refused: PlanRefused, **context: Any) -> Response:
    """The form again with the reason at its top."""
    form.form_errors.append(str(refused))
    return form_page(name, form, cycle_id, title, 422, **context)


def _provision(plan: Plan, provision_id: int) -> ProvisionRow:
    return next(one for one in plan.provisions if one.provision_id == provision_id)


@bp.route("/provisions/<int:provision_id>/edit", methods=["GET", "POST"])
@guard(PLAN_DRAFT)
def edit_provision(provision_id: int) -> Response:
    """Change provision of a draft."""
    cycle_id = cycle_id_of("provision", provision_id)
    draft(cycle_id)
    plan = plan_of(cycle_id)
    row = _provision(plan, provision_id)
    shared = row.place_id is not None and others_in_group(row.place_id)
    form = open_form(ProvisionForm, provision_data(row, shared), version=row.version)
    form.offer(plan, row)
    own_ids(form, f"provision-{provision_id}")
    context: dict[str, Any] = {
        "row": row,
        "notes": notes_of(plan).get(f"p{provision_id}", {}),
        "library": usual_doses(form),
        "slot": f"provision-{provision_id}",
        "live": url_for("plan.check_provision", provision_id=provision_id),
    }
    if request.method == "GET" or not form.validate():
        return form_page("provision", form, cycle_id, row.name, **context)
    try:
        services.change_provision(provision_id, form.details(), form.sent_version)
    except Clash as clash:
        now = _provision(plan_of(cycle_id), provision_id)
        current = {**clash.current, **provision_data(now, shared)}
        others = theirs(
            form, {name: current[name] for name in ("name", "minutes", "times_a_week", "weeks", "staff_id")}
        )
        form.version.data = str(now.version)
        return form_page("provision", form, cycle_id, row.name, 409, **{**context, "theirs": others})
    except PlanRefused as refused:
        return refused_page("provision", form, cycle_id, row.name, refused, **context)
    return saved(cycle_id, "The provision is saved.")


@bp.post("/provisions/<int:provision_id>/remove")
@guard(PLAN_DRAFT)
def remove_provision(provision_id: int) -> Response:
    """Take provision out of a draft."""
    return saved(services.remove_provision(provision_id), "The provision is removed.")


@bp.route("/provisions/<int:provision_id>/group", methods=["GET", "POST"])
@guard(PLAN_READ)
def change_group(provision_id: int) -> Response:
    """Change a group's adult, day or time: logged, and no amendment."""
    cycle_id = cycle_id_of("provision", provision_id)
    plan = plan_of(cycle_id)
    row = _provision(plan, provision_id)
    staff_ids = frozenset([row.staff_id]) if row.staff_id is not None else frozenset()
    if row.group_id is None or not may(SESSIONS_LOG, Subject(plan.cycle.pupil_id, staff_ids=staff_ids)):
        abort(403)
    data = {"staff_id": str(row.staff_id or ""), "weekdays": [str(day) for day in row.weekdays], "at": row.at}
    form = open_form(DaysForm, data)
    form.offer_staff()
    if request.method == "GET" or not form.validate():
        return form_page("group", form, cycle_id, f"{row.name}: adult, days and time", row=row)
    services.change_group(row.group_id, form.adult, form.days, form.at.data)
    return done("register.cycle", "The group is changed, and the change is kept.", cycle_id=cycle_id)
