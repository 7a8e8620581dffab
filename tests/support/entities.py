"""No page may be given a database row: on Python 3.11 such pages have crashed their worker."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask, before_render_template
from sqlalchemy import inspect
from sqlalchemy.exc import NoInspectionAvailable

_DEPTH = 6


def entities(value: Any, path: str = "context", depth: int = 0) -> Iterator[str]:
    """Where in a template's context a database row hides."""
    if depth > _DEPTH or value is None or isinstance(value, str | bytes | int | float):
        return
    if _is_entity(value):
        yield f"{path}: {type(value).__name__}"
        return
    for where, one in _parts(value):
        yield from entities(one, f"{path}{where}", depth + 1)


def _parts(value: Any) -> Iterator[tuple[str, Any]]:
    """What a value holds, and where."""
    if isinstance(value, Mapping):
        yield from ((f"[{key!r}]", one) for key, one in value.items())
    elif isinstance(value, list | tuple | set | frozenset):
        yield from ((f"[{number}]", one) for number, one in enumerate(value))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((f".{field.name}", getattr(value, field.name)) for field in dataclasses.fields(value))
    elif type(value).__module__.startswith("graduated") and hasattr(value, "__dict__"):
        yield from ((f".{name}", one) for name, one in vars(value).items() if not name.startswith("_"))


def _is_entity(value: Any) -> bool:
    try:
        return bool(inspect(value).is_instance)
    except NoInspectionAvailable:
        return False


def watch(app: Flask) -> None:
    """Fail any test whose page is given a database row."""

    def look(_sender: Flask, template: Any, context: dict[str, Any], **_more: Any) -> None:
        given = {name: value for name, value in context.items() if name not in {"g", "request", "session", "config"}}
        found = list(entities(given))
        assert not found, f"{template.name} is given database rows: {found}"

    before_render_template.connect(look, app, weak=False)
