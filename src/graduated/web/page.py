"""Answering: whole pages or fragments from one template, and where to go after a form."""

from __future__ import annotations

import logging
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_htmx import HTMX
from sqlalchemy.exc import DBAPIError

from graduated.db.session import db
from graduated.db.trouble import trouble_of
from graduated.web import drafts

log = logging.getLogger("graduated.web")
htmx = HTMX()


def wants_fragment() -> bool:
    """Whether htmx asked for a part of the page; a boosted or restored page is whole."""
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def page(template: str, fragment: str | None = None, status: int = 200, **context: Any) -> Response:
    """A page; or, when htmx asks and there is one, the fragment that the page itself includes."""
    chosen = fragment if fragment is not None and wants_fragment() else template
    response = make_response(render_template(chosen, **context), status)
    response.vary.add("HX-Request")
    return response


def done(endpoint: str, message: str | None = None, **values: Any) -> Response:
    """After a form was saved: say so, and go on (303), also when htmx sent it."""
    if request.method == "POST":
        _drop_draft()
    if message:
        flash(message, "success")
    return go_to(url_for(endpoint, **values))


def _drop_draft() -> None:
    """What was typed is saved, so its draft goes. A disc that just became full must not make a lie of "saved"."""
    try:
        drafts.drop(request.path, request.form)
    except DBAPIError as error:
        if trouble_of(error, current_app.config["SETTINGS"].home) is None:
            raise
        db.session.rollback()
        log.warning("a draft could not be dropped after its form was saved: %s", type(error).__name__)


def go_to(target: str) -> Response:
    """Go on to another page (303), also when htmx sent the form."""
    if wants_fragment():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = target
        return response
    return make_response(redirect(target, 303))
