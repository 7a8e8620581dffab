"""What the tests of plans share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from tests.support.world import World

Ask = Callable[..., Any]


@pytest.fixture
def ask(app: Flask, world: World) -> Ask:
    """Read or write something as the system, in between two requests."""

    def call(act: Callable[..., Any], *arguments: Any) -> Any:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            return act(*arguments)

    return call
