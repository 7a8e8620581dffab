"""One's own passkeys: made, renamed and removed, by who proved just now who they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access import keyring
from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.session import db
from graduated.people.models import SpentProof
from graduated.people.services_second_step import take_away_here
from tests.support.authenticator import Device
from tests.support.client import PageClient
from tests.support.databases import by_hand
from tests.support.passkeys import (
    KEYS,
    alone,
    ask,
    ask_of_staff,
    browser,
    links,
    make,
    user_id,
)
from tests.support.world import PASSWORD, World, email_of

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


def test_making_one_is_for_who_proved_who_they_are_within_five_minutes(client: PageClient) -> None:
    client.sign_in("senco")
    with clock.held(MORNING + timedelta(minutes=6)):
        answer = client.get(f"{KEYS}/add")
        assert answer.headers["Location"] == f"/account/prove?next={KEYS}/add"
        assert "change how you sign in" in client.text(answer.headers["Location"])
        assert ask(client, f"{KEYS}/options", status=409)["wrong"].startswith("This page stood open")
        client.send(answer.headers["Location"], password=PASSWORD)
        make(client, Device(), status=200)


def test_who_must_have_a_second_step_may_make_a_passkey_of_it(client: PageClient, app: Flask, world: World) -> None:
    ask_of_staff(app, world)
    client.sign_in("senco")
    assert client.get("/register").headers["Location"] == "/account/second-step"
    assert "Make a passkey" in client.text("/account/second-step")
    make(client, Device(), status=200)
    assert client.status("/register") == 200


def test_the_last_second_step_stays_where_the_school_asks_for_one(
    client: PageClient, app: Flask, world: World, phone: Device
) -> None:
    ask_of_staff(app, world)
    alone(client, phone)
    remove = next(link for link in links(client, KEYS) if "remove?" in link)
    answer = client.send(remove, status=422)
    assert "this is your only one" in answer.text
    make(client, Device(), "Laptop")
    client.send(remove)
    assert "My phone" not in client.text(KEYS)


def test_without_any_left_the_password_alone_opens_again_and_old_codes_do_not(
    client: PageClient, phone: Device
) -> None:
    alone(client, phone)
    client.send(next(link for link in links(client, KEYS) if "remove?" in link))
    assert "You have no passkey" in client.text(KEYS)
    browser(client).sign_in("senco").page("/register")


def test_it_is_renamed_by_its_owner_and_by_nobody_else(client: PageClient, phone: Device) -> None:
    alone(client, phone)
    rename = next(link for link in links(client, KEYS) if "rename?" in link)
    remove = rename.replace("rename", "remove")
    client.send(rename, name="Old phone")
    assert "Old phone" in client.text(KEYS)
    other = browser(client).sign_in("teacher")
    for place in (rename, remove):
        assert other.get(place).headers["Location"] == KEYS
        assert other.post(place, data={"csrf_token": other.token(), "name": "Mine"}).status_code == 303
    assert "Old phone" in client.text(KEYS)


def test_removing_one_asks_who_it_is_when_that_is_a_while_ago(client: PageClient, phone: Device) -> None:
    alone(client, phone)
    with clock.held(MORNING + timedelta(minutes=6)):
        remove = next(link for link in links(client, KEYS) if "remove?" in link)
        place = client.get(remove).headers["Location"]
        assert place.startswith("/account/prove?next=/account/passkeys/remove")
        signed = phone.use(ask(client, "/account/prove/passkey/options"))
        data = {"csrf_token": client.token(), "passkey": signed, "next": remove}
        assert client.post("/account/prove/passkey", data=data).headers["Location"] == remove
        client.send(remove)


def test_anothers_passkey_proves_nothing(client: PageClient, phone: Device) -> None:
    theirs = Device()
    make(browser(client).sign_in("teacher"), theirs, status=200)
    alone(client, phone)
    with clock.held(MORNING + timedelta(minutes=40)):
        client.get("/")  # still signed in
    alone(client, phone)
    with clock.held(MORNING + timedelta(minutes=6)):
        signed = theirs.use(ask(client, "/account/prove/passkey/options"))
        data = {"csrf_token": client.token(), "passkey": signed, "next": "/register/export.csv"}
        answer = client.post("/account/prove/passkey", data=data)
        assert "wrong=passkey" in answer.headers["Location"]
        assert client.get(f"{KEYS}/add").headers["Location"].startswith("/account/prove")


def test_a_key_that_somebody_has_is_not_taken_a_second_time(client: PageClient, phone: Device) -> None:
    teacher = browser(client).sign_in("teacher")
    answer = make(teacher, Device(key=phone.key, name=phone.name), status=422)
    assert "could not be made" in answer.text


@pytest.mark.parametrize("fault", [{"origin": "https://evil.example"}, {"host": "evil.example"}])
def test_a_key_made_elsewhere_is_not_taken(client: PageClient, fault: dict[str, str]) -> None:
    client.sign_in("senco")
    make(client, Device(**fault), status=422)  # type: ignore[arg-type]
    assert "You have no passkey" in client.text(KEYS)


def test_nobody_has_more_than_ten(client: PageClient, phone: Device) -> None:
    alone(client, phone)
    for number in range(9):
        make(client, Device(), f"Number {number}")
    assert "You have 10 passkeys" in make(client, Device(), status=422).text


def test_who_lost_everything_loses_the_passkeys_too(client: PageClient, world: World, phone: Device) -> None:
    with client.application.app_context(), acting(system_actor(world.school_id, "test")):
        assert take_away_here(email_of("senco"))
        assert keyring.keys_of(user_id(client, "senco")) == ()
    alone(client, phone, status=422)
    browser(client).sign_in("senco").page("/register")


def test_new_recovery_codes_for_who_has_only_passkeys(client: PageClient, phone: Device) -> None:
    alone(client, phone)
    answer = client.send("/account/second-step/codes", status=200)
    assert len(re.findall(r'<li class="copyable">', answer.text)) == 10


def test_neither_key_nor_name_stands_in_the_audit(client: PageClient, home: Any, phone: Device) -> None:

    with by_hand(home) as file:
        told = " ".join(str(row) for table in ("change_event", "change_detail") for row in rows_of(file, table))
        (kept,) = file.execute("SELECT public_key FROM passkey").fetchone()
    assert "passkey" in told
    assert kept not in told


def rows_of(file: Any, table: str) -> list[Any]:
    """Every row of a table, if there is one of that name."""
    return list(file.execute(f"SELECT * FROM {table}")) if table in file.tables() else []


def test_proofs_that_were_used_up_are_forgotten_when_they_are_too_old_to_be_shown(
    client: PageClient, phone: Device
) -> None:
    for hours in (0, 2, 4):
        with clock.held(MORNING + timedelta(hours=hours)):
            alone(browser(client), phone)
    with client.application.app_context():
        assert len(db.session.scalars(select(SpentProof)).all()) == 1
