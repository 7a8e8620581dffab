"""Whether the program can be worked with, and figures for a monitor. No session is opened for them."""

from __future__ import annotations

import hmac
import ipaddress

from flask import Blueprint, Response, abort, current_app, make_response, request

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.config import Settings
from graduated.ops import readiness

bp = Blueprint("ops", __name__)
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
_PLAIN = {"Content-Type": "text/plain; charset=utf-8"}


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _has_token() -> bool:
    """Whether the asker brings the token of the settings, compared so that time tells nothing of it."""
    token = _settings().metrics_token
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    same = hmac.compare_digest(given.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and same


def _is_here() -> bool:
    """Whether the asker is on this machine and asked the program itself.

    Who came through a proxy is never here: what a proxy says of them, they may have said themselves.
    """
    if any(name in request.headers for name in _FORWARDED):
        return False
    raw = request.environ.get("werkzeug.proxy_fix.orig", request.environ)
    try:
        return ipaddress.ip_address(raw.get("REMOTE_ADDR") or "").is_loopback
    except ValueError:
        return False


@bp.get("/ready")
@guard(PUBLIC)
def ready() -> Response:
    """Whether people can work (200) or not (503); what was looked at, for this machine and who has the token."""
    found = readiness.look(_settings())
    can = readiness.is_ready(found)
    lines = ["ready" if can else "not ready"]
    if _is_here() or _has_token():
        lines += [f"{one.what}: {one.says}{'' if one.is_well else ' (look)'}" for one in found]
    return make_response("\n".join(lines) + "\n", 200 if can else 503, _PLAIN)


@bp.get("/metrics")
@guard(PUBLIC)
def figures() -> Response:
    """The figures, for who has the token; for anybody else there is nothing here."""
    metrics = current_app.extensions["metrics"]
    if metrics is None or not _has_token():
        abort(404)
    kind = "text/plain; version=0.0.4; charset=utf-8"
    return make_response(metrics.text(_settings()), 200, {"Content-Type": kind})
