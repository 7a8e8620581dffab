"""What was found by trying to break in, to lose a record or to see another's child, and must stay mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, Presence
from graduated.people.invitations import ForFamily, find, invite, new_token
from graduated.people.services import NewAccount, open_account
from graduated.people.sign_in import hash_token
from graduated.plan.models import Place
from graduated.pupils.models import Adult, Document, FamilyLink, Pupil
from graduated.rules.vocabulary import Relationship, Role
from tests.access.scene import make
from tests.support.client import PageClient
from tests.support.world import World

PENDING = "new.head@purbeck.example.org"
BORN = date(today().year - 10, 10, 4)
TOO_LARGE = (2**31, 2**63, 10**30)


@pytest.fixture
def scene(app: Flask, world: World) -> dict[str, Any]:
    """One record of every kind about Zofia."""
    return make(app, world)


@pytest.fixture
def system(app: Flask, world: World) -> Iterator[Actor]:
    """The command line's hand, to set things up and to look at what was kept."""
    actor = system_actor(world.school_id, "Tests")
    with app.app_context(), acting(actor):
        yield actor


def rows(app: Flask, world: World, statement: Any) -> list[Any]:
    """What the database holds now."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return list(db.session.execute(statement).all())


def account(app: Flask, school_id: int, email: str, role: Role) -> int:
    """An account whose owner has not set a password yet."""
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        return open_account(NewAccount(email, "Not In Yet", role))


@pytest.mark.parametrize("number", TOO_LARGE)
def test_a_number_that_no_row_can_have_is_the_address_of_nothing(client: PageClient, number: int) -> None:
    client.sign_in("senco")
    places = ("/pupils/{}", "/cycles/{}", "/reviews/{}", "/groups/{}/log", "/packs/{}/pack.pdf", "/school/import/{}")
    assert {client.status(place.format(number)) for place in places} == {404}


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-31", "\x00"])
def test_a_week_out_of_all_reason_is_answered_with_a_week(client: PageClient, day: str) -> None:
    client.sign_in("senco")
    assert client.status("/ticks", query_string={"week": day}) == 200


def test_a_familys_link_does_not_open_a_staff_account_that_has_no_password_yet(
    client: PageClient, app: Flask, world: World, scene: dict[str, Any]
) -> None:
    account(app, world.school_id, PENDING, Role.HEAD)
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Aunt entered"):
        aunt = Adult(forename="Ewa", surname="Nowak")
        db.session.add(aunt)
        db.session.flush()
        link = FamilyLink(pupil_id=zofia, adult_id=aunt.id, relationship=Relationship.OTHER, may_view=True,
                          parental_responsibility=False, lives_with=False)  # fmt: skip
        db.session.add(link)
        db.session.flush()
        place = f"/pupils/{zofia}/family/{link.id}/invite"
    client.sign_in("assistant")
    born = {f"born_on-{part}": str(getattr(BORN, part)) for part in ("day", "month", "year")}
    answer = client.send(place, status=422, email=PENDING, **born)
    assert "has not come in yet" in answer.text
    assert "/invitation/" not in answer.text


@pytest.mark.parametrize("where", ["school_id", "other_school_id"])
def test_a_familys_link_made_before_the_staff_account_does_not_open_it_either(
    app: Flask, world: World, where: str
) -> None:
    token = new_token(world.school_id)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        invite(PENDING, Role.PARENT, hash_token(token), family=ForFamily(world.adults["parent"], world.pupils["zofia"]))
        assert find(token) is not None
    account(app, getattr(world, where), PENDING, Role.SENCO)
    with app.app_context():
        assert find(token) is None


def test_who_keeps_accounts_gets_no_link_to_a_head_who_has_not_come_in_yet(
    client: PageClient, app: Flask, world: World
) -> None:
    account(app, world.school_id, PENDING, Role.HEAD)
    client.sign_in("admin")
    answer = client.send("/school/staff/add", status=422, name="Ruth", email=PENDING, role="teacher")
    assert "Only the SENCO can give or end the role of Headteacher" in answer.text


def test_a_link_made_for_a_lesser_role_does_not_lead_into_a_greater_one(
    client: PageClient, app: Flask, world: World
) -> None:
    member = account(app, world.school_id, PENDING, Role.TEACHER)
    token = new_token(world.school_id)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        invite(PENDING, Role.TEACHER, hash_token(token))
    answer = client.sign_in("senco").send(f"/school/staff/{member}/role", role="safeguarding")
    client.sign_in("head").send(answer.headers["Location"], answer="approve")
    with app.app_context():
        assert find(token) is None


def test_a_form_gone_back_to_and_mended_is_not_answered_with_what_came_of_the_first(
    client: PageClient, app: Flask, world: World
) -> None:
    client.sign_in("senco")
    action, values = client.form("/pupils/new")
    for surname in ("Smyth", "Smyth", "Smith"):
        typed = {"legal_surname": surname, "legal_forename": "Ada", "year_group": "3", "sen_status": "N",
                 "status_source": "hand", "born_on": f"{today().year - 8}-04-03",
                 "status_from": f"{today().year - 1}-09-01"}  # fmt: skip
        answer = client.post(action, data={**values, **typed})
        assert answer.status_code == 303, answer.text
    found = rows(app, world, select(Pupil.legal_surname).where(Pupil.legal_forename == "Ada"))
    assert sorted(row[0] for row in found) == ["Smith", "Smyth"]


def test_a_log_gone_back_to_and_mended_corrects_the_entry_that_was_sent(
    client: PageClient, app: Flask, world: World, scene: dict[str, Any]
) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("ta")
    action, values = client.form(f"/groups/{scene['group_id']}/log")
    values["second"] = "another"
    for state in ("present", "present", "absent", "absent"):
        answer = client.post(action, data={**values, f"presence-{zofia}": state})
        assert answer.status_code == 303, answer.text
    sent = rows(
        app, world,
        select(Presence.present, DeliveredSession.replaces_id)
        .join(DeliveredSession, DeliveredSession.id == Presence.delivered_session_id)
        .where(DeliveredSession.id > scene["session_id"])
        .order_by(DeliveredSession.id),
    )  # fmt: skip
    assert [row.present for row in sent] == [True, False]
    assert [row.replaces_id is None for row in sent] == [True, False]


def test_a_correction_keeps_what_was_written_of_pupils_whom_its_author_cannot_see(
    client: PageClient, app: Flask, world: World, scene: dict[str, Any]
) -> None:
    zofia, poppy = world.pupils["zofia"], world.pupils["poppy"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Poppy was there too"):
        db.session.add(Place(pupil_id=poppy, group_id=scene["group_id"], starts=today() - timedelta(days=30)))
        db.session.add(
            Presence(pupil_id=poppy, delivered_session_id=scene["session_id"], present=True, minutes=30, note="Smiled")
        )
    client.sign_in("ta").send(f"/sessions/{scene['session_id']}/correct", minutes="20")
    found = rows(
        app, world,
        select(Presence.pupil_id, Presence.minutes, Presence.note)
        .join(DeliveredSession, DeliveredSession.id == Presence.delivered_session_id)
        .where(DeliveredSession.replaces_id == scene["session_id"]),
    )  # fmt: skip
    assert {tuple(row) for row in found} == {(zofia, 20, ""), (poppy, 20, "Smiled")}
    assert "Poppy" not in client.text(f"/groups/{scene['group_id']}/sessions")


@pytest.mark.parametrize("title", ["Letter to Mrs Szymańska", "خطاب", "\u202egnp.exe", "a\r\nX-Evil: 1"])
def test_a_paper_comes_down_whatever_letters_its_title_has(
    client: PageClient, app: Flask, world: World, scene: dict[str, Any], title: str
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Titled"):
        paper = db.session.scalars(select(Document).where(Document.id == scene["document_id"])).one()
        paper.title = title
    answer = client.sign_in("senco").get(f"/pupils/{world.pupils['zofia']}/papers/{scene['document_id']}/file")
    assert answer.status_code == 200
    assert "X-Evil" not in answer.headers
    assert_can_be_sent(answer.headers.items())


def test_the_plan_of_a_child_with_a_polish_name_comes_down(client: PageClient, scene: dict[str, Any]) -> None:
    answer = client.sign_in("senco").get(f"/cycles/{scene['cycle_id']}/plan.pdf")
    assert "filename*=UTF-8''plan-" in answer.headers["Content-Disposition"]
    assert_can_be_sent(answer.headers.items())


def assert_can_be_sent(headers: Iterable[tuple[str, str]]) -> None:
    """A server sends headers as Latin-1, and gives up the whole answer when one is not; the tests' client does not."""
    for name, value in headers:
        assert value.isascii(), f"{name} cannot be sent as it is: {value!r}"


def test_text_comes_in_without_the_one_letter_that_a_database_refuses(client: PageClient, world: World) -> None:
    place = f"/pupils/{world.pupils['zofia']}/details"
    client.sign_in("senco").send(place, previous_schools="Swan\0age First")
    assert "Swanage First" in client.get(place).text
    assert client.status("/register", query_string={"name": "Zo\0fia"}) == 200
