"""Staff who come, change and leave: links, roles, groups, and what an administrator may not do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from graduated.access.identity import acting, system_actor
from graduated.db import clock
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.invitations import ForFamily, invite, new_token
from graduated.people.models import Credential, Invitation, Membership, StaffGroup, User
from graduated.people.sign_in import hash_token
from graduated.rules.vocabulary import Role
from tests.support.client import PageClient
from tests.support.world import PASSWORD, World, email_of

NEW = "pebble-kettle-harbour"
JOINER = {"name": "Bethan Cobb", "email": "Bethan.Cobb@purbeck.example.org", "role": "teacher"}


def browser(app: Flask) -> PageClient:
    """Another browser."""
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


def add(client: PageClient, **changed: str) -> str:
    """Add a person as whoever is signed in; the path of the link that is shown."""
    answer = client.send("/school/staff/add", **{**JOINER, **changed})
    return shown_link(client, answer.headers["Location"])


def shown_link(client: PageClient, place: str) -> str:
    """The path of the link on the page that shows it."""
    found = re.search(r"http://localhost(/invitation/[\w.-]+)", client.text(place))
    assert found is not None
    return found.group(1)


class Rows:
    """The first school's rows, read between two clicks and not while one lasts."""

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.school_id = app, world.school_id

    def all(self, statement: Any) -> list[Any]:
        """Every value or row of a statement."""
        with self.app.app_context(), acting(system_actor(self.school_id, "Tests")):
            return list(db.session.scalars(statement).all())

    def count(self, table: Any, *where: Any) -> int:
        """How many rows of a table there are."""
        return int(self.all(select(func.count(table.id)).where(*where))[0])

    def role_of(self, user_id: int) -> int:
        """The one membership of a person."""
        return int(self.all(select(Membership.id).where(Membership.user_id == user_id))[0])

    def invite(self, email: str, role: Role, adult_id: int, child_id: int) -> str:
        """Make a link for an adult of a family and one child; its path."""
        token = new_token(self.school_id)
        with self.app.app_context(), acting(system_actor(self.school_id, "Tests")):
            invite(email, role, hash_token(token), family=ForFamily(adult_id, child_id))
        return f"/invitation/{token}"


@pytest.fixture
def rows(app: Flask, world: World) -> Rows:
    """What the database holds."""
    return Rows(app, world)


def test_a_new_person_sets_a_password_by_their_link_and_is_in(client: PageClient, app: Flask) -> None:
    client.sign_in("admin")
    link = add(client)
    assert "Invited, not yet in" in client.text("/school/staff")
    joiner = browser(app)
    assert "Welcome, Bethan Cobb" in joiner.text(link)
    joiner.send(link, status=422, new_password="short")
    joiner.send(link, status=422, new_password="BethanCobb2026")
    assert joiner.send(link, new_password=NEW).headers["Location"] == "/"
    assert "Bethan Cobb, Teacher" in joiner.text("/account")
    browser(app).send("/sign-in", email="bethan.cobb@purbeck.example.org", password=NEW)


def test_a_link_is_shown_once_and_only_its_hash_is_kept(client: PageClient, rows: Rows) -> None:
    client.sign_in("admin")
    answer = client.send("/school/staff/add", **JOINER)
    place = answer.headers["Location"]
    link = shown_link(client, place)
    assert "/invitation/" not in client.text(place)
    token = link.rsplit("/", 1)[1]
    (kept,) = rows.all(select(Invitation.token_hash))
    assert kept not in token
    assert token not in kept
    assert rows.count(Post) == 0


def test_a_link_that_is_used_old_replaced_or_made_up_answers_alike(client: PageClient, app: Flask) -> None:
    client.sign_in("admin")
    used, old, replaced = (add(client, email=f"{name}@purbeck.example.org") for name in ("used", "old", "again"))
    browser(app).send(used, new_password=NEW)
    staff = client.get("/school/staff").text
    again = re.search(r'href="(/school/staff/\d+)">Bethan Cobb</a></th>\s*<td data-h="Email address">again@', staff)
    assert again is not None
    client.send(again.group(1) + "/link")
    stranger = browser(app)
    for link in (used, replaced, "/invitation/1.nothing", "/invitation/x", "/invitation/999999.abc"):
        assert "This link does not work" in stranger.text(link, status=404)
    assert stranger.status(old) == 200
    with clock.held(datetime.now(UTC) + timedelta(days=7, minutes=1)):
        assert "This link does not work" in stranger.text(old, status=404)
        action = old
        assert stranger.post(action, data={"csrf_token": stranger.token(), "new_password": NEW}).status_code == 404


def test_a_double_click_adds_one_person_and_shows_one_link(client: PageClient, rows: Rows) -> None:
    client.sign_in("admin")
    action, values = client.form("/school/staff/add")
    first = client.post(action, data={**values, **JOINER})
    second = client.post(action, data={**values, **JOINER})
    assert first.headers["Location"] == second.headers["Location"]
    assert "/invitation/" in client.text(second.headers["Location"])
    assert rows.count(User, User.name == "Bethan Cobb") == 1
    assert rows.count(Invitation) == 1


def test_somebody_with_a_password_gets_a_role_and_no_link(client: PageClient, rows: Rows) -> None:
    client.sign_in("senco")
    answer = client.send("/school/staff/add", name="Anna", email=email_of("parent"), role="support")
    assert "/school/staff/links/" not in answer.headers["Location"]
    assert rows.count(Invitation) == 0
    assert "Anna Szymańska" in client.text("/school/staff")


def test_nobody_can_make_a_parent_on_the_staff_page(client: PageClient) -> None:
    client.sign_in("senco")
    client.send("/school/staff/add", status=422, **{**JOINER, "role": "parent"})


def test_the_head_reads_the_staff_list_and_changes_nothing(client: PageClient) -> None:
    client.sign_in("head")
    assert "Add a person" not in client.text("/school/staff")
    assert client.status("/school/staff/add") == 403


def test_a_teacher_does_not_find_the_staff_list(client: PageClient) -> None:
    client.sign_in("teacher")
    assert client.status("/school/staff") == 404


def test_a_leaver_is_out_at_the_next_click_and_loses_links_and_groups(
    client: PageClient, app: Flask, world: World, rows: Rows
) -> None:
    teacher = browser(app).sign_in("teacher")
    client.sign_in("senco")
    client.send(f"/school/staff/{world.users['teacher']}/groups", index=0, kind="registration", name="5A")
    held = rows.role_of(world.users["teacher"])
    assert teacher.status("/account") == 200
    client.send(f"/school/staff/roles/{held}/end", when="now")
    assert teacher.status("/account") == 303
    browser(app).send("/sign-in", status=422, email=email_of("teacher"), password=PASSWORD)
    assert "Have left" in client.text("/school/staff")
    assert rows.count(StaffGroup) == 0


def test_a_last_day_lies_ahead_and_counts_as_worked(client: PageClient, app: Flask, world: World, rows: Rows) -> None:
    client.sign_in("senco")
    held = rows.role_of(world.users["teacher"])
    place, day = f"/school/staff/roles/{held}/end", clock.today()
    typed = {"last_day-month": str(day.month), "last_day-year": str(day.year)}
    client.send(place, status=422, when="after")
    client.send(
        place, status=422, **{"when": "after", "last_day-day": "1", "last_day-month": "9", "last_day-year": "2020"}
    )
    client.send(place, **{"when": "after", "last_day-day": str(day.day), **typed})
    browser(app).sign_in("teacher")
    with clock.held(datetime.now(UTC) + timedelta(days=1)):
        browser(app).send("/sign-in", status=422, email=email_of("teacher"), password=PASSWORD)


def test_a_link_of_somebody_who_left_before_using_it_does_not_work(client: PageClient, app: Flask, rows: Rows) -> None:
    client.sign_in("senco")
    link = add(client)
    (user_id,) = rows.all(select(User.id).where(User.name == "Bethan Cobb"))
    held = rows.role_of(user_id)
    client.send(f"/school/staff/roles/{held}/end", when="now")
    assert browser(app).status(link) == 404


def test_nobody_ends_a_role_of_their_own(client: PageClient, world: World, rows: Rows) -> None:
    client.sign_in("senco")
    held = rows.role_of(world.users["senco"])
    answer = client.send(f"/school/staff/roles/{held}/end", status=422, when="now")
    assert "a role of your own" in answer.text


@pytest.mark.parametrize("who", ["senco", "head", "safeguarding"])
def test_an_administrator_neither_ends_nor_takes_over_the_three(
    client: PageClient, app: Flask, world: World, rows: Rows, who: str
) -> None:
    client.sign_in("admin")
    held = rows.role_of(world.users[who])
    assert "Only the SENCO can" in client.send(f"/school/staff/roles/{held}/end", status=422, when="now").text
    assert "Only the SENCO can" in client.send(f"/school/staff/{world.users[who]}/link", status=422).text
    browser(app).sign_in(who)


def test_a_new_link_takes_the_old_password_away_and_signs_out(client: PageClient, app: Flask, world: World) -> None:
    teacher = browser(app).sign_in("teacher")
    client.sign_in("admin")
    answer = client.send(f"/school/staff/{world.users['teacher']}/link")
    link = shown_link(client, answer.headers["Location"])
    assert teacher.status("/account") == 303
    browser(app).send("/sign-in", status=422, email=email_of("teacher"), password=PASSWORD)
    fresh = browser(app)
    fresh.send(link, new_password=NEW)
    assert "Tom Fry" in fresh.text("/account")


def test_another_schools_staff_are_not_found(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    assert client.status(f"/school/staff/{world.users['other_school']}") == 404
    assert client.status(f"/school/staff/{world.users['parent']}") == 404
    assert client.status(f"/school/staff/{world.users['other_school']}/link", method="POST") in {404, 419, 303}


def test_an_account_that_another_school_relies_on_gets_no_new_link_here(client: PageClient, world: World) -> None:
    client.sign_in("senco")
    client.send("/school/staff/add", name="Ffion", email=email_of("other_school"), role="teacher")
    answer = client.send(f"/school/staff/{world.users['other_school']}/link", status=422)
    assert "another school" in answer.text


def test_groups_tell_those_who_assign_pupils(client: PageClient, world: World, rows: Rows) -> None:
    calls: list[int] = []
    hook = lambda: calls.append(db.session.scalar(select(func.count(StaffGroup.id))) or 0)  # noqa: E731  # a name for taking it out again
    hooks.staff_groups_changed.append(hook)
    try:
        client.sign_in("senco")
        place = f"/school/staff/{world.users['other_teacher']}/groups"
        client.send(place, index=0, kind="registration", name="2A")
        client.send(place, index=-1, kind="registration", name=" 2A ")
        client.send(place, index=-1, kind="teaching", name="2A phonics")
        assert calls == [1, 2]
        assert "2A phonics" in client.text(place)
        client.send(place, index=0)
        assert calls == [1, 2, 1]
    finally:
        hooks.staff_groups_changed.remove(hook)


@pytest.fixture
def groups_known() -> Iterator[None]:
    """Pupils are in 5A and 2A."""
    kept = list(hooks.known_groups)
    hooks.known_groups[:] = [lambda: {"registration": ("5A", "2A")}]
    yield
    hooks.known_groups[:] = kept


@pytest.mark.usefixtures("groups_known")
def test_a_group_that_no_pupil_is_in_is_a_slip(client: PageClient, world: World, rows: Rows) -> None:
    client.sign_in("senco")
    place = f"/school/staff/{world.users['other_teacher']}/groups"
    assert "No pupil is in a group called 5Q" in client.send(place, status=422, kind="registration", name="5Q").text
    client.send(place, kind="registration", name="5a")
    assert rows.all(select(StaffGroup.name)) == ["5A"]


def test_a_parents_link_makes_the_account_and_tells_who_keeps_families(
    client: PageClient, app: Flask, world: World, rows: Rows
) -> None:
    seen: list[hooks.Accepted] = []
    hooks.invitation_accepted.append(seen.append)
    try:
        adult = world.adults["other_parent"]
        link = rows.invite("grandma@example.org", Role.PARENT, adult, world.pupils["reuben"])
        born = {"born_on-day": "11", "born_on-month": "2", "born_on-year": str(clock.today().year - 7)}
        answer = client.send(link, name="Halina Nowak", new_password=NEW, **born)
        assert answer.status_code == 303
    finally:
        hooks.invitation_accepted.remove(seen.append)
    assert [(one.role, one.adult_id, one.school_id) for one in seen] == [(Role.PARENT, adult, world.school_id)]
    assert "Halina Nowak, Parent or carer" in client.text("/account")


def test_a_parent_who_has_a_password_keeps_it(client: PageClient, world: World, rows: Rows) -> None:
    link = rows.invite(email_of("teacher"), Role.PARENT, world.adults["parent"], world.pupils["zofia"])
    born = {"born_on-day": "4", "born_on-month": "10", "born_on-year": str(clock.today().year - 10)}
    before = rows.all(select(Credential.password_hash))
    client.send(link, status=422, password=NEW, **born)
    client.send(link, password=PASSWORD, **born)
    assert "as a parent or carer Now" in client.text("/account")
    assert rows.all(select(Credential.password_hash)) == before


def test_a_link_over_plain_http_from_elsewhere_sets_no_password(client: PageClient, rows: Rows) -> None:
    client.sign_in("admin")
    link = add(client)
    root = "http://school.example"
    token = client.get(link, base_url=root).text.split('name="csrf_token" value="')[1].split('"')[0]
    answer = client.post(link, data={"csrf_token": token, "new_password": NEW}, base_url=root)
    assert answer.status_code == 403
    assert "https" in answer.text


def test_no_page_shows_a_hash(client: PageClient, world: World, rows: Rows) -> None:
    client.sign_in("senco")
    pages = ["/account", "/account/password", "/school", "/school/staff", "/school/staff/add"]
    pages += [f"/school/staff/{world.users[who]}" for who in ("senco", "teacher", "leaver")]
    hashes = rows.all(select(Credential.password_hash))
    assert hashes
    for path in pages:
        text = client.get(path).text
        assert "argon2" not in text
        assert not any(one in text for one in hashes)


def test_with_e_mail_set_up_the_link_goes_into_the_post_and_names_no_child(
    client: PageClient, app: Flask, rows: Rows
) -> None:
    from dataclasses import replace

    app.config["SETTINGS"] = replace(app.config["SETTINGS"], smtp_url="smtp://localhost")
    client.sign_in("admin")
    link = add(client)
    (post,) = rows.all(select(Post))
    assert post.recipient == "bethan.cobb@purbeck.example.org"
    assert post.subject == "Your account at Purbeck Road Primary"
    assert link in post.body
