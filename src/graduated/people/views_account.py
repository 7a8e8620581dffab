"""One's own account: other ways in, the password, the browsers that are signed in."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, flash, make_response, redirect, request, session, url_for

from graduated.access.actions import OWN_ACCOUNT, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.access.identity import Actor, require_actor
from graduated.people import services
from graduated.people import sign_in as signing
from graduated.people.forms import PasswordForm
from graduated.people.passwords import hash_password
from graduated.people.queries import own_email, sign_ins, ways_in
from graduated.people.views import begin, bp
from graduated.rules.passwords import check
from graduated.web.forms import open_form
from graduated.web.page import done, page


@bp.get("/account")
@guard(OWN_ACCOUNT)
def account() -> Response:
    """Who I am here, which other school or hat I could enter, and where I am signed in."""
    actor = require_actor()
    longest = timedelta(hours=current_app.config["SETTINGS"].absolute_hours)
    return page(
        "people/account.html", title="Your account", ways=ways_in(actor), email=own_email(actor),
        sign_ins=sign_ins(actor, longest), has_calendar=may(REVIEW_READ),
    )  # fmt: skip


@bp.post("/account/enter/<int:number>")
@guard(OWN_ACCOUNT)
def enter(number: int) -> Response:
    """Change school, or change from staff to family and back: a new sign-in row, the old one ends."""
    actor = require_actor()
    ways = ways_in(actor)
    if number >= len(ways) or actor.user_id is None:
        return make_response(redirect(url_for("people.account"), 303))
    _enter_again(actor, number)
    return make_response(redirect("/", 303))


def _enter_again(actor: Actor, number: int) -> None:
    """A fresh sign-in by one of a person's ways; the old one ends on the server."""
    entered = signing.enter(
        actor.user_id or 0,
        ways_in(actor)[number].door,
        address=request.remote_addr or "",
        device=request.user_agent.string,
    )
    if actor.session_id is not None:
        signing.end(actor.session_id)
    begin(entered)


@bp.route("/account/password", methods=["GET", "POST"])
@guard(OWN_ACCOUNT)
def password() -> Response:
    """Change one's own password, knowing the present one; every other browser is signed out."""
    actor = require_actor()
    form = open_form(PasswordForm)
    if not form.is_submitted() or not form.validate() or not _password_is_right(form, actor):
        status = 422 if form.is_submitted() else 200
        return page("people/password.html", None, status, title="Change your password", form=form)
    new = hash_password(form.new_password.data)
    services.change_password(actor.user_id or 0, new)
    _enter_again(actor, next((place for place, way in enumerate(ways_in(actor)) if way.current), 0))
    return done("people.account", "Password changed. Other browsers have been signed out.")


def _password_is_right(form: PasswordForm, actor: Actor) -> bool:
    email = own_email(actor)
    wrong = check(form.new_password.data, (actor.school_name, actor.name, email))
    if wrong:
        form.new_password.errors = [wrong]
        return False
    try:
        proved = signing.prove(email, form.password.data, address=request.remote_addr or "")
    except signing.Throttled:
        form.password.errors = ["Too many tries. Wait five minutes, then try again."]
        return False
    if proved != actor.user_id:
        form.password.errors = ["This is not your password as it is now"]
        return False
    return True


@bp.post("/account/sign-ins/end")
@guard(OWN_ACCOUNT)
def end_sign_in() -> Response:
    """Sign one other browser out."""
    actor = require_actor()
    which = request.form.get("which", "")
    if which.isdecimal() and len(which) < 10 and actor.user_id is not None:
        signing.end_one(int(which), actor.user_id)
    return done("people.account", "That browser has been signed out.")


@bp.post("/account/sign-out-everywhere")
@guard(OWN_ACCOUNT)
def sign_out_everywhere() -> Response:
    """Sign every browser out, this one too."""
    actor = require_actor()
    if actor.user_id is not None:
        signing.end_all(actor.user_id)
    session.clear()
    flash("You are signed out everywhere.", "success")
    answer = make_response(redirect(url_for("people.sign_in"), 303))
    answer.headers["Clear-Site-Data"] = '"cache"'  # not the storage: entries may wait there for this person
    return answer
