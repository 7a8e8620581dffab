"""Addresses of static files, with the hash of their content, so that a browser may keep them for a year."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
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


ASKED = {
    "data-autosave": "autosave",
    "data-pick-all": "log",
    "data-waits": "waiting",
    "data-insert": "insert",
    "data-idle": "device",
    "data-passkey": "passkeys",
}
"""By the attribute in a page that asks for it, each script that only some pages need."""


@dataclass(frozen=True, slots=True)
class Scripts:
    """Addresses of the scripts that a page asks for, and by their attribute of those that a fragment may ask for."""

    now: list[str]
    later: dict[str, str]


def scripts_for(shown: str) -> Scripts:
    """What a page needs by what is shown on it; for the rest it keeps the address."""
    addresses = {mark: asset(f"js/{name}.js") for mark, name in ASKED.items()}
    now = {mark for mark in ASKED if f' {mark}="' in shown}
    return Scripts(
        [addresses[mark] for mark in ASKED if mark in now], {k: v for k, v in addresses.items() if k not in now}
    )
