"""Coming in by a link: one page for a link that is good, one plain page for any that is not."""

from __future__ import annotations

from flask import Response, make_response, redirect, request, url_for

from graduated.access import entry
from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import current_actor
from graduated.access.policy import Hat
from graduated.people import invitations
from graduated.people import sign_in as signing
from graduated.people.forms import CodeOnPaperForm, InvitationForm, KnownInvitationForm
from graduated.people.invitations import Invited
from graduated.people.passwords import hash_password, what_is_wrong
from graduated.people.tokens import as_typed
from graduated.people.views import bp, come_in, is_private_line
from graduated.rules.vocabulary import Role
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
    if not invited.role.is_family:
        del form.born_on
    elif invited.role is Role.YOUNG_PERSON:
        form.born_on.label.text = "Your date of birth"
    if not form.is_submitted():
        return _invitation_page(form, invited)
    if not is_private_line():
        form.form_errors.append("Setting a password needs a secure address (https). Ask the school for it.")
        return _invitation_page(form, invited, 403)
    valid = form.validate()
    day = form.born_on.data if "born_on" in form and not form.born_on.errors else None
    # Before anything else is said: to who does not know the child this page answers nothing.
    if day is not None and not invitations.is_born_on(invited, day):
        return _wrong_day(form, token)
    if not valid or not _is_right(form, invited):
        return _invitation_page(form, invited, 422)
    return _come_in(form, invited)


def _wrong_day(form: _AnyForm, token: str) -> Response:
    """A wrong date of birth: how many tries are left, or that the link works no more."""
    left = invitations.find(token)
    if left is None:
        return _gone()
    form.born_on.errors = ["That is not the date of birth that the school has. If you are sure, ask the school."]
    if isinstance(form, InvitationForm) and form.new_password.data and not form.new_password.errors:
        form.new_password.errors = ["Enter your password again: it is never sent back to the page."]
    return _invitation_page(form, left, 422)


@bp.route("/invitation", methods=["GET", "POST"])
@guard(PUBLIC)
def invitation_code() -> Response:
    """Where the code of a printed letter is entered."""
    form = CodeOnPaperForm()
    if not form.is_submitted():
        return page("people/invitation_code.html", title="Enter your code", form=form)
    if not form.validate():
        return page("people/invitation_code.html", None, 422, title="Enter your code", form=form)
    token = as_typed(form.code.data or "")
    if invitations.find(token) is None:
        form.code.errors = ["This code does not work. Compare it with your letter, or ask the school for a new one."]
        return page("people/invitation_code.html", None, 422, title="Enter your code", form=form)
    return make_response(redirect(url_for("people.invitation", token=token), 303))


def _gone() -> Response:
    """Used, withdrawn, too old, never made: all alike."""
    return page("people/invitation_gone.html", None, 404, title="This link does not work")


def _invitation_page(form: _AnyForm, invited: Invited, status: int = 200) -> Response:
    return page("people/invitation.html", None, status, title="Come in", form=form, invited=invited)


def _is_right(form: _AnyForm, invited: Invited) -> bool:
    if isinstance(form, InvitationForm):
        name = form.name.data if "name" in form else invited.name
        wrong = what_is_wrong(form.new_password.data, (invited.school_name, name, invited.email))
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
    return come_in(user_id, door, "/")
