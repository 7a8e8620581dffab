"""Suspensions in half days, and that there was none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from graduated.rules.suspensions import Suspended, contradicted, days_words, fault

TODAY = date(2026, 11, 20)
ONE = Suspended(date(2026, 10, 7), Decimal("1.5"))
NONE = Suspended(date(2026, 9, 30), Decimal(0))


@pytest.mark.parametrize(
    ("days", "words"),
    [("0", "none"), ("0.5", "half a day"), ("1", "1 day"), ("1.5", "1.5 days"), ("10", "10 days")],
)
def test_days_are_said_in_halves(days: str, words: str) -> None:
    assert days_words(Decimal(days)) == words


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (Suspended(date(2026, 11, 21), Decimal(1)), "on"),
        (Suspended(TODAY, Decimal("1.25")), "days"),
        (Suspended(TODAY, Decimal(-1)), "days"),
        (Suspended(TODAY, Decimal("100.5")), "days"),
        (Suspended(ONE.on, Decimal(2)), "on"),
        (Suspended(NONE.on, Decimal(0)), "on"),
        (Suspended(ONE.on, Decimal(0)), "kind"),
        (Suspended(TODAY, Decimal(0)), "kind"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(entry: Suspended, field: str) -> None:
    found = fault(entry, TODAY, [ONE, NONE])
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(
    "entry",
    [Suspended(TODAY, Decimal("0.5")), Suspended(date(2026, 10, 6), Decimal(0)), Suspended(NONE.on, Decimal(1))],
)
def test_none_may_stand_up_to_the_day_before_a_suspension(entry: Suspended) -> None:
    assert fault(entry, TODAY, [ONE, NONE]) is None


def test_a_suspension_takes_away_every_none_that_reaches_its_day() -> None:
    later = Suspended(TODAY, Decimal(0))
    assert contradicted(Suspended(NONE.on, Decimal(1)), [NONE, later]) == (NONE, later)
    assert contradicted(ONE, [NONE, later]) == (later,)
    assert contradicted(later, [NONE]) == ()
