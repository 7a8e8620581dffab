"""The second person's look at a proposed role that reads every record."""

from __future__ import annotations

from flask import Response, request

from graduated.access.actions import SCHOOL_READ
from graduated.access.guards import guard
from graduated.access.identity import require_actor
from graduated.people import services_proposals as services
from graduated.people.giving import NotYoursToGive
from graduated.people.invitations import new_token
from graduated.people.queries_proposals import proposal
from graduated.people.sign_in import hash_token
from graduated.people.views_staff import letter, show_link_or, staff_bp
from graduated.web.forms import Form, open_form
from graduated.web.page import done, page


@staff_bp.route("/school/staff/proposals/<int:proposal_id>", methods=["GET", "POST"])
@guard(SCHOOL_READ)
def second_person(proposal_id: int) -> Response:
    """Approve or decline, for another person than who proposed it; everybody who reads the staff list may look."""
    found = proposal(proposal_id)
    form = open_form(Form)
    wrong = None
    if form.is_submitted() and form.validate():
        try:
            return _approved(proposal_id) if request.form.get("answer") == "approve" else _declined(proposal_id)
        except NotYoursToGive as error:
            wrong = str(error)
    return page(
        "people/second_person.html", None, 422 if wrong else 200, title="A second person", form=form, found=found,
        wrong=wrong, why_not=services.why_not(found.proposed_by_id, found.email),
        can_decline=services.may_decline(found.proposed_by_id),
        is_mine=found.proposed_by_id == require_actor().user_id,
    )  # fmt: skip


def _approved(proposal_id: int) -> Response:
    token = new_token(require_actor().school_id)
    user_id = services.approve(proposal_id, hash_token(token), letter(token))
    return show_link_or("Approved. They can sign in with the password that they have.", token, user_id)


def _declined(proposal_id: int) -> Response:
    services.decline(proposal_id)
    return done("people.staff.staff", "Declined. Nobody’s role has changed.")
