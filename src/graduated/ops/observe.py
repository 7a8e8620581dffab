"""What is noted of every request: one line in the log, and figures where somebody asked for them."""

from __future__ import annotations

import logging
import time

from flask import Flask, Response, g, request

from graduated.access.identity import current_actor
from graduated.ops.metrics import Metrics
from graduated.web.reference import reference

log = logging.getLogger("graduated.requests")
UNNOTED = frozenset({"static", "web.health", "ops.ready", "ops.figures"})
"""What machines ask for all day, and files that a browser fetches for a page: no lines and no figures of those."""
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


def kind_of_actor() -> str:
    """Who asked, as a kind and never as a name."""
    actor = current_actor()
    if actor is None:
        return "nobody"
    if actor.on_device:
        return "device"
    return "family" if actor.is_family else "staff"


def install(app: Flask) -> None:
    """Note every request of the app. Goes in before anything else, so that it sees what each answer became."""
    metrics = Metrics() if app.config["SETTINGS"].metrics_token else None
    app.extensions["metrics"] = metrics

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()
        reference()

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint in UNNOTED:
            return response
        seconds = time.perf_counter() - g.get("began", time.perf_counter())
        route, status = request.endpoint or "none", response.status_code
        method = request.method if request.method in _METHODS else "other"
        facts = {
            "route": route,
            "method": method,
            "status": status,
            "ms": round(seconds * 1000),
            "actor": kind_of_actor(),
        }
        log.info(
            "%s %s %s, %s ms, %s, %s", method, route, status, facts["ms"], facts["actor"], reference(), extra=facts
        )
        if metrics is not None:
            metrics.note(route, method, status, seconds)
        return response
