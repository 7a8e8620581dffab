"""When no page may be shown: the records are damaged, or a newer version has been put in place while this one answers.

Nothing of the records is shown then, since what is read from a damaged file may be wrong, and nothing is written.
"""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, current_app, request

from graduated.db import standing
from graduated.db.session import db
from graduated.web.errors import error_answer
from graduated.web.languages import N_

log = logging.getLogger("graduated.web")
LOOK_AGAIN = 5.0
"""Seconds for which a page takes it that the version still fits; an act that writes looks each time."""
DAMAGED = N_(
    "The file with the school’s records is damaged, so none of it is shown or changed: that way nothing more is lost."
)
ASK = N_(
    "Tell your school’s administrator: what to do stands where Graduated was started, and in the guide to backups."
)
NEWER = N_("Graduated has just been brought to a newer version. This last step was not saved.")
WAIT = N_(
    "Wait a few minutes, then try again. If this goes on, tell your school’s administrator to start Graduated again."
)
_OPEN = ("/static/", "/health")
_SAYS_ITSELF = ("/ready", "/metrics")
"""What machines ask says in its own words that the version is another."""


def close(app: Flask) -> None:
    """Answer everything with the calm page about damaged records."""

    def closed() -> Response | None:
        if request.path.startswith(_OPEN):
            return None
        return _later(error_answer(503, say=DAMAGED, do=ASK))

    app.before_request_funcs.setdefault(None, []).insert(0, closed)


def watch_version(app: Flask) -> None:
    """Stop answering when a newer program has brought the database to its own version meanwhile."""
    seen = {"until": 0.0}

    def still_ours() -> Response | None:
        if request.path.startswith((*_OPEN, *_SAYS_ITSELF)) or time.monotonic() < seen["until"]:
            return None
        if standing.is_outgrown():
            return outgrown(standing.Outgrown())
        seen["until"] = time.monotonic() + LOOK_AGAIN
        return None

    app.before_request_funcs.setdefault(None, []).insert(0, still_ours)
    app.register_error_handler(standing.Outgrown, outgrown)


def outgrown(_error: Exception) -> Response:
    """The page that says so; the form that was sent stays on it."""
    db.session.rollback()
    log.error("%s", standing.version_trouble(current_app.config["SETTINGS"]) or "the version was changed and is back")
    return _later(error_answer(503, say=NEWER, do=WAIT, again=True))


def _later(response: Response) -> Response:
    response.headers["Retry-After"] = "60"
    return response
