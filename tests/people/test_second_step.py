"""The second step of signing in: a code besides the password, asked of staff where the school says so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people import second_factor
from graduated.people.models import RecoveryCode
from graduated.school.models import School
from tests.support.client import PageClient, inspect_page
from tests.support.databases import by_hand
from tests.support.world import PASSWORD, World, email_of

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LATER = timedelta(seconds=30)


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.held(MORNING):
        yield


def browser(client: PageClient) -> PageClient:
    """Another browser, with nothing of the first."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    return other


def code_at(secret: str, moment: datetime = MORNING) -> str:
    """What the app on the phone shows."""
    return pyotp.TOTP(secret).at(moment)


def set_up(client: PageClient, **more: str) -> tuple[str, list[str]]:
    """Set a second step up as a person does: type the secret into the app, send its first code."""
    action, values = client.form("/account/second-step")
    secret = second_factor.deciphered(values["kept"]) or ""
    answer = client.post(action, data={**values, "code": code_at(secret), **more})
    assert answer.status_code == 200
    inspect_page(answer)
    codes = re.findall(r'<li class="copyable">([a-z2-9-]+)</li>', answer.text)
    assert len(set(codes)) == 10
    return secret, codes


@pytest.fixture
def hers(client: PageClient) -> tuple[str, list[str]]:
    """The SENCO has set a second step up: its secret and the recovery codes."""
    return set_up(browser(client).sign_in("senco"), password=PASSWORD)


def half_way(client: PageClient, who: str = "senco") -> PageClient:
    """The right password, and now the code is asked for."""
    answer = client.send("/sign-in?next=/register", email=email_of(who), password=PASSWORD)
    assert answer.headers["Location"] == "/sign-in/code"
    return client


def _id_of(client: PageClient, who: str) -> int:
    with client.application.app_context():
        number = entry.user_id_of(email_of(who))
    assert number is not None
    return number


def _factor(client: PageClient, who: str) -> entry.Factor | None:
    with client.application.app_context():
        return entry.factor(entry.user_id_of(email_of(who)) or 0)


def ask_of_staff(app: Flask, world: World) -> None:
    """The school asks its staff for a second step."""
    with app.app_context(), acting(system_actor(world.school_id, "test")), write("Asked"):
        db.session.scalars(select(School)).one().staff_need_second_step = True


def test_after_the_password_a_code_is_asked_for_and_nothing_opens_before(
    client: PageClient, hers: tuple[str, list[str]]
) -> None:
    half_way(client)
    assert client.status("/register") == 303
    client.send("/sign-in/code", status=422, code="000000")
    assert client.status("/register") == 303
    answer = client.send("/sign-in/code", code=code_at(hers[0], MORNING + LATER))
    assert answer.headers["Location"] == "/register"
    assert "Zofia" in client.text("/register")


@pytest.mark.parametrize("seconds", [-30, 0, 30])
def test_a_phone_whose_clock_is_half_a_minute_out_still_works(
    client: PageClient, hers: tuple[str, list[str]], seconds: int
) -> None:
    with clock.held(MORNING + timedelta(minutes=2)):
        shown = code_at(hers[0], MORNING + timedelta(minutes=2, seconds=seconds))
        half_way(client).send("/sign-in/code", code=shown)


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_code_of_two_minutes_ago_or_of_two_minutes_hence_does_not_work(
    client: PageClient, hers: tuple[str, list[str]], minutes: int
) -> None:
    with clock.held(MORNING + timedelta(minutes=5)):
        shown = code_at(hers[0], MORNING + timedelta(minutes=5 + minutes))
        half_way(client).send("/sign-in/code", status=422, code=shown)


def test_a_code_works_once_even_within_its_half_minute(client: PageClient, hers: tuple[str, list[str]]) -> None:
    shown = code_at(hers[0], MORNING + LATER)
    half_way(client).send("/sign-in/code", code=shown)
    half_way(browser(client)).send("/sign-in/code", status=422, code=shown)
    # The code by which it was set up is used up as well.
    half_way(browser(client)).send("/sign-in/code", status=422, code=code_at(hers[0]))


def test_a_recovery_code_works_once_however_it_is_typed(client: PageClient, hers: tuple[str, list[str]]) -> None:
    spare = hers[1][3]
    half_way(client).send("/sign-in/code", code=f" {spare.upper().replace('-', ' ')} ")
    half_way(browser(client)).send("/sign-in/code", status=422, code=spare)
    assert "9 of 10" in client.text("/account/second-step")


def test_who_has_the_password_has_five_minutes_for_the_code(client: PageClient, hers: tuple[str, list[str]]) -> None:
    half_way(client)
    with clock.held(MORNING + timedelta(minutes=5, seconds=1)):
        answer = client.get("/sign-in/code")
        assert answer.headers["Location"] == "/sign-in"


def test_ten_wrong_codes_close_the_second_step_for_a_while(client: PageClient, hers: tuple[str, list[str]]) -> None:
    half_way(client)
    for _ in range(10):
        client.send("/sign-in/code", status=422, code="123456")
    client.send("/sign-in/code", status=429, code=code_at(hers[0], MORNING + LATER))


def test_new_recovery_codes_end_the_old_ones(client: PageClient, hers: tuple[str, list[str]]) -> None:
    half_way(client).send("/sign-in/code", code=hers[1][0])
    client.send("/account/second-step/codes", status=422, code="111111")
    answer = client.send("/account/second-step/codes", status=200, code=code_at(hers[0], MORNING + LATER))
    fresh = re.findall(r'<li class="copyable">([a-z2-9-]+)</li>', answer.text)
    half_way(browser(client)).send("/sign-in/code", status=422, code=hers[1][1])
    half_way(browser(client)).send("/sign-in/code", code=fresh[1])


def test_only_its_owner_takes_it_away_with_a_code(client: PageClient, hers: tuple[str, list[str]]) -> None:
    half_way(client).send("/sign-in/code", code=hers[1][0])
    client.send("/account/second-step/remove", status=422, code="111111")
    client.send("/account/second-step/remove", code=code_at(hers[0], MORNING + LATER))
    browser(client).sign_in("senco")  # by the password alone


def test_setting_it_up_needs_the_password_and_the_first_code(client: PageClient) -> None:
    client.sign_in("head")
    action, values = client.form("/account/second-step")
    secret = second_factor.deciphered(values["kept"]) or ""
    first = client.post(action, data={**values, "code": "000000", "password": PASSWORD})
    assert first.status_code == 422
    assert second_factor.in_fours(secret) in first.text, "the same secret is asked for again: the app has it already"
    sent = {**values, "code": code_at(secret), "password": "not the password"}
    assert "This is not your password" in client.post(action, data=sent).text
    assert _factor(client, "head") is None


def test_setting_it_up_signs_other_browsers_out_and_not_this_one(client: PageClient) -> None:
    elsewhere = browser(client).sign_in("head")
    set_up(client.sign_in("head"), password=PASSWORD)
    assert elsewhere.status("/register") == 303
    assert client.status("/register") == 200


def test_a_secret_of_another_installation_or_one_made_up_is_not_taken(client: PageClient) -> None:
    client.sign_in("head")
    secret = second_factor.new_secret()
    client.send("/account/second-step", status=422, code=code_at(secret), password=PASSWORD, kept=secret)
    kept = second_factor.enciphered(secret)
    second_factor.configure("another installation")
    other = second_factor.enciphered(secret)
    second_factor.configure(client.application.config["SECRET_KEY"])
    client.send("/account/second-step", status=422, code=code_at(secret), password=PASSWORD, kept=other)
    client.send("/account/second-step", status=200, code=code_at(secret), password=PASSWORD, kept=kept)


def test_staff_of_a_school_that_asks_for_it_set_it_up_before_anything_opens(client: PageClient, world: World) -> None:
    ask_of_staff(client.application, world)
    client.send("/sign-in", email=email_of("senco"), password=PASSWORD)
    for path in ("/register", "/today", f"/pupils/{world.pupils['zofia']}", "/account", "/"):
        answer = client.get(path, follow_redirects=True)
        assert answer.request.path == "/account/second-step", path
        assert "Zofia" not in answer.text
    assert client.get("/register", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/second-step"
    assert client.post("/school/details", data={"csrf_token": client.token()}).status_code == 303
    set_up(client)
    assert "Zofia" in client.text("/register")


def test_a_parent_is_not_asked_but_may_have_one(client: PageClient, world: World) -> None:
    ask_of_staff(client.application, world)
    client.sign_in("parent")
    assert "Off: the password alone" in client.text("/account")
    secret, _ = set_up(client, password=PASSWORD)
    half_way(browser(client), "parent").send("/sign-in/code", code=code_at(secret, MORNING + LATER))


def test_where_it_is_asked_for_it_moves_to_another_phone_and_is_not_dropped(
    client: PageClient, world: World, hers: tuple[str, list[str]]
) -> None:
    ask_of_staff(client.application, world)
    half_way(client).send("/sign-in/code", code=hers[1][0])
    answer = client.send("/account/second-step/remove", code=code_at(hers[0], MORNING + LATER))
    assert answer.headers["Location"] == "/account/second-step"
    assert client.status("/register") == 303
    set_up(client)
    assert client.status("/register") == 200


def test_a_new_school_asks_for_it_and_one_that_was_there_decides(client: PageClient) -> None:
    from graduated.school.services import NewSchool, make_school

    with client.application.app_context():
        number = make_school(NewSchool("100077", "Chesil Primary"))
    with client.application.app_context(), acting(system_actor(number, "test")):
        assert db.session.scalars(select(School.staff_need_second_step)).one() is True
    client.sign_in("senco")
    client.send("/school/details", staff_need_second_step="y")
    assert "Staff need a second step" in client.text("/school")


def test_a_thousand_guesses_from_many_addresses_neither_get_in_nor_lock_the_owner_out(
    client: PageClient, world: World, hers: tuple[str, list[str]]
) -> None:
    action, values = client.form("/sign-in")
    guesses = {**values, "email": email_of("senco"), "code": "123456"}
    answers = [
        client.post(
            action,
            data={**guesses, "password": f"guess {number}"},
            environ_overrides={"REMOTE_ADDR": f"10.{number // 250}.1.{number % 250}"},
        ).status_code
        for number in range(1000)
    ]
    assert set(answers) == {422}
    # To an attacker who guessed the password at last, the account stays closed without the code.
    client.send("/sign-in", status=422, email=email_of("senco"), password=PASSWORD, code="654321")
    client.send("/sign-in", status=429, email=email_of("senco"), password=PASSWORD)
    # The owner, at that very moment, with the phone in hand:
    owner = browser(client)
    owner.send("/sign-in", email=email_of("senco"), password=PASSWORD, code=code_at(hers[0], MORNING + LATER))
    assert owner.status("/register") == 200
    told = owner.text("/school/staff/wrong-tries")
    assert "1001" in told and "Many" in told


def test_a_closed_account_answers_as_one_that_nobody_has(client: PageClient, hers: tuple[str, list[str]]) -> None:
    def answers(email: str) -> list[tuple[int, str]]:
        found = []
        for number in range(12):
            action, values = client.form("/sign-in")
            sent = {**values, "email": email, "password": "wrong words here", "code": "123456" if number > 10 else ""}
            got = client.post(action, data=sent, environ_overrides={"REMOTE_ADDR": f"10.9.{len(email)}.{number}"})
            found.append((got.status_code, re.sub(r'(value|content)="[^"]*"|"X-CSRFToken": "[^"]*"', "", got.text)))
        return found

    assert answers(email_of("senco")) == answers("nobody.at.all@purbeck.example.org")


def test_neither_the_database_nor_the_audit_holds_the_secret_or_a_recovery_code(
    client: PageClient, hers: tuple[str, list[str]], tmp_path: Path
) -> None:
    with by_hand(client.application.config["SETTINGS"].home) as file:
        whole = "\n".join(f"{name} {row}" for name in file.tables() for row in file.execute(f'SELECT * FROM "{name}"'))
    assert "second_factor" in whole
    assert hers[0] not in whole
    for spare in hers[1]:
        assert spare not in whole and spare.replace("-", "") not in whole
    kept = _factor(client, "senco")
    assert kept is not None and second_factor.deciphered(kept.secret) == hers[0]


def test_a_lost_phone_is_taken_off_by_who_keeps_the_accounts(client: PageClient, hers: tuple[str, list[str]]) -> None:
    teacher = browser(client).sign_in("teacher")
    set_up(teacher, password=PASSWORD)
    place = f"/school/staff/{_id_of(client, 'teacher')}"
    client.sign_in("admin")
    assert "Has a second step" in client.text(place)
    client.send(f"{place}/second-step")
    assert "Has no second step" in client.text(place)
    assert teacher.status("/register") == 303
    teacher.sign_in("teacher")
    number = _id_of(client, "teacher")
    with client.application.app_context():
        assert db.session.scalars(select(RecoveryCode).where(RecoveryCode.user_id == number)).all() == []


def test_the_office_takes_no_second_step_from_the_senco_nor_anybody_their_own_here(
    client: PageClient, hers: tuple[str, list[str]]
) -> None:
    place = f"/school/staff/{_id_of(client, 'senco')}"
    client.sign_in("admin")
    assert "Phone lost" not in client.text(place)
    assert "Only the SENCO" in client.send(f"{place}/second-step", status=422).text
    half_way(client).send("/sign-in/code", code=hers[1][0])
    assert "Phone lost" not in client.text(place)
    client.send(f"{place}/second-step", status=422)
    assert _factor(client, "senco") is not None


def test_signing_in_again_over_a_page_asks_for_the_code_in_the_same_place(
    client: PageClient, hers: tuple[str, list[str]]
) -> None:
    over = {"HX-Request": "true"}
    action, values = client.form("/sign-in")
    sent = {**values, "again": "1", "email": email_of("senco"), "password": PASSWORD}
    answer = client.post(action, data=sent, headers=over)
    assert answer.status_code == 422 and "Enter your code" in answer.text and "<html" not in answer.text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    assert token is not None
    typed = {"csrf_token": token.group(1), "again": "1", "code": "000000"}
    wrong = client.post("/sign-in/code", data=typed, headers=over)
    assert wrong.status_code == 422 and "not right" in wrong.text and "<html" not in wrong.text
    right = client.post("/sign-in/code", data={**typed, "code": hers[1][0]}, headers=over)
    assert right.status_code == 204 and '"signed-in"' in right.headers["HX-Trigger"]


def test_at_the_command_line_a_second_step_is_taken_away(
    client: PageClient, hers: tuple[str, list[str]], world: World
) -> None:
    from graduated.people.services_second_step import take_away_here

    with client.application.app_context(), acting(system_actor(world.school_id, "Command line")):
        assert take_away_here(email_of("senco")) is True
        assert take_away_here(email_of("senco")) is False
        assert take_away_here("nobody@purbeck.example.org") is False
    assert _factor(client, "senco") is None


def test_codes_are_not_guessed_on_the_way_for_closed_accounts(client: PageClient, hers: tuple[str, list[str]]) -> None:
    def tried(code: str, number: int) -> int:
        action, values = client.form("/sign-in")
        sent = {**values, "email": email_of("senco"), "password": PASSWORD, "code": code}
        return client.post(action, data=sent, environ_overrides={"REMOTE_ADDR": f"10.7.0.{number}"}).status_code

    action, values = client.form("/sign-in")
    for number in range(10):
        sent = {**values, "email": email_of("senco"), "password": "not the password"}
        client.post(action, data=sent, environ_overrides={"REMOTE_ADDR": f"10.8.0.{number}"})
    assert {tried("123456", number) for number in range(10)} == {422}
    # Whoever had the right password ten times and no code is kept out with the right code too, for five minutes.
    assert tried(code_at(hers[0], MORNING + LATER), 11) == 422
    with clock.held(MORNING + timedelta(minutes=6)):
        assert tried(code_at(hers[0], MORNING + timedelta(minutes=6)), 12) == 303


def test_who_stands_between_password_and_code_is_out_when_the_password_is_changed(
    client: PageClient, hers: tuple[str, list[str]]
) -> None:
    waiting = half_way(browser(client))
    half_way(client).send("/sign-in/code", code=hers[1][0])
    client.send("/account/password", password=PASSWORD, new_password="three walnuts by ferry")
    assert waiting.get("/sign-in/code").headers["Location"] == "/sign-in"


def test_wrong_tries_at_a_familys_account_are_not_told_to_the_office(client: PageClient) -> None:
    action, values = client.form("/sign-in")
    for who in ("parent", "teacher", "leaver"):
        client.post(action, data={**values, "email": email_of(who), "password": "not the password"})
    text = client.sign_in("admin").text("/school/staff/wrong-tries")
    assert email_of("teacher") in text
    assert email_of("parent") not in text and email_of("leaver") not in text


def test_after_a_wrong_code_the_set_up_page_says_that_the_password_is_wanted_again(client: PageClient) -> None:
    client.sign_in("senco")
    answer = client.send("/account/second-step", status=422, code="000000", password=PASSWORD)
    assert "Enter your password again" in answer.text
    assert PASSWORD not in answer.text
