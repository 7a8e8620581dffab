"""How the program stands on a machine: what has an address, what is open to strangers, whom it calls."""

from __future__ import annotations

import logging
import socket
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import abort

from graduated.access.actions import PUBLIC
from graduated.access.guards import guard
from graduated.app import create_app
from graduated.config import secret
from graduated.db import migrate
from graduated.ops import log_lines
from tests.access.stage import rules_of
from tests.conftest import settings_in
from tests.security.site import Site
from tests.support.databases import by_hand

OPEN_TO_ANYBODY = {
    "/": "where to begin", "/accessibility": "", "/help": "", "/health": "ok and nothing else", "/ready": "one word",
    "/metrics": "nothing without the token", "/privacy": "",
    "/language": "which to read in", "/device": "a PIN, where the school knows the device", "/device/code": "the same",
    "/sign-in": "", "/sign-in/code": "after the password", "/sign-out": "",
    "/invitation/<token>": "256 bits", "/invitation": "a link opened",
    "/sign-in/again": "the same, in another window",
    "/calendar/<token>.ics": "256 bits", "/static/<path:filename>": "our own files",
}  # fmt: skip
INSIDE = (
    ".git/config", ".git/HEAD", ".env", ".svn/entries", "setup.cfg", "graduated.db", "views.db", "secrets/secret-key",
    "audit-anchor.log", "files/", "static/", "static/js/", "static/../setup.cfg", "static/..%2fsetup.cfg",
    "static/%2e%2e/%2e%2e/etc/passwd", "static/js/..\\..\\setup.cfg", "static/vendor/../../../graduated.db", "admin",
    "console", "debug", "server-status", "metrics", "openapi.json", "swagger", "docs", "robots.txt.bak", "backup.zip",
    "wp-login.php", "phpinfo.php", "actuator/env", "templates/base.html", "requirements/run.txt", "..",
    "../graduated.db",
    "static//etc/passwd", "static/C:/boot.ini", "static/js/app.js~", "static/.gitignore", "%2e%2e/%2e%2e/etc/passwd",
    "favicon.ico/../graduated.db", "styleguide", "_debug_toolbar",
)  # fmt: skip


def test_what_a_stranger_can_open_is_a_closed_list(site: Site) -> None:
    public = {
        rule.rule
        for rule in site.app.url_map.iter_rules()
        if rule.endpoint == "static" or site.app.view_functions[rule.endpoint].action.is_public  # type: ignore[attr-defined]
    }
    assert {one for one in public if "passkey" not in one and "<provider>" not in one} <= set(OPEN_TO_ANYBODY)
    assert site.browser("nobody").get("/health", base_url=site.base).data == b"ok\n"


@pytest.mark.parametrize("who", ["nobody", "senco"])
def test_nothing_that_lies_on_the_machine_has_an_address(site: Site, who: str) -> None:
    client = site.browser(who)
    opened = []
    for place in INSIDE:
        answer = client.get("/" + place, base_url=site.base, buffered=True)
        if answer.status_code not in {404, 308}:  # two strokes are led to one, where nothing is
            opened.append(f"{place}: {answer.status_code}")
    assert opened == []


@pytest.mark.parametrize(
    "bent", ["..", "../..", "..%2f..", "%2e%2e%2f", "....//", "..\\", "a/../../b", "~root", "con", "\x00", "x" * 5000]
)
def test_no_argument_of_an_address_leads_out_of_its_folder(site: Site, bent: str) -> None:
    client, wrong = site.browser("senco"), []
    for rule in rules_of(site.app):
        if "GET" in (rule.methods or ()) and any(f"<{name}>" in rule.rule for name in rule.arguments):
            place = site.path_of(rule)
            known = {name: str(site.values.get(name, "")) for name in rule.arguments if f"<{name}>" in rule.rule}
            for value in known.values():
                path = place.replace(value, bent) if value else place + bent
                answer = client.get(path, base_url=site.base, buffered=True)
                if answer.status_code not in {301, 303, 308, 400, 404, 414} or b"root:" in answer.data:
                    wrong.append(f"{rule.rule}: {answer.status_code}")
    assert wrong == []


def test_nothing_outside_is_called_whatever_page_is_opened(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[Any] = []

    def refuse(_self: socket.socket, address: Any) -> None:
        called.append(address)
        raise OSError("nothing is called from here")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *where, **_more: called.append(where) or [])
    for who in ("senco", "parent", "nobody"):
        client = site.browser(who)
        for rule in site.routes("GET"):
            client.get(site.path_of(rule), base_url=site.base, buffered=True)
    assert called == []


def test_a_new_installation_has_nobody_in_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    migrate.upgrade(settings)
    with by_hand(tmp_path) as database:
        for table in ("user", "credential", "membership", "sign_in_session", "school"):
            assert database.execute(f'select count(*) from "{table}"').fetchone() == (0,)
    page = create_app(settings, testing=True).test_client().get("/sign-in").text
    assert "demo" not in page.lower()


def test_a_secret_is_256_bits_and_for_the_programs_account_alone(tmp_path: Path) -> None:
    made = {secret(tmp_path / str(number), "secret-key", "NO_SUCH_SETTING") for number in range(20)}
    assert len(made) == 20 and {len(one) for one in made} == {64}
    kept = tmp_path / "0" / "secrets" / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600 and stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_no_debugging_is_on(tmp_path: Path) -> None:
    migrate.upgrade(settings_in(tmp_path))
    app = create_app(replace(settings_in(tmp_path), https=True, proxies=1))
    assert not app.debug and not app.testing
    for name in ("PROPAGATE_EXCEPTIONS", "TRAP_HTTP_EXCEPTIONS", "TRAP_BAD_REQUEST_ERRORS", "EXPLAIN_TEMPLATE_LOADING"):
        assert not app.config.get(name)


@pytest.mark.parametrize("fault", ["words", "http"])
def test_a_fault_says_nothing_but_a_reference(tmp_path: Path, fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    migrate.upgrade(settings_in(tmp_path))
    app = create_app(settings_in(tmp_path))

    @app.get("/broken")
    @guard(PUBLIC)
    def broken() -> str:
        if fault == "http":
            abort(500, "Zofia Szymańska, secret-key, SELECT * FROM pupil")
        raise ValueError("Zofia Szymańska\r\n2026-11-23 INFO forged line, SELECT * FROM pupil")

    log_lines.begin()
    try:
        answer = app.test_client().get("/broken?words=%0d%0aforged")
    finally:
        logging.getLogger().handlers[:] = []
    logged = capsys.readouterr().err
    assert answer.status_code == 500
    for word in ("Zofia", "SELECT", "ValueError", "Traceback", "secret-key", str(tmp_path), "forged"):
        assert word not in answer.text
        assert word not in logged or word in {"ValueError", str(tmp_path)}
    if fault == "words":
        reference = logged.partition("reference ")[2].partition(",")[0]
        assert len(reference) == 9 and reference in answer.text


def test_the_log_tells_the_time_in_utc() -> None:
    record = logging.LogRecord("graduated", logging.INFO, __file__, 1, "x", (), None)
    record.created = 1_795_000_000.0  # in summer, when London's clocks are an hour on
    assert log_lines.NoWords(log_lines.SHAPE).format(record).startswith("2026-11-18 ")
    assert log_lines.NoWords.converter(record.created).tm_hour == int(record.created // 3600 % 24)


def test_no_address_of_a_page_names_a_child(site: Site) -> None:
    named = ("zofia", "szyma", "canary", "@", "token", "secret")
    for rule in rules_of(site.app):
        path = site.path_of(rule).lower()
        assert not [one for one in named if one in path and "<token>" not in rule.rule], path
