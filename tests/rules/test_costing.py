"""Cost: the published examples to the penny, rounded once."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.costing import Cost, CostLine, annual_cost, beside_comparison, cost, in_pounds, weekly

RATE = Decimal("17.2368")


@pytest.mark.parametrize(
    ("minutes", "weeks", "group", "one_off", "agency", "pence"),
    [
        (60, 38, 1, 0, 0, 65_500),
        (60, 38, 4, 0, 0, 16_375),
        (60, 38, 0, 0, 0, 65_500),  # a group is never empty
        (60, 12, 1, 0, 0, 20_684),  # part of a year
        (0, 38, 1, 1250, 30_000, 31_250),
        (60, 38, 4, 1250, 0, 17_625),
    ],
)
def test_the_formula_to_the_penny(minutes: int, weeks: int, group: int, one_off: int, agency: int, pence: int) -> None:
    assert annual_cost(minutes, weeks, RATE, group, one_off, agency).pence == pence


def test_a_sum_of_many_says_each_summand_apart() -> None:
    lines = [weekly("Reading", 60, 1, Decimal(20)), weekly("Talk", 30, 1, Decimal(20), 5)]
    assert cost(lines).steps == (
        "Reading: 60 minutes a week ÷ 60 × 1 week × £20.0000",
        "Talk: 30 minutes a week ÷ 60 × 1 week × £20.0000 ÷ 5",
    )


def test_the_arithmetic_is_said() -> None:
    assert annual_cost(60, 38, RATE, 4) == Cost(16_375, "60 minutes a week ÷ 60 × 38 weeks × £17.2368 ÷ 4 = £163.75")
    lines = [
        weekly("Precision reading", 60, 12, RATE),
        CostLine("Talk group", 390, RATE, 6, one_off_pence=999, agency_pence=12_000),
    ]
    assert cost(lines).arithmetic == (
        "Precision reading: 60 minutes a week ÷ 60 × 12 weeks × £17.2368 + "
        "Talk group: 390 minutes ÷ 60 × £17.2368 ÷ 6 + £9.99 one-off + £120.00 agency fee = £355.50"
    )
    assert cost(lines).pounds == "£355.50"


def test_nothing_costs_nothing() -> None:
    assert cost([]) == Cost(0, "Nothing to cost.")


def test_rounding_comes_once_at_the_end() -> None:
    third = CostLine("", 20, Decimal("0.01"))  # a third of a penny
    assert cost([third]).pence == 0
    assert cost([third, third]).pence == 1


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "£0.00"), (131_000, "£1,310.00"), (5, "£0.05"), (-250, "-£2.50"), (600_000, "£6,000.00")]
)
def test_pence_are_written_as_pounds(pence: int, said: str) -> None:
    assert in_pounds(pence) == said


def test_six_thousand_is_a_comparison_and_not_a_pass_mark() -> None:
    assert beside_comparison(131_000) == "£1,310.00 beside £6,000, which is a comparison and not a pass mark"


@given(st.integers(0, 600), st.integers(0, 39), st.integers(1, 12))
def test_a_whole_group_costs_what_one_alone_would(minutes: int, weeks: int, group: int) -> None:
    alone = annual_cost(minutes, weeks, RATE).pence
    together = cost([weekly("", minutes, weeks, RATE, group)] * group).pence
    assert together == alone
