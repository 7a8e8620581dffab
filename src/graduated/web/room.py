"""Little room on the school's disc: told in time, on every page of who can see to it."""

from __future__ import annotations

from flask import Flask

from graduated.access.actions import SCHOOL_WRITE
from graduated.access.guards import may
from graduated.access.identity import current_actor
from graduated.access.policy import Subject
from graduated.config import Settings
from graduated.db.trouble import LITTLE, free_bytes


def megabytes_left(settings: Settings) -> int | None:
    """How many megabytes are free, for who looks after the school's details, once there are few; else nothing."""
    actor = current_actor()
    if actor is None or actor.is_family or actor.on_device or not may(SCHOOL_WRITE, Subject()):
        return None
    try:
        free = free_bytes(settings.home)
    except OSError:
        return None
    return free // 1_000_000 if free < LITTLE else None


def install(app: Flask) -> None:
    """Give `megabytes_left()` to every page."""
    settings: Settings = app.config["SETTINGS"]
    app.jinja_env.globals["megabytes_left"] = lambda: megabytes_left(settings)
