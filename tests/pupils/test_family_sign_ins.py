"""What the Family tab says of ways in, the letter in the adult's own language, and a forgotten password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import local, now, today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.invitations import OpensMore
from graduated.people.models import Membership
from graduated.pupils import services
from graduated.pupils.models import FamilyLink
from graduated.pupils.services_family import Offer
from graduated.rules.vocabulary import BarKind, Role
from graduated.web.filters import long_date
from tests.pupils.test_invitations import PASSWORD, address, born, dawn, offered, visitor_of
from tests.support.client import PageClient
from tests.support.world import World


def link_of(app: Flask, world: World, who: str) -> int:
    """The family link of an adult of Zofia's family."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        found = select(FamilyLink.id).where(
            FamilyLink.adult_id == world.adults[who], FamilyLink.pupil_id == world.pupils["zofia"]
        )
        return db.session.scalars(found).one()


def test_the_answer_does_not_stand_beside_the_question(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    for place in (f"family/{link}/invite", "family/link?name=trev"):
        words = client.text(f"/pupils/{world.pupils['ivy']}/{place}")
        assert "Date of birth of the pupil" in words and "Born" not in words


def test_the_family_tab_says_that_somebody_is_invited_and_until_when(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world)
    tab = f"/pupils/{world.pupils['ivy']}/family"
    assert "Give a sign-in" in client.text(tab)
    offered(client, world, link, how="paper", email="")
    words = client.text(tab)
    until = local(now() + timedelta(days=7)).date()
    assert f"Invited until {long_date(until)}" in words and ", on paper." in words
    assert "Invite again" in words and "has no sign-in" not in words


def test_nobody_who_is_barred_is_offered_a_sign_in(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        services.bar(link, services.NewBar(BarKind.HOLD, today(), today() + timedelta(days=20), "A risk"))
    assert "sign-in to Dawn" not in client.text(f"/pupils/{world.pupils['ivy']}/family")


def test_the_newest_reason_of_a_hold_stands_first(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        bar = services.bar(link, services.NewBar(BarKind.HOLD, today(), today() + timedelta(days=20), "First reason"))
        services.renew_hold(bar, today() + timedelta(days=30), "Second reason")
        services.renew_hold(bar, today() + timedelta(days=40), "Third reason")
    words = client.text(f"/pupils/{world.pupils['ivy']}/family")
    assert words.index("Third reason") < words.index("First reason")
    told = words.partition("and what became of them")[2]
    assert told.index("Third reason") < told.index("Second reason")


def test_the_letter_stands_in_english_and_in_the_adults_own_language_with_its_last_day(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world, language="Polish")
    shown = offered(client, world, link, how="paper", email="")
    letter = shown.split('aria-label="The letter"')[1].split("</section>")[0]
    assert 'lang="pl"' in letter and "Wpisz datę urodzenia dziecka" in letter and "Enter this code" in letter
    last = local(now() + timedelta(days=7)).date()
    assert letter.count(str(last.year)) == 2 and f"until {long_date(last)}" in letter
    assert "seven days" not in letter and "Ivy" not in letter


@pytest.mark.parametrize("language", ["", "English", "Urdu"])
def test_the_letter_stands_once_where_the_program_has_no_other_language(
    app: Flask, client: PageClient, world: World, language: str
) -> None:
    shown = offered(client, world, dawn(client, app, world, language=language), how="paper", email="")
    assert shown.count("Enter this code") == 1 and "Wpisz" not in shown


def test_the_page_of_the_code_and_of_the_link_are_whole_in_polish(app: Flask, client: PageClient, world: World) -> None:
    place = address(offered(client, world, dawn(client, app, world)))
    visitor = visitor_of(app)
    assert "Data urodzenia dziecka" in visitor.text(f"{place}?lang=pl") and "Dzień" in visitor.text(place)
    wrong = visitor.send(place, status=422, name="Dawn Guppy", new_password=PASSWORD, **born("ivy", wrong=1)).text
    assert "Szkoła ma inną datę urodzenia" in wrong and "That is not" not in wrong
    assert "Kod z listu" in visitor.text("/invitation")
    assert "Ten kod nie działa" in visitor.send("/invitation", status=422, code="1-AAAA-BBBB-CCCC-DDDD").text


def test_a_parent_who_forgot_the_password_sets_a_new_one_by_a_link(
    app: Flask, client: PageClient, world: World
) -> None:
    mother = visitor_of(app)
    mother.sign_in("parent")
    link = link_of(app, world, "parent")
    client.sign_in("senco")
    assert "Forgotten password" in client.text(f"/pupils/{world.pupils['zofia']}/family")
    place = f"/pupils/{world.pupils['zofia']}/family/{link}/invite"
    assert "not the date of birth" in client.send(place, status=422, **born("zofia", wrong=1)).text
    assert mother.status("/family") in (200, 303) and "Zofia" in mother.text("/family")
    made = address(client.send(place, status=200, **born("zofia")).text)
    assert "A link for a new password is good until" in client.text(f"/pupils/{world.pupils['zofia']}/family")
    assert "/sign-in" in mother.get("/family").headers.get("Location", "")
    visitor = visitor_of(app)
    visitor.send(made, status=422, name="Anna", new_password=PASSWORD, **born("zofia", wrong=2))
    visitor.send(made, name="Anna Szymańska", new_password=PASSWORD, **born("zofia"))
    assert "Zofia" in visitor.text("/family")


def test_no_school_takes_the_password_of_who_comes_in_another_way_too(app: Flask, world: World) -> None:
    link = link_of(app, world, "parent")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        with write("She teaches here as well"):
            db.session.add(
                Membership(school_id=world.school_id, user_id=world.users["parent"], role=Role.TEACHER, starts=today())
            )
        with pytest.raises(OpensMore):
            services.renew_sign_in(link, Offer("anna@example.org"), "0" * 64)


def linked_further(client: PageClient, world: World) -> None:
    """The SENCO links Reuben's father, who signs in, to Ivy."""
    client.sign_in("senco")
    place = f"/pupils/{world.pupils['ivy']}/family/link?name=trev"
    typed = {"adult_id": str(world.adults["other_parent"]), "relationship": "step-parent", "may_view": "y"}
    client.send(place, **typed, **born("ivy"))


def test_a_further_child_is_shown_only_after_the_parent_said_when_it_was_born(
    app: Flask, client: PageClient, world: World
) -> None:
    linked_further(client, world)
    assert "Has yet to confirm the child" in client.text(f"/pupils/{world.pupils['ivy']}/family")
    father = visitor_of(app).sign_in("other_parent")
    assert "another child" in father.text("/family") and "Ivy" not in father.text("/family")
    assert father.status(f"/family/children/{world.pupils['ivy']}") == 404
    wrong = father.send("/family/another-child", status=422, **born("ivy", wrong=1)).text
    assert "not the date of birth that the school has" in wrong and "Ivy" not in wrong and "Tries left: 2" in wrong
    father.send("/family/another-child", **born("ivy"))
    assert "Ivy" in father.text("/family")
    assert father.status(f"/family/children/{world.pupils['ivy']}") == 200
    assert "another child" not in father.text("/family")
    assert father.status("/family/another-child") == 303


def test_three_wrong_dates_of_a_further_child_close_it(app: Flask, client: PageClient, world: World) -> None:
    linked_further(client, world)
    father = visitor_of(app).sign_in("other_parent")
    for days in (1, 2):
        father.send("/family/another-child", status=422, **born("ivy", wrong=days))
    father.send("/family/another-child", **born("ivy", wrong=3))
    assert "wrong three times" in father.text("/family")
    assert father.status("/family/another-child") == 303
    assert father.status(f"/family/children/{world.pupils['ivy']}") == 404
