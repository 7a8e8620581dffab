"""Which rates a plan goes by, whose hour counts, and what is paid for once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.queries_costs import PlanCost, cost_of_plan
from graduated.plan import services
from graduated.plan.models import Provision, RateChange
from graduated.plan.queries import plan_of
from graduated.plan.services import (
    AgreementDetails,
    Because,
    Carried,
    CycleFrame,
    OutcomeDetails,
    PlanRefused,
    ProvisionDetails,
)
from graduated.plan.services_rates import use_newer_rates
from graduated.rules.vocabulary import AgreementMethod, NeedArea, ProvisionVerdict, RateOwner, Role
from graduated.school.models import RateCard
from graduated.school.queries_rates import rate_cards
from graduated.school.services_rates import CardDetails, add_rate_card
from tests.plan.conftest import Ask
from tests.plan.scene import open_draft
from tests.support.client import PageClient
from tests.support.world import World


def card(pounds: str, since: date, source: str = "Dorset Council rates") -> int:
    """A rate card for teaching assistants and teachers."""
    rates = {Role.SUPPORT: Decimal(pounds), Role.TEACHER: Decimal("43.5000")}
    return add_rate_card(CardDetails(RateOwner.AUTHORITY, source, since, 38, rates))


def running(world: World, **changes: object) -> int:
    """A plan agreed ten days ago with an hour a week, and things bought for it."""
    cycle = open_draft(world)
    outcome = services.add_outcome(cycle, OutcomeDetails(NeedArea.COGNITION, "Reads aloud"))
    usual: dict[str, object] = {
        "name": "Precision reading", "minutes": 60, "times_a_week": 1, "weeks": 10, "staff_role": Role.SUPPORT,
        "one_off_pence": 5_000, "agency_pence": 12_000, "serves": (outcome,),
    }  # fmt: skip
    services.add_provision(cycle, ProvisionDetails(**{**usual, **changes}))  # type: ignore[arg-type]
    agreed_on = today() - timedelta(days=10)
    services.agree(cycle, AgreementDetails(agreed_on, AgreementMethod.MEETING, (world.adults["parent"],)))
    return cycle


def bought(cost: PlanCost) -> list[tuple[int, int]]:
    """One-off items and agency fees of each provision of a plan."""
    lines = [one.agreed_line for one in cost.lines if one.agreed_line is not None]
    return [(one.one_off_pence, one.agency_pence) for one in lines]


@pytest.fixture
def rates(as_system: Actor) -> int:
    return card("17.2368", today() - timedelta(days=400))


def test_the_card_of_the_day_of_agreement_is_used_and_closed(rates: int, world: World) -> None:
    assert not rate_cards()[0].used
    cycle = running(world)
    assert rate_cards()[0].used
    assert cost_of_plan(cycle).cards[0].card_id == rates


def test_a_changed_dose_does_not_buy_the_same_things_again(rates: int, world: World) -> None:
    cycle = running(world)
    (provision,) = plan_of(cycle).provisions
    because = Because("More is needed", "Hannah Legg", today() - timedelta(days=3))
    services.amend_dose(provision.provision_id, 30, 2, 10, 1, because)
    assert bought(cost_of_plan(cycle)) == [(5_000, 12_000), (0, 0)]


def test_what_is_bought_once_is_not_carried_into_the_next_plan(rates: int, world: World) -> None:
    cycle = running(world)
    (provision,) = plan_of(cycle).provisions
    said = {provision.provision_id: Carried(ProvisionVerdict.CONTINUE)}
    following = services.carry_over(cycle, [], said, CycleFrame(today()))
    (copied,) = plan_of(following).provisions
    assert (copied.one_off_pence, copied.agency_pence) == (0, 12_000)
    assert copied.rate_card_id is None


def test_provision_that_joins_an_agreed_plan_goes_by_the_card_of_its_day(rates: int, world: World) -> None:
    cycle = running(world)
    newer = card("18.0000", today() - timedelta(days=2))
    details = ProvisionDetails("Talk group", minutes=30, times_a_week=1, staff_role=Role.SUPPORT)
    services.take_up_provision(cycle, details, Because("Asked for", "Hannah Legg", today()))
    assert [one.rate_card_id for one in plan_of(cycle).provisions] == [rates, newer]


def test_newer_rates_are_used_only_when_somebody_says_so_and_that_is_kept(rates: int, world: World) -> None:
    cycle = running(world)
    before = cost_of_plan(cycle)
    newer = card("18.5000", today() - timedelta(days=2), "Pay award")
    assert cost_of_plan(cycle).agreed == before.agreed
    assert cost_of_plan(cycle).newer is not None
    use_newer_rates(cycle, "The governors decided so for all running plans")
    after = cost_of_plan(cycle)
    assert before.agreed.pounds == "£342.37"  # 10 × £17.2368 + £50 + £120
    assert after.agreed.pounds == "£355.00"
    assert after.newer is None
    (kept,) = db.session.scalars(select(RateChange)).all()
    assert (kept.from_card_id, kept.to_card_id, kept.on) == (rates, newer, today())
    assert kept.why.startswith("The governors")
    assert all(one.used for one in rate_cards())


@pytest.mark.parametrize(
    ("prepare", "sentence"),
    [
        (running, "newest rates already"),
        (open_draft, "agreed and runs"),
    ],
)
def test_newer_rates_need_a_running_plan_and_a_newer_card(
    rates: int, world: World, prepare: Callable[[World], int], sentence: str
) -> None:
    cycle = prepare(world)
    with pytest.raises(PlanRefused, match=sentence):
        use_newer_rates(cycle, "Because")


def test_without_a_reason_nothing_changes(rates: int, world: World) -> None:
    cycle = running(world)
    card("18.5000", today() - timedelta(days=2))
    with pytest.raises(PlanRefused, match="Say why"):
        use_newer_rates(cycle, " ")
    assert db.session.scalars(select(Provision.rate_card_id)).all() == [rates]


def test_the_page_shows_both_rates_and_asks_why(client: PageClient, world: World, ask: Ask) -> None:
    ask(card, "17.2368", today() - timedelta(days=400))
    cycle = ask(running, world)
    ask(card, "18.5000", today() - timedelta(days=2), "Pay award")
    client.sign_in("senco")
    page = f"/cycles/{cycle}/newer-rates"
    text = client.text(page)
    assert "£17.2368" in text
    assert "£18.5000" in text
    assert "also for the weeks that are over" in text
    assert "Say why" in client.send(page, status=422).text
    client.send(page, why="Pay award of April")
    assert [one.agreed.pounds for one in [ask(cost_of_plan, cycle)]] == ["£355.00"]
    client.sign_in("head")
    assert client.status(page) == 403


@pytest.mark.parametrize(
    ("typed", "role"),
    [
        ({"staff": "ta"}, Role.SUPPORT),
        ({"staff": "lead"}, Role.TEACHER),
        ({"staff": "lead", "costed_as": "support"}, Role.SUPPORT),
        ({}, None),
    ],
)
def test_whose_hour_counts_is_who_gives_it_unless_said(
    client: PageClient, world: World, ask: Ask, typed: dict[str, str], role: Role | None
) -> None:
    cycle = ask(open_draft, world)
    client.sign_in("senco")
    staff_id = str(world.users[typed["staff"]]) if "staff" in typed else ""
    page = f"/cycles/{cycle}/provision/new"
    client.send(
        page, name="Talk", minutes="20", times_a_week="2", staff_id=staff_id, costed_as=typed.get("costed_as", ""),
        one_off="£1,234.50", agency="300",
    )  # fmt: skip
    (row,) = ask(plan_of, cycle).provisions
    assert row.staff_role is role
    assert (row.one_off_pence, row.agency_pence) == (123_450, 30_000)
    _action, values = client.form(f"/provisions/{row.provision_id}/edit")
    assert values.get("costed_as", "") == typed.get("costed_as", "")
    assert values["one_off"] == "1,234.50"


def test_only_a_card_that_a_plan_uses_is_closed(rates: int, world: World) -> None:
    card("18.5000", today() + timedelta(days=30))
    running(world)
    assert [row.used for row in db.session.scalars(select(RateCard).order_by(RateCard.id))] == [True, False]
