"""The one cookie: only for this site, only over TLS, read by no script, and holding nothing of anybody."""

from __future__ import annotations

from http.cookies import SimpleCookie

import pytest
from itsdangerous import base64_decode

from tests.security.site import Site
from tests.support.world import PASSWORD, email_of

FLAGS = {"path": "/", "secure": True, "httponly": True, "samesite": "Lax", "domain": "", "max-age": "", "expires": ""}


def cookies_of(site: Site, who: str) -> list[str]:
    """Every Set-Cookie line of every page for one person."""
    lines = []
    for rule in site.routes("GET"):
        client = site.browser(who)
        answer = client.get(site.path_of(rule), base_url=site.base, buffered=True)
        lines += answer.headers.getlist("Set-Cookie")
    return lines


@pytest.mark.parametrize("who", ["senco", "nobody"])
def test_no_page_sets_another_cookie_or_sets_it_more_loosely(site: Site, who: str) -> None:
    lines = cookies_of(site, who)
    assert lines
    for line in lines:
        cookie = SimpleCookie(line)
        assert list(cookie) == ["__Host-graduated"]
        told = cookie["__Host-graduated"]
        assert {name: told[name] for name in FLAGS} == FLAGS
        assert len(line) < 4096


def test_signing_in_sets_the_same_cookie_and_it_holds_no_name_and_no_password(site: Site) -> None:
    client = site.browser("nobody")
    page = client.get("/sign-in", base_url=site.base).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post(
        "/sign-in", data={"csrf_token": token, "email": email_of("senco"), "password": PASSWORD}, base_url=site.base,
        headers={"Referer": f"{site.base}/sign-in"},
    )  # fmt: skip
    assert answer.status_code == 303
    (line,) = answer.headers.getlist("Set-Cookie")
    told = SimpleCookie(line)["__Host-graduated"]
    assert {name: told[name] for name in FLAGS} == FLAGS
    payload = told.value.split(".")
    words = b"".join(base64_decode(part) for part in payload if part)
    for secret in (PASSWORD, email_of("senco"), "Hannah", "Legg"):
        assert secret.encode() not in words


def test_no_page_tells_a_script_the_session(site: Site) -> None:
    token = site.sign_ins["senco"]["token"]
    client = site.browser("senco")
    told = [
        rule.endpoint
        for rule in site.routes("GET")
        if token.encode() in client.get(site.path_of(rule), base_url=site.base, buffered=True).data
    ]
    assert told == []


@pytest.mark.parametrize("forged", ["", "x", "eyJzaWQiOjF9.aaaa.bbbb", ".eJwx.x.y", "null", "{}", "a" * 3000])
def test_a_cookie_that_somebody_made_is_nobodys(site: Site, forged: str) -> None:
    client = site.app.test_client()
    client.set_cookie("__Host-graduated", forged, domain="sen.school.example", secure=True)
    answer = client.get("/register", base_url=site.base)
    assert answer.headers["Location"] == "/sign-in?next=/register"


@pytest.mark.parametrize(
    "session",
    [{"sid": "1", "token": "x"}, {"sid": 1}, {"token": "x"}, {"sid": [1], "token": ["x"]}],
)
def test_a_session_of_the_wrong_shape_is_nobodys(site: Site, session: dict[str, object]) -> None:
    client = site.app.test_client()
    with client.session_transaction(base_url=site.base) as kept:
        kept.update(session)
    assert client.get("/register", base_url=site.base).status_code == 303


def test_every_cookie_of_the_program_is_kept_as_closely(site: Site) -> None:
    client = site.browser("nobody")
    page = client.get("/sign-in", base_url=site.base).text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post(
        "/language", data={"csrf_token": token, "language": "pl"}, base_url=site.base,
        headers={"Referer": f"{site.base}/language"},
    )  # fmt: skip
    assert answer.status_code == 303
    lines = answer.headers.getlist("Set-Cookie")
    assert len(lines) == 2
    for line in lines:
        cookie = SimpleCookie(line)
        (name,) = cookie
        assert {part: cookie[name][part] for part in ("path", "secure", "httponly", "samesite", "domain")} == {
            "path": "/", "secure": True, "httponly": True, "samesite": "Lax", "domain": "",
        }  # fmt: skip
        assert name.startswith("__Host-")
