"""A request leaves one line, by which it is found again, and nothing of a person in it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import abort

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.app import create_app
from graduated.config import NotSet
from graduated.ops import log_lines
from tests.conftest import settings_in
from tests.support.world import PASSWORD, World, email_of

PROXYS = "0a1b2c3d-proxy-name"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What goes into the log, as JSON lines."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(log_lines.Lines())
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    yield out
    root.handlers[:] = kept
    root.setLevel(level)


def lines(written: io.StringIO, logger: str = "graduated.requests") -> list[dict[str, Any]]:
    """The lines of one part of the program."""
    return [line for line in map(json.loads, written.getvalue().splitlines()) if line["logger"] == logger]


def broken(home: Path, **more: Any) -> Any:
    """A browser of a program in which one page is broken."""
    app = create_app(replace(settings_in(home), **more))

    @app.get("/broken")
    @guard(PUBLIC)
    def fault() -> str:
        raise ValueError("Zofia Szymańska\n{forged}")

    @app.get("/gone")
    @guard(PUBLIC)
    def gone() -> str:
        abort(410)

    return app.test_client()


def test_a_line_tells_when_what_and_how_long_and_only_the_kind_of_who(
    home: Path, world: World, written: io.StringIO
) -> None:
    client = create_app(settings_in(home), testing=True).test_client()
    token = client.get("/sign-in").text.partition('name="csrf-token" content="')[2].partition('"')[0]
    client.post("/sign-in", data={"csrf_token": token, "email": email_of("senco"), "password": PASSWORD})
    client.get(f"/pupils/{world.pupils['zofia']}?q=Zofia")
    client.get("/invitation/secret-of-a-parent")
    client.open("/sign-in", method="ZOFIA\r\n")
    found = lines(written)
    assert [(one["method"], one["route"]) for one in found[:3]] == [
        ("GET", "people.sign_in"), ("POST", "people.sign_in_post"), ("GET", "register.pupil")
    ]  # fmt: skip
    for line in found:
        assert line["time"].endswith("+00:00") and line["level"] == "info" and isinstance(line["ms"], int)
        assert set(line) == {"time", "level", "logger", "message", "reference", *log_lines.FACTS}
    assert found[2]["actor"] == "staff" and found[0]["actor"] == "nobody"
    for word in ("ofia", "ZOFIA", "senco", "@", "secret-of", PASSWORD, "Hannah"):
        assert word not in written.getvalue()


def test_the_page_of_a_fault_names_what_the_log_knows_it_by(home: Path, written: io.StringIO) -> None:
    page = broken(home).get("/broken").text
    (fault,) = lines(written, "graduated.web")
    (asked,) = lines(written)
    assert fault["reference"] == asked["reference"] and f">{fault['reference']}</b>" in page
    assert "tell it to whoever runs Graduated" in page and asked["status"] == 500
    assert fault["fault"][-1] == "builtins.ValueError" and "Zofia" not in written.getvalue()


def test_every_refusal_names_its_reference_but_those_that_must_be_alike(home: Path, written: io.StringIO) -> None:
    client = broken(home)
    for options in ({}, {"headers": {"HX-Request": "true"}}):
        refused = client.get("/gone", **options)
        assert refused.status_code == 410 and lines(written)[-1]["reference"] in refused.text
    assert "Reference" not in client.get("/no-such-page").text


@pytest.mark.parametrize(("proxies", "given", "taken"), [
    (1, PROXYS, PROXYS), (0, PROXYS, None), (1, "short", None), (1, "a" * 65, None), (1, "Zofia was here", None),
    (1, "forged-line\t{}", None),
])  # fmt: skip
def test_a_name_for_a_request_is_taken_from_a_proxy_of_the_settings_only(
    home: Path, written: io.StringIO, proxies: int, given: str, taken: str | None
) -> None:
    client = broken(home, proxies=proxies)
    client.get("/help", headers={"X-Request-ID": given})
    (line,) = lines(written)
    assert line.get("request") == taken and len(line["reference"]) == 9


def test_each_request_has_a_reference_of_its_own(home: Path, written: io.StringIO) -> None:
    client = broken(home)
    for _ in range(20):
        client.get("/help")
    assert len({line["reference"] for line in lines(written)}) == 20


def test_what_machines_ask_all_day_leaves_no_line(home: Path, written: io.StringIO) -> None:
    client = broken(home)
    for path in ("/health", "/ready", "/static/css/forms.css"):
        client.get(path).close()
    assert lines(written) == []


def test_the_log_is_plain_unless_json_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    root = logging.getLogger()
    kept, level = root.handlers[:], root.level
    try:
        for how, formatter in (("", log_lines.NoWords), ("plain", log_lines.NoWords), ("JSON", log_lines.Lines)):
            monkeypatch.setenv(log_lines.HOW, how)
            log_lines.begin()
            assert type(root.handlers[0].formatter) is formatter
        monkeypatch.setenv(log_lines.HOW, "xml")
        with pytest.raises(NotSet, match="must be plain or json"):
            log_lines.begin()
    finally:
        root.handlers[:] = kept
        root.setLevel(level)
