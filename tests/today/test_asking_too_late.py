"""Asking when the list has changed since it was shown: the page says so, and nobody is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting
from graduated.db import hooks
from graduated.db.session import db
from graduated.db.writing import write
from graduated.plan.models import Asked, Cycle
from graduated.rules.vocabulary import CycleStatus
from tests.review.scene import Scene
from tests.support.client import PageClient
from tests.support.world import World

PLACES = ["/reviews/ask", "/cycles/{}/ask"]


def _close(scene: Scene) -> None:
    db.session.scalars(select(Cycle).where(Cycle.id == scene.cycle_id)).one().status = CycleStatus.REVIEWED


@contextmanager
def closed_at_the_last_moment(scene: Scene) -> Iterator[None]:
    """Somebody else closes the cycle after the page has looked and before the act does."""

    def close(_session: Any, _writing: Any) -> None:
        _close(scene)

    hooks.write_opened.append(close)
    try:
        yield
    finally:
        hooks.write_opened.remove(close)


def _nobody_asked(app: Flask, system: Actor) -> bool:
    with app.app_context(), acting(system):
        return db.session.scalars(select(Asked.id)).all() == []


@pytest.mark.parametrize("place", PLACES)
def test_a_cycle_that_was_closed_in_between_is_said_and_nobody_is_asked(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor, place: str
) -> None:
    client.sign_in("senco")
    here = place.format(scene.cycle_id)
    with closed_at_the_last_moment(scene):
        answer = client.send(here, people=[f"{scene.cycle_id}-{world.users['teacher']}"])
    assert answer.status_code == 303
    assert "is not running, so nothing is asked for its review. Nobody was asked." in client.text(answer.location)
    assert _nobody_asked(app, system)


@pytest.mark.parametrize("place", PLACES)
def test_who_is_not_on_the_list_any_more_is_said_in_words(
    app: Flask, client: PageClient, world: World, scene: Scene, system: Actor, place: str
) -> None:
    client.sign_in("senco")
    action, values = client.form(place.format(scene.cycle_id))
    with app.app_context(), acting(system), write("Cycle closed"):
        _close(scene)
    answer = client.post(action, data=values | {"people": [f"{scene.cycle_id}-{world.users['teacher']}"]})
    assert answer.status_code == 422
    assert "Somebody you chose is not on the list any more" in answer.text
    assert _nobody_asked(app, system)
