"""Before a record leaves the program as a file, who signed in a while ago proves once more who they are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from graduated.access import actions
from graduated.access.policy import Action
from graduated.db import clock
from graduated.people import second_factor
from tests.support.client import PageClient
from tests.support.world import PASSWORD

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LIST = "/register/export.csv"


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with clock.held(MORNING):
        yield


def later(client: PageClient, minutes: int) -> datetime:
    """Some minutes later, in which the person went on working."""
    for passed in range(10, minutes, 10):
        with clock.held(MORNING + timedelta(minutes=passed)):
            client.page("/register")
    return MORNING + timedelta(minutes=minutes)


def test_within_half_an_hour_nothing_is_asked(client: PageClient, address: str) -> None:
    client.sign_in("senco")
    with clock.held(later(client, 30)):
        assert client.status(address) == 200


def test_after_half_an_hour_the_password_is_asked_for_and_the_file_follows(client: PageClient, address: str) -> None:
    client.sign_in("senco")
    with clock.held(later(client, 31)):
        answer = client.get(address)
        assert answer.status_code == 303
        place = answer.headers["Location"]
        assert place.startswith("/account/prove?next=/register")
        assert client.page("/register") is not None, "what stays in the program is open"
        client.send(place, status=422, password="not the password")
        assert client.status(address) == 303
        assert client.send(place, password=PASSWORD).headers["Location"] == address
        assert client.status(address) == 200
    with clock.held(MORNING + timedelta(minutes=45)):
        assert client.status(address) == 200


def test_who_has_a_second_step_proves_it_by_a_code(client: PageClient, address: str) -> None:
    import pyotp

    client.sign_in("senco")
    action, values = client.form("/account/second-step")
    app = pyotp.TOTP(second_factor.deciphered(values["kept"]) or "")
    assert client.post(action, data={**values, "code": app.at(MORNING), "password": PASSWORD}).status_code == 200
    moment = later(client, 40)
    with clock.held(moment):
        place = client.get(address).headers["Location"]
        assert "password" not in client.form(place)[1]
        client.send(place, status=422, code="000000")
        client.send(place, code=app.at(moment))
        assert client.status(address) == 200


def test_it_leads_nowhere_but_into_the_program(client: PageClient) -> None:
    client.sign_in("senco")
    answer = client.send("/account/prove?next=https://elsewhere.example/x", password=PASSWORD)
    assert answer.headers["Location"] == "/"


def test_what_leaves_the_program_asks_again_and_what_stays_does_not() -> None:
    asking = {one.name for one in vars(actions).values() if isinstance(one, Action) and one.asks_again}
    assert asking >= {"insight.export", "register.export", "request.copy-out", "request.take", "own-account.pin"}


@pytest.fixture
def address() -> str:
    """The list of the register as a file."""
    return LIST


@pytest.mark.parametrize("place", ["/insight/export.csv", "/insight/export.xlsx", "/insight/export.csv?what=impact"])
def test_the_tables_of_insight_ask_again_too(client: PageClient, place: str) -> None:
    client.sign_in("senco")
    with clock.held(later(client, 31)):
        assert client.get(place).headers["Location"].startswith("/account/prove?next=/insight/export")
        assert client.status("/insight") == 200


def test_changing_ones_way_in_proves_nothing_and_lasts_no_longer(client: PageClient, address: str) -> None:
    client.sign_in("staff_parent")
    with clock.held(later(client, 31)):
        for number in (0, 1, 0):
            client.post(f"/account/enter/{number}", data={"csrf_token": client.token()})
        assert client.get(address).headers["Location"].startswith("/account/prove")
    for half_hours in range(1, 24):
        with clock.held(MORNING + timedelta(minutes=31 + 29 * half_hours)):
            assert client.status("/account") == 200
            client.post(f"/account/enter/{half_hours % 2}", data={"csrf_token": client.token()})
    with clock.held(MORNING + timedelta(hours=12, minutes=1)):
        assert client.status("/account") == 303
