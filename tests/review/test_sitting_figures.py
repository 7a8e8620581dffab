"""Each outcome of the sitting stands with its figures and a chart; the page asks no more of the database for many."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.plan import services as plan
from graduated.plan.services import Because, OutcomeDetails
from graduated.review.services import start_review
from graduated.rules.vocabulary import NeedArea
from tests.register.counting import counted
from tests.review.scene import STARTS, TODAY, Scene, errors_measure, measure, set_scene
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def scene(app: Flask, world: World) -> Scene:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return set_scene(world)


@pytest.fixture
def place(app: Flask, world: World, scene: Scene) -> str:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return f"/reviews/{start_review(scene.cycle_id)}"


def test_an_outcome_shows_where_it_began_leads_and_stands_with_a_chart_and_its_table(
    app: Flask, world: World, client: PageClient, place: str, scene: Scene
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        measure(scene, 30, STARTS - timedelta(days=200))  # of an earlier plan
        measure(scene, 9, TODAY - timedelta(days=14))
    text = client.sign_in("senco").text(place)
    assert "Baseline 14" in text and "Target 5" in text and "Latest 9 on" in text
    html = client.get(place).text
    assert html.count('<div class="small-chart">') == 1, "the other outcome is not measured"
    assert "As a table" in text and " style=" not in html
    chart = html.partition('<div class="small-chart">')[2].partition("</details>")[0]
    assert "<svg" in chart and '<th scope="row">' in chart and ">30<" not in chart


def test_an_outcome_that_was_not_measured_since_says_so(client: PageClient, place: str) -> None:
    text = client.sign_in("senco").text(place)
    assert "Latest not measured since" in text and "As a table" not in text


def test_many_outcomes_ask_the_database_no_more_than_one(
    app: Flask, world: World, client: PageClient, place: str, scene: Scene
) -> None:
    client.sign_in("senco")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        measure(scene, 9, TODAY - timedelta(days=14))
    client.get(place)
    with counted(app) as few:
        client.get(place)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for number in range(12):
            details = OutcomeDetails(
                NeedArea.COGNITION,
                f"Reads list {number} with fewer than 5 errors",
                measure_id=errors_measure(),
                baseline=Decimal(14),
                baseline_on=STARTS,
                target=Decimal(5),
                by_when=TODAY,
            )
            plan.take_up_outcome(scene.cycle_id, details, Because("More was read", "Hannah Legg", TODAY))
    with counted(app) as many:
        client.get(place)
    assert client.get(place).text.count('<div class="small-chart">') == 13
    assert len(many) == len(few)
