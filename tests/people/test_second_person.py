"""A new SENCO, headteacher, safeguarding lead or SEN assistant needs two people, of whom one leads already."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.people import giving
from graduated.people.models import Membership, RoleProposal, User
from graduated.people.services import end_membership
from graduated.people.services_staff import give_role
from graduated.rules.vocabulary import Role
from tests.support.client import PageClient
from tests.support.world import World, email_of

JOINER = {"name": "Bethan Cobb", "email": "Bethan.Cobb@purbeck.example.org"}
NEW = "pebble-kettle-harbour"


def propose(client: PageClient, role: str = "senco", **changed: str) -> str:
    """Propose somebody new; the page of the proposal."""
    answer = client.send("/school/staff/add", **{**JOINER, "role": role, **changed})
    assert re.fullmatch(r"/school/staff/proposals/\d+", answer.headers["Location"])
    return str(answer.headers["Location"])


def roles_of(app: Flask, world: World, email: str) -> set[Role]:
    """The roles that an address has, ended or not."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        held = select(Membership.role).join(User, User.id == Membership.user_id).where(User.email == email.lower())
        return set(db.session.scalars(held))


@pytest.mark.parametrize("role", ["senco", "head", "safeguarding", "sen-assistant"])
def test_nobody_has_such_a_role_before_a_second_person_approves(
    app: Flask, client: PageClient, world: World, role: str
) -> None:
    place = propose(client.sign_in("senco"), role)
    assert roles_of(app, world, JOINER["email"]) == set()
    assert "Bethan Cobb" in client.text("/school/staff")
    text = client.sign_in("head").text(place)
    assert "Proposed by Hannah Legg" in text
    answer = client.send(place, answer="approve")
    link = re.search(r"http://localhost(/invitation/[\w.-]+)", client.text(answer.headers["Location"]))
    assert link is not None
    assert roles_of(app, world, JOINER["email"]) == {Role(role)}
    joiner = app.test_client()
    assert isinstance(joiner, PageClient)
    joiner.send(link.group(1), new_password=NEW)
    assert joiner.status("/register") == 200
    assert "Waiting for a second person" not in client.text("/school/staff")


def test_who_proposed_it_does_not_approve_it_and_may_take_it_back(app: Flask, client: PageClient, world: World) -> None:
    place = propose(client.sign_in("senco"))
    text = client.text(place)
    assert "You proposed this yourself" in text and "Approve" not in text.replace("approves", "")
    token = client.token()
    sent = {"csrf_token": token, "answer": "approve"}
    assert client.post(place, data=sent).status_code == 422
    client.send(place, answer="decline")
    assert roles_of(app, world, JOINER["email"]) == set()
    assert "This has been decided" in client.text(place)


def test_nobody_approves_themselves(app: Flask, client: PageClient, world: World) -> None:
    answer = client.sign_in("senco").send(f"/school/staff/{world.users['admin']}/role", role="head")
    place = answer.headers["Location"]
    client.sign_in("admin")
    assert "This is about you" in client.text(place)
    assert client.post(place, data={"csrf_token": client.token(), "answer": "approve"}).status_code == 422
    assert Role.HEAD not in roles_of(app, world, email_of("admin"))
    client.sign_in("head").send(place, answer="approve")
    assert Role.HEAD in roles_of(app, world, email_of("admin"))


def test_the_office_proposes_and_a_senco_approves(app: Flask, client: PageClient, world: World) -> None:
    place = propose(client.sign_in("admin"), "safeguarding")
    client.sign_in("senco").send(place, answer="approve")
    assert roles_of(app, world, JOINER["email"]) == {Role.SAFEGUARDING}


@pytest.mark.parametrize(
    ("acting_roles", "proposer_roles", "can"),
    [
        ({Role.SENCO}, {Role.ADMIN}, True),
        ({Role.HEAD}, {Role.SENCO}, True),
        ({Role.ADMIN}, {Role.SENCO}, True),
        ({Role.ADMIN}, {Role.ADMIN}, False),  # two of the office read no child's record, and open none
        ({Role.TEACHER}, {Role.SENCO}, False),
        ({Role.SAFEGUARDING}, {Role.SENCO}, False),  # the staff list is not theirs to see
        ({Role.ADMIN}, {Role.ADMIN, Role.SEN_ASSISTANT}, False),  # an assistant is none of those who lead
        ({Role.SENCO}, set(), False),  # who proposed it has left
    ],
)
def test_one_of_the_two_holds_such_a_role_and_the_other_keeps_accounts_or_leads(
    acting_roles: set[Role], proposer_roles: set[Role], can: bool
) -> None:
    assert (giving.why_not_second(acting_roles, proposer_roles) is None) is can


def test_two_of_the_office_cannot_make_a_senco(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco").send(f"/school/staff/{world.users['teacher']}/role", role="admin")
    place = propose(client.sign_in("admin"))
    client.sign_in("teacher")
    assert "One of the two people" in client.text(place)
    assert client.post(place, data={"csrf_token": client.token(), "answer": "approve"}).status_code == 422
    assert roles_of(app, world, JOINER["email"]) == set()


def test_a_decided_proposal_is_not_decided_again(client: PageClient) -> None:
    place = propose(client.sign_in("admin"))
    client.sign_in("senco")
    action, values = client.form(place)
    client.send(place, answer="decline")
    answer = client.post(action, data={**values, "answer": "approve"})
    assert answer.status_code in {303, 422}  # the same form twice is the first one's answer
    assert "This has been decided" in client.text(place)
    again = client.post(place, data={"csrf_token": client.token(), "answer": "approve"})
    assert again.status_code == 422 and "decided already" in again.text


def test_the_same_proposal_twice_is_one(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("admin")
    assert propose(client) == propose(client)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(db.session.scalars(select(RoleProposal)).all()) == 1


def test_another_school_does_not_find_it(client: PageClient) -> None:
    place = propose(client.sign_in("admin"))
    assert client.sign_in("other_school").status(place) == 404


def test_the_service_itself_gives_no_such_role_to_one_person_alone(app: Flask, world: World) -> None:
    senco = Actor(world.users["senco"], world.school_id, "Hannah Legg", frozenset({Role.SENCO}))
    with app.app_context(), acting(senco), pytest.raises(giving.NotYoursToGive):
        give_role(world.users["teacher"], Role.HEAD)
    assert Role.HEAD not in roles_of(app, world, email_of("teacher"))
    with app.app_context(), acting(system_actor(world.school_id, "Command line")):
        give_role(world.users["teacher"], Role.HEAD)
    assert Role.HEAD in roles_of(app, world, email_of("teacher"))


def by_link(app: Flask, client: PageClient, answer_place: str) -> PageClient:
    """A browser of who came in by the link that a page shows."""
    link = re.search(r"http://localhost(/invitation/[\w.-]+)", client.text(answer_place))
    assert link is not None
    joiner = app.test_client()
    assert isinstance(joiner, PageClient)
    joiner.send(link.group(1), new_password=NEW)
    return joiner


@pytest.mark.parametrize("role", ["sen-assistant", "senco", "dpo"])
def test_nobody_gives_or_proposes_a_role_for_themselves(
    app: Flask, client: PageClient, world: World, role: str
) -> None:
    client.sign_in("admin")
    place = f"/school/staff/{world.users['admin']}"
    assert "Give another role" not in client.text(place)
    assert "Nobody gives themselves a role" in client.send(f"{place}/role", status=422, role=role).text
    sent = {"name": "Judith", "email": email_of("admin").upper(), "role": role}
    assert "Nobody gives themselves a role" in client.send("/school/staff/add", status=422, **sent).text
    assert roles_of(app, world, email_of("admin")) == {Role.ADMIN}


def test_an_assistant_who_keeps_the_accounts_is_no_senco_by_the_sum_of_both(
    app: Flask, client: PageClient, world: World
) -> None:
    both = Actor(world.users["admin"], world.school_id, "Judith", frozenset({Role.ADMIN, Role.SEN_ASSISTANT}))
    with app.test_request_context(), acting(both):
        assert {role for role in Role if giving.may_give(role)} & giving.NEEDS_MORE == set()
        assert giving.may_give(Role.TEACHER)


@pytest.mark.parametrize("who", ["head", "safeguarding"])
def test_a_senco_alone_opens_no_way_into_the_account_of_another_who_leads(
    app: Flask, client: PageClient, world: World, who: str
) -> None:
    client.sign_in("senco")
    place = f"/school/staff/{world.users[who]}"
    text = client.text(place)
    assert "Make a new link" not in text and "Two people do this" in text
    for page in ("link", "second-step"):
        assert "Two people do this" in client.send(f"{place}/{page}", status=422).text
    other = app.test_client()
    assert isinstance(other, PageClient)
    other.sign_in(who)  # the password still opens


def test_a_lesser_role_brings_no_link_into_the_account_of_who_leads(
    app: Flask, client: PageClient, world: World
) -> None:
    place = propose(client.sign_in("senco"), "safeguarding")
    client.sign_in("head").send(place, answer="approve")
    sent = {**JOINER, "role": "teacher"}
    assert "Two people do this" in client.sign_in("senco").send("/school/staff/add", status=422, **sent).text


def test_an_assistant_gets_a_new_link_from_the_senco_and_not_from_the_office(client: PageClient, world: World) -> None:
    place = f"/school/staff/{world.users['assistant']}/link"
    assert "Only the SENCO can" in client.sign_in("admin").send(place, status=422).text
    assert "/links/" in client.sign_in("senco").send(place).headers["Location"]


def test_two_accounts_of_one_person_are_not_two_people(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    made = client.send("/school/staff/add", name="Second", email="second@purbeck.example.org", role="admin")
    second = by_link(app, client, made.headers["Location"])
    deeper = second.send("/school/staff/add", name="Third", email="third@purbeck.example.org", role="admin")
    third = by_link(app, second, deeper.headers["Location"])
    place = propose(client)
    for one in (second, third):
        assert "made the account of the other" in one.text(place)
        assert one.post(place, data={"csrf_token": one.token(), "answer": "approve"}).status_code == 422
    other = propose(second, email="other@purbeck.example.org")
    assert "made the account of the other" in client.text(other)
    assert client.post(other, data={"csrf_token": client.token(), "answer": "approve"}).status_code == 422
    assert roles_of(app, world, JOINER["email"]) == set()
    client.sign_in("head").send(other, answer="approve")
    assert roles_of(app, world, "other@purbeck.example.org") == {Role.SENCO}


def test_an_office_account_taken_over_by_a_new_link_is_no_second_person(
    app: Flask, client: PageClient, world: World
) -> None:
    client.sign_in("senco")
    made = client.send(f"/school/staff/{world.users['admin']}/link")
    taken = by_link(app, client, made.headers["Location"])
    assert "made the account of the other" in taken.text(propose(client))


def test_a_proposal_shows_the_name_of_the_account_that_gets_the_role(
    app: Flask, client: PageClient, world: World
) -> None:
    place = propose(client.sign_in("senco"), "head", name="Bethan Cobb", email=email_of("teacher"))
    text = client.sign_in("head").text(place)
    assert "Tom Fry as " in text and "proposed under the name of Bethan Cobb" in text
    assert "Tom Fry" in client.text("/school/staff")
    client.send(place, answer="approve")
    assert Role.HEAD in roles_of(app, world, email_of("teacher"))


def test_a_proposal_of_who_has_left_is_declined_and_not_approved(app: Flask, client: PageClient, world: World) -> None:
    place = propose(client.sign_in("admin"))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        held = db.session.scalars(select(Membership.id).where(Membership.user_id == world.users["admin"])).one()
        end_membership(held)
    client.sign_in("senco")
    assert "does not work here any more" in client.text(place)
    assert client.post(place, data={"csrf_token": client.token(), "answer": "approve"}).status_code == 422
    client.send(place, answer="decline")
    assert roles_of(app, world, JOINER["email"]) == set()
