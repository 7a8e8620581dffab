"""What every kind of answer carries, to the letter: a header added, changed or lost shows here."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from graduated.web.headers import CSP
from tests.security.site import Site

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
PRIVATE = {**ALWAYS, "Cache-Control": "no-store"}
HTML = "text/html; charset=utf-8"
KEPT = "sandbox; default-src 'none'"
OF_THE_MOMENT = {"Content-Length", "Set-Cookie", "Location", "Date", "Last-Modified", "ETag", "Content-Disposition"}
FRAGMENT = {"HX-Request": "true"}
SCRIPT, STYLE = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
FILE = {**ALWAYS, "Accept-Ranges": "bytes", "Vary": "Cookie"}
PAGE = {**PRIVATE, "Content-Type": HTML, "Vary": "HX-Request, Cookie"}
BARE = {**PRIVATE, "Content-Type": HTML, "Vary": "Cookie"}


def fixed(answer: TestResponse) -> dict[str, str]:
    """The headers of an answer that are the same at every time."""
    return {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}


KINDS: list[tuple[str, str, str, str, dict[str, str], int, dict[str, str]]] = [
    ("page", "senco", "GET", "/register", {}, 200, PAGE),
    ("page for anybody", "nobody", "GET", "/help", {}, 200, PAGE),
    ("fragment", "senco", "GET", "/register", FRAGMENT, 200, PAGE),
    ("family's page", "parent", "GET", "/family", {}, 303, BARE),
    ("redirect to sign in", "nobody", "GET", "/register", {}, 303, BARE),
    ("form to sign in again", "nobody", "GET", "/register", FRAGMENT, 401, BARE),
    ("nothing there", "senco", "GET", "/pupils/999999", {}, 404, PAGE),
    ("nothing there to htmx", "senco", "GET", "/pupils/999999", FRAGMENT, 404, PAGE),
    ("no such address", "nobody", "GET", "/wp-login.php", {}, 404, PAGE),
    ("refused", "ta", "GET", "/pupils/new", {}, 403, PAGE),
    ("a method that is not taken", "senco", "DELETE", "/register", {}, 405, PAGE),
    ("a form without its token", "senco", "POST", "/school/details", {}, 419, PAGE),
    ("table for a spreadsheet", "senco", "GET", "/register/export.csv", {}, 200,
     {**PRIVATE, "Content-Security-Policy": KEPT, "Content-Type": "text/csv; charset=utf-8", "Vary": "Cookie"}),
    ("data to a script", "ta", "GET", "/entries/mine", {}, 200,
     {**PRIVATE, "Content-Type": "application/json", "Vary": "Cookie"}),
    ("health", "nobody", "GET", "/health", {}, 200,
     {**PRIVATE, "Content-Type": "text/plain; charset=utf-8", "Vary": "Cookie"}),
    ("stylesheet", "nobody", "GET", "/static/css/shell.css", {}, 200,
     {**FILE, "Cache-Control": "no-cache", "Content-Type": STYLE}),
    ("stylesheet of one version", "nobody", "GET", "/static/css/shell.css?v=1", {}, 200,
     {**FILE, "Cache-Control": "public, max-age=31536000, immutable", "Content-Type": STYLE}),
    ("script", "nobody", "GET", "/static/js/app.js", {}, 200,
     {**FILE, "Cache-Control": "no-cache", "Content-Type": SCRIPT}),
    ("no such static file", "nobody", "GET", "/static/js/none.js", {}, 404,
     {**ALWAYS, "Content-Type": HTML, "Vary": "HX-Request, Cookie"}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "method", "path", "sent", "status", "wanted"), [kind[1:] for kind in KINDS], ids=[kind[0] for kind in KINDS]
)
def test_each_kind_of_answer_has_exactly_these_headers(
    site: Site, who: str, method: str, path: str, sent: dict[str, str], status: int, wanted: dict[str, str]
) -> None:
    answer = site.browser(who).open(path, method=method, headers=sent, base_url=site.base, buffered=True)
    assert answer.status_code == status
    told = fixed(answer)
    told.pop("Allow", None)
    assert told == wanted


def test_the_policy_runs_nothing_that_stands_in_a_page_and_nothing_from_elsewhere() -> None:
    assert CSP == POLICY
    assert "unsafe" not in CSP and "http" not in CSP and "*" not in CSP


@pytest.mark.parametrize("who", ["senco", "parent", "nobody"])
def test_every_route_answers_with_the_policy_and_is_kept_by_no_browser(site: Site, who: str) -> None:
    client = site.browser(who)
    wrong = []
    for rule in site.routes("GET"):
        answer = client.get(site.path_of(rule), base_url=site.base, buffered=True)
        told = fixed(answer)
        if told.get("Content-Security-Policy") not in {POLICY, KEPT}:
            wrong.append(f"{rule.endpoint}: policy {told.get('Content-Security-Policy')}")
        if told.get("Cache-Control") != "no-store":
            wrong.append(f"{rule.endpoint}: {told.get('Cache-Control')}")
        rest = {name: value for name, value in ALWAYS.items() if name != "Content-Security-Policy"}
        wrong += [f"{rule.endpoint}: {name} {told.get(name)}" for name in rest if told.get(name) != rest[name]]
        wrong += [f"{rule.endpoint}: {name}" for name in told if name.lower() in {"server", "x-powered-by"}]
        wrong += [f"{rule.endpoint}: {name}" for name in told if name.lower().startswith("access-control-")]
    assert wrong == []


def test_every_answer_says_what_it_is_and_in_which_letters(site: Site) -> None:
    client = site.browser("senco")
    wrong, seen = [], set()
    for rule in site.routes("GET"):
        answer = client.get(site.path_of(rule), base_url=site.base, buffered=True)
        kind = answer.headers.get("Content-Type", "")
        seen.add(kind)
        begins = {
            "application/zip": b"PK",
            "application/pdf": b"%PDF-", "image/jpeg": b"", "application/json": b"{", "text/csv": b"\xef\xbb\xbf",
            "text/calendar": b"BEGIN:VCALENDAR", "text/plain": b"", "text/html": b"",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK",
        }  # fmt: skip
        plain = kind.partition(";")[0]
        is_stand_in = answer.data == b"%PDF-1.4 a report"  # what the scene keeps for every kind of file
        if plain not in begins or not (is_stand_in or answer.data.startswith(begins[plain])):
            wrong.append(f"{rule.endpoint}: {kind} {answer.data[:20]!r}")
        if plain.startswith("text/") and "charset=utf-8" not in kind:
            wrong.append(f"{rule.endpoint}: {kind}")
    assert wrong == []
    assert len(seen) >= 5


def test_on_the_machine_itself_nothing_is_promised_about_tls(site: Site) -> None:
    from graduated.app import create_app
    from tests.conftest import settings_in

    plain = create_app(settings_in(site.settings.home), testing=True)
    assert "Strict-Transport-Security" not in plain.test_client().get("/health").headers
