"""Links to pages of higher floors, which this floor may name but not import."""

from __future__ import annotations

from flask import current_app, url_for


def link(endpoint: str, **values: object) -> str:
    """The address of a page, or "" where an installation does not have it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""  # type: ignore[arg-type]


def pupil_link(pupil_id: int) -> str:
    """The pupil's page."""
    return link("register.pupil", pupil_id=pupil_id)
