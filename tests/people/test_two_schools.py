"""One school takes a provider’s second step for its own and another does not: the first is no way into the second."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from flask import Flask
from sqlalchemy import select

from graduated import config
from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.db.clock import held, now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership, SignInSession
from graduated.rules.vocabulary import Role
from graduated.school.models import School
from tests.people.test_single_sign_on import come, google, ours, told, with_app
from tests.people.test_single_sign_on import tied as tied_here
from tests.support.client import PageClient
from tests.support.provider import Provider
from tests.support.world import PASSWORD, World, email_of

__all__ = ["google", "ours", "tied_here"]
AGAIN = "/account/enter/1"


def change(app: Flask, school_id: int, **settings: bool) -> None:
    """What a school has decided of sign-ins."""
    with app.app_context(), acting(system_actor(school_id, "test")), write("Set"):
        school = db.session.scalars(select(School)).one()
        for name, value in settings.items():
            setattr(school, name, value)


@pytest.fixture
def both(app: Flask, world: World, tied_here: config.Provider) -> config.Provider:
    """The SENCO works at both: the first trusts the provider's second step, the second wants its own."""
    with app.app_context():
        senco = entry.user_id_of(email_of("senco"))
        with acting(system_actor(world.other_school_id, "test")), write("Works there too"):
            db.session.add(Membership(school_id=world.other_school_id, user_id=senco, role=Role.SENCO, starts=today()))
        names = [door.school_id for door in entry.doors(senco or 0)]
    change(app, names[0], trusts_provider_step=True, staff_need_second_step=True)
    change(app, names[1], trusts_provider_step=False, staff_need_second_step=True)
    return tied_here


def switch(client: PageClient) -> Any:
    """To the other school, by the button on the page of one's account."""
    return client.post(AGAIN, data={"csrf_token": client.token()}).headers["Location"]


def test_the_provider_s_step_does_not_open_a_school_that_wants_its_own(
    client: PageClient, google: Provider, both: config.Provider
) -> None:
    secret = with_app(client)
    google.knows("s-1", **told(amr=["pwd", "mfa"]))
    come(client, google)
    assert client.status("/register") == 200
    earlier = client.get_cookie("graduated")
    assert earlier is not None
    assert switch(client) == "/sign-in/code"
    assert client.status("/register") == 303
    client.send("/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    assert client.status("/register") == 200 and "Zofia" not in client.text("/register")
    copy = client.application.test_client()
    copy.set_cookie("graduated", earlier.value)
    assert copy.get("/register").status_code == 303


def test_a_switch_by_code_lasts_no_longer_than_the_first_sign_in(
    client: PageClient, app: Flask, google: Provider, both: config.Provider
) -> None:
    secret = with_app(client)
    google.knows("s-1", **told(amr=["mfa"]))
    come(client, google)
    started = _open(app)
    with held(now().replace(microsecond=0)):
        switch(client)
        client.send("/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    assert _open(app) == started


def _open(app: Flask) -> list[Any]:
    with app.app_context():
        rows = db.session.scalars(select(SignInSession.started_at).where(SignInSession.ended_at.is_(None)))
        return [max(rows)]


def test_who_has_no_step_of_their_own_sets_one_up_there_and_not_at_the_first(
    client: PageClient, google: Provider, both: config.Provider
) -> None:
    google.knows("s-1", **told(amr=["mfa"]))
    come(client, google)
    assert client.status("/register") == 200
    switch(client)
    assert client.get("/register").headers["Location"] == "/account/second-step"


def test_with_ones_own_step_taken_nothing_more_is_asked(
    client: PageClient, google: Provider, both: config.Provider
) -> None:
    secret = with_app(client)
    client.send("/sign-in", email=email_of("senco"), password=PASSWORD)
    client.send("/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    assert switch(client) == "/"
    assert client.status("/register") == 200


def test_the_provider_s_word_alone_changes_no_way_in(
    client: PageClient, google: Provider, both: config.Provider
) -> None:
    secret = with_app(client)
    google.knows("s-1", **told(amr=["mfa"]))
    come(client, google)
    place = client.get("/account/passkeys/add").headers["Location"]
    assert place.startswith("/account/prove")
    client.send(place, code=pyotp.TOTP(secret).at(now()))
    assert client.status("/account/passkeys/add") == 200
    assert switch(client) == "/"


def test_a_new_password_proves_no_second_step(client: PageClient, google: Provider, both: config.Provider) -> None:
    secret = with_app(client)
    client.send("/sign-in", email=email_of("senco"), password=PASSWORD)
    client.send("/sign-in/code", code=pyotp.TOTP(secret).at(now()))
    with client.session_transaction() as session:
        session["proved"] -= 400
    new = "quiet lantern over the weir"
    client.send("/account/password", password=PASSWORD, new_password=new)
    assert client.status("/register") == 200
    assert client.get("/account/passkeys/add").headers["Location"].startswith("/account/prove")
