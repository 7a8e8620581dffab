"""The clock stands on a Tuesday in November, in the middle of a cycle; and the plan that is reviewed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import held
from tests.review.scene import NOW, Scene, set_scene
from tests.support.world import World


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day, half past three."""
    with held(NOW):
        yield


@pytest.fixture
def system(app: Flask, world: World) -> Actor:
    """The system in the first school, for a test that acts as it for a part only."""
    return system_actor(world.school_id, "Tests")


@pytest.fixture
def scene(app: Flask, system: Actor, world: World) -> Scene:
    """Zofia's agreed plan, whose review is due today; her lead teacher leads it. Nobody acts afterwards."""
    with app.app_context(), acting(system):
        return set_scene(world)
