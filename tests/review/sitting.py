"""The sitting from outside: what is saved of it, and what stands in the page that asks."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from graduated.access.identity import acting, system_actor
from graduated.review.queries import review_of
from graduated.review.rows import ReviewRecord
from tests.support.client import form_values, inspect_page
from tests.support.world import World


def record(app: Flask, world: World, place: str) -> ReviewRecord:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return review_of(int(place.rpartition("/")[2]))


def shown(answer: TestResponse) -> dict[str, Any]:
    """What stands in the page that asks."""
    forms = [one for one in inspect_page(answer).iter() if one.get("data-autosave")]
    return form_values(forms[0])
