"""An expired sign-in loses no typed word, and shows it to nobody but its author."""

from __future__ import annotations

from typing import Any

from flask import Flask

from tests.support.client import PageClient
from tests.support.world import PASSWORD, email_of

TYPED = "Purbeck Road Primary and Nursery"


def _expire_while_typing(client: PageClient) -> None:
    """The SENCO has typed a new name when the sign-in ends; the form is sent all the same."""
    client.sign_in("senco")
    action, values = client.form("/school/details")
    client.post("/sign-out", data={"csrf_token": client.token()})
    answer = client.post(action, data={**values, "name": TYPED})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in?next=/school/details"


def _name(client: PageClient) -> Any:
    return client.form("/school/details")[1]["name"]


def test_the_same_person_finds_their_words_after_signing_in_again(client: PageClient) -> None:
    _expire_while_typing(client)
    assert "your words will be there" in client.text("/sign-in")
    answer = client.send("/sign-in?next=/school/details", email=email_of("senco"), password=PASSWORD)
    assert answer.headers["Location"] == "/school/details"
    assert _name(client) == TYPED
    assert "which were not saved" in client.text("/school/details")


def test_another_person_at_the_same_browser_does_not_see_them(client: PageClient, app: Flask) -> None:
    _expire_while_typing(client)
    client.sign_in("admin")
    assert _name(client) == "Purbeck Road Primary"
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in("senco")
    assert _name(other) == TYPED


def test_a_form_of_one_person_sent_by_another_is_kept_for_the_first(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    action, values = client.form("/school/details")
    client.sign_in("admin")
    answer = client.post(action, data={**values, "name": TYPED})
    assert answer.status_code == 419
    assert _name(client) == "Purbeck Road Primary"
    client.sign_in("senco")
    assert _name(client) == TYPED


def test_saving_ends_the_draft(client: PageClient) -> None:
    _expire_while_typing(client)
    client.sign_in("senco")
    client.send("/school/details")
    assert TYPED in client.text("/school")
    assert "which were not saved" not in client.text("/school/details")


def test_htmx_keeps_the_words_too(client: PageClient) -> None:
    client.sign_in("senco")
    action, values = client.form("/school/details")
    client.post("/sign-out", data={"csrf_token": client.token()})
    answer = client.post(action, data={**values, "name": TYPED}, headers={"HX-Request": "true"})
    assert answer.status_code == 401
    client.sign_in("senco")
    assert _name(client) == TYPED


def test_passwords_are_never_kept_as_a_draft(client: PageClient, app: Flask) -> None:
    from sqlalchemy import select

    from graduated.db.keys import Draft
    from graduated.db.session import db

    client.sign_in("senco")
    action, values = client.form("/account/password")
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.post(action, data={**values, "password": PASSWORD, "new_password": "pebble-kettle-harbour"})
    with app.app_context():
        from graduated.access.identity import Actor, acting

        with acting(Actor(user_id=1, school_id=1, name="", is_system=True)):
            bodies = [str(body) for body in db.session.scalars(select(Draft.body))]
    assert not any("kettle" in body or PASSWORD in body for body in bodies)
