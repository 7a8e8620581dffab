"""The file store holds the copies that were given and no others: what was refused or sent twice leaves none."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import FamilyLink
from graduated.review.models import PaperGiven
from graduated.rules.vocabulary import NextStep
from tests.review.scene import NOW, measure, sealed, set_scene
from tests.support.client import PageClient
from tests.support.world import World


def unnamed(app: Flask, world: World, home: Path) -> set[str]:
    """Files of the store that no paper given names."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        named = set(db.session.scalars(select(PaperGiven.sha256)))
    return {one.name for one in (home / "files").rglob("*") if one.is_file()} - named


@pytest.mark.parametrize("page", ["letter", "given"])
def test_a_form_sent_twice_keeps_one_copy_and_a_refused_one_none(
    app: Flask, client: PageClient, world: World, home: Path, page: str
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        measure(scene, 8)
        review_id = sealed(scene, NextStep.COME_OFF)
    client.sign_in("senco")
    before, place = unnamed(app, world, home), f"/reviews/{review_id}/{page}"
    action, values = client.form(place)
    values |= {"adults": [str(world.adults["parent"])], "how": "handed"}
    assert client.post(action, data=values).status_code == 303
    with held(NOW + timedelta(minutes=1)):
        assert client.post(action, data=values).status_code == 303
    assert unnamed(app, world, home) == before
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(db.session.scalars(select(PaperGiven.id)).all()) == 1
        with write("Withheld"):
            mother = select(FamilyLink).where(FamilyLink.adult_id == world.adults["parent"])
            db.session.scalars(mother).one().contact_withheld = True
    with held(NOW + timedelta(minutes=2)):
        refused = client.send(place, status=422, adults=[str(world.adults["parent"])], how="posted")
    assert "Hand it over, and record that." in refused.text
    assert unnamed(app, world, home) == before
