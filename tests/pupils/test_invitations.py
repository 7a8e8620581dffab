"""The right adult of the right child: invitations by link, by e-mail and on paper, checked at both ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held, now, today
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import Invitation
from graduated.pupils import queries, services
from graduated.pupils.models import FamilyLink
from graduated.pupils.queries_ways import ways_in
from graduated.pupils.services_family import NoLook, NotYet, Offer
from graduated.rules.family_ways import Way
from graduated.rules.vocabulary import BarKind, Relationship
from tests.support.client import PageClient
from tests.support.databases import is_of_a_page
from tests.support.world import World, email_of

PASSWORD = "willow-harbour-kestrel"


@pytest.fixture
def system(app: Flask, world: World) -> Iterator[None]:
    """The school, acting for itself."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        yield


def born(child: str, wrong: int = 0) -> dict[str, Any]:
    """A child's date of birth as the three boxes hold it, or some days off."""
    years, month, day = {"ivy": (8, 6, 30), "zofia": (10, 10, 4), "reuben": (7, 2, 11), "idris": (17, 3, 14)}[child]
    found = date(today().year - years, month, day) + timedelta(days=wrong)
    return {"born_on-day": str(found.day), "born_on-month": str(found.month), "born_on-year": str(found.year)}


def dawn(client: PageClient, app: Flask, world: World, **more: Any) -> int:
    """Ivy's mother, who has no sign-in; her link."""
    ivy = world.pupils["ivy"]
    client.sign_in("senco")
    client.send(f"/pupils/{ivy}/family/add", surname="Guppy", forename="Dawn", relationship="mother", may_view="y",
                **more)  # fmt: skip
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return next(one.family_link_id for one in queries.adults_of(ivy) if one.forename == "Dawn")


def offered(client: PageClient, world: World, link: int, *, child: str = "ivy", **typed: Any) -> str:
    """The page that shows what was made."""
    place = f"/pupils/{world.pupils[child]}/family/{link}/invite"
    return client.send(place, status=200, **{"email": "dawn@example.org", **born(child), **typed}).text


def address(shown: str) -> str:
    """The link on a page."""
    found = re.search(r"http://localhost(/invitation/[\w.\-]+)", shown)
    assert found is not None
    return found[1]


def visitor_of(app: Flask) -> PageClient:
    """A browser of nobody."""
    visitor = app.test_client()
    assert isinstance(visitor, PageClient)
    return visitor


def test_an_adult_comes_in_by_the_link_once_they_know_the_child(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    place = address(offered(client, world, link))
    visitor = visitor_of(app)
    before = visitor.get(place).text
    assert "Ivy" not in before and "Guppy" not in before and "Dawn" not in before
    visitor.send(place, name="Dawn Guppy", new_password=PASSWORD, **born("ivy"))
    assert "Ivy" in visitor.text("/family")
    assert visitor_of(app).status(place) == 404


def test_the_senco_types_the_childs_date_of_birth_and_a_wrong_one_makes_no_link(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world)
    place = f"/pupils/{world.pupils['ivy']}/family/{link}/invite"
    answer = client.send(place, status=422, email="dawn@example.org", **born("ivy", wrong=1))
    assert "not the date of birth of this pupil" in answer.text
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert db.session.scalars(select(Invitation.id)).all() == []


def test_a_link_at_a_wrong_address_opens_nothing_and_is_dead_after_three_tries(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world)
    place = address(offered(client, world, link))
    wrong = visitor_of(app)
    for days in (1, 2):
        answer = wrong.send(place, status=422, name="Mallory", new_password=PASSWORD, **born("ivy", wrong=days))
        assert "not the date of birth that the school has" in answer.text and "Ivy" not in answer.text
        assert "Enter your password again" in answer.text, "the field comes back empty, and nobody should wonder why"
    last = wrong.send(place, status=404, name="Mallory", new_password=PASSWORD, **born("ivy", wrong=3))
    assert "This link does not work" in last.text
    assert wrong.status(place) == 404
    words = client.text("/today")
    assert "the invitation of Dawn Guppy is dead, after three wrong dates of birth" in words
    assert "wrong date of birth" in client.text("/families")
    offered(client, world, link)
    assert "three wrong dates" not in client.text("/today")


def test_a_wrong_date_counts_whatever_else_is_wrong_and_a_right_one_does_not(
    app: Flask, client: PageClient, world: World
) -> None:
    place = address(offered(client, world, dawn(client, app, world)))
    visitor = visitor_of(app)
    for _time in range(4):
        visitor.send(place, status=422, name="Dawn Guppy", new_password="short", **born("ivy"))
    for days in (1, 2):
        visitor.send(place, status=422, name="", new_password="", **born("ivy", wrong=days))
    assert visitor.send(place, status=404, name="", new_password="", **born("ivy", wrong=9)).status_code == 404


def test_a_letter_on_paper_has_a_code_and_a_name_to_sign_in_with(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    shown = offered(client, world, link, how="paper", email="")
    code = re.search(r"<code>([\w-]+)</code>", shown)
    name = re.search(r"dawn\.guppy\.\d{4}", shown)
    assert code is not None and name is not None
    letter = shown.split('aria-label="The letter"')[1].split("</section>")[0]
    assert "Ivy" not in letter
    visitor = visitor_of(app)
    assert "does not work" in visitor.send("/invitation", status=422, code="1-AAAA-BBBB-CCCC-DDDD").text
    place = visitor.send("/invitation", code=code[1].lower().replace("-", " ")).headers["Location"]
    visitor.send(place, name="Dawn Guppy", new_password=PASSWORD, **born("ivy"))
    assert "Ivy" in visitor.text("/family")
    later = visitor_of(app)
    later.send("/sign-in", email=name[0], password=PASSWORD)
    assert "Ivy" in later.text("/family")


def test_an_email_is_written_that_names_no_child(app: Flask, client: PageClient, world: World) -> None:
    link = dawn(client, app, world)
    app.config["SETTINGS"] = _with_post(app.config["SETTINGS"])
    place = f"/pupils/{world.pupils['ivy']}/family/{link}/invite"
    client.send(place, status=422, how="mail", email="", **born("ivy"))
    client.send(place, how="mail", email="dawn@example.org", **born("ivy"))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        (post,) = db.session.scalars(select(Post)).all()
        assert post.recipient == "dawn@example.org" and post.forget_when_sent
        assert "Ivy" not in post.body + post.subject and "/invitation/" in post.body


def _with_post(settings: Any) -> Any:
    from dataclasses import replace

    return replace(settings, smtp_url="smtp://localhost:2525")


def test_two_adults_of_one_child_never_sign_in_as_one(app: Flask, client: PageClient, world: World) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("senco")
    client.send(
        f"/pupils/{zofia}/family/add", surname="Nowak", forename="Jan", relationship="step-parent", may_view="y"
    )
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        jan = next(one.family_link_id for one in queries.adults_of(zofia) if one.forename == "Jan")
    place = f"/pupils/{zofia}/family/{jan}/invite"
    answer = client.send(place, status=422, email=email_of("parent"), **born("zofia"))
    assert "Another adult of this child signs in with that address" in answer.text


def test_one_parent_with_two_children_known_twice_signs_in_once(app: Flask, client: PageClient, world: World) -> None:
    place = address(offered(client, world, dawn(client, app, world), email=email_of("other_parent")))
    visitor = visitor_of(app)
    visitor.send(place, status=422, password="not the right one at all", **born("ivy"))
    from tests.support.world import PASSWORD as KNOWN

    visitor.send(place, password=KNOWN, **born("ivy"))
    words = visitor.text("/family")
    assert "Ivy" in words and "Reuben" in words


def test_two_schools_invite_one_parent_and_each_link_opens_only_its_own_child(
    app: Flask, client: PageClient, world: World
) -> None:
    place = address(offered(client, world, dawn(client, app, world), email="both@example.org"))
    with app.app_context(), acting(system_actor(world.other_school_id, "Tests")):
        from graduated.people.invitations import new_token
        from graduated.people.sign_in import hash_token

        adult = services.add_adult(services.AdultDetails("Guppy", "Dawn"))
        how = services.LinkDetails(Relationship.MOTHER, True, True, may_view=True)
        other = services.link_adult(world.pupils["elsewhere"], adult, how)
        token = new_token(world.other_school_id)
        services.invite_adult(other, Offer("both@example.org"), hash_token(token))
    visitor = visitor_of(app)
    visitor.send(place, name="Dawn Guppy", new_password=PASSWORD, **born("ivy"))
    assert "Canary" not in visitor.text("/family")
    second = {"born_on-day": "3", "born_on-month": "3", "born_on-year": "2016"}
    other_browser = visitor_of(app)
    other_browser.send(f"/invitation/{token}", password=PASSWORD, **second)
    assert "Ivy" not in other_browser.text("/family")


def test_a_known_adult_is_linked_only_to_the_right_child(app: Flask, client: PageClient, world: World) -> None:
    client.sign_in("senco")
    place = f"/pupils/{world.pupils['ivy']}/family/link?name=trev"
    typed = {"adult_id": str(world.adults["other_parent"]), "relationship": "step-parent", "may_view": "y"}
    answer = client.send(place, status=422, **typed, **born("zofia"))
    assert "not the date of birth of this pupil" in answer.text
    client.send(place, **typed, **born("ivy"))


def test_no_way_in_is_made_for_who_is_barred_or_for_a_young_person_before_the_day(system: None, world: World) -> None:
    barred = db.session.scalars(select(FamilyLink.id).where(FamilyLink.adult_id == world.adults["barred_parent"])).one()
    with pytest.raises(NoLook):
        services.invite_adult(barred, Offer("marek@example.org"), "0" * 64)
    herself = services.add_and_link(
        world.pupils["zofia"],
        services.AdultDetails("Szymańska", "Zofia"),
        services.LinkDetails(Relationship.SELF, False, True, may_view=True),
    )
    with pytest.raises(NotYet):
        services.invite_adult(herself, Offer("zofia@example.org"), "0" * 64)


def test_a_bar_that_begins_after_the_invitation_kills_it_on_its_first_day(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world)
    place = address(offered(client, world, link))
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        first = today() + timedelta(days=2)
        services.bar(link, services.NewBar(BarKind.HOLD, first, first + timedelta(days=20), "A risk"))
    assert visitor_of(app).status(place) == 200
    with held(now() + timedelta(days=2)):
        assert visitor_of(app).status(place) == 404


def test_the_list_says_who_is_in_who_is_invited_until_when_and_who_is_barred(
    app: Flask, client: PageClient, world: World
) -> None:
    link = dawn(client, app, world)
    offered(client, world, link)
    mother = visitor_of(app)
    mother.sign_in("parent")
    mother.text("/family")
    words = client.text("/families")
    for said in ("Dawn Guppy", "Invited", "until", "Anna Szymańska", "Has a sign-in", "Barred"):
        assert said in words, said
    thin = client.text("/families?way=barred")
    assert "Marek" in thin and "Dawn" not in thin
    assert "Dawn" in client.text("/families?name=GUP") and "Marek" not in client.text("/families?name=GUP")
    place = address(offered(client, world, link))
    client.send("/families", 0)
    assert visitor_of(app).status(place) == 404
    assert "Invitation withdrawn" in client.text("/families?name=gup")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        seen = {one.adult_name: one for one in ways_in()}
        assert seen["Anna Szymańska"].last_seen is not None and seen["Kelly Trevett"].last_seen is None
        assert seen["Marek Szymański"].way is Way.BARRED


def test_an_invitation_that_ran_out_says_so(app: Flask, client: PageClient, world: World) -> None:
    offered(client, world, dawn(client, app, world))
    with held(now() + timedelta(days=8)), app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert next(one for one in ways_in() if one.adult_name == "Dawn Guppy").way is Way.EXPIRED


@pytest.mark.parametrize("families", [1, 30])
def test_thirty_families_take_no_more_queries_than_one(app: Flask, system: None, world: World, families: int) -> None:
    with write("Families"):
        for number in range(families):
            services.add_and_link(
                world.pupils["jude"],
                services.AdultDetails("Samways", f"Adult {number}"),
                services.LinkDetails(Relationship.OTHER, False, False),
            )
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    assert len(ways_in()) >= families
    asked = [one for one in asked if is_of_a_page(one)]
    assert len([one for one in asked if one.lstrip().upper().startswith("SELECT")]) == 4
