"""Once out, an old page or an old cookie shows nothing of anybody."""

from __future__ import annotations

import pytest

from tests.access.stage import rules_of
from tests.security.site import Site


@pytest.mark.parametrize("way", ["/sign-out", "/account/sign-out-everywhere"])
def test_no_route_opens_to_the_cookie_of_before_and_none_may_be_kept(site: Site, way: str) -> None:
    site.reset_sign_ins()
    client = site.browser("teacher")
    kept = client.get_cookie("__Host-graduated", domain="sen.school.example")
    assert kept is not None
    answer = client.post(way, data={"csrf_token": site.token(client)}, base_url=site.base,
                         headers={"Referer": f"{site.base}/account"})  # fmt: skip
    assert answer.status_code == 303
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    wrong = []
    for rule in rules_of(site.app):
        is_public = site.app.view_functions[rule.endpoint].action.is_public  # type: ignore[attr-defined]
        if is_public or "GET" not in (rule.methods or ()):
            continue
        thief = site.app.test_client()
        thief.set_cookie("__Host-graduated", kept.value, domain="sen.school.example", secure=True)
        answer = thief.get(site.path_of(rule), base_url=site.base, buffered=True)
        if not answer.headers.get("Location", "").startswith("/sign-in"):
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
        if answer.headers["Cache-Control"] != "no-store" or "Zofia" in answer.text:
            wrong.append(f"{rule.endpoint}: {answer.headers['Cache-Control']}")
    assert wrong == []


def test_every_page_for_somebody_signed_in_has_its_way_out(site: Site) -> None:
    for who in ("senco", "parent", "admin"):
        client = site.browser(who)
        without = []
        for rule in site.routes("GET"):
            answer = client.get(site.path_of(rule), base_url=site.base, buffered=True)
            is_page = answer.status_code == 200 and b"<!doctype html>" in answer.data[:200].lower()
            if is_page and b'action="/sign-out"' not in answer.data:
                without.append(rule.endpoint)
        assert without == []
