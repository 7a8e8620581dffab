"""Coming in by a link: one page for a link that is good, one plain page for any that is not."""

from __future__ import annotations

from flask import Response, make_response, redirect, request

from graduated.access import entry
from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import current_actor
from graduated.access.policy import Hat
from graduated.people import invitations
from graduated.people import sign_in as signing
from graduated.people.forms import InvitationForm, KnownInvitationForm
from graduated.people.invitations import Invited
from graduated.people.passwords import hash_password
from graduated.people.views import begin, bp, is_private_line
from graduated.rules.passwords import check
from graduated.web.page import page

_AnyForm = InvitationForm | KnownInvitationForm


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@guard(PUBLIC)
def invitation(token: str) -> Response:
    """Set a password, or prove the one there is, and come in."""
    invited = invitations.find(token)
    if invited is None:
        return _gone()
    form: _AnyForm = KnownInvitationForm() if invited.has_password else InvitationForm()
    if isinstance(form, InvitationForm) and invited.name:
        del form.name
    if not form.is_submitted():
        return _invitation_page(form, invited)
    if not is_private_line():
        form.form_errors.append("Setting a password needs a secure address (https). Ask the school for it.")
        return _invitation_page(form, invited, 403)
    if not form.validate() or not _is_right(form, invited):
        return _invitation_page(form, invited, 422)
    return _come_in(form, invited)


def _gone() -> Response:
    """Used, withdrawn, too old, never made: all alike."""
    return page("people/invitation_gone.html", None, 404, title="This link does not work")


def _invitation_page(form: _AnyForm, invited: Invited, status: int = 200) -> Response:
    return page("people/invitation.html", None, status, title="Come in", form=form, invited=invited)


def _is_right(form: _AnyForm, invited: Invited) -> bool:
    if isinstance(form, InvitationForm):
        name = form.name.data if "name" in form else invited.name
        wrong = check(form.new_password.data, (invited.school_name, name, invited.email))
        if wrong:
            form.new_password.errors = [wrong]
        return wrong is None
    try:
        proved = signing.prove(invited.email, form.password.data, address=request.remote_addr or "")
    except signing.Throttled:
        form.password.errors = ["Too many tries. Wait five minutes, then try again."]
        return False
    if proved is None:
        form.password.errors = ["The password is not right"]
    return proved is not None


def _come_in(form: _AnyForm, invited: Invited) -> Response:
    # The hash takes a tenth of a second and is made before the transaction opens.
    hashed = hash_password(form.new_password.data) if isinstance(form, InvitationForm) else None
    name = form.name.data if "name" in form else invited.name
    try:
        user_id = invitations.accept(invited, name, hashed)
    except invitations.NoLongerGood:
        return _gone()
    actor = current_actor()
    if actor is not None and actor.session_id is not None:
        signing.end(actor.session_id)
    hat = Hat.FAMILY if invited.role.is_family else Hat.STAFF
    doors = entry.doors(user_id)
    door = next(door for door in doors if door.school_id == invited.school_id and door.hat is hat)
    begin(signing.enter(user_id, door, address=request.remote_addr or "", device=request.user_agent.string))
    return make_response(redirect("/", 303))
