"""Addresses of static files, with the hash of their content, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
import time
from functools import cache
from pathlib import Path

from flask import current_app, request, url_for

LOOK_AGAIN = 5.0
"""Seconds for which a file is taken to be as it was: a page names thirty of them, and they change with a release."""
_known: dict[tuple[str, str, str], tuple[float, str]] = {}


@cache
def _version(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file; a missing one is an error where it is noticed."""
    folder = str(current_app.static_folder)
    key = (folder, request.script_root, name)
    until, address = _known.get(key, (0.0, ""))
    if time.monotonic() >= until:
        path = Path(folder) / name
        address = url_for("static", filename=name, v=_version(path, path.stat().st_mtime_ns))
        _known[key] = (time.monotonic() + LOOK_AGAIN, address)
    return address
