"""Costs on pages: who reads them, that each opens to its sum, and that one plan is never taken for a year."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.plan import services as plan
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.rules.vocabulary import AgreementMethod, CycleStatus, NeedArea, RateOwner, Role
from graduated.school.services_rates import CardDetails, add_rate_card
from tests.register.counting import counted
from tests.register.story import tell
from tests.support.client import PageClient
from tests.support.world import World

WHO_READS = ("senco", "assistant", "head")
WHO_DOES_NOT = ("lead", "teacher", "ta", "safeguarding")


def card(world: World) -> int:
    """A rate card in force for long."""
    rates = {Role.SUPPORT: Decimal("17.2368"), Role.TEACHER: Decimal("43.5")}
    return add_rate_card(
        CardDetails(RateOwner.AUTHORITY, "Dorset Council rates", today() - timedelta(days=900), 38, rates)
    )


def agreed(world: World, starts: int, **changes: object) -> int:
    """A plan that began so many days ago, agreed that day, with an hour a week by a teaching assistant."""
    first = today() - timedelta(days=starts)
    cycle = plan.open_cycle(world.pupils["zofia"], CycleFrame(first, first + timedelta(days=84), world.users["lead"]))
    outcome = plan.add_outcome(cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    usual = {"name": "Precision reading", "minutes": 60, "times_a_week": 1, "weeks": 12, "staff_role": Role.SUPPORT}
    plan.add_provision(cycle, ProvisionDetails(**{**usual, "serves": (outcome,), **changes}))  # type: ignore[arg-type]
    plan.agree(cycle, AgreementDetails(first, AgreementMethod.MEETING, (world.adults["parent"],)))
    return cycle


@pytest.fixture
def two_plans(app: Flask, world: World) -> int:
    """A plan of twelve weeks that is over, and one of £2,100 for twelve weeks; gives the second."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        card(world)
        earlier = agreed(world, 300)
        plan.close_cycle(earlier, CycleStatus.LEFT, today() - timedelta(days=216))
        return agreed(world, 40, agency_pence=189_316)


def test_a_plan_of_2100_pounds_for_twelve_weeks_does_not_look_like_the_cost_of_the_year(
    client: PageClient, world: World, two_plans: int
) -> None:
    client.sign_in("senco")
    text = client.text(f"/pupils/{world.pupils['zofia']}/costs")
    assert "£2,100.00 for 12 school weeks of one plan, not for a year." in text
    year, _, current = text.partition("What this plan costs")
    assert "Twelve months to" in year and "across cycles" in year and "£6,000" in year
    assert "£2,100.00" not in year
    assert "£6,000" not in current
    assert "is a comparison and not a pass mark" in year


def test_every_figure_opens_to_its_sum_in_words(client: PageClient, world: World, two_plans: int) -> None:
    client.sign_in("senco")
    page = client.get(f"/cycles/{two_plans}").text
    assert "60 minutes a week ÷ 60 × 12 weeks × £17.2368 + £1,893.16 agency fee = £2,100.00" in page
    opened = re.findall(r'<details class="sum"><summary class="num">(£[0-9,.]+)', page)
    assert len(opened) == 6
    sums = re.findall(r'<p class="small num">(.*?)</p></details>', page)
    assert all(words.endswith(f"= {pounds}") for pounds, words in zip(opened, sums, strict=True))
    assert "Rates: Dorset Council rates, from" in client.text(f"/cycles/{two_plans}")


@pytest.mark.parametrize("who", WHO_READS)
def test_those_who_read_the_provision_map_read_costs(
    client: PageClient, world: World, two_plans: int, who: str
) -> None:
    client.sign_in(who)
    assert "What this plan costs" in client.text(f"/cycles/{two_plans}")
    assert "What the provision costs" in client.text(f"/pupils/{world.pupils['zofia']}")


@pytest.mark.parametrize("who", WHO_DOES_NOT)
def test_nobody_else_meets_a_price_or_a_rate(client: PageClient, world: World, two_plans: int, who: str) -> None:
    client.sign_in(who)
    zofia = f"/pupils/{world.pupils['zofia']}"
    for page in (f"/cycles/{two_plans}", zofia):
        text = client.text(page)
        assert "£" not in text and "Cost" not in text, page
    assert client.status(f"{zofia}/costs") == 404


def test_a_parent_reads_the_plan_without_its_price(client: PageClient, world: World, two_plans: int) -> None:
    client.sign_in("parent")
    assert "£" not in client.text(f"/family/children/{world.pupils['zofia']}")
    assert client.status(f"/pupils/{world.pupils['zofia']}/costs") == 404


def test_the_overview_asks_for_costs_after_it_is_shown(client: PageClient, world: World, two_plans: int) -> None:
    client.sign_in("head")
    page = f"/pupils/{world.pupils['zofia']}/costs"
    assert f'hx-get="{page}" hx-trigger="load"' in client.get(f"/pupils/{world.pupils['zofia']}").text
    part = client.get(page, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Planned" in part and "£6,000 a year is a comparison and not a pass mark" in part
    assert "£2,100.00 for 12 school weeks of one plan, not for a year" in part


@pytest.mark.parametrize(
    ("asked", "day"), [("2999-01-01", ""), ("yesterday", ""), ("1999-01-01", ""), ("2020-08-31", "31 August 2020")]
)
def test_the_twelve_months_end_on_any_day_that_was(
    client: PageClient, world: World, two_plans: int, asked: str, day: str
) -> None:
    client.sign_in("senco")
    text = client.text(f"/pupils/{world.pupils['zofia']}/costs?to={asked}")
    now = today()
    assert f"Twelve months to {day or f'{now.day} {now:%B %Y}'}" in text.replace("in the twelve", "Twelve")


def test_a_plan_on_older_rates_says_so_and_offers_the_newer_to_the_senco_alone(
    client: PageClient, app: Flask, world: World, two_plans: int
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        rates = {Role.SUPPORT: Decimal("18.1000")}
        add_rate_card(CardDetails(RateOwner.SCHOOL, "Pay award", today() - timedelta(days=3), 38, rates))
    client.sign_in("head")
    assert "This plan stays on its own." in client.text(f"/cycles/{two_plans}")
    client.sign_in("senco")
    assert "£2,100.00" in client.text(f"/cycles/{two_plans}")
    client.send(f"/cycles/{two_plans}/newer-rates", why="Agreed by governors")
    text = client.text(f"/cycles/{two_plans}")
    assert "£2,110.36" in text
    assert "Hannah Legg: put on newer rates, from Dorset Council rates" in text
    assert "Agreed by governors" in text


def test_without_any_rate_the_page_says_what_is_missing(client: PageClient, app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        agreed(world, 40)
    client.sign_in("senco")
    text = client.text(f"/pupils/{world.pupils['zofia']}/costs")
    assert "Nothing in the twelve months" in text
    assert "Precision reading, cycle 1: no rate card was in force when it began" in text


def test_the_cost_page_asks_no_more_for_a_long_story(app: Flask, client: PageClient, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        card(world)
        tell(world.pupils["zofia"], world.users["lead"], closed=1, sessions=2)
        tell(world.pupils["ivy"], world.users["lead"], closed=9, sessions=60)
    client.sign_in("senco")
    client.page(f"/pupils/{world.pupils['zofia']}/costs")
    with counted(app) as short:
        client.get(f"/pupils/{world.pupils['zofia']}/costs")
    with counted(app) as long:
        client.get(f"/pupils/{world.pupils['ivy']}/costs")
    assert len(short) == len(long) <= 32, "\n\n".join(long)
