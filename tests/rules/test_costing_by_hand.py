"""The sums that `docs/costing.md` works by hand are the sums that the program gives."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from graduated.rules.costing import CostLine, a_year_before, annual_cost, cost, of_one_plan, weekly

PAGE = (Path(__file__).parents[2] / "docs" / "costing.md").read_text(encoding="utf-8")


def rows_under(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading of the page, without its own headings."""
    table = re.search(r"(?:^\|.*\n)+", PAGE.partition(f"## {heading}")[2], re.MULTILINE)
    assert table is not None
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.group(0).splitlines()[2:]]


THREE = rows_under("An example by hand")
DURHAM = rows_under("The Durham method")


def line(row: list[str]) -> CostLine:
    """A row of the first example as a line."""
    name, minutes, weeks, pounds, pupils, one_off, _exact = row
    return weekly(name, int(minutes), int(weeks), Decimal(pounds), int(pupils), int(Decimal(one_off) * 100))


def test_the_three_parts_of_the_example_come_to_its_total_rounded_once() -> None:
    together = cost([line(row) for row in THREE])
    assert len(THREE) == 3
    assert f"**{together.pounds}**" in PAGE
    rounded_first = sum(cost([line(row)]).pence for row in THREE)
    assert rounded_first == together.pence + 1
    assert f"it would be £{Decimal(rounded_first) / 100}" in PAGE


@pytest.mark.parametrize("row", THREE, ids=lambda row: row[0])
def test_each_part_is_what_the_page_says(row: list[str]) -> None:
    penny = Decimal(row[-1]).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert cost([line(row)]).pence == penny * 100


@pytest.mark.parametrize("row", DURHAM, ids=lambda row: "-".join(row[:4]))
def test_the_durham_method_gives_the_same_to_the_penny(row: list[str]) -> None:
    minutes, weeks, a_minute, pupils = int(row[0]), int(row[1]), Decimal(row[2]), int(row[3])
    by_durham = (minutes * weeks * a_minute / pupils).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert f"£{by_durham:,}" == row[4]
    assert annual_cost(minutes, weeks, a_minute * 60, pupils).pounds == row[4]


def test_one_plan_says_for_how_long_and_that_it_is_no_year() -> None:
    assert of_one_plan(210_000, 12) == "£2,100.00 for 12 school weeks of one plan, not for a year"
    assert of_one_plan(20_684, 1) == "£206.84 for 1 school week of one plan, not for a year"
    assert of_one_plan(0, None) == "£0.00 for one plan, not for a year"
    assert of_one_plan(210_000, 12) in " ".join(PAGE.split())


def test_the_twelve_months_begin_on_the_same_day_a_year_before() -> None:
    assert a_year_before(date(2026, 11, 24)) == date(2025, 11, 24)
    assert a_year_before(date(2028, 2, 29)) == date(2027, 2, 28)


def test_what_is_only_bought_has_no_minutes_in_its_sum() -> None:
    assert cost([CostLine("Therapist", 0, Decimal(0), agency_pence=42_000)]).arithmetic == (
        "Therapist: £420.00 agency fee = £420.00"
    )
    assert cost([CostLine("", 0, Decimal("17.2368"))]).arithmetic == "0 minutes ÷ 60 × £17.2368 = £0.00"
    assert cost([weekly("", 60, 1, Decimal(20))]).arithmetic == "60 minutes a week ÷ 60 × 1 week × £20.0000 = £20.00"
