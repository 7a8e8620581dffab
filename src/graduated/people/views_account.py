"""One's own account: other ways in, the password, the browsers that are signed in."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Response, current_app, flash, make_response, redirect, request, session, url_for

from graduated.access import entry
from graduated.access.actions import DEVICE_PIN, OWN_ACCOUNT, REVIEW_READ
from graduated.access.guards import guard, may
from graduated.access.identity import Actor, require_actor
from graduated.access.keyring import has_second_step, keys_of
from graduated.people import services
from graduated.people import sign_in as signing
from graduated.people.forms import PasswordForm
from graduated.people.passwords import hash_password, what_is_wrong
from graduated.people.queries import own_email, sign_ins, ways_in
from graduated.people.views import asks_step, begin, bp, enter_here, half_way, steps_here
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
        sign_ins=sign_ins(actor, longest), kept=entry.factor(actor.user_id or 0),
        passkeys=len(keys_of(actor.user_id or 0)), has_calendar=may(REVIEW_READ), has_pin=may(DEVICE_PIN),
        has_providers=bool(current_app.config["SETTINGS"].providers) and not actor.is_family,
    )  # fmt: skip


@bp.post("/account/enter/<int:number>")
@guard(OWN_ACCOUNT)
def enter(number: int) -> Response:
    """Change school, or change from staff to family and back: a new sign-in row, the old one ends."""
    actor = require_actor()
    ways = ways_in(actor)
    if number >= len(ways) or ways[number].current or actor.user_id is None:
        return make_response(redirect(url_for("people.account"), 303))
    since, steps, door = signing.started_at(actor.session_id), steps_here(), ways[number].door
    if asks_step(actor.user_id, door, steps):
        if actor.session_id is not None:
            signing.end(actor.session_id)
        return half_way(actor.user_id, door, "/", steps, since)
    _enter_again(actor, door, since=since, proved=session.get("proved", 0))
    return make_response(redirect("/", 303))


def _enter_again(actor: Actor, door: entry.Door, *, since: datetime | None = None, proved: float | None = None) -> None:
    """A sign-in by one of a person's ways; the old one ends on the server.

    Who only changes from one way to another has proved nothing anew: it lasts no longer than the old one.
    """
    steps = steps_here()
    entered = enter_here(actor.user_id or 0, door, since, stepped=steps.will_do(door))
    if actor.session_id is not None:
        signing.end(actor.session_id)
    begin(entered, proved, steps)


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
    ways = ways_in(actor)
    here = next((way.door for way in ways if way.current), ways[0].door)
    # Of who has a second step it is asked for before anything else changes: the password alone proves too little.
    earlier = session.get("proved", 0) if has_second_step(actor.user_id or 0) else None
    _enter_again(actor, here, proved=earlier)
    return done("people.account", "Password changed. Other browsers have been signed out.")


def _password_is_right(form: PasswordForm, actor: Actor) -> bool:
    email = own_email(actor)
    wrong = what_is_wrong(form.new_password.data, (actor.school_name, actor.name, email))
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
