"""Addresses that templates ask for are those that Flask gives, however often they are asked for."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, url_for

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("register.register", {}),
    ("register.register", {"year": 1}),
    ("register.register", {"year": True}),
    ("register.register", {"year": None}),
    ("register.register", {"year": ["1", "2"]}),
    ("register.register", {"q": "Ó Sé & <b>"}),
    ("register.register", {"_anchor": "top", "_external": True}),
    ("static", {"filename": "css/x.css", "v": "1"}),
]


@pytest.mark.parametrize("root", ["", "/school"])
def test_templates_get_the_address_that_the_router_gives_each_time(app: Flask, root: str) -> None:
    ask = app.jinja_env.globals["url_for"]
    for _time in range(2):
        with app.test_request_context("/", environ_overrides={"SCRIPT_NAME": root}):
            for endpoint, values in ASKED:
                assert ask(endpoint, **values) == url_for(endpoint, **values)  # type: ignore[operator]
