"""Steps with passkeys, as pages and their script take them."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.school.models import School
from tests.support.authenticator import Device
from tests.support.client import PageClient
from tests.support.world import PASSWORD, World, email_of

KEYS = "/account/passkeys"


def browser(client: PageClient) -> PageClient:
    """Another browser, with nothing of the first."""
    other = client.application.test_client()
    assert isinstance(other, PageClient)
    return other


def ask(client: PageClient, place: str, status: int = 200) -> dict[str, Any]:
    """What the server wants a device to sign."""
    answer = client.post(place, data={"csrf_token": client.token()})
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def make(client: PageClient, device: Device, name: str = "My phone", status: int = 303) -> Any:
    """Make a passkey, as the page and its script do."""
    action, values = client.form(f"{KEYS}/add")
    made = device.make(ask(client, f"{KEYS}/options"))
    answer = client.post(action, data={**values, "name": name, "passkey": made})
    assert answer.status_code == status, answer.text
    return answer


def alone(client: PageClient, device: Device, status: int = 303) -> Any:
    """Sign in by the passkey alone."""
    signed = device.use(ask(client, "/sign-in/passkey/options"))
    answer = client.post("/sign-in/passkey", data={"csrf_token": client.token(), "passkey": signed})
    assert answer.status_code == status, answer.text
    return answer


def half_way(client: PageClient, who: str = "senco") -> PageClient:
    """The right password, and now the second step is asked for."""
    answer = client.send("/sign-in?next=/register", email=email_of(who), password=PASSWORD)
    assert answer.headers["Location"] == "/sign-in/code"
    return client


def step(client: PageClient, device: Device, status: int = 303) -> Any:
    """The passkey after the password."""
    signed = device.use(ask(client, "/sign-in/code/passkey/options"))
    answer = client.post("/sign-in/code/passkey", data={"csrf_token": client.token(), "passkey": signed})
    assert answer.status_code == status, answer.text
    return answer


def wrong_tries(client: PageClient) -> str:
    """What the list of wrong tries says."""
    return browser(client).sign_in("admin").text("/school/staff/wrong-tries")


def ask_of_staff(app: Flask, world: World) -> None:
    """The school asks its staff for a second step."""
    with app.app_context(), acting(system_actor(world.school_id, "test")), write("Asked"):
        db.session.scalars(select(School)).one().staff_need_second_step = True


def user_id(client: PageClient, who: str) -> int:
    """A person's number."""
    with client.application.app_context():
        return entry.user_id_of(email_of(who)) or 0


def links(client: PageClient, path: str) -> list[str]:
    """The addresses that a page leads to, as they are within main."""
    return [one.attrib["href"] for one in client.page(path).iter() if one.tag.endswith("}a") and "href" in one.attrib]
