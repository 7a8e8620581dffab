"""Passkeys: signing in with one, as the second step or alone, and keeping one's own."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, make_response, redirect, request, session, url_for

from graduated.access import entry, keyring
from graduated.access.actions import PUBLIC, SECOND_STEP
from graduated.access.guards import guard
from graduated.access.identity import Actor, require_actor
from graduated.db.clock import now
from graduated.people import passkeys, second_factor, services_passkeys
from graduated.people import sign_in as signing
from graduated.people.forms import CodeForm, PasskeyAddForm, PasskeyForm, PasskeyNameForm, SignInForm
from graduated.people.passkeys import Asked, Refused, Site
from graduated.people.queries import codes_left, device_words, own_email
from graduated.people.queries_passkeys import PasskeyRow, passkeys_of
from graduated.people.views import (
    Steps,
    bp,
    come_in,
    is_private_line,
    prove_first,
    proved_just_now,
    safe_next,
    sign_in_page,
    step_taken,
)
from graduated.people.views_second_step import code_page, codes_page, go_in, half_of_session
from graduated.web.forms import open_form
from graduated.web.languages import in_language
from graduated.web.page import done, page

_WRONG = "This passkey did not work here. Try again, or go on another way."
_WAIT = "Too many wrong tries from where you are. Wait an hour, or ask your school."
_NO_NAME = "Passkeys need an address with a name, and this page was opened by a number. Go on another way."
_PLAIN = "Signing in needs a secure address (https). Ask your administrator for it."


def _site() -> Site | None:
    """Where this installation answers, by its setting; without one, by the address that the browser asked for."""
    return passkeys.site_of(current_app.config["SETTINGS"].public_url or request.host_url)


def _asked(asked: Asked, purpose: str, user_id: int | None) -> Response:
    """The question to the browser, of which its signed cookie keeps for five minutes what for and to whom."""
    until = now().timestamp() + passkeys.GOOD_FOR_SECONDS
    session["passkey"] = {"challenge": asked.challenge, "for": purpose, "user": user_id, "until": until}
    return Response(asked.options, mimetype="application/json")


def _not_here(words: str) -> Response:
    return Response(current_app.json.dumps({"wrong": in_language(words)}), 409, mimetype="application/json")


def _challenge(purpose: str, user_id: int | None) -> str:
    """What this browser was asked for that purpose; it is asked once. Raises Refused."""
    asked: dict[str, Any] = session.pop("passkey", None) or {}
    if (asked.get("for"), asked.get("user")) != (purpose, user_id) or asked["until"] < now().timestamp():
        raise Refused
    return str(asked["challenge"])


def _used(answer: str, purpose: str, user_id: int | None) -> keyring.Key:
    """The passkey that was used, for a purpose, by that person or (none) by whoever it belongs to.

    Raises Refused, having noted the wrong try, and Throttled. Alone, a passkey stands for the password too, so the
    device must have made sure of its owner, by PIN, finger or face.
    """
    address, alone = request.remote_addr or "", purpose == "alone"
    signing.refuse_busy_place(address)
    key = None
    try:
        challenge, site = _challenge(purpose, user_id), _site()
        credential_id, handle = passkeys.named_in(answer)
        key = keyring.key(credential_id)
        if key is None or site is None or (user_id is not None and key.user_id != user_id):
            raise Refused
        secret = current_app.config["SETTINGS"].secret_key
        if handle is not None and handle != passkeys.handle_of(key.user_id, str(secret)):
            raise Refused
        count = passkeys.count_of(answer, challenge, site, key, must_verify=alone)
        right = services_passkeys.spend(challenge, signing.proof_ends()) and services_passkeys.use(key.id, count)
        if not right:
            raise Refused
    except Refused:
        signing.note_passkey(key.user_id if key else user_id, "", address=address, succeeded=False)
        raise
    signing.note_passkey(key.user_id, key.email, address=address, succeeded=True)
    return key


# Signing in -------------------------------------------------------------------------------------------------------


@bp.post("/sign-in/passkey/options")
@guard(PUBLIC)
def passkey_options() -> Response:
    """What the browser needs to sign somebody in by a passkey alone; it is not said whose."""
    site = _site()
    return _asked(passkeys.ask_to_use(site, must_verify=True), "alone", None) if site else _not_here(_NO_NAME)


@bp.post("/sign-in/passkey")
@guard(PUBLIC)
def passkey_sign_in() -> Response:
    """In by a passkey alone: it is the key and its owner's PIN, finger or face, so no further step is asked for."""
    form = PasskeyForm()
    shown = SignInForm(formdata=None, data={"next": safe_next(form.next.data)})
    if not is_private_line():
        shown.form_errors = [_PLAIN]
        return sign_in_page(shown, 403)
    try:
        key = _used(form.passkey.data or "", "alone", None)
    except Refused:
        shown.form_errors = [_WRONG]
        return sign_in_page(shown, 422)
    except signing.Throttled:
        shown.form_errors = [_WAIT]
        return sign_in_page(shown, 429)
    doors = entry.doors(key.user_id)
    if not doors:
        shown.form_errors = [_WRONG]
        return sign_in_page(shown, 422)
    return come_in(key.user_id, doors[0], safe_next(form.next.data), Steps(own=True))


@bp.post("/sign-in/code/passkey/options")
@guard(PUBLIC)
def passkey_step_options() -> Response:
    """What the browser needs for a passkey after the password."""
    half, site = half_of_session(), _site()
    if half is None:
        return _not_here("It is more than five minutes since your password. Enter it again.")
    return _ask_one(half["user"], "step", site)


def _ask_one(user_id: int, purpose: str, site: Site | None) -> Response:
    """The question for one of a person's own keys."""
    known = [key for key in keyring.keys_of(user_id) if site is not None and key.host == site.host]
    if site is None or not known:
        return _not_here(_NO_NAME if site is None else "You have no passkey for this address. Go on another way.")
    return _asked(passkeys.ask_to_use(site, known, must_verify=False), purpose, user_id)


@bp.post("/sign-in/code/passkey")
@guard(PUBLIC)
def passkey_step() -> Response:
    """In by a passkey after the password."""
    half, form, shown = half_of_session(), PasskeyForm(), CodeForm(formdata=None)
    if half is None:
        return make_response(redirect(url_for("people.sign_in"), 303))
    if not is_private_line():
        shown.form_errors = [_PLAIN]
        return code_page(shown, half, 403)
    try:
        _used(form.passkey.data or "", "step", half["user"])
    except Refused:
        shown.form_errors = [_WRONG]
        return code_page(shown, half, 422)
    except signing.Throttled:
        shown.form_errors = [_WAIT]
        return code_page(shown, half, 429)
    return go_in(half)


@bp.post("/account/prove/passkey/options")
@guard(SECOND_STEP)
def passkey_prove_options() -> Response:
    """What the browser needs to prove once more who somebody is."""
    return _ask_one(require_actor().user_id or 0, "prove", _site())


@bp.post("/account/prove/passkey")
@guard(SECOND_STEP)
def passkey_prove() -> Response:
    """Prove once more who one is, by a passkey."""
    form = PasskeyForm()
    target = safe_next(form.next.data)
    try:
        _used(form.passkey.data or "", "prove", require_actor().user_id)
    except Refused:
        return done("people.prove_again", next=target, wrong="passkey")
    except signing.Throttled:
        return done("people.prove_again", next=target, wrong="wait")
    session["proved"] = now().timestamp()
    step_taken()
    return make_response(redirect(target, 303))


# One's own passkeys -----------------------------------------------------------------------------------------------


@bp.get("/account/passkeys")
@guard(SECOND_STEP)
def passkeys_page() -> Response:
    """Which passkeys somebody has."""
    actor, site = require_actor(), _site()
    keys = passkeys_of(actor, site.host if site else "")
    return page(
        "people/passkeys.html",
        title="Passkeys",
        keys=keys,
        has_name=site is not None,
        left=codes_left(actor.user_id or 0),
    )


@bp.post("/account/passkeys/options")
@guard(SECOND_STEP)
def passkey_add_options() -> Response:
    """What the browser needs to make a passkey."""
    actor, site = require_actor(), _site()
    if site is None:
        return _not_here(_NO_NAME)
    if not proved_just_now():
        return _not_here("This page stood open for too long. Load it again.")
    handle = passkeys.handle_of(actor.user_id or 0, current_app.config["SETTINGS"].secret_key)
    known = keyring.keys_of(actor.user_id or 0)
    return _asked(passkeys.ask_to_make(site, handle, own_email(actor), actor.name, known), "make", actor.user_id)


@bp.route("/account/passkeys/add", methods=["GET", "POST"])
@guard(SECOND_STEP)
def passkey_add() -> Response:
    """Make a passkey for one's own account."""
    if not proved_just_now():
        return prove_first()
    actor, site = require_actor(), _site()
    form = open_form(PasskeyAddForm, {"name": device_words(request.user_agent.string)})
    if form.is_submitted() and form.validate() and site is not None:
        codes = second_factor.new_recovery_codes()
        had = keyring.has_second_step(actor.user_id or 0)
        if _keep_new(form, actor, site, codes):
            step_taken()
            return done("people.passkeys_page", "Passkey made.") if had else codes_page(codes)
    status = 422 if form.is_submitted() else 200
    form.passkey.data = ""
    return page(
        "people/passkey_add.html", None, status, title="Make a passkey", form=form, has_name=site is not None,
        must=actor.needs_factor,
    )  # fmt: skip


def _keep_new(form: PasskeyAddForm, actor: Actor, site: Site, codes: tuple[str, ...]) -> bool:
    """Keep what the browser made; what is wrong stands above the form."""
    if not form.passkey.data:
        form.form_errors = ["A passkey is made by a script, which did not run here. Set up an app for codes instead."]
        return False
    try:
        challenge = _challenge("make", actor.user_id)
        made = passkeys.made(form.passkey.data, challenge, site)
        if not services_passkeys.spend(challenge, signing.proof_ends()):
            raise Refused
        services_passkeys.add(actor.user_id or 0, made, site.host, form.name.data.strip(), codes)
    except Refused:
        form.form_errors = ["This passkey could not be made. Try again."]
        return False
    except services_passkeys.TooMany as error:
        form.form_errors = [str(error)]
        return False
    return True


def _chosen(actor: Actor) -> PasskeyRow | None:
    """Which of one's own passkeys the address speaks of."""
    which = request.args.get("which", "")
    site = _site()
    return next((one for one in passkeys_of(actor, site.host if site else "") if str(one.id) == which), None)


@bp.route("/account/passkeys/rename", methods=["GET", "POST"])
@guard(SECOND_STEP)
def passkey_rename() -> Response:
    """Another name for one of one's own passkeys."""
    actor = require_actor()
    one = _chosen(actor)
    if one is None:
        return done("people.passkeys_page")
    form = open_form(PasskeyNameForm, {"name": one.name})
    if form.is_submitted() and form.validate():
        services_passkeys.rename(actor.user_id or 0, one.id, form.name.data.strip())
        return done("people.passkeys_page", "Passkey renamed.")
    status = 422 if form.is_submitted() else 200
    return page("people/passkey_rename.html", None, status, title="Rename a passkey", form=form, one=one)


@bp.route("/account/passkeys/remove", methods=["GET", "POST"])
@guard(SECOND_STEP)
def passkey_remove() -> Response:
    """Remove one of one's own passkeys."""
    actor = require_actor()
    one = _chosen(actor)
    if one is None:
        return done("people.passkeys_page")
    if not proved_just_now():
        return prove_first()
    form = open_form(PasskeyForm)
    if form.is_submitted() and form.validate():
        try:
            services_passkeys.remove(actor.user_id or 0, one.id)
            return done("people.passkeys_page", "Passkey removed. It no longer signs anybody in.")
        except services_passkeys.LastStep as error:
            form.form_errors = [str(error)]
    status = 422 if form.is_submitted() else 200
    return page("people/passkey_remove.html", None, status, title="Remove a passkey", form=form, one=one)
