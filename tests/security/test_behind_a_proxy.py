"""What stands between the school's machine and a browser is believed only as far as the settings say."""

from __future__ import annotations

import http.client
import socket
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, request

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.app import create_app
from graduated.ops import serving
from tests.conftest import settings_in

EVIL = "evil.example"
FORGED = {
    "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": EVIL, "X-Forwarded-Port": "444",
    "X-Forwarded-Prefix": "/evil", "Forwarded": f"for=203.0.113.9;host={EVIL};proto=https", "X-Real-IP": "203.0.113.9",
    "X-Original-URL": "/register", "X-Rewrite-URL": "/register", "X-User-ID": "1", "Client-IP": "203.0.113.9",
}  # fmt: skip


def app_with(home: Path, proxies: int) -> Flask:
    """The program with so many proxies in front; `/seen` says what it takes for the browser's own."""
    app = create_app(replace(settings_in(home), proxies=proxies), testing=True)

    @app.get("/seen")
    @guard(PUBLIC)
    def seen() -> dict[str, Any]:
        return {
            "from": request.remote_addr,
            "host": request.host,
            "secure": request.is_secure,
            "root": request.root_path,
        }

    return app


@pytest.mark.parametrize("name", FORGED)
def test_without_a_proxy_no_header_says_who_or_where_one_is(home: Path, name: str) -> None:
    told = app_with(home, 0).test_client().get("/seen", headers={name: FORGED[name]}).json
    assert told == {"from": "127.0.0.1", "host": "localhost", "secure": False, "root": ""}


def test_with_one_proxy_what_the_browser_itself_put_before_it_is_not_believed(home: Path) -> None:
    client = app_with(home, 1).test_client()
    sent = {"X-Forwarded-For": "203.0.113.9, 10.0.0.7", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/evil",
            "X-Forwarded-Host": f"{EVIL}, sen.school.example", "X-Real-IP": "203.0.113.9"}  # fmt: skip
    told = client.get("/seen", headers=sent).json
    assert told == {"from": "10.0.0.7", "host": "sen.school.example", "secure": True, "root": ""}


@pytest.mark.parametrize("proxies", [0, 1])
def test_no_page_leads_to_a_host_that_was_only_claimed(home: Path, proxies: int) -> None:
    client = app_with(home, proxies).test_client()
    for path in ("/", "/register", "/sign-in", "/help", "/account", "/nowhere"):
        answer = client.get(path, headers={"Host": EVIL, "X-Forwarded-Prefix": "/evil"})
        assert EVIL not in answer.text
        assert EVIL not in answer.headers.get("Location", "")


def test_the_server_that_a_school_runs_hands_on_what_its_proxy_says(home: Path) -> None:
    assert _seen_through_the_server(home, 1) == (
        '{"from":"10.0.0.7","host":"sen.school.example","root":"","secure":true}'
    )


def test_the_server_without_a_proxy_hands_on_nothing_that_a_browser_claims(home: Path) -> None:
    told = _seen_through_the_server(home, 0)
    assert '"from":"127.0.0.1"' in told and '"secure":false' in told


def _seen_through_the_server(home: Path, proxies: int) -> str:
    """What `graduated serve` takes for the browser's own, when a proxy on the same machine tells it."""
    door = socket.create_server(("127.0.0.1", 0))
    server, over = serving.server_of(app_with(home, proxies), door), threading.Event()
    answering = threading.Thread(target=serving.answer, args=(server, over))
    answering.start()
    line = http.client.HTTPConnection("127.0.0.1", int(server.effective_port), timeout=10)
    try:
        line.request("GET", "/seen", headers={"Host": "sen.school.example", "X-Forwarded-For": "10.0.0.7",
                     "X-Forwarded-Proto": "https", "X-Forwarded-Host": "sen.school.example"})  # fmt: skip
        return line.getresponse().read().decode().strip()
    finally:
        line.close()
        over.set()
        answering.join(10)
        server.close()
