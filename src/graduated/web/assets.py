"""Addresses of static files, with the hash of their content, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import current_app, url_for


@cache
def _version(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file; a missing one is an error where it is noticed."""
    path = Path(str(current_app.static_folder)) / name
    return url_for("static", filename=name, v=_version(path, path.stat().st_mtime_ns))
