"""Only the methods that a route was made for, and looking changes nothing."""

from __future__ import annotations

import pytest

from tests.access.stage import rules_of
from tests.security.site import Site, records

ODD = ("TRACE", "PUT", "BREW")
REFUSED = {405, 419}  # a form without its token is refused before anybody looks whether the route takes the method
OWN = {"draft", "form_key", "sign_in_session", "sign_in_attempt"}


@pytest.mark.parametrize("method", ODD)
def test_a_method_that_nobody_uses_is_refused_everywhere(site: Site, method: str) -> None:
    client, wrong = site.browser("senco"), []
    token = site.token(client)
    before = records(site.settings.home)
    for rule in rules_of(site.app):
        answer = client.open(
            site.path_of(rule), method=method, base_url=site.base, buffered=True,
            headers={"X-CSRFToken": token, "X-Probe": "mirror"},
        )  # fmt: skip
        if answer.status_code not in REFUSED or b"mirror" in answer.data:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []
    assert records(site.settings.home) == before


def test_a_method_that_is_refused_is_told_which_are_taken(site: Site) -> None:
    answer = site.browser("senco").open("/entries/mine", method="TRACE", base_url=site.base)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


@pytest.mark.parametrize("trick", ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"])
def test_no_header_turns_looking_into_writing(site: Site, trick: str) -> None:
    before = records(site.settings.home)
    client = site.browser("senco")
    for rule in list(site.routes("POST"))[::25]:
        client.get(site.path_of(rule), headers={trick: "POST"}, base_url=site.base, buffered=True)
        client.get(site.path_of(rule), query_string={"_method": "POST"}, base_url=site.base, buffered=True)
    assert records(site.settings.home) == before


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("who", ["senco"])
def test_looking_changes_nothing_wherever_one_looks(site: Site, who: str, method: str) -> None:
    before = records(site.settings.home, *OWN)
    client = site.browser(who)
    for rule in site.routes("GET"):
        client.open(site.path_of(rule), method=method, base_url=site.base, buffered=True)
    after = records(site.settings.home, *OWN)
    assert [name for name in before if before[name] != after[name]] == []


def test_options_says_what_is_taken_and_opens_nothing_to_other_sites(site: Site) -> None:
    answer = site.browser("senco").options("/register", base_url=site.base, headers={"Origin": "https://evil.example"})
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert answer.data == b""
    assert not [name for name in dict(answer.headers) if name.lower().startswith("access-control-")]
