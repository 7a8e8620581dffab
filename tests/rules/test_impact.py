"""What pupils gained while an intervention ran, and how few of them say anything."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from graduated.rules.impact import Impact, Moved, Ran, Way, ends_of, few_words, impact, moved
from graduated.rules.progress import AgeTest, Value
from graduated.rules.vocabulary import Censor, Direction, MeasureKind

AGE, RAW, STANDARD, SCALE = MeasureKind.AGE, MeasureKind.RAW, MeasureKind.STANDARD, MeasureKind.SCALE
UP, DOWN = Direction.UP, Direction.DOWN
START = date(2026, 1, 6)
RAN = Ran(START, None, 11)


def sat(number: int, weeks: int, kind: MeasureKind, censor: Censor | None = None) -> AgeTest:
    return AgeTest(START + timedelta(weeks=weeks), Value(Decimal(number), censor), "Salford", kind)


@pytest.mark.parametrize(
    ("kind", "direction", "error", "first", "last", "way", "figure"),
    [
        (RAW, DOWN, None, 22, 16, Way.BETTER, 6),
        (RAW, DOWN, None, 16, 22, Way.WORSE, -6),
        (RAW, UP, None, 5, 5, Way.SAME, 0),
        (STANDARD, UP, Decimal(11), 88, 88, Way.SAME, 0),
        (STANDARD, UP, Decimal(11), 80, 90, Way.SAME, 10),
        (STANDARD, UP, Decimal(11), 80, 92, Way.BETTER, 12),
        (SCALE, UP, None, 3, 5, Way.BETTER, None),
    ],
)
def test_a_pupils_change_counts_towards_better_and_only_beyond_the_error(
    kind: MeasureKind, direction: Direction, error: Decimal | None, first: int, last: int, way: Way, figure: int | None
) -> None:
    answer = moved(1, direction, error, sat(first, 0, kind), sat(last, 13, kind), RAN)
    assert answer == Moved(1, way, None if figure is None else Decimal(figure))


def test_an_age_gives_a_ratio_with_its_months() -> None:
    answer = moved(1, UP, None, sat(84, 0, AGE), sat(93, 13, AGE), RAN)
    assert (answer.way, answer.figure, answer.months_gained) == (Way.BETTER, Decimal("3.0"), 9)
    assert answer.months_between == Decimal("3.0")


@pytest.mark.parametrize(
    ("direction", "first", "last", "reason"),
    [
        (Direction.NONE, sat(3, 0, SCALE), sat(4, 13, SCALE), "does not rank"),
        (UP, sat(60, 0, AGE, Censor.BELOW), sat(70, 13, AGE), "off the end"),
        (UP, sat(60, 0, RAW), sat(70, 13, RAW, Censor.ABOVE), "off the end"),
        (UP, sat(84, 0, AGE), sat(86, 5, AGE), "5 weeks apart"),
    ],
)
def test_where_nothing_can_be_said_the_reason_is(
    direction: Direction, first: AgeTest, last: AgeTest, reason: str
) -> None:
    answer = moved(1, direction, None, first, last, RAN)
    assert answer.way is Way.UNKNOWN and reason in answer.reason


def gains(*figures: str, way: Way = Way.BETTER) -> list[Moved]:
    return [Moved(number, way, Decimal(one)) for number, one in enumerate(figures)]


@pytest.mark.parametrize(
    ("figures", "spread"),
    [
        (("2",), "+2"),
        (("2", "2"), "+2 · +2 · +2"),
        (("7", "-1", "3"), "-1 · +3 · +7"),
        (("1", "4", "2", "9"), "+1 · +3 · +9"),
        (("0", "1"), "0 · +0.5 · +1"),
        ((), ""),
    ],
)
def test_the_spread_is_lowest_middle_and_highest(figures: tuple[str, ...], spread: str) -> None:
    assert impact(RAW, gains(*figures)).spread == spread


def test_two_pupils_give_a_warning_and_five_give_none() -> None:
    assert impact(RAW, gains("1", "2")).warning == "2 pupils only: too few to tell the intervention from chance."
    assert impact(RAW, gains("1")).warning.startswith("1 pupil only")
    assert impact(RAW, gains("1", "2", "3", "4", "5")).warning == ""
    assert few_words(0) == ""


def test_few_is_said_of_none_at_all_too() -> None:
    nobody = impact(RAW, [])
    assert nobody.is_few and nobody.words == "Nothing can be said." and nobody.spread == ""


def test_words_count_the_ways_and_for_ages_the_months() -> None:
    ages = [
        Moved(1, Way.BETTER, Decimal("3.0"), 9, Decimal("3.0")),
        Moved(2, Way.WORSE, Decimal("-0.3"), -1, Decimal("3.5")),
        Moved(3, Way.UNKNOWN, reason="The tests are 5 weeks apart."),
    ]
    found = impact(AGE, ages)
    assert found.words == "1 better, 0 much the same, 1 worse. Together 8 months gained in 6.5 pupil months."
    assert found.spread == "-0.3 · 1.4 · 3.0" and found.unit == "ratio gain"
    assert found.left_out == (("The tests are 5 weeks apart.", 1),)


@pytest.mark.parametrize(
    ("kind", "known", "unit", "words"),
    [
        (STANDARD, False, "points of standardised score", "0 up, 1 unchanged, 0 down."),
        (
            STANDARD,
            True,
            "points of standardised score",
            "0 gained on others of their age, 1 kept pace, 0 fell behind.",
        ),
        (RAW, True, "points towards better", "0 better, 1 much the same, 0 worse."),
    ],
)
def test_a_standardised_score_that_stays_has_kept_pace(kind: MeasureKind, known: bool, unit: str, words: str) -> None:
    found: Impact = impact(kind, gains("0", way=Way.SAME), error_known=known)
    assert found.unit == unit and found.words == words


@pytest.mark.parametrize(
    ("days", "ends", "to", "places"),
    [
        ((-60, -7, 10, 70), None, 100, (2, 3)),
        ((-60, 70), None, 100, (0, 1)),
        ((20, 70), None, 100, (0, 1)),
        ((0, 70, 90), 60, 100, (0, 1)),
        ((0, 70, 89), 60, 100, (0, 1)),
        ((0, 70, 88), 60, 100, (0, 2)),
        ((0, 70), None, 60, None),
        ((0, 0), None, 60, None),
        ((5,), None, 100, None),
        ((), None, 100, None),
    ],
)
def test_a_gain_goes_from_the_figure_at_the_start_to_the_last_of_its_time(
    days: tuple[int, ...], ends: int | None, to: int, places: tuple[int, int] | None
) -> None:
    def day(number: int) -> date:
        return START + timedelta(days=number)

    assert ends_of([day(one) for one in days], START, None if ends is None else day(ends), day(to)) == places
