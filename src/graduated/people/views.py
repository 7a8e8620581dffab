"""Signing in and out. One's own account, invitations and staff have modules of their own."""

from __future__ import annotations

import ipaddress
import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import (
    Blueprint,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_wtf.csrf import generate_csrf

from graduated.access import entry, keyring
from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import current_actor
from graduated.access.policy import Hat
from graduated.db.clock import now
from graduated.people import services_devices
from graduated.people import sign_in as signing
from graduated.people.device_cookie import device_here
from graduated.people.forms import CodeForm, SignInForm
from graduated.people.queries import demo_accounts
from graduated.people.services_language import bring_language
from graduated.web.forms import open_form
from graduated.web.languages import N_, empty_session
from graduated.web.page import htmx, page

bp = Blueprint("people", __name__)

HALF_WAY_SECONDS = 300
FRESH_SECONDS = 1800
"""For half an hour after somebody proved who they are, packs and lists leave the program without asking again."""
JUST_NOW_SECONDS = 300
"""Within five minutes of proving who one is, ways to sign in may be added and removed."""
_WRONG = "The email address or the password is not right. Check both and try again."
_WRONG_WITH_CODE = "The email address, the password or the code is not right. Check all three and try again."
_WAIT = "Too many tries. Wait five minutes, then try again."
_CLOSED = N_(
    "Too many tries. Wait five minutes, then try again. If your account has a second step, you need not wait: enter a "
    "code with your password."
)


def safe_next(target: str | None) -> str:
    """A path of this site to go back to, or the first page; never another host."""
    if not target:
        return "/"
    parts = urlsplit(target)
    unsafe = parts.scheme or parts.netloc or not target.startswith("/") or target.startswith(("//", "/\\"))
    return "/" if unsafe or any(ord(letter) < 32 or letter == "\\" for letter in target) else target


def is_private_line() -> bool:
    """Plain HTTP is for this very machine only; anything else needs TLS."""
    if request.is_secure:
        return True
    host = request.host.rsplit(":", 1)[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Steps:
    """Which second steps a sign-in has taken: one's own here, and one that a provider of sign-ins says it took."""

    own: bool = False
    provider: bool = False

    def will_do(self, door: entry.Door) -> bool:
        """Whether a door that asks for a second step needs no other."""
        return self.own or (self.provider and door.trusts_provider)


NO_STEP = Steps()


def steps_here() -> Steps:
    """Which second steps the sign-in of this browser has taken, as its signed cookie says."""
    taken = session.get("steps", [])
    return Steps("own" in taken, "provider" in taken)


def step_taken() -> None:
    """Who is signed in here has taken a second step of their own, a moment ago."""
    session["steps"] = sorted({"own", *session.get("steps", [])})


def begin(entered: signing.Entered, proved: float | None = None, steps: Steps = NO_STEP) -> None:
    """Put a fresh sign-in into the browser's cookie; nothing of an earlier one stays.

    The idle time counts from here: a copy of the cookie is good no longer than the browser itself would be. `proved` is
    when they last proved who they are, where that was not just now.
    """
    earlier = session.get("sid")
    if isinstance(earlier, int) and earlier != entered.session_id:
        signing.end(earlier)  # a copy of its cookie is worth nothing from now on
    empty_session()
    g.pop("csrf_token", None)  # made for the session that has just been emptied
    session["sid"] = entered.session_id
    session["token"] = entered.token
    session["seen"] = now().timestamp()
    session["proved"] = session["seen"] if proved is None else proved
    session["steps"] = [name for name, taken in (("own", steps.own), ("provider", steps.provider)) if taken]


@bp.get("/sign-in")
@guard(PUBLIC)
def sign_in() -> Response:
    """The way in."""
    form = open_form(SignInForm, {"next": safe_next(request.args.get("next"))})
    return sign_in_page(form)


def sign_in_page(form: SignInForm, status: int = 200, *, asks_code: bool = False, again: bool = False) -> Response:
    """The way in, in its page or in the dialog over a page whose sign-in has ended."""
    again = again or bool(request.form.get("again"))
    accounts = demo_accounts() if current_app.config["SETTINGS"].demo else None
    fragment = "people/_sign_in_form.html" if again else None
    device = device_here()
    asks_code = asks_code or bool(form.code.data)
    return page(
        "people/sign_in.html", fragment, status,
        form=form, demo_accounts=accounts, again=again, device=device, asks_code=asks_code,
        providers=current_app.config["SETTINGS"].providers,
    )  # fmt: skip


@bp.post("/sign-in")
@guard(PUBLIC)
def sign_in_post() -> Response:
    """Let a person in, or say in one and the same way that it did not work."""
    form = SignInForm()
    if not is_private_line():
        form.email.errors = ["Signing in needs a secure address (https). Ask your administrator for it."]
        return sign_in_page(form, 403)
    if not form.validate_on_submit():
        return sign_in_page(form, 422)
    try:
        proved = signing.prove_with(
            form.email.data or "", form.password.data or "", form.code.data or "", address=request.remote_addr or ""
        )
    except signing.Throttled as error:
        form.email.errors = [_CLOSED if error.asks_code else _WAIT]
        return sign_in_page(form, 429, asks_code=error.asks_code)
    doors = entry.doors(proved.user_id) if proved else []
    if proved is None or not doors:
        form.email.errors = [_WRONG_WITH_CODE if form.code.data else _WRONG]
        return sign_in_page(form, 422)
    return come_in(proved.user_id, doors[0], safe_next(form.next.data), Steps(own=proved.stepped))


@bp.post("/sign-out")
@guard(PUBLIC)
def sign_out() -> Response:
    """Out at once, here and on the server."""
    actor = current_actor()
    if actor is not None and actor.session_id is not None:
        signing.end(actor.session_id)
    session.clear()
    by_pin = actor is not None and bool(actor.on_device)
    answer = make_response(redirect(url_for("people.device" if by_pin else "people.sign_in"), 303))
    answer.headers["Clear-Site-Data"] = '"cache"'  # not the storage: entries may wait there for this person
    return answer


def come_in(user_id: int, door: entry.Door, target: str, steps: Steps = NO_STEP) -> Response:
    """In by a door, when the password was right: at once, or first to the second step of who has one."""
    if asks_step(user_id, door, steps):
        return half_way(user_id, door, target, steps)
    return welcome(enter_here(user_id, door, stepped=steps.will_do(door)), target, steps)


def asks_step(user_id: int, door: entry.Door, steps: Steps) -> bool:
    """Whether somebody has a second step that they have not taken, and this door takes no other for it."""
    return not steps.will_do(door) and keyring.has_second_step(user_id)


def enter_here(
    user_id: int, door: entry.Door, since: datetime | None = None, *, stepped: bool = False
) -> signing.Entered:
    """Open a session for the browser that asks; `since` and `stepped` as for `signing.enter`."""
    bring_language(user_id, door)
    device = device_here()
    entered = signing.enter(
        user_id, door, address=request.remote_addr or "", device=request.user_agent.string, since=since,
        stepped=stepped,
    )  # fmt: skip
    if device is not None:
        services_devices.unlock(device, user_id)
    return entered


def half_way(
    user_id: int, door: entry.Door, target: str, steps: Steps = NO_STEP, since: datetime | None = None
) -> Response:
    """The password was right: the browser keeps for five minutes who may try a code, and is not in.

    `since` is when they signed in, where they come from another of their doors.
    """
    empty_session()
    g.pop("csrf_token", None)
    until = now().timestamp() + HALF_WAY_SECONDS
    session["half"] = {
        "user": user_id, "password": entry.password_since(user_id), "school": door.school_id, "hat": door.hat.value,
        "next": target, "until": until, "provider": steps.provider, "since": since.isoformat() if since else None,
    }  # fmt: skip
    if htmx and request.form.get("again"):
        return page("people/_code_form.html", None, 422, form=CodeForm(formdata=None), again=True, **ways_on(user_id))
    return make_response(redirect(url_for("people.second_step_code"), 303))


def ways_on(user_id: int) -> dict[str, bool]:
    """Which second steps the page of the code offers: an app, a passkey."""
    return {"has_app": entry.factor(user_id) is not None, "has_passkey": bool(keyring.keys_of(user_id))}


def proved_just_now() -> bool:
    """Whether who sits there proved who they are within five minutes: nobody adds a key at a browser left open.

    Who has a second step here has taken it: a provider's word alone adds no key that other schools would take for one.
    """
    actor = current_actor()
    if actor is None or (not steps_here().own and keyring.has_second_step(actor.user_id or 0)):
        return False
    age = now().timestamp() - session.get("proved", 0)
    return bool(-entry.CLOCKS_DIFFER.total_seconds() <= age <= JUST_NOW_SECONDS)


def prove_first() -> Response:
    """To the page that asks once more, and from there back here."""
    back = request.full_path.rstrip("?") if request.method == "GET" else url_for("people.account")
    return make_response(redirect(url_for("people.prove_again", next=back), 303))


def welcome(entered: signing.Entered, target: str, steps: Steps = NO_STEP) -> Response:
    """Signed in: on to where the person wanted to go, or back to the page that waits behind the dialog."""
    begin(entered, steps=steps)
    if htmx and request.form.get("again"):
        return signed_in_again(entered.user_id, entered.hat)
    return make_response(redirect(target, 303))


def signed_in_again(user_id: int, hat: Hat) -> Response:
    """To the page that waits behind the dialog: who is in now, and the token that its forms need from here on."""
    answer = make_response("", 204)
    told = {"csrf": generate_csrf(), "who": f"{user_id}-{hat.value}"}
    answer.headers["HX-Trigger"] = json.dumps({"signed-in": told})
    return answer


def sign_in_fragment() -> str:
    """The sign-in form to stand over a page whose sign-in has ended."""
    by_pin = views_devices.device_fragment()
    if by_pin is not None:
        return render_template("people/_device_form.html", **by_pin)
    return render_template(
        "people/_sign_in_form.html", form=SignInForm(formdata=None), again=True, asks_code=False,
        providers=current_app.config["SETTINGS"].providers,
    )  # fmt: skip


from graduated.people import (  # noqa: E402, F401  # they hang their pages in
    views_account,
    views_devices,
    views_feed,
    views_invitation,
    views_language,
    views_passkeys,
    views_proposals,
    views_providers,
    views_second_step,
    views_sign_ins,
)
from graduated.people.views_staff import staff_bp  # noqa: E402

bp.register_blueprint(staff_bp)
