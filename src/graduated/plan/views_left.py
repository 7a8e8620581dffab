"""Closing the plan of a pupil who has left the school: without a review, on the day of leaving."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import PLAN_AMEND
from graduated.access.guards import guard
from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.details import PlanRefused
from graduated.plan.queries import cycle_of
from graduated.plan.views import bp
from graduated.pupils.queries import pupil_head
from graduated.pupils.views import around
from graduated.rules.vocabulary import CycleStatus
from graduated.web.filters import long_date
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page

_HERE = "This pupil has not left. Enter the leaving date first, or end the plan with a review."


@bp.route("/cycles/<int:cycle_id>/left", methods=["GET", "POST"])
@guard(PLAN_AMEND)
def close_left(cycle_id: int) -> Response:
    """Close the plan of somebody who left; what was agreed and done stays as it is."""
    cycle = cycle_of(cycle_id)
    head = pupil_head(cycle.pupil_id)
    has_left = head.left_on is not None and head.left_on < today()
    form, refused = open_form(Form), "" if has_left else _HERE
    if request.method == "POST" and form.validate() and has_left and head.left_on is not None:
        try:
            services.close_cycle(cycle_id, CycleStatus.LEFT, head.left_on)
            return done("register.cycle", f"The plan is closed with {long_date(head.left_on)}.", cycle_id=cycle_id)
        except PlanRefused as error:
            refused = str(error)
    status = 422 if request.method == "POST" and refused else 200
    return page(
        "plan/left.html", None, status, title="Left, plan still open", form=form, cycle=cycle, refused=refused,
        left_on=head.left_on, **around(cycle.pupil_id, "register.cycles"),
    )  # fmt: skip
