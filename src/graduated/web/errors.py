"""Error pages, expired sign-ins and clashes: what went wrong, in words, and nothing typed is lost."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, flash, make_response, redirect, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from graduated.access.guards import NotFresh, SecondStepMissing, SignedOut
from graduated.access.identity import current_actor
from graduated.config import MAX_READ_BYTES
from graduated.db.session import db
from graduated.db.writing import Clash
from graduated.web import drafts
from graduated.web.forms import author_of
from graduated.web.page import go_to, htmx

log = logging.getLogger("graduated.web")
_KEPT = (
    "The fault is ours, not yours. This last step was not saved, but what you typed is kept: "
    "it is in the form when you open its page again."
)
sign_in_again: list[Callable[[], str]] = []  # people fills this: the sign-in form as a fragment


def error_answer(code: int, *, say: str | None = None, reference: str | None = None) -> Response:
    """An error page, or for htmx the same words to stand beside the form."""
    looking = request.method in {"GET", "HEAD"}
    template = "errors/_error.html" if htmx else "errors/error.html"
    response = make_response(render_template(template, code=code, say=say, reference=reference, looking=looking), code)
    response.vary.add("HX-Request")
    return response


def _place_of_form() -> str:
    """The address of the form that was sent; what is kept as it is typed says its own."""
    named = request.args.get("place", "") if request.endpoint == "web.keep_draft" else ""
    return named if named.startswith("/") and len(named) <= 200 else request.path


def keep_words() -> bool:
    """Keep a form that cannot be taken now, for its author; whether there was something to keep."""
    author = author_of(request.form.get("form_key"))
    if request.method != "POST" or author is None:
        return False
    try:
        drafts.park(author, _place_of_form(), request.form)
    except drafts.TooMuch:
        return False
    return True


def on_signed_out(_error: Exception) -> Response:
    """Ask to sign in: within the page for htmx, else by going to the sign-in page and back."""
    if htmx:
        keep_words()
        return make_response(sign_in_again[-1](), 401)
    if request.method == "POST":
        if keep_words():
            flash("You were signed out before this was saved. Sign in, and your words will be there.", "warning")
        back = request.path
    else:
        back = request.full_path.rstrip("?")
    return make_response(redirect(url_for("people.sign_in", next=back), 303))


def on_csrf(error: Exception) -> Response:
    """The form is not of this sign-in. Its words are kept for whoever it was shown to."""
    if current_actor() is None:
        return on_signed_out(error)
    kept = keep_words()
    say = "The form was opened under another sign-in. Open the page again: your words are kept there." if kept else None
    return error_answer(419, say=say)


def on_clash(error: Clash) -> Response:
    """Two people saved the same thing: theirs stands, yours is kept, both are shown."""
    return error_answer(409)


def on_busy(error: OperationalError) -> Response:
    """The database is locked, full or away: nothing was saved, the words are kept if they can be."""
    words = str(error.orig).lower()
    if "no such" in words or "syntax" in words:  # a fault of ours that waiting does not mend
        return on_crash(error)
    db.session.rollback()
    reference = secrets.token_hex(4)
    log.error("database not available, reference %s: %s", reference, type(error.orig).__name__)
    return error_answer(507 if "full" in words or "no space" in words else 503, reference=reference)


def on_too_much() -> Response:
    """A file that is too large: it is gone, and the words that came with it wait at their form."""
    kept = bool(request.words_of_too_much(MAX_READ_BYTES)) and keep_words()  # type: ignore[attr-defined]
    say = "A file can have up to 25 MB. What you typed is kept: it is in the form when you open its page again."
    return error_answer(413, say=say if kept else None)


def on_http(error: HTTPException) -> Response:
    """Any refusal, in plain words."""
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if error.code == 413:
        return on_too_much()
    return error_answer(error.code or 500)


def on_crash(error: Exception) -> Response:
    """A fault of ours: a reference for the log, no detail for the page."""
    reference = secrets.token_hex(4)
    log.exception("fault, reference %s, %s %s", reference, request.method, request.endpoint)
    try:
        db.session.rollback()
        kept = keep_words()
    except Exception:  # the page must come whatever else is broken
        log.exception("rollback or keeping the words failed, reference %s", reference)
        kept = False
    return error_answer(500, say=_KEPT if kept else None, reference=reference)


def on_second_step_missing(_error: Exception) -> Response:
    """To the page where a second step is set up; nothing else is open."""
    return go_to(url_for("people.second_step"))


def on_not_fresh(_error: Exception) -> Response:
    """To the page where the person proves once more who they are, and from there on to what they asked for."""
    return go_to(url_for("people.prove_again", next=request.full_path.rstrip("?")))


def install(app: Flask) -> None:
    """Register every error page."""
    handlers: list[tuple[Any, Any]] = [
        (SignedOut, on_signed_out),
        (NotFresh, on_not_fresh),
        (SecondStepMissing, on_second_step_missing),
        (CSRFError, on_csrf),
        (Clash, on_clash),
        (OperationalError, on_busy),
        (HTTPException, on_http),
    ]
    for kind, handler in handlers:
        app.register_error_handler(kind, handler)
    if not app.testing:
        app.register_error_handler(Exception, on_crash)
