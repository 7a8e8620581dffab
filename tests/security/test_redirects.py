"""Nobody is led off the site, whatever stands in an address or in a form."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.access.stage import rules_of
from tests.security.site import Site
from tests.support.world import PASSWORD, email_of

ELSEWHERE = (
    "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
    "///evil.example",
    "https:evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example/%2f..",
    "/%0d%0aLocation: https://evil.example", "/\r\nLocation: https://evil.example",
    "http://sen.school.example@evil.example",
    "//evil%E3%80%82example", ".evil.example", "@evil.example", "\u2215\u2215evil.example", "//[::1]/",
    "/ /evil.example",
    "\x00//evil.example", "%2f%2fevil.example",
)  # fmt: skip
NAMES = ("next", "url", "return", "return_to", "redirect", "back", "to", "target", "continue", "place")


def leads_away(place: str) -> bool:
    """Whether a browser would leave the site for that address."""
    clean = place.replace("\t", "").replace("\n", "").replace("\r", "").strip().replace("\\", "/")
    return clean != place.strip() or not clean.startswith("/") or clean.startswith("//") or bool(urlsplit(clean).netloc)


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(site: Site, target: str) -> None:
    client = site.browser("nobody")
    page = client.get("/sign-in", query_string={"next": target}, base_url=site.base).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"csrf_token": token, "email": email_of("head"), "password": PASSWORD, "next": target}
    answer = client.post("/sign-in", data=data, base_url=site.base, headers={"Referer": f"{site.base}/sign-in"})
    assert answer.status_code == 303
    assert not leads_away(answer.headers["Location"])


def test_no_route_takes_its_way_from_the_address(site: Site) -> None:
    wrong = []
    for who in ("senco", "nobody"):
        client = site.browser(who)
        for rule in rules_of(site.app):
            answer = client.get(
                site.path_of(rule),
                query_string=dict.fromkeys(NAMES, "//evil.example/x"),
                base_url=site.base,
                buffered=True,
            )
            place = answer.headers.get("Location", answer.headers.get("HX-Redirect", "/"))
            if leads_away(place):
                wrong.append(f"{rule.endpoint}: {place}")
    assert wrong == []


@pytest.mark.parametrize("path", ["//evil.example/%2e%2e", "/\\evil.example", "//evil.example"])
def test_an_address_that_begins_like_a_host_is_no_way_off_the_site(site: Site, path: str) -> None:
    for who in ("senco", "nobody"):
        answer = site.browser(who).get(
            "/", base_url=site.base, environ_overrides={"PATH_INFO": path, "REQUEST_URI": path}
        )
        assert not leads_away(answer.headers.get("Location", "/"))


def test_proving_again_leads_nowhere_else(site: Site) -> None:
    client = site.browser("head")
    for target in ELSEWHERE:
        data = {"csrf_token": site.token(client), "password": PASSWORD, "next": target}
        answer = client.post("/account/prove", data=data, query_string={"next": target}, base_url=site.base,
                             headers={"Referer": f"{site.base}/account/prove"})  # fmt: skip
        assert not leads_away(answer.headers.get("Location", "/"))
