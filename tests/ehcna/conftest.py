"""The rich pupil, for tests in and out of the browser."""

from __future__ import annotations

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from tests.ehcna.rich import Rich, build_rich
from tests.support.world import World


@pytest.fixture
def rich(app: Flask, world: World) -> Rich:
    """A pupil with something in every field."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return build_rich(world)
