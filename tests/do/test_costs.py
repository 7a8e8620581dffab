"""What provision costs: the plan as agreed, the twelve months, and what is kept when rates change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import event, select

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.queries import doses_of_cycle
from graduated.do.queries_costs import cost_of_plan, cost_of_year, costs_of_provisions, costs_of_years, together
from graduated.plan import services as plan
from graduated.plan.models import Provision
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.rules.costing import CostLine
from graduated.rules.vocabulary import AgreementMethod, CycleStatus, Evidencing, NeedArea, ProvisionKind, Role
from graduated.school.models import Rate, RateCard
from tests.review.scene import STARTS, TODAY, log, set_scene
from tests.review.scene import Scene as AgreedScene
from tests.support.world import World

FOUR_PLACES = Decimal("17.2368")


def card(pounds: Decimal, since: date, source: str = "Dorset Council rates", role: Role = Role.SUPPORT) -> int:
    """A rate card with one rate."""
    with write("Rate card added"):
        row = RateCard(source=source, valid_from=since)
        db.session.add(row)
        db.session.flush()
        db.session.add(Rate(rate_card_id=row.id, role=role, label=role.label, pounds_an_hour=pounds))
    return row.id


def sessions(**changes: object) -> ProvisionDetails:
    """An hour a week by a teaching assistant."""
    usual = ProvisionDetails(name="Colourful Semantics", minutes=60, times_a_week=1, staff_role=Role.SUPPORT)
    return replace(usual, **changes)  # type: ignore[arg-type]


def draft(world: World, *provisions: ProvisionDetails, starts: date = STARTS, due: date | None = TODAY) -> int:
    """A draft with provision for one outcome."""
    cycle_id = plan.open_cycle(world.pupils["zofia"], CycleFrame(starts, due, lead_id=world.users["lead"]))
    outcome = plan.add_outcome(cycle_id, OutcomeDetails(NeedArea.COGNITION, "Retells a story in five sentences"))
    for one in provisions:
        plan.add_provision(cycle_id, replace(one, serves=(outcome,)))
    return cycle_id


def agree(world: World, cycle_id: int, on: date = STARTS) -> int:
    """The family agrees the draft."""
    adult = world.adults["parent"]
    plan.agree(cycle_id, AgreementDetails(on, AgreementMethod.MEETING, agreed_ids=(adult,)))
    return cycle_id


@pytest.fixture
def rates(as_system: Actor) -> int:
    return card(FOUR_PLACES, STARTS - timedelta(days=400))


@pytest.mark.parametrize(
    ("group", "pounds", "sum_in_words"),
    [
        (1, "£655.00", "60 minutes a week ÷ 60 × 38 weeks × £17.2368 = £655.00"),
        (4, "£163.75", "60 minutes a week ÷ 60 × 38 weeks × £17.2368 ÷ 4 = £163.75"),
    ],
)
def test_an_hour_a_week_for_a_school_year_alone_and_shared_by_four(
    rates: int, world: World, group: int, pounds: str, sum_in_words: str
) -> None:
    found = cost_of_plan(draft(world, sessions(weeks=38, group_size=group), due=None))
    assert found.agreed.pounds == pounds
    (line,) = found.lines
    assert line.agreed is not None
    assert line.agreed.arithmetic == sum_in_words
    assert found.is_draft
    assert found.planned is None
    assert found.delivered is None


def test_a_draft_without_weeks_goes_by_the_school_weeks_to_its_review(rates: int, world: World) -> None:
    found = cost_of_plan(draft(world, sessions(), due=STARTS + timedelta(days=24)))  # Tuesday to a Friday
    (line,) = found.lines
    assert line.weeks == 4
    assert found.agreed.pounds == "£68.95"
    assert found.words == "£68.95 for 4 school weeks of one plan, not for a year"


def test_a_plan_that_does_not_say_for_how_long_has_no_sum_yet(rates: int, world: World) -> None:
    found = cost_of_plan(draft(world, sessions(), due=None))
    assert found.lines[0].agreed is None
    assert found.agreed.pence == 0
    assert found.weeks is None


def test_one_off_items_and_agency_fees_are_added_once(rates: int, world: World) -> None:
    cycle_id = draft(world, sessions(weeks=10, one_off_pence=123_450, agency_pence=30_000))
    (line,) = cost_of_plan(cycle_id).lines
    assert line.agreed is not None
    assert line.agreed.arithmetic == (
        "60 minutes a week ÷ 60 × 10 weeks × £17.2368 + £1,234.50 one-off + £300.00 agency fee = £1,706.87"
    )


def test_a_price_is_a_cost_where_no_hourly_rate_is_known(rates: int, world: World) -> None:
    visits = sessions(name="Therapist", staff_role=None, agency_pence=42_000)
    found = cost_of_plan(draft(world, visits, sessions(name="Talk", staff_role=None), sessions(staff_role=Role.HEAD)))
    assert found.agreed.pounds == "£420.00"
    assert [one.rpartition(": ")[2] for one in found.not_costed] == [
        "it does not say whose hourly rate counts",
        "the rate card has no rate for headteacher",
    ]


def test_without_a_rate_card_the_reason_is_said(as_system: Actor, world: World) -> None:
    found = cost_of_plan(draft(world, sessions()))
    assert found.not_costed == ("Colourful Semantics, cycle 1: no rate card was in force when it began",)
    assert not found.has_costs


def test_planned_and_delivered_to_date_go_by_the_minutes_that_every_page_shows(rates: int, world: World) -> None:
    scene = with_rates(world)
    log(scene, STARTS, STARTS + timedelta(days=2))
    year = cost_of_year(scene.pupil_id)
    line = next(one for one in year.lines if one.provision_id == scene.precision)
    assert line.delivered is not None
    assert line.delivered.arithmetic == "30 minutes ÷ 60 × £17.2368 = £8.62"
    assert line.planned is not None
    shown = doses_of_cycle(scene.cycle_id)[scene.precision].planned_to_date_minutes
    assert line.planned.arithmetic.startswith(f"{shown} minutes ÷ 60 × £17.2368 = ")
    assert year.beside.endswith("beside £6,000, which is a comparison and not a pass mark")


def with_rates(world: World) -> AgreedScene:
    """The agreed plan of the scene, whose teaching assistants have a rate."""
    scene = set_scene(world)
    with write("Roles said"):
        for row in db.session.scalars(select(Provision)).all():
            row.staff_role = Role.SUPPORT
    return scene


def test_support_that_is_not_logged_has_no_delivered_cost_and_is_named(rates: int, world: World) -> None:
    in_class = sessions(name="Word mat", kind=ProvisionKind.IN_CLASS, evidencing=Evidencing.NONE)
    cycle_id = agree(world, draft(world, in_class))
    found = cost_of_plan(cycle_id)
    assert found.lines[0].delivered is None
    assert found.delivered is None
    assert found.not_logged == ("Word mat, cycle 1",)


def test_what_was_delivered_stands_beside_what_is_logged_alone(rates: int, world: World) -> None:
    quiet = sessions(name="Word mat", kind=ProvisionKind.IN_CLASS, evidencing=Evidencing.NONE)
    agree(world, draft(world, sessions(), quiet))
    year = cost_of_year(world.pupils["zofia"])
    assert year.planned_logged is not None
    assert year.planned_logged.pence * 2 in range(year.planned.pence - 1, year.planned.pence + 2)
    assert year.delivered is not None
    assert year.delivered.pence == 0


def test_the_twelve_months_leave_out_what_was_before_them_and_drafts(rates: int, world: World) -> None:
    cycle_id = agree(world, draft(world, sessions()))
    assert cost_of_year(world.pupils["zofia"], STARTS - timedelta(days=1)).lines == ()
    a_year_on = cost_of_year(world.pupils["zofia"], TODAY + timedelta(days=330))
    assert {one.cycle_id for one in a_year_on.lines} == {cycle_id}
    long_after = cost_of_year(world.pupils["zofia"], TODAY + timedelta(days=400))
    assert long_after.planned.pence == 0
    assert [one.in_period for one in costs_of_provisions([world.pupils["zofia"]])] == [True]


def test_a_plan_of_twelve_weeks_is_not_the_cost_of_the_year(rates: int, world: World) -> None:
    earlier = draft(world, sessions(weeks=10), starts=STARTS - timedelta(days=170), due=STARTS - timedelta(days=70))
    agree(world, earlier, STARTS - timedelta(days=170))
    plan.close_cycle(earlier, CycleStatus.LEFT, STARTS - timedelta(days=60))
    # £2,100 in twelve weeks: 609 minutes a week.
    cycle_id = agree(world, draft(world, sessions(minutes=609, weeks=12), due=TODAY + timedelta(days=21)))
    found, year = cost_of_plan(cycle_id), cost_of_year(world.pupils["zofia"])
    assert found.words == "£2,099.44 for 12 school weeks of one plan, not for a year"
    assert len(year.lines) == 2
    assert year.planned.pence not in (found.agreed.pence, 0)


def test_a_newer_card_changes_nothing_that_was_planned_under_the_old_one(rates: int, world: World) -> None:
    cycle_id = agree(world, draft(world, sessions(weeks=10)))
    before = cost_of_plan(cycle_id)
    newer = card(Decimal("18.5000"), STARTS + timedelta(days=14), "Dorset Council rates, revised")
    after = cost_of_plan(cycle_id)
    assert after.agreed == before.agreed
    assert cost_of_year(world.pupils["zofia"]).planned == cost_of_year(world.pupils["zofia"]).planned
    assert before.newer is None
    assert after.newer is not None
    assert after.newer.card_id == newer


def test_a_stopped_provision_counts_up_to_the_day_it_stopped(rates: int, world: World) -> None:
    scene = with_rates(world)
    stopped = STARTS + timedelta(days=9)
    plan.stop_provision(scene.precision, plan.Because("She reads well now", "Hannah Legg", stopped))
    line = next(one for one in cost_of_plan(scene.cycle_id).lines if one.provision_id == scene.precision)
    assert line.agreed is not None
    assert line.agreed.arithmetic == "60 minutes ÷ 60 × £17.2368 = £17.24"


def test_many_provisions_are_rounded_once(rates: int, world: World) -> None:
    shared = sessions(minutes=1, weeks=1, group_size=12)
    found = cost_of_plan(agree(world, draft(world, *[shared] * 5)))
    assert sum(one.agreed.pence for one in found.lines if one.agreed) == 10
    assert found.agreed.pence == 12
    assert together(found.lines) is not None
    assert together(()) is None
    assert found.lines[0].planned_line == CostLine("", 1, FOUR_PLACES, 12)


def test_thirty_pupils_take_no_more_questions_than_one(rates: int, world: World) -> None:
    agree(world, draft(world, sessions()))

    def asked(pupils: list[int]) -> int:
        counted: list[str] = []
        db.session.expire_all()

        def count(*args: object) -> None:
            counted.append(str(args[2]))

        engine = db.session.get_bind()
        event.listen(engine, "before_cursor_execute", count)
        try:
            costs_of_years(pupils)
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return len(counted)

    asked([world.pupils["zofia"]])
    assert asked([world.pupils["zofia"]]) == asked(list(world.pupils.values())) > 0
