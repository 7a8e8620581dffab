"""Staff who work with a pupil: by hand here; by class and teaching group from the school's files."""

from __future__ import annotations

from flask import Response, request
from wtforms import SelectChoice

from graduated.access.actions import REGISTER_READ, REGISTER_WRITE
from graduated.access.guards import guard, may
from graduated.db.clock import today
from graduated.people.queries import staff as staff_members
from graduated.pupils import services
from graduated.pupils.forms import AssignForm
from graduated.pupils.queries import staff_of, teaching_groups_of
from graduated.pupils.views import around, bp
from graduated.rules.vocabulary import AssignmentSource
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.get("/pupils/<int:pupil_id>/staff")
@guard(REGISTER_READ)
def staff(pupil_id: int) -> Response:
    """Who works with the pupil, and why they count the pupil among their own."""
    lines = staff_of(pupil_id)
    return page(
        "pupils/staff.html",
        now=[line for line in lines if line.now or line.starts > today()],
        before=[line for line in lines if not line.now and line.starts <= today()],
        by_hand=AssignmentSource.HAND,
        teaching_groups=teaching_groups_of(pupil_id),
        can_edit=may(REGISTER_WRITE),
        title="Staff who work with the pupil",
        **around(pupil_id, "register.pupil"),
    )


@bp.route("/pupils/<int:pupil_id>/staff/assign", methods=["GET", "POST"])
@guard(REGISTER_WRITE)
def assign(pupil_id: int) -> Response:
    """Make the pupil one of a person's own, by hand, with dates."""
    form = open_form(AssignForm, {"starts": today()})
    form.user_id.choices = [
        SelectChoice("", "Choose"),
        *(SelectChoice(str(one.user_id), f"{one.name}, {one.role_label}") for one in staff_members()),
    ]
    if request.method == "GET" or not form.validate():
        status = 422 if form.errors else 200
        return page("pupils/assign.html", status=status, form=form, title="Add a member of staff",
                    **around(pupil_id, "register.pupil"))  # fmt: skip
    services.assign(
        int(form.user_id.data),
        pupil_id,
        AssignmentSource.HAND,
        form.reason.data or "",
        form.starts.data,
        form.ends.data,
    )
    return done("pupils.staff", "They see the pupil among their own from that day.", pupil_id=pupil_id)


@bp.post("/pupils/<int:pupil_id>/staff/<int:assignment_id>/end")
@guard(REGISTER_WRITE)
def end_assignment(pupil_id: int, assignment_id: int) -> Response:
    """The pupil is no longer one of that person's own, at once."""
    services.end_assignment(assignment_id)
    return done("pupils.staff", "They no longer see the pupil.", pupil_id=pupil_id)
