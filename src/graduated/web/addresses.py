"""Addresses as templates write them: the same question has the same answer, so it is worked out once in a process.

An address holds ids, and the address to go on to; nothing of it leaves the process, and old ones make room.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for


def install(app: Flask) -> None:
    """Let templates of this program ask here."""
    put_together = lru_cache(maxsize=4096)(_put_together)

    def address(endpoint: str, **values: Any) -> str:
        if endpoint.startswith(".") or any(name.startswith("_") for name in values):
            return url_for(endpoint, **values)  # of the blueprint at hand, or with its host
        asked = tuple((name, type(one), one) for name, one in values.items())  # 1 and True are not the same address
        try:
            return put_together(request.script_root, endpoint, asked)
        except TypeError:  # a list of values, say
            return url_for(endpoint, **values)

    app.jinja_env.globals["url_for"] = address


def _put_together(_root: str, endpoint: str, asked: tuple[tuple[str, type, Any], ...]) -> str:
    return url_for(endpoint, **{name: one for name, _type, one in asked})
