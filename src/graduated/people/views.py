"""Signing in and out. One's own account, invitations and staff have modules of their own."""

from __future__ import annotations

import ipaddress
import json
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

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.access.identity import current_actor
from graduated.db.clock import now
from graduated.people import sign_in as signing
from graduated.people.forms import SignInForm
from graduated.people.queries import demo_accounts
from graduated.web.forms import open_form
from graduated.web.page import htmx, page

bp = Blueprint("people", __name__)


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


def begin(entered: signing.Entered) -> None:
    """Put a fresh sign-in into the browser's cookie; nothing of an earlier one stays.

    The idle time counts from here: a copy of the cookie is good no longer than the browser itself would be.
    """
    session.clear()
    g.pop("csrf_token", None)  # made for the session that has just been emptied
    session["sid"] = entered.session_id
    session["token"] = entered.token
    session["seen"] = now().timestamp()


@bp.get("/sign-in")
@guard(PUBLIC)
def sign_in() -> Response:
    """The way in."""
    form = open_form(SignInForm, {"next": safe_next(request.args.get("next"))})
    return _sign_in_page(form)


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    again = bool(request.form.get("again"))
    accounts = demo_accounts() if current_app.config["SETTINGS"].demo else None
    fragment = "people/_sign_in_form.html" if again else None
    return page("people/sign_in.html", fragment, status, form=form, demo_accounts=accounts, again=again)


@bp.post("/sign-in")
@guard(PUBLIC)
def sign_in_post() -> Response:
    """Let a person in, or say in one and the same way that it did not work."""
    form = SignInForm()
    if not is_private_line():
        form.email.errors = ["Signing in needs a secure address (https). Ask your administrator for it."]
        return _sign_in_page(form, 403)
    if not form.validate_on_submit():
        return _sign_in_page(form, 422)
    try:
        entered = signing.sign_in(
            form.email.data or "",
            form.password.data or "",
            address=request.remote_addr or "",
            device=request.user_agent.string,
        )
    except signing.Throttled:
        form.email.errors = ["Too many tries. Wait five minutes, then try again."]
        return _sign_in_page(form, 429)
    if entered is None:
        form.email.errors = ["The email address or the password is not right. Check both and try again."]
        return _sign_in_page(form, 422)
    begin(entered)
    if htmx and request.form.get("again"):
        answer = make_response("", 204)
        answer.headers["HX-Trigger"] = json.dumps(
            {"signed-in": {"csrf": generate_csrf(), "who": f"{entered.user_id}-{entered.hat.value}"}}
        )
        return answer
    return make_response(redirect(safe_next(form.next.data), 303))


@bp.post("/sign-out")
@guard(PUBLIC)
def sign_out() -> Response:
    """Out at once, here and on the server."""
    actor = current_actor()
    if actor is not None and actor.session_id is not None:
        signing.end(actor.session_id)
    session.clear()
    answer = make_response(redirect(url_for("people.sign_in"), 303))
    answer.headers["Clear-Site-Data"] = '"cache"'  # not the storage: entries may wait there for this person
    return answer


def sign_in_fragment() -> str:
    """The sign-in form to stand over a page whose sign-in has ended."""
    return render_template("people/_sign_in_form.html", form=SignInForm(formdata=None), again=True)


from graduated.people import views_account, views_feed, views_invitation  # noqa: E402, F401  # they hang their pages in
from graduated.people.views_staff import staff_bp  # noqa: E402

bp.register_blueprint(staff_bp)
