"""A copy of the pack for one adult of the family: recorded as given, read behind their own sign-in and no other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.build import build
from graduated.ehcna.queries_files import files_of_build
from graduated.pupils.models import Bar, FamilyLink
from graduated.pupils.services_papers import edit_document
from graduated.rules.vocabulary import BarKind, GivenHow, PackFileKind, Relationship, Visibility
from tests.ehcna.rich import Rich
from tests.ehcna.test_papers_chosen import kept
from tests.ehcna.test_standing import SHARED
from tests.support.client import PageClient
from tests.support.world import World


class Copies:
    """A build with a copy for the mother and one for the father, who live apart."""

    def __init__(self, app: Flask, rich: Rich, world: World) -> None:
        self.father = world.adults["other_parent"]
        with write("Her father, who lives elsewhere"):
            db.session.add(
                FamilyLink(pupil_id=rich.pupil_id, adult_id=self.father, relationship=Relationship.FATHER,
                           parental_responsibility=True, lives_with=False, may_view=True)
            )  # fmt: skip
        self.shared = kept(app, rich, SHARED)
        self.build_id, _pdf, _pages = build(
            rich.pupil_id, rich.request_id, "Hannah Legg", copies=(rich.adult_id, self.father)
        )
        self.of = {one.adult_id: one for one in files_of_build(self.build_id) if one.kind is PackFileKind.FAMILY}
        self.zip = next(one for one in files_of_build(self.build_id) if one.kind is PackFileKind.ZIP)


@pytest.fixture
def copies(app: Flask, rich: Rich, world: World) -> Copies:
    """Both copies, not given yet."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return Copies(app, rich, world)


def give(client: PageClient, file_id: int) -> None:
    """The SENCO records that a copy was handed over."""
    client.sign_in("senco")
    client.send(f"/packs/files/{file_id}/given", how=GivenHow.HANDED.value)


def test_each_parent_finds_their_own_copy_once_it_is_given_and_never_the_others(
    client: PageClient, rich: Rich, copies: Copies
) -> None:
    home = f"/family/children/{rich.pupil_id}"
    client.sign_in("parent")
    assert "Evidence pack of" not in client.text(home)
    give(client, copies.of[rich.adult_id].pack_file_id)
    client.sign_in("parent")
    assert "Evidence pack of" in client.text(home)
    with client.get("/family/given/1") as answer:
        assert answer.status_code == 200
        assert answer.data.startswith(b"%PDF")
    client.sign_in("other_parent")
    assert "Evidence pack of" not in client.text(home)
    assert client.status("/family/given/1") == 404
    give(client, copies.of[copies.father].pack_file_id)
    client.sign_in("other_parent")
    with client.get("/family/given/2") as theirs:
        assert theirs.status_code == 200
        assert theirs.data != answer.data
    assert client.status("/family/given/1") == 404


def test_staff_find_a_given_copy_beside_its_build_and_not_among_the_letters(
    client: PageClient, rich: Rich, copies: Copies
) -> None:
    give(client, copies.of[rich.adult_id].pack_file_id)
    client.sign_in("teacher")
    assert "Evidence pack of" in client.text(f"/pupils/{rich.pupil_id}/family")
    assert client.status("/given/1") == 404
    client.sign_in("senco")
    assert "handed over" in client.text(f"/requests/{rich.request_id}")


def test_a_barred_parent_finds_what_a_stranger_finds(
    client: PageClient, app: Flask, rich: Rich, world: World, copies: Copies
) -> None:
    give(client, copies.of[copies.father].pack_file_id)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Order"):
        link = db.session.scalars(select(FamilyLink).where(FamilyLink.adult_id == copies.father)
                                  .where(FamilyLink.pupil_id == rich.pupil_id)).one()  # fmt: skip
        db.session.add(
            Bar(pupil_id=rich.pupil_id, family_link_id=link.id, kind=BarKind.ORDER, starts=link.recorded_at.date())
        )
    client.sign_in("other_parent")
    assert client.status(f"/family/children/{rich.pupil_id}") == 404
    assert client.status("/family/given/1") == 404
    client.sign_in("senco")
    assert "may not be given" in client.text(f"/packs/files/{copies.of[copies.father].pack_file_id}/given")


def test_a_copy_with_a_paper_closed_since_is_named_and_not_read(
    client: PageClient, app: Flask, rich: Rich, world: World, copies: Copies
) -> None:
    give(client, copies.of[rich.adult_id].pack_file_id)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        edit_document(copies.shared, replace(SHARED, visibility=Visibility.RESTRICTED))
    client.sign_in("parent")
    told = client.text(f"/family/children/{rich.pupil_id}")
    assert "ask the school for a new copy" in told
    assert "restricted" not in told.lower()
    assert client.status("/family/given/1") == 404


def test_only_a_copy_for_the_family_is_given_to_an_adult(client: PageClient, copies: Copies) -> None:
    client.sign_in("senco")
    place = f"/packs/files/{copies.zip.pack_file_id}/given"
    assert "is not a copy for the family" in client.text(place)
    assert client.status(place, "POST", data={"how": "handed"}) in {400, 419, 422}
