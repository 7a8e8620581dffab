"""Rate cards: entered to four places, started anew from the last, and never edited once a plan goes by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from flask import Flask

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.rules.vocabulary import RateOwner, Role
from graduated.school.models import RateCard
from graduated.school.queries_rates import RateCardRow, card_in_force, rate_cards
from graduated.school.services_rates import CardDetails, CardRefused, add_rate_card, change_rate_card
from tests.support.client import PageClient
from tests.support.world import World

DETAILS = CardDetails(
    RateOwner.AUTHORITY, "Durham costing rates", date(2026, 4, 1), 38, {Role.SUPPORT: Decimal("17.2368")}
)
TYPED = {
    "whose": "authority",
    "source": "Durham costing rates",
    "valid_from-day": "1",
    "valid_from-month": "4",
    "valid_from-year": "2026",
    "weeks_a_year": "38",
    "role_support": "£17.2368",
}
Cards = Callable[[], tuple[RateCardRow, ...]]


@pytest.fixture
def cards(app: Flask, world: World) -> Cards:
    """The cards of the school, in between two requests."""

    def read() -> tuple[RateCardRow, ...]:
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            return rate_cards()

    return read


def test_a_card_is_entered_with_rates_to_four_places(client: PageClient, cards: Cards) -> None:
    client.sign_in("senco")
    assert "No rates are entered yet" in client.text("/school/rates")
    client.send("/school/rates/new", **TYPED, role_teacher="43.5")
    (card,) = cards()
    assert card.rate_for(Role.SUPPORT) is not None
    assert {one.role: one.pounds_an_hour for one in card.rates} == {
        Role.SUPPORT: Decimal("17.2368"),
        Role.TEACHER: Decimal("43.5"),
    }
    text = client.text("/school/rates")
    for words in ("From 1 April 2026", "in force", "Durham costing rates", "£17.2368", "£43.5000", "£655.00"):
        assert words in text, words


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"role_support": "17.23681"}, "at most 4 decimal places"),
        ({"role_support": "0"}, "must be 0.01 or more"),
        ({"role_support": ""}, "Enter the hourly rate of at least one role"),
        ({"role_support": "17,24"}, "use a full stop"),
        ({"weeks_a_year": "60"}, "from 1 to 52"),
        ({"source": ""}, "where the rates come from"),
        ({"source": "  "}, "where the rates come from"),
    ],
)
def test_what_is_no_card_is_refused_with_the_reason(
    client: PageClient, cards: Cards, changed: dict[str, str], sentence: str
) -> None:
    client.sign_in("admin")
    assert sentence in client.send("/school/rates/new", status=422, **{**TYPED, **changed}).text
    assert cards() == ()


def test_a_new_version_starts_from_the_last_and_needs_a_day_of_its_own(client: PageClient, cards: Cards) -> None:
    client.sign_in("senco")
    client.send("/school/rates/new", **TYPED)
    _action, values = client.form("/school/rates/new")
    assert (values["role_support"], values["source"]) == ("17.2368", "Durham costing rates")
    assert values["valid_from-year"] == ""
    assert "Another card begins on that day" in client.send("/school/rates/new", status=422, **TYPED).text
    client.send("/school/rates/new", **{**TYPED, "valid_from-year": "2027", "role_support": "17.75"})
    older, newer = cards()
    assert (older.rates[0].pounds_an_hour, newer.rates[0].pounds_an_hour) == (Decimal("17.2368"), Decimal("17.75"))
    assert card_in_force(cards(), date(2027, 3, 31)) == older
    assert card_in_force(cards(), date(2027, 4, 1)) == newer
    assert card_in_force(cards(), date(2026, 3, 31)) is None


def test_a_card_is_corrected_until_a_plan_goes_by_it(
    client: PageClient, app: Flask, world: World, cards: Cards
) -> None:
    client.sign_in("senco")
    client.send("/school/rates/new", **TYPED)
    page = f"/school/rates/{cards()[0].card_id}"
    client.send(page, role_support="17.30", weeks_a_year="39")
    assert cards()[0].rates[0].pounds_an_hour == Decimal("17.3")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Used"):
        db.session.query(RateCard).one().used = True
    assert "it stays as it is" in client.text(page)
    assert "never changed" in client.text("/school/rates")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), pytest.raises(CardRefused):
        change_rate_card(cards()[0].card_id, DETAILS, None)
    assert cards()[0].weeks_a_year == 39


def test_two_who_correct_a_card_see_each_others_words(client: PageClient, app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        card_id = add_rate_card(DETAILS)
    client.sign_in("senco")
    page = f"/school/rates/{card_id}"
    client.form(page)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        change_rate_card(card_id, replace(DETAILS, source="Revised in May"), 1)
        with pytest.raises(Clash):
            change_rate_card(card_id, DETAILS, 1)
    answer = client.send(page, status=409, version="1", source="Revised in June")
    assert "Revised in May" in answer.text
    assert "Revised in June" in answer.text


def test_a_change_of_one_rate_alone_is_a_new_version_of_the_card(as_system: Actor) -> None:
    card_id = add_rate_card(DETAILS)
    change_rate_card(card_id, replace(DETAILS, rates={Role.SUPPORT: Decimal("18.00")}), 1)
    with pytest.raises(Clash):
        change_rate_card(card_id, DETAILS, 1)
    assert rate_cards()[0].rates[0].pounds_an_hour == Decimal("18")


@pytest.mark.parametrize("version", ["²", "٣", "9" * 5000, "-1", "newest"])
def test_a_version_that_cannot_be_read_saves_over_nobody(
    client: PageClient, app: Flask, world: World, version: str
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        card_id = add_rate_card(DETAILS)
    client.sign_in("senco")
    client.send(f"/school/rates/{card_id}", status=409, version=version, source="Mine")


def test_the_head_reads_rates_and_changes_none(client: PageClient) -> None:
    client.sign_in("head")
    assert "Start a new version" not in client.text("/school/rates")
    assert client.status("/school/rates/new") == 403
    assert "Rate cards" in client.text("/school")
