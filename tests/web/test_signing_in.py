"""Signing in and out, and what an expired sign-in does to typed words."""

from __future__ import annotations

import pytest

from tests.support.client import PageClient
from tests.support.world import email_of


def test_a_signed_out_person_is_sent_to_sign_in_and_back(client: PageClient) -> None:
    response = client.get("/account")
    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/account"


def test_the_answer_never_says_whether_an_address_is_known(client: PageClient) -> None:
    known = client.send("/sign-in", status=422, email=email_of("senco"), password="wrong wrong wrong")
    unknown = client.send("/sign-in", status=422, email="nobody@purbeck.example.org", password="wrong wrong wrong")
    assert "is not right" in known.text
    assert "is not right" in unknown.text


def test_a_leaver_cannot_come_in(client: PageClient) -> None:
    from tests.support.world import PASSWORD

    client.send("/sign-in", status=422, email=email_of("leaver"), password=PASSWORD)


def test_who_is_in_sees_their_account_and_can_leave(client: PageClient) -> None:
    client.sign_in("senco")
    assert "Hannah Legg" in client.text("/account")
    client.post("/sign-out", data={"csrf_token": client.token()})
    assert client.status("/account") == 303


@pytest.mark.parametrize("who", ["senco", "ta", "parent"])
def test_ones_own_name_above_every_page_leads_to_ones_account(client: PageClient, who: str) -> None:
    client.sign_in(who)
    assert 'class="shell-name" href="/account"' in client.get("/account").text
    assert 'class="shell-name" href="/account"' in client.get("/help").text
