"""The second step of signing in: entering a code, setting it up, new recovery codes, taking it away."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Response, make_response, redirect, request, session, url_for

from graduated.access import entry
from graduated.access.actions import PUBLIC, SECOND_STEP
from graduated.access.guards import guard
from graduated.access.identity import Actor, require_actor
from graduated.access.keyring import has_second_step
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.people import second_factor, services_second_step
from graduated.people import sign_in as signing
from graduated.people.forms import CodeForm, PasskeyForm, ProveForm, SetUpForm
from graduated.people.queries import codes_left, own_email
from graduated.people.views import (
    HALF_WAY_SECONDS,
    Steps,
    bp,
    enter_here,
    is_private_line,
    prove_first,
    proved_just_now,
    safe_next,
    step_taken,
    ways_on,
    welcome,
)
from graduated.web.forms import open_form
from graduated.web.page import done, page

_WRONG = "This code is not right, or was used before. Wait for the next one, and check that the phone’s clock is right."
_TYPE_AGAIN = "Enter your password again: it is never sent back to the page."
_PASSKEY_WRONG = {
    "passkey": "This passkey did not work here. Try again, or go on another way.",
    "wait": "Too many wrong tries from where you are. Wait an hour, or go on another way.",
}
_WAIT = "Too many wrong codes. Wait five minutes, then try again."


@bp.route("/sign-in/code", methods=["GET", "POST"])
@guard(PUBLIC)
def second_step_code() -> Response:
    """The code, for who has given the right password within the last five minutes."""
    half = half_of_session()
    if half is None:
        return make_response(redirect(url_for("people.sign_in"), 303))
    form = CodeForm()
    if not form.is_submitted():
        return code_page(form, half)
    if not is_private_line():
        form.code.errors = ["Signing in needs a secure address (https). Ask your administrator for it."]
        return code_page(form, half, 403)
    if not form.validate():
        return code_page(form, half, 422)
    try:
        right = signing.try_code(half["user"], form.code.data, address=request.remote_addr or "")
    except signing.Throttled:
        form.code.errors = [_WAIT]
        return code_page(form, half, 429)
    if not right:
        form.code.errors = [_WRONG]
        return code_page(form, half, 422)
    return go_in(half)


def half_of_session() -> dict[str, Any] | None:
    """Who gave the right password at this browser within five minutes, and has not changed it since."""
    half: dict[str, Any] | None = session.get("half")
    left = half["until"] - now().timestamp() if half is not None else -1
    longest = HALF_WAY_SECONDS + entry.CLOCKS_DIFFER.total_seconds()
    if half is None or not 0 <= left <= longest or half["password"] != entry.password_since(half["user"]):
        session.pop("half", None)
        return None
    return half


def go_in(half: dict[str, Any]) -> Response:
    """In, when the second step was taken."""
    ways = entry.doors(half["user"])
    door = next((one for one in ways if (one.school_id, one.hat) == (half["school"], Hat(half["hat"]))), None)
    if door is None:  # the role ended between the password and the code
        session.clear()
        return make_response(redirect(url_for("people.sign_in"), 303))
    since = datetime.fromisoformat(half["since"]) if half.get("since") else None
    steps = Steps(own=True, provider=bool(half.get("provider")))
    return welcome(enter_here(half["user"], door, since, stepped=True), half["next"], steps)


def code_page(form: CodeForm, half: dict[str, Any], status: int = 200) -> Response:
    """The page that asks for the second step, or its part for the dialog."""
    again = bool(request.form.get("again"))
    fragment = "people/_code_form.html" if again else None
    return page("people/code.html", fragment, status, form=form, again=again, **ways_on(half["user"]))


@bp.route("/account/prove", methods=["GET", "POST"])
@guard(SECOND_STEP)
def prove_again() -> Response:
    """Prove once more who one is, before a record leaves the program or a way to sign in changes; then on."""
    actor = require_actor()
    form = open_form(ProveForm, {"next": safe_next(request.args.get("next"))})
    has_step = has_second_step(actor.user_id or 0)
    del form[("password" if has_step else "code")]
    if form.is_submitted() and form.validate() and (_code_is_right(form, actor) and _password_is_right(form, actor)):
        session["proved"] = now().timestamp()
        if has_step:
            step_taken()
        return make_response(redirect(safe_next(form.next.data), 303))
    wrong = _PASSKEY_WRONG.get(request.args.get("wrong", ""))
    if wrong and not form.is_submitted():
        form.form_errors = [wrong]
    target = safe_next(form.next.data)
    return page(
        "people/prove.html", None, 422 if form.is_submitted() else 200, title="Is it still you?", form=form,
        next=target, about_sign_in=target.startswith("/account"), **ways_on(actor.user_id or 0),
    )  # fmt: skip


def _code_is_right(form: CodeForm | ProveForm, actor: Actor) -> bool:
    """Whether the code is right, where one is asked for; what is wrong stands beside the field."""
    if "code" not in form:
        return True
    try:
        if signing.try_code(actor.user_id or 0, form.code.data, address=request.remote_addr or ""):
            return True
        form.code.errors = [_WRONG]
    except signing.Throttled:
        form.code.errors = [_WAIT]
    return False


@bp.route("/account/second-step", methods=["GET", "POST"])
@guard(SECOND_STEP)
def second_step() -> Response:
    """How it stands with one's second step; or setting one up."""
    actor = require_actor()
    kept = entry.factor(actor.user_id or 0)
    if kept is not None:
        return page(
            "people/second_step.html", title="Second step", since=kept.since, left=codes_left(actor.user_id or 0),
            is_asked=_is_asked(actor),
        )  # fmt: skip
    form = open_form(SetUpForm)
    if actor.needs_factor:
        del form.password
    if not form.is_submitted():
        return _set_up_page(form, actor, second_factor.new_secret())
    secret = second_factor.deciphered(form.kept.data or "", second_factor.SET_UP_SECONDS)
    if secret is None:
        form.code.errors = ["This page stood open for too long. Scan the picture again: it is a new one."]
    elif form.validate() and _password_is_right(form, actor):
        return _set_up(form, actor, secret)
    return _set_up_page(form, actor, secret or second_factor.new_secret())


def _is_asked(actor: Actor) -> bool:
    return any(door.asks_factor for door in entry.doors(actor.user_id or 0))


def _set_up_page(form: SetUpForm, actor: Actor, secret: str) -> Response:
    form.kept.data = second_factor.enciphered(secret)
    if form.is_submitted() and "password" in form and not form.password.errors:
        # No browser gets a password back in a page, so the field is empty: say it, or the next try fails too.
        form.password.errors = [_TYPE_AGAIN]
    address = second_factor.address_of(secret, own_email(actor), actor.school_name)
    return page(
        "people/second_step_set_up.html", None, 422 if form.is_submitted() else 200,
        title="Set up a second step", form=form, typed=second_factor.in_fours(secret), address=address,
        picture=second_factor.picture(address), must=actor.needs_factor,
    )  # fmt: skip


def _password_is_right(form: SetUpForm | ProveForm, actor: Actor) -> bool:
    """Whoever sits down at a browser that was left open shall not put their own phone to the account."""
    if "password" not in form:
        return True
    try:
        proved = signing.prove(own_email(actor), form.password.data, address=request.remote_addr or "")
    except signing.Throttled:
        form.password.errors = ["Too many tries. Wait five minutes, then try again."]
        return False
    if proved != actor.user_id:
        form.password.errors = ["This is not your password"]
    return proved == actor.user_id


def _set_up(form: SetUpForm, actor: Actor, secret: str) -> Response:
    step = second_factor.step_of(secret, form.code.data, now())
    if step is None:
        form.code.errors = ["This is not the code that the app shows now. Check that the phone’s clock is right."]
        return _set_up_page(form, actor, secret)
    codes = second_factor.new_recovery_codes()
    services_second_step.set_up(actor.user_id or 0, secret, step, codes)
    step_taken()
    return codes_page(codes)


def codes_page(codes: tuple[str, ...]) -> Response:
    """Shown once, as the answer itself: the codes are kept nowhere, not even in the browser's cookie."""
    return page("people/recovery_codes.html", title="Your recovery codes", codes=codes)


@bp.route("/account/second-step/codes", methods=["GET", "POST"])
@guard(SECOND_STEP)
def second_step_new_codes() -> Response:
    """Ten new recovery codes, for who has the phone in hand or just used a passkey."""
    has_app = entry.factor(require_actor().user_id or 0) is not None
    if not has_app and has_second_step(require_actor().user_id or 0):
        if not proved_just_now():
            return prove_first()
        if request.method == "GET":
            return page("people/second_step_codes.html", title="New recovery codes", form=open_form(PasskeyForm))
    else:
        answer = _asked_for_code("people/second_step_codes.html", "New recovery codes")
        if answer is not None:
            return answer
    codes = second_factor.new_recovery_codes()
    services_second_step.new_codes(require_actor().user_id or 0, codes)
    return codes_page(codes)


@bp.route("/account/second-step/remove", methods=["GET", "POST"])
@guard(SECOND_STEP)
def second_step_remove() -> Response:
    """Take it away, or to another phone where the school asks for it; a code proves that it is the owner."""
    answer = _asked_for_code("people/second_step_remove.html", "Take the second step away")
    if answer is not None:
        return answer
    actor = require_actor()
    services_second_step.take_away(actor.user_id or 0)
    if _is_asked(actor) and not has_second_step(actor.user_id or 0):
        return done("people.second_step", "The old phone’s codes no longer work. Now set up the new one.")
    return done("people.account", _taken_away(actor))


def _taken_away(actor: Actor) -> str:
    if has_second_step(actor.user_id or 0):
        return "Taken away. From now on a passkey is your second step."
    return "Taken away. From now on the password alone signs you in."


def _asked_for_code(template: str, title: str) -> Response | None:
    """The page that asks for a code, until a right one is sent; then nothing."""
    actor = require_actor()
    if entry.factor(actor.user_id or 0) is None:
        return done("people.second_step")
    form = open_form(CodeForm)
    if form.is_submitted() and form.validate() and _code_is_right(form, actor):
        return None
    status = 422 if form.is_submitted() else 200
    return page(template, None, status, title=title, form=form, is_asked=_is_asked(actor))
