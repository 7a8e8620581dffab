"""New passwords wherever one is set: the list of common ones, pasting, long ones, no rotation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graduated.db import clock
from graduated.people.passwords import what_is_wrong
from tests.support.client import PageClient, words
from tests.support.world import PASSWORD, email_of

CHANGE = "/account/password"


@pytest.mark.parametrize(
    "password",
    ["sonyericsson", "Chickenwing101", "IronMaiden-Metallica", "Mustang Corvette", "butterfly2026!!", "whosyourdaddy"],
)
def test_what_people_were_found_to_use_most_is_refused(password: str) -> None:
    assert "common" in (what_is_wrong(password) or "")


@pytest.mark.parametrize("password", ["marmalade kestrel umbrella", "kettle otter bridge", "Zwölf Boxkämpfer jagen"])
def test_three_random_words_will_do(password: str) -> None:
    assert what_is_wrong(password) is None


def test_the_form_refuses_a_common_one_and_says_why(client: PageClient) -> None:
    client.sign_in("senco")
    answer = client.send(CHANGE, status=422, password=PASSWORD, new_password="sonyericsson")
    assert "common passwords" in answer.text


@pytest.mark.parametrize("length", [64, 100, 256])
def test_a_long_one_is_taken_whole(client: PageClient, length: int) -> None:
    long = ("kettle otter bridge " * 13)[: length - 1] + "q"
    client.sign_in("senco")
    client.send(CHANGE, password=PASSWORD, new_password=long)
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.send("/sign-in", status=422, email=email_of("senco"), password=long[:-1])
    client.send("/sign-in", email=email_of("senco"), password=long)


@pytest.mark.parametrize("path", ["/sign-in", CHANGE])
def test_a_password_manager_can_fill_and_paste(client: PageClient, path: str) -> None:
    if path == CHANGE:
        client.sign_in("senco")
    fields = [one for one in client.page(path).iter() if one.attrib.get("type") == "password"]
    assert fields, words(client.page(path))
    for one in fields:
        assert one.attrib.get("autocomplete") in {"current-password", "new-password"}
        assert "maxlength" not in one.attrib
        assert "readonly" not in one.attrib


def test_no_password_grows_too_old(client: PageClient) -> None:
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with clock.held(start + timedelta(days=900)):
        answer = client.send("/sign-in", email=email_of("senco"), password=PASSWORD)
        assert answer.headers["Location"] == "/"
