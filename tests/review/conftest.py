"""The clock stands on a Tuesday in November, in the middle of a cycle; and the plan that is reviewed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from graduated.access.identity import Actor
from graduated.db.clock import held
from tests.review.scene import NOW, Scene, set_scene
from tests.support.world import World


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    """A school day, half past three."""
    with held(NOW):
        yield


@pytest.fixture
def scene(as_system: Actor, world: World) -> Scene:
    """An agreed plan, acted on as the system."""
    return set_scene(world)
