"""Passkeys: as the second step and alone; what is wrong is refused and noted."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership, Passkey, User
from graduated.people.passkeys import Site, site_of
from tests.support.authenticator import Device
from tests.support.client import PageClient, inspect_page
from tests.support.passkeys import (
    KEYS,
    alone,
    ask,
    browser,
    half_way,
    links,
    make,
    step,
    user_id,
    wrong_tries,
)
from tests.support.world import World

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.held(MORNING):
        yield


@pytest.fixture
def phone(client: PageClient) -> Device:
    """The SENCO's phone, which has a passkey."""
    device = Device()
    make(browser(client).sign_in("senco"), device, status=200)
    return device


# As the second step -----------------------------------------------------------------------------------------------


def test_after_the_password_the_passkey_opens_and_nothing_opens_before(client: PageClient, phone: Device) -> None:
    half_way(client)
    assert client.status("/register") == 303
    assert step(client, phone).headers["Location"] == "/register"
    assert "Zofia" in client.text("/register")


def test_a_device_that_only_feels_a_touch_will_do_after_the_password_and_not_alone(
    client: PageClient, phone: Device
) -> None:
    phone.verifies = False
    alone(browser(client), phone, status=422)
    step(half_way(client), phone)


def test_the_first_passkey_brings_recovery_codes_which_work_without_scripts(client: PageClient) -> None:
    answer = make(browser(client).sign_in("senco"), Device(), status=200)
    inspect_page(answer)
    codes = re.findall(r'<li class="copyable">([a-z2-9-]+)</li>', answer.text)
    assert len(set(codes)) == 10
    half_way(client)
    assert "One of your recovery codes" in client.text("/sign-in/code")
    client.send("/sign-in/code", index=1, status=422, code="000000")
    client.send("/sign-in/code", index=1, code=codes[0])
    assert client.status("/register") == 200
    client.post("/sign-out", data={"csrf_token": client.token()})
    half_way(client).send("/sign-in/code", index=1, status=422, code=codes[0])


def test_without_scripts_the_page_says_what_to_do_instead(client: PageClient) -> None:
    client.sign_in("senco")
    answer = client.send(f"{KEYS}/add", status=422, name="My phone")
    assert "Set up an app for codes instead" in answer.text


def test_another_persons_passkey_is_refused_after_my_password(client: PageClient, phone: Device) -> None:
    theirs = Device()
    make(browser(client).sign_in("teacher"), theirs, status=200)
    half_way(client)
    step(client, theirs, status=422)
    assert client.status("/register") == 303
    assert "Wrong passkeys" in wrong_tries(client)


def test_a_passkey_that_was_removed_is_refused(client: PageClient, phone: Device) -> None:
    other = Device()
    hers = browser(client)
    alone(hers, phone)
    make(hers, other, "Laptop")
    hers.send(next(link for link in links(hers, KEYS) if "remove?" in link))
    alone(browser(client), phone, status=422)
    alone(browser(client), other)
    half_way(client)
    assert ask(client, "/sign-in/code/passkey/options")["allowCredentials"] == [
        {"id": one["id"], "type": "public-key", "transports": ["internal", "hybrid"]}
        for one in [json.loads(other.use({"challenge": "AAAA"}))]
    ]


# Alone ------------------------------------------------------------------------------------------------------------


def test_alone_it_signs_in_without_password_and_code(client: PageClient, phone: Device) -> None:
    assert alone(client, phone).headers["Location"] == "/"
    assert "Zofia" in client.text("/register")


def test_it_signs_in_over_a_page_whose_sign_in_has_ended(client: PageClient, phone: Device) -> None:
    signed = phone.use(ask(client, "/sign-in/passkey/options"))
    answer = client.post(
        "/sign-in/passkey",
        data={"csrf_token": client.token(), "passkey": signed, "again": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 204
    assert json.loads(answer.headers["HX-Trigger"])["signed-in"]["who"].endswith("-staff")


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8001"},
        {"host": "evil.example"},
        {"owner": "c29tZWJvZHkgZWxzZQ"},
        {"name": b"a key that nobody registered....."},
    ],
    ids=["another site", "another port", "another host", "another owner", "an unknown key"],
)
def test_a_passkey_used_elsewhere_or_filed_under_somebody_else_is_refused(
    client: PageClient, phone: Device, fault: dict[str, Any]
) -> None:
    for name, value in fault.items():
        setattr(phone, name, value)
    alone(client, phone, status=422)
    assert client.status("/register") == 303


def test_another_key_under_the_same_name_is_refused(client: PageClient, phone: Device) -> None:
    forged = Device(name=phone.name, owner=phone.owner, count=5)
    alone(client, forged, status=422)
    assert "Wrong passkeys" in wrong_tries(client)


@pytest.mark.parametrize(
    "words", ["", "{}", "[]", "null", '{"id": 3}', "x" * 30_000, '{"id":"","rawId":"","type":"x"}']
)
def test_what_is_no_answer_at_all_is_refused_in_words(client: PageClient, words: str) -> None:
    ask(client, "/sign-in/passkey/options")
    answer = client.post("/sign-in/passkey", data={"csrf_token": client.token(), "passkey": words})
    assert answer.status_code == 422
    assert "This passkey did not work here" in inspect_text(answer)


def inspect_text(answer: Any) -> str:
    """The words of an answer that is a page without faults."""
    return " ".join("".join(inspect_page(answer).itertext()).split())


def test_an_answer_is_good_once_also_from_a_device_that_keeps_no_count(client: PageClient, phone: Device) -> None:
    phone.counts = False
    with client.application.app_context(), write("as if it never counted"):
        db.session.scalars(select(Passkey)).one().sign_count = 0
    phone.count = 0
    signed = phone.use(ask(client, "/sign-in/passkey/options"))
    cookie = client.get_cookie("graduated")
    data = {"csrf_token": client.token(), "passkey": signed}
    assert cookie is not None
    assert client.post("/sign-in/passkey", data=data).status_code == 303
    thief = browser(client)
    thief.set_cookie("graduated", cookie.value)  # whoever copied both the cookie and the answer
    assert thief.post("/sign-in/passkey", data={**data, "csrf_token": thief.token()}).status_code == 422
    assert thief.status("/register") == 303


def test_a_count_that_goes_backwards_is_refused_and_noted(client: PageClient, phone: Device) -> None:
    phone.count = 7
    alone(browser(client), phone)
    phone.count = 3
    alone(client, phone, status=422)
    assert "senco" in wrong_tries(client).lower()


def test_a_question_is_good_for_five_minutes_and_for_its_own_purpose(client: PageClient, phone: Device) -> None:
    signed = phone.use(ask(client, "/sign-in/passkey/options"))
    with clock.held(MORNING + timedelta(minutes=6)):
        late = client.post("/sign-in/passkey", data={"csrf_token": client.token(), "passkey": signed})
        assert late.status_code == 422
    half_way(client)
    signed = phone.use(ask(client, "/sign-in/code/passkey/options"))
    other = client.post("/sign-in/passkey", data={"csrf_token": client.token(), "passkey": signed})
    assert other.status_code == 422


def test_a_leaver_and_a_closed_account_do_not_come_in(
    client: PageClient, app: Flask, world: World, phone: Device
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "test")), write("Left"):
        for row in db.session.scalars(select(Membership).where(Membership.user_id == user_id(client, "senco"))).all():
            row.ends = (MORNING - timedelta(days=1)).date()
    alone(client, phone, status=422)
    with app.app_context(), acting(system_actor(world.school_id, "test")), write("Closed"):
        for row in db.session.scalars(select(Membership).where(Membership.user_id == user_id(client, "senco"))).all():
            row.ends = None
        db.session.scalars(select(User).where(User.id == user_id(client, "senco"))).one().active = False
    alone(browser(client), phone, status=422)


def test_wrong_passkeys_never_close_the_way_of_the_right_one(client: PageClient, phone: Device) -> None:
    for _ in range(12):
        alone(browser(client), Device(name=phone.name, owner=phone.owner, count=50), status=422)
    alone(client, phone)


def test_many_wrong_ones_from_one_place_must_wait(client: PageClient, phone: Device) -> None:
    for _ in range(20):
        alone(browser(client), Device(), status=422)
    alone(client, phone, status=429)


def test_what_is_asked_says_nothing_of_who_has_passkeys(client: PageClient, phone: Device) -> None:
    asked = ask(client, "/sign-in/passkey/options")
    assert asked["allowCredentials"] == []
    assert asked["userVerification"] == "required"
    assert asked["rpId"] == "localhost"


# The address ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://sen.school.example/", Site("sen.school.example", "https://sen.school.example")),
        ("https://SEN.school.example:8443", Site("sen.school.example", "https://sen.school.example:8443")),
        ("http://localhost:8000/", Site("localhost", "http://localhost:8000")),
        ("http://127.0.0.1:8000/", None),
        ("http://[::1]:8000/", None),
        ("ftp://sen.school.example", None),
        ("", None),
    ],
)
def test_keys_belong_to_an_address_with_a_name(url: str, site: Site | None) -> None:
    assert site_of(url) == site


def test_at_a_number_nothing_is_asked_and_the_other_ways_are_there(client: PageClient) -> None:
    number = "http://127.0.0.1"
    page = client.get("/sign-in", base_url=number)
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert token is not None
    answer = client.post("/sign-in/passkey/options", data={"csrf_token": token.group(1)}, base_url=number)
    assert answer.status_code == 409
    assert "an address with a name" in json.loads(answer.text)["wrong"]


def test_the_setting_names_the_address_whatever_the_browser_asked_for(client: PageClient, phone: Device) -> None:
    import dataclasses

    app = client.application
    app.config["SETTINGS"] = dataclasses.replace(app.config["SETTINGS"], public_url="https://sen.school.example")
    assert ask(client, "/sign-in/passkey/options")["rpId"] == "sen.school.example"
    alone(client, phone, status=422)
