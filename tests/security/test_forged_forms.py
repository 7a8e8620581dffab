"""Forms that another site, another person or another time would send for somebody who is signed in."""

from __future__ import annotations

import pytest

from tests.security.site import Site, records

HELD = {"draft", "sign_in_attempt"}  # words of a form that came without its token wait for their author
TOKENS = ("none", "made up", "of another session", "in the address")


def sent_with(site: Site, kind: str) -> tuple[dict[str, str], dict[str, str]]:
    """The fields and the query of a form with a token of that kind."""
    if kind == "none":
        return {}, {}
    if kind == "in the address":
        return {}, {"csrf_token": site.token(site.browser("senco"))}
    other = site.token(site.browser("head")) if kind == "of another session" else ""
    return {"csrf_token": {"empty": "", "made up": "x" * 91}.get(kind, other)}, {}


@pytest.mark.parametrize("kind", TOKENS)
def test_every_write_route_refuses_a_form_without_a_token_of_its_own_session(site: Site, kind: str) -> None:
    fields, query = sent_with(site, kind)
    before = records(site.settings.home, *HELD)
    client = site.browser("senco")
    routes = list(site.routes("POST"))
    assert len(routes) > 150
    wrong = []
    for rule in routes:
        answer = client.post(
            site.path_of(rule), data={**fields, "name": "Forged"}, query_string=query, base_url=site.base,
            headers={"Referer": f"{site.base}/register"}, buffered=True,
        )  # fmt: skip
        if answer.status_code != 419:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []
    assert records(site.settings.home, *HELD) == before


@pytest.mark.parametrize("referer", ["https://sen.school.example.evil/", ""])
def test_behind_tls_a_good_token_from_another_page_is_refused(site: Site, referer: str) -> None:
    client = site.browser("senco")
    token = site.token(client)
    before = records(site.settings.home, *HELD)
    wrong = []
    for rule in site.routes("POST"):
        answer = client.post(
            site.path_of(rule), data={"csrf_token": token}, base_url=site.base, buffered=True,
            headers={"Referer": referer} if referer else {},
        )  # fmt: skip
        if answer.status_code != 419:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []
    assert records(site.settings.home, *HELD) == before


def test_a_good_token_from_ones_own_page_is_taken(site: Site) -> None:
    client = site.browser("senco")
    answer = client.post(
        "/school/details", data={"csrf_token": site.token(client)}, base_url=site.base,
        headers={"Referer": f"{site.base}/school/details"},
    )  # fmt: skip
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/json"]
)
def test_what_a_page_of_another_site_can_send_as_data_logs_no_session(site: Site, kind: str) -> None:
    before = records(site.settings.home, *HELD)
    answer = site.browser("ta").post(
        "/entries", data=b'{"reference": "1", "marks": []}', content_type=kind, base_url=site.base,
        headers={"Origin": "https://evil.example", "Referer": f"{site.base}/groups"},
    )  # fmt: skip
    assert answer.status_code == 419
    assert records(site.settings.home, *HELD) == before


@pytest.mark.parametrize("callback", ["callback", "jsonp", "cb"])
def test_data_for_a_script_is_never_a_script_itself(site: Site, callback: str) -> None:
    answer = site.browser("ta").get("/entries/mine", query_string={callback: "steal"}, base_url=site.base)
    assert answer.headers["Content-Type"] == "application/json"
    assert b"steal" not in answer.data and answer.data.startswith(b"{")
