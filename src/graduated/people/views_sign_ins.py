"""Sign-ins of others: who keeps the accounts ends them at once, as when a laptop is lost; and staying signed in."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, make_response

from graduated.access.actions import OWN_ACCOUNT, SCHOOL_WRITE
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.people import queries_staff, services_sign_ins
from graduated.people.queries import sign_ins_here
from graduated.people.views import bp
from graduated.people.views_staff import staff_bp
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page


@bp.get("/account/stay")
@guard(OWN_ACCOUNT)
def stay() -> Response:
    """Somebody is there and says so: being asked at all is what keeps the sign-in from going idle."""
    return make_response("", 204)


@staff_bp.route("/school/staff/<int:member_id>/sign-out", methods=["GET", "POST"])
@guard(SCHOOL_WRITE)
def end_sign_ins(member_id: int) -> Response:
    """Sign a member of staff out of this school everywhere; their password and second step stay."""
    if member_id == require_actor().user_id:
        return done("people.account")
    form = open_form(Form)
    if form.is_submitted() and form.validate():
        services_sign_ins.end_here(member_id)
        return done("people.staff.member", "Signed out everywhere in this school.", member_id=member_id)
    longest = timedelta(hours=current_app.config["SETTINGS"].absolute_hours)
    return page(
        "people/sign_out_staff.html", None, 422 if form.is_submitted() else 200, title="Sign somebody out", form=form,
        member=queries_staff.member(member_id), open=sign_ins_here(member_id, longest),
    )  # fmt: skip
