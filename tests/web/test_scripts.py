"""A page has the scripts that something on it asks for, and no others; a fragment may fetch one later."""

from __future__ import annotations

import gzip
import html
import json
import re
from pathlib import Path

import pytest
from flask import Flask

from graduated.web.assets import scripts_for
from tests.support.client import PageClient

ROOT = Path(__file__).parents[2]
MARKS = re.compile(r"\b(data-autosave|data-pick-all|data-waits|data-insert|data-idle|data-passkey)=")
EVERYWHERE = {"enabled", "app", "swap"}


def scripts_of(page: str) -> set[str]:
    """Names of our own scripts that a page runs when it is opened."""
    return set(re.findall(r'<script[^>]*src="/static/js/(\w+)\.js', page))


def later_in(page: str) -> dict[str, str]:
    """By the attribute that asks for it, what a fragment may fetch."""
    found = re.search(r"<meta name=\"scripts\" content='([^']*)'>", page)
    assert found is not None
    told: dict[str, str] = json.loads(html.unescape(found.group(1)))
    return told


@pytest.mark.parametrize(
    ("who", "path", "more"),
    [
        (None, "/sign-in", set()),
        ("senco", "/register", {"idle"}),
        ("senco", "/pupils/new", {"idle", "autosave"}),
        ("parent", "/", set()),
    ],
)
def test_a_page_runs_what_it_asks_for(client: PageClient, who: str | None, path: str, more: set[str]) -> None:
    if who:
        client.sign_in(who)
    page = client.get(path, follow_redirects=True).text
    assert scripts_of(page) - {"passkeys"} == EVERYWHERE | more
    assert ("passkeys" in scripts_of(page)) == (" data-passkey=" in page)


def test_what_asks_for_a_script_has_it_at_once_and_nothing_twice(app: Flask) -> None:
    with app.test_request_context():
        none, shown = scripts_for(""), scripts_for('<p data-waits="">… <form data-insert-said>')
    assert none.now == [] and len(none.later) == 6
    assert shown.now == [none.later["data-waits"]]
    assert shown.later == {mark: address for mark, address in none.later.items() if mark != "data-waits"}


def test_a_fragment_can_fetch_each_script_that_its_page_does_not_have(client: PageClient) -> None:
    client.sign_in("senco")
    page = client.get("/register").text
    later = later_in(page)
    asked = {
        mark
        for folder, kind in (("templates", "html"), ("static/js", "js"))
        for path in (ROOT / folder).rglob(f"*.{kind}")
        if path.name != "head.html"
        for mark in MARKS.findall(path.read_text(encoding="utf-8"))
    }
    assert set(later) == asked
    for address in later.values():
        assert client.get(address, buffered=True).status_code == 200
    named = {path.stem for path in (ROOT / "static" / "js").glob("*.js")}
    assert {Path(address.partition("?")[0]).stem for address in later.values()} | scripts_of(page) == named


def test_the_scripts_of_the_register_weigh_28_kb_at_most(client: PageClient) -> None:
    client.sign_in("senco")
    page = client.get("/register").text
    files = re.findall(r'<(?:script[^>]* src|link rel="modulepreload"[^>]* href)="/static/([^"?]*)', page)
    assert "vendor/govuk.js" in files and "vendor/htmx.js" in files
    assert sum(len(gzip.compress((ROOT / "static" / name).read_bytes())) for name in files) <= 28_000
