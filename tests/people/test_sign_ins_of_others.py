"""Sign-ins end at once when who keeps the accounts says so, and last while somebody is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graduated.access import entry
from graduated.db import clock
from tests.support.client import PageClient
from tests.support.world import PASSWORD, email_of

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def browser(client: PageClient) -> PageClient:
    """Another browser."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    return other


def place_of(client: PageClient, who: str) -> str:
    """Where somebody is signed out."""
    with client.application.app_context():
        return f"/school/staff/{entry.user_id_of(email_of(who))}/sign-out"


@pytest.mark.parametrize("keeper", ["admin", "senco"])
def test_who_keeps_the_accounts_signs_a_colleague_out_at_once(client: PageClient, keeper: str) -> None:
    first, second = browser(client).sign_in("teacher"), browser(client).sign_in("teacher")
    client.sign_in(keeper)
    assert "since" in client.text(place_of(client, "teacher"))
    client.send(place_of(client, "teacher"))
    for one in (first, second):
        assert one.get("/register").headers["Location"].startswith("/sign-in")
    assert "not signed in here now" in client.text(place_of(client, "teacher"))
    browser(client).sign_in("teacher").page("/register")
    assert client.status("/register") == 200


def test_a_teacher_signs_nobody_out(client: PageClient) -> None:
    senco = browser(client).sign_in("senco")
    client.sign_in("teacher")
    place = place_of(client, "senco")
    assert client.status(place, "POST", data={"csrf_token": client.token()}) == 404
    assert senco.status("/register") == 200


def test_ones_own_are_ended_on_the_page_of_ones_account(client: PageClient) -> None:
    client.sign_in("admin")
    assert client.get(place_of(client, "admin")).headers["Location"] == "/account"
    assert "Sign them out" not in client.text(place_of(client, "admin").removesuffix("/sign-out"))


def test_who_says_that_they_are_there_stays_signed_in_up_to_twelve_hours(client: PageClient) -> None:
    with clock.held(MORNING):
        client.sign_in("senco")
    for minutes in range(25, 12 * 60, 25):
        with clock.held(MORNING + timedelta(minutes=minutes)):
            assert client.status("/account/stay") == 204
    with clock.held(MORNING + timedelta(hours=12, minutes=1)):
        assert client.status("/account/stay") == 303


def test_who_says_nothing_for_half_an_hour_is_signed_out(client: PageClient) -> None:
    with clock.held(MORNING):
        client.send("/sign-in", email=email_of("senco"), password=PASSWORD)
    with clock.held(MORNING + timedelta(minutes=31)):
        assert client.status("/account/stay") == 303


def test_staff_are_warned_and_a_family_is_not(client: PageClient) -> None:
    assert 'id="idle-soon"' in client.sign_in("senco").get("/register").text
    assert 'data-minutes="30"' in client.get("/register").text
    assert 'id="idle-soon"' not in browser(client).sign_in("parent").get("/account").text
    assert 'id="idle-soon"' not in browser(client).get("/sign-in").text
