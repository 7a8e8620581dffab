"""Being signed in: how long, on which browser, wearing which hat, and how it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people import sign_in as signing
from graduated.people.models import Membership, SignInSession
from graduated.people.views import safe_next
from tests.support.client import PageClient
from tests.support.world import PASSWORD, World, email_of

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def browser(app: Flask) -> PageClient:
    """Another browser."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


def sign_in_cookie(client: PageClient) -> str:
    """The browser's cookie as it stands."""
    cookie = client.get_cookie("graduated")
    assert cookie is not None
    return cookie.value


def wrong(client: PageClient, email: str, address: str = "10.0.0.1") -> int:
    """One wrong try from an address; the status of the answer."""
    action, values = client.form("/sign-in")
    return client.post(
        action,
        data={**values, "email": email, "password": "not the password"},
        environ_overrides={"REMOTE_ADDR": address},
    ).status_code


def test_ten_wrong_tries_close_an_account_for_five_minutes(client: PageClient) -> None:
    with clock.held(MORNING):
        statuses = [wrong(client, email_of("senco"), f"10.0.1.{number}") for number in range(11)]
        assert statuses == [422] * 10 + [429]
        client.send("/sign-in", status=429, email=email_of("senco"), password=PASSWORD)
        client.send("/sign-in", status=303, email=email_of("head"), password=PASSWORD)
    with clock.held(MORNING + timedelta(minutes=5, seconds=1)):
        browser(client.application).sign_in("senco")


def test_twenty_wrong_tries_close_an_address_for_an_hour(client: PageClient) -> None:
    with clock.held(MORNING):
        statuses = [wrong(client, f"nobody{number}@purbeck.example.org") for number in range(21)]
        assert statuses == [422] * 20 + [429]
    with clock.held(MORNING + timedelta(minutes=59)):
        assert wrong(client, email_of("senco")) == 429
        assert wrong(client, email_of("senco"), "10.9.9.9") == 422
    with clock.held(MORNING + timedelta(minutes=61)):
        assert wrong(client, email_of("senco")) == 422


def test_an_unknown_account_is_throttled_like_a_known_one(client: PageClient) -> None:
    with clock.held(MORNING):
        statuses = [wrong(client, "nobody@purbeck.example.org", f"10.0.2.{number}") for number in range(11)]
    assert statuses == [422] * 10 + [429]


def test_a_leaver_is_refused_at_the_next_click(client: PageClient, app: Flask, world: World) -> None:
    client.sign_in("teacher")
    assert client.status("/account") == 200
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Left"):
        rows = db.session.query(Membership).filter(Membership.user_id == world.users["teacher"]).all()
        for row in rows:
            row.starts, row.ends = date(2020, 9, 1), clock.today() - timedelta(days=1)
    assert client.status("/account") == 303


def test_an_old_cookie_is_worth_nothing_after_signing_out(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    kept = sign_in_cookie(client)
    answer = client.post("/sign-out", data={"csrf_token": client.token()})
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    thief = browser(app)
    thief.set_cookie("graduated", kept)
    assert thief.status("/account") == 303


def test_half_an_hour_of_nothing_ends_a_sign_in(client: PageClient) -> None:
    with clock.held(MORNING):
        client.sign_in("senco")
    with clock.held(MORNING + timedelta(minutes=29)):
        assert client.status("/account") == 200
    with clock.held(MORNING + timedelta(minutes=58)):
        assert client.status("/account") == 200
    with clock.held(MORNING + timedelta(minutes=89)):
        assert client.status("/account") == 303


def test_the_idle_time_counts_from_signing_in_for_a_copied_cookie(client: PageClient, app: Flask) -> None:
    with clock.held(MORNING):
        client.sign_in("senco")
        kept = sign_in_cookie(client)
    thief = browser(app)
    thief.set_cookie("graduated", kept)
    with clock.held(MORNING + timedelta(minutes=31)):
        assert thief.status("/account") == 303


def test_twelve_hours_end_a_sign_in_however_busy(client: PageClient) -> None:
    with clock.held(MORNING):
        client.sign_in("senco")
    for quarter in range(1, 48):
        with clock.held(MORNING + timedelta(minutes=15 * quarter)):
            assert client.status("/account") == 200
    with clock.held(MORNING + timedelta(hours=12, seconds=1)):
        assert client.status("/account") == 303


def test_the_id_changes_at_every_sign_in(client: PageClient, app: Flask) -> None:
    client.get("/sign-in")
    before = sign_in_cookie(client)
    client.sign_in("senco")
    first = sign_in_cookie(client)
    client.sign_in("senco")
    second = sign_in_cookie(client)
    assert len({before, first, second}) == 3
    with app.app_context():
        assert len(db.session.scalars(select(SignInSession.token_hash)).all()) == 2


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "account",
        "/account\r\nX: 1",
        "http:evil.example",
        "///evil.example",
        "/\t/evil.example",
        "",
    ],
)
def test_after_signing_in_nobody_is_sent_to_another_site(target: str) -> None:
    assert safe_next(target) == "/"


def test_after_signing_in_one_is_back_where_one_was(client: PageClient) -> None:
    assert safe_next("/school/terms?year=2026") == "/school/terms?year=2026"
    answer = client.send("/sign-in?next=/account", email=email_of("senco"), password=PASSWORD)
    assert answer.headers["Location"] == "/account"
    answer = client.send("/sign-in", email=email_of("senco"), password=PASSWORD, next="https://evil.example")
    assert answer.headers["Location"] == "/"


def test_htmx_gets_the_sign_in_form_in_place_of_a_page(client: PageClient) -> None:
    answer = client.get("/account", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert "Sign in again" in answer.text
    assert "<html" not in answer.text


def test_a_form_without_a_token_is_refused(client: PageClient) -> None:
    client.sign_in("senco")
    assert client.post("/school/details", data={"name": "Other"}).status_code == 419


def test_signing_in_over_plain_http_from_elsewhere_is_refused(client: PageClient) -> None:
    root = "http://school.example"
    token = client.get("/sign-in", base_url=root).text.split('name="csrf_token" value="')[1].split('"')[0]
    data = {"csrf_token": token, "email": email_of("senco"), "password": PASSWORD}
    refused = client.post("/sign-in", data=data, base_url=root)
    assert refused.status_code == 403
    assert "https" in refused.text
    assert client.get("/account", base_url=root).status_code == 303


def test_a_member_of_staff_who_is_a_parent_wears_one_hat_at_a_time(client: PageClient) -> None:
    client.sign_in("staff_parent")
    assert "as staff Now" in client.text("/account")
    assert client.send("/account", index=0).headers["Location"] == "/"
    assert "as a parent or carer Now" in client.text("/account")
    assert client.status("/school") == 404


def test_every_browser_can_be_signed_out_at_once(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    other = browser(app).sign_in("senco")
    client.post("/account/sign-out-everywhere", data={"csrf_token": client.token()})
    assert client.status("/account") == 303
    assert other.status("/account") == 303


def test_one_other_browser_can_be_signed_out(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    other = browser(app).sign_in("senco")
    client.send("/account", index=0)
    assert client.status("/account") == 200
    assert other.status("/account") == 303


def test_nobody_signs_out_somebody_else(client: PageClient, app: Flask, world: World) -> None:
    head = browser(app).sign_in("head")
    with app.app_context():
        number = db.session.query(SignInSession).filter(SignInSession.user_id == world.users["head"]).one().id
    client.sign_in("senco")
    client.post("/account/sign-ins/end", data={"csrf_token": client.token(), "which": number})
    assert head.status("/account") == 200


def test_a_new_password_needs_the_old_one_and_ends_other_sign_ins(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    other = browser(app).sign_in("senco")
    new = "pebble-kettle-harbour"
    client.send("/account/password", status=422, password="not this one", new_password=new)
    client.send("/account/password", status=422, password=PASSWORD, new_password="Purbeck Road 2026!")
    client.send("/account/password", password=PASSWORD, new_password=new)
    assert client.status("/account") == 200
    assert other.status("/account") == 303
    fresh = browser(app)
    fresh.send("/sign-in", status=422, email=email_of("senco"), password=PASSWORD)
    fresh.send("/sign-in", email=email_of("senco"), password=new)


def test_a_browser_is_named_in_words() -> None:
    from graduated.people.queries import device_words

    chrome = (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36"
    )
    safari = "Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Version/17 Safari/604"
    assert device_words(chrome) == "Chrome on Windows"
    assert device_words(safari) == "Safari on an iPad"
    assert device_words("") == "A browser"


def test_a_password_longer_than_any_is_only_wrong(client: PageClient) -> None:
    client.send("/sign-in", status=422, email=email_of("senco"), password="x" * 5000)
    assert signing.hash_token("a") != signing.hash_token("b")


def test_a_parent_sees_their_own_address_and_changes_their_own_password(client: PageClient) -> None:
    client.sign_in("parent")
    assert email_of("parent") in client.text("/account")
    client.send("/account/password", password=PASSWORD, new_password="three walnuts by ferry")
    browser(client.application).send("/sign-in", email=email_of("parent"), password="three walnuts by ferry")


def test_a_place_where_several_people_signed_in_is_a_school_and_has_more_tries(client: PageClient) -> None:
    with clock.held(MORNING):
        for who in ("senco", "head", "teacher"):
            action, values = client.form("/sign-in")
            client.post(action, data={**values, "email": email_of(who), "password": PASSWORD},
                        environ_overrides={"REMOTE_ADDR": "10.5.5.5"})  # fmt: skip
        statuses = {wrong(client, f"nobody{number}@purbeck.example.org", "10.5.5.5") for number in range(30)}
        assert statuses == {422}
        assert 429 in {wrong(client, f"nobody{number}@purbeck.example.org", "10.5.5.6") for number in range(30)}


def test_of_ipv6_the_network_is_counted_and_not_the_address(client: PageClient) -> None:
    with clock.held(MORNING):
        places = [f"2001:db8:1:2::{number:x}" for number in range(1, 22)]
        statuses = [wrong(client, f"nobody{number}@purbeck.example.org", at) for number, at in enumerate(places)]
        assert statuses == [422] * 20 + [429]
        assert wrong(client, "nobody99@purbeck.example.org", "2001:db8:1:3::1") == 422
