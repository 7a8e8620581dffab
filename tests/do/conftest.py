"""The clock stands on a Tuesday in November, in the middle of a cycle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Place
from tests.do.devices import School
from tests.review.scene import NOW, STARTS, set_scene
from tests.support.world import World


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day, half past three."""
    with held(NOW):
        yield


@pytest.fixture
def school(app: Flask, world: World) -> Iterator[School]:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        scene = set_scene(world)
        with write("A second pupil"):
            db.session.add(Place(pupil_id=world.pupils["idris"], group_id=scene.group_id, starts=STARTS))
    yield School(app, world, scene)
