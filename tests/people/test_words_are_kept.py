"""An expired sign-in loses no typed word, and shows it to nobody but its author."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.keys import Draft
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Membership
from graduated.rules.vocabulary import Role
from graduated.web.forms import author_of
from tests.support.client import PageClient
from tests.support.world import PASSWORD, World, email_of

TYPED = "Purbeck Road Primary and Nursery"
ADD = "/school/staff/add"


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
    client.sign_in("senco")
    action, values = client.form("/account/password")
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.post(action, data={**values, "password": PASSWORD, "new_password": "pebble-kettle-harbour"})
    bodies = _bodies(app, values["form_key"])
    assert bodies
    assert not any("kettle" in body or PASSWORD in body for body in bodies)


def test_codes_are_never_kept_as_a_draft(client: PageClient, app: Flask) -> None:
    client.sign_in("senco")
    action, values = client.form("/account/second-step")
    assert values["kept"]
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.post(action, data={**values, "code": "ABCD-EFGH-JKLM", "password": PASSWORD})
    client.sign_in("senco")
    bodies = _bodies(app, values["form_key"])
    assert bodies
    assert not any("ABCD-EFGH" in body or values["kept"] in body for body in bodies)


def _bodies(app: Flask, form_key: str) -> list[str]:
    """All that is kept for the person to whom a form was shown, in any school."""
    with app.app_context():
        author = author_of(form_key)
        assert author is not None
        with acting(Actor(user_id=author.user_id, school_id=author.school_id, name="", is_system=True)):
            return [str(body) for body in db.session.scalars(select(Draft.body))]


def test_words_typed_in_one_school_are_not_read_in_another(client: PageClient, app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.other_school_id, "Tests")), write("In a second school"):
        db.session.add(Membership(user_id=world.users["senco"], role=Role.SENCO, starts=today()))
    client.sign_in("senco")
    seen = {}
    for number in (0, 1):
        client.post(f"/account/enter/{number}", data={"csrf_token": client.token()})
        kept, seen[number] = client.form(ADD)
        assert client.post(f"/drafts?place={kept}", data={**seen[number], "name": f"In {number}"}).status_code == 200
    assert client.form(ADD)[1]["name"] == "In 1"
    late = {**seen[0], "csrf_token": client.token(), "name": "In 0, later"}
    assert client.post(f"/drafts?place={kept}", data=late).status_code == 200
    assert client.form(ADD)[1]["name"] == "In 1", "an old window writes into its own school"
    client.post("/account/enter/0", data={"csrf_token": client.token()})
    assert client.form(ADD)[1]["name"] == "In 0, later"


def test_a_draft_of_an_earlier_version_is_nobodys_and_breaks_nothing(
    client: PageClient, app: Flask, world: World
) -> None:
    with app.app_context(), acting(Actor(world.users["senco"], world.school_id, "", is_system=True)), write("Kept"):
        db.session.add(Draft(user_id=world.users["senco"], place="/school/details", body={"name": [TYPED]}))
    client.sign_in("senco")
    assert _name(client) == "Purbeck Road Primary"
