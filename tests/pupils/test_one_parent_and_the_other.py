"""One parent's contact details and words are not the other's, on any page or file of the family's side."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.access.policy import Hat
from graduated.assess.models import View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.sign_in import enter, hash_token
from graduated.pupils.models import Adult, FamilyLink
from graduated.rules.vocabulary import Relationship, ViewMethod, ViewOf
from tests.access import scene
from tests.pupils.test_bars import _family_paths
from tests.support.client import PageClient
from tests.support.world import World

CANARIES = ("canary.mother@example.org", "01929 555 999", "7 Canary Lane", "Words of hers alone", "Klingon")


@pytest.fixture
def paths(app: Flask, world: World) -> list[str]:
    """Every family page about Zofia, whose mother and a second parent live apart; the mother's details are canaries."""
    values = scene.make(app, world)
    zofia = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Apart"):
        mother = db.session.scalars(select(Adult).where(Adult.id == world.adults["parent"])).one()
        mother.email, mother.phone, mother.address = CANARIES[0], CANARIES[1], CANARIES[2]
        mother.interpreter = CANARIES[4]
        link = FamilyLink(pupil_id=zofia, adult_id=world.adults["other_parent"], relationship=Relationship.FATHER,
                          parental_responsibility=True, lives_with=False, may_view=True)  # fmt: skip
        db.session.add(link)
        for shared, text in ((False, CANARIES[3]), (True, "Words of hers for both")):
            db.session.add(
                View(pupil_id=zofia, whose=ViewOf.PARENT, adult_id=mother.id, method=ViewMethod.CONVERSATION, text=text,
                     given_on=today(), shared_with_family=shared)
            )  # fmt: skip
    return ["/family", *_family_paths(app, values)]


def test_no_family_page_shows_one_parents_details_or_words_to_the_other(client: PageClient, paths: list[str]) -> None:
    client.sign_in("other_parent")
    seen = 0
    for path in paths:
        for headers in ({}, {"HX-Request": "true"}):
            answer = client.get(path, headers=headers, follow_redirects=True)
            seen += answer.status_code == 200
            assert [one for one in CANARIES if one.encode() in answer.data] == [], path
    assert seen >= 8


def test_the_filter_itself_gives_one_parent_nothing_of_the_others_record(
    app: Flask, client: PageClient, world: World, paths: list[str]
) -> None:
    user = world.users["other_parent"]
    with app.test_request_context():
        door = next(door for door in entry.doors(user) if door.hat is Hat.FAMILY)
        entered = enter(user, door, address="127.0.0.1", device="tests")
        actor = entry.identify(entered.session_id, hash_token(entered.token), timedelta(hours=12))
        assert actor is not None
        with acting(actor):
            emails = db.session.scalars(select(Adult.email)).all()
            words = db.session.scalars(select(View.text).where(View.whose == ViewOf.PARENT)).all()
    assert CANARIES[0] not in emails and len(emails) == 1
    assert words == ["Words of hers for both"]
