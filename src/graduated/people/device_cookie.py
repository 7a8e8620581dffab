"""The cookie by which a browser is known as a school device: a long random token; the server keeps its hash."""

from __future__ import annotations

from datetime import datetime, time

from flask import Response, current_app, g, request

from graduated.access import devices
from graduated.access.devices import Device
from graduated.db.clock import now
from graduated.people.sign_in import hash_token


def _name() -> str:
    return "__Host-graduated-device" if current_app.config["SETTINGS"].https else "graduated-device"


def device_here() -> Device | None:
    """The registered device whose browser asks, if it is one."""
    if "device_here" not in g:
        token = request.cookies.get(_name(), "")
        g.device_here = devices.by_token(hash_token(token)) if token else None
    found: Device | None = g.device_here
    return found


def remember(response: Response, token: str, device: Device) -> Response:
    """From this answer on, the browser is that device, until its last day."""
    ends = datetime.combine(device.expires_on, time(23, 59), now().tzinfo)
    response.set_cookie(
        _name(), token, max_age=max(int((ends - now()).total_seconds()), 60), path="/", httponly=True, samesite="Lax",
        secure=current_app.config["SETTINGS"].https,
    )  # fmt: skip
    return response
