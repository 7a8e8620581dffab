"""Progress, ratio gain, standardised scores and figures as people type them."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.progress import (
    AgeTest,
    NoRatioGain,
    NotAValue,
    Progress,
    ProgressState,
    RatioGain,
    Value,
    format_age,
    format_value,
    parse_age,
    parse_value,
    progress,
    ratio_gain,
    standard_score_words,
    when_over,
)
from graduated.rules.vocabulary import Censor, Direction, MeasureKind

UP, DOWN, NONE = Direction.UP, Direction.DOWN, Direction.NONE
COUNT, STANDARD, AGE = MeasureKind.COUNT, MeasureKind.STANDARD, MeasureKind.AGE
PERCENTILE, SCALE, RAW = MeasureKind.PERCENTILE, MeasureKind.SCALE, MeasureKind.RAW


def v(number: float | str, censor: Censor | None = None) -> Value:
    return Value(Decimal(str(number)), censor)


@pytest.mark.parametrize(
    ("direction", "baseline", "target", "current", "percent", "state"),
    [
        (DOWN, 14, 5, 8, 67, ProgressState.ON_COURSE),  # errors in 100 words
        (UP, 0, 3, 1, 33, ProgressState.LITTLE),
        (UP, 10, 20, 20, 100, ProgressState.MET),
        (UP, 10, 20, 25, 150, ProgressState.MET),
        (DOWN, 14, 5, 14, 0, ProgressState.NO_CHANGE),
        (DOWN, 14, 5, 17, -33, ProgressState.AWAY),
        (UP, 0, 1000, 999, 99, ProgressState.ON_COURSE),  # never 100 before the target
        (UP, 0, 8, 1, 13, ProgressState.LITTLE),  # 12.5, half up
    ],
)
def test_progress_works_in_both_directions(
    direction: Direction, baseline: int, target: int, current: int, percent: int, state: ProgressState
) -> None:
    answer = progress(COUNT, direction, v(baseline), v(target), v(current))
    assert (answer.percent, answer.state, answer.reason_if_no_percent) == (percent, state, None)
    assert answer.words == f"From {baseline} to {current}, aim {target}"


@pytest.mark.parametrize(
    ("kind", "direction", "baseline", "target", "current", "error", "state", "says"),
    [
        (COUNT, UP, None, v(3), v(1), None, ProgressState.UNKNOWN, "no baseline"),
        (COUNT, UP, v(0), v(3), None, None, ProgressState.UNKNOWN, "no later figure"),
        (COUNT, UP, v(0), None, v(1), None, ProgressState.UNKNOWN, "no target"),
        (COUNT, UP, v(3), v(3), v(4), None, ProgressState.UNKNOWN, "“maintain”"),
        (COUNT, NONE, v(0), v(3), v(1), None, ProgressState.UNKNOWN, "not a ladder"),
        (COUNT, UP, v(3), v(0), v(1), None, ProgressState.UNKNOWN, "higher is better"),
        (COUNT, DOWN, v(0), v(3), v(1), None, ProgressState.UNKNOWN, "lower is better"),
        (STANDARD, UP, v(80), v(90), v(84), Decimal(5), ProgressState.WITHIN_ERROR, "within the test's error (5)"),
        (STANDARD, UP, v(80), v(90), v(85), Decimal(5), ProgressState.WITHIN_ERROR, "may be chance"),
        (PERCENTILE, UP, v(12), v(30), v(20), None, ProgressState.TOWARDS, "unequal size"),
        (SCALE, UP, v(1), v(4), v(4), None, ProgressState.MET, "rating scale has steps"),
        (SCALE, DOWN, v(4), v(1), v(4), None, ProgressState.NO_CHANGE, "unequal"),
        (SCALE, DOWN, v(4), v(1), v(5), None, ProgressState.AWAY, "unequal"),
        (SCALE, DOWN, v(4), v(3), v(5), None, ProgressState.AWAY, "unequal"),
        (AGE, UP, v(60, Censor.BELOW), v(72), v(66), None, ProgressState.UNKNOWN, "off the end"),
        (AGE, UP, v(60), v(72, Censor.ABOVE), v(66), None, ProgressState.UNKNOWN, "off the end"),
        (AGE, UP, v(60), v(72), v(66, Censor.ABOVE), None, ProgressState.UNKNOWN, "off the end"),
    ],
)
def test_where_a_percentage_would_mislead_the_reason_stands_in_its_place(
    kind: MeasureKind,
    direction: Direction,
    baseline: Value | None,
    target: Value | None,
    current: Value | None,
    error: Decimal | None,
    state: ProgressState,
    says: str,
) -> None:
    answer = progress(kind, direction, baseline, target, current, error)
    assert (answer.fraction, answer.percent, answer.state) == (None, None, state)
    assert says in (answer.reason_if_no_percent or "")
    assert answer.words


def test_beyond_the_error_a_percentage_is_shown() -> None:
    assert progress(STANDARD, UP, v(80), v(90), v(86), Decimal(5)).percent == 60


def test_words_write_ages_as_years_and_months() -> None:
    assert progress(AGE, UP, v(99), v(111), v(105)).words == "From 8:03 to 8:09, aim 9:03"


@pytest.mark.parametrize(
    ("direction", "baseline", "current", "state"),
    [
        (UP, v(10), v(9), ProgressState.KEPT),
        (UP, v(10), v(7), ProgressState.NOT_KEPT),
        (UP, v(10), v(15), ProgressState.KEPT),
        (DOWN, v(10), v(5), ProgressState.KEPT),
        (DOWN, v(10), v(15), ProgressState.NOT_KEPT),
        (NONE, v(10), v(15), ProgressState.NOT_KEPT),
        (UP, v(10, Censor.BELOW), v(10), ProgressState.UNKNOWN),
        (UP, v(10), v(10, Censor.ABOVE), ProgressState.UNKNOWN),
    ],
)
def test_maintain_is_within_tolerance_or_not(
    direction: Direction, baseline: Value, current: Value, state: ProgressState
) -> None:
    answer = progress(RAW, direction, baseline, None, current, maintain_tolerance=Decimal(2))
    assert (answer.state, answer.percent) == (state, None)
    assert answer.reason_if_no_percent


@given(st.integers(-50, 50), st.integers(-50, 50), st.integers(-50, 50))
def test_turning_the_scale_round_changes_nothing(baseline: int, target: int, current: int) -> None:
    there = progress(RAW, UP, v(baseline), v(target), v(current))
    back = progress(RAW, DOWN, v(-baseline), v(-target), v(-current))
    assert (there.fraction, there.state) == (back.fraction, back.state)


def test_percent_of_nothing_is_nothing() -> None:
    assert Progress(None, "", ProgressState.UNKNOWN, "why").percent is None


EARLIER = AgeTest(date(2026, 9, 14), v(80), "YARC passage reading")
LATER = AgeTest(date(2027, 1, 14), v(86), "YARC passage reading")


def test_ratio_gain_is_months_gained_for_months_between_with_the_months_themselves() -> None:
    answer = ratio_gain(EARLIER, LATER, 14, date(2026, 9, 21), None)
    assert answer == RatioGain(
        Decimal("1.5"),
        6,
        Decimal("4.0"),
        "Ratio gain 1.5: 6 months in 4 months. 1.0 is the average pupil's pace.",
    )


def test_a_loss_is_said_as_a_loss() -> None:
    answer = ratio_gain(EARLIER, AgeTest(LATER.on, v(79), EARLIER.test), 14, date(2026, 9, 1), date(2026, 12, 18))
    assert isinstance(answer, RatioGain)
    assert (answer.months_gained, answer.ratio) == (-1, Decimal("-0.2"))
    assert answer.words.startswith("Ratio gain -0.2: -1 month in 4 months")


def test_nine_months_in_three_reads_three_with_the_months_themselves() -> None:
    earlier = AgeTest(date(2026, 9, 8), v(84), "Salford")
    answer = ratio_gain(earlier, AgeTest(date(2026, 12, 8), v(93), "Salford"), 12, date(2026, 9, 8), None)
    assert isinstance(answer, RatioGain)
    assert answer.ratio == Decimal("3.0")
    assert "Ratio gain 3.0: 9 months in 3 months" in answer.words


def test_two_tests_five_weeks_apart_give_no_ratio_and_say_why() -> None:
    answer = ratio_gain(EARLIER, AgeTest(EARLIER.on + timedelta(weeks=5), v(89), EARLIER.test), 5, EARLIER.on, None)
    assert answer == NoRatioGain("The tests are 5 weeks apart; 8 weeks is the least that says anything.")


@pytest.mark.parametrize(
    ("earlier", "later", "weeks", "starts", "ends", "says"),
    [
        (AgeTest(EARLIER.on, v(80), "x", STANDARD), LATER, 14, date(2026, 9, 1), None, "age equivalents only"),
        (EARLIER, AgeTest(LATER.on, v(86), "x", STANDARD), 14, date(2026, 9, 1), None, "age equivalents only"),
        (EARLIER, AgeTest(LATER.on, v(86), "Salford"), 14, date(2026, 9, 1), None, "different tests"),
        (AgeTest(EARLIER.on, v(60, Censor.BELOW), EARLIER.test), LATER, 14, date(2026, 9, 1), None, "off the end"),
        (EARLIER, AgeTest(date(2026, 11, 8), v(86), EARLIER.test), 8, date(2026, 9, 1), None, "55 days apart"),
        (LATER, EARLIER, 8, date(2026, 9, 1), None, "0 days apart"),
        (EARLIER, LATER, 5, date(2026, 9, 1), None, "Only 5 school weeks"),
        (EARLIER, LATER, 14, date(2026, 12, 10), None, "less than 6 weeks"),
        (EARLIER, LATER, 14, date(2026, 9, 1), date(2026, 10, 25), "less than 6 weeks"),
    ],
)
def test_a_ratio_that_would_mislead_is_refused_with_its_reason(
    earlier: AgeTest, later: AgeTest, weeks: int, starts: date, ends: date | None, says: str
) -> None:
    answer = ratio_gain(earlier, later, weeks, starts, ends)
    assert isinstance(answer, NoRatioGain)
    assert says in answer.reason


@pytest.mark.parametrize(
    ("earlier", "later", "error", "words"),
    [
        (v(84), v(84), None, "Unchanged: kept pace with others of the same age."),
        (v(84), v(86), None, "Up 2 points. The test's error is not recorded, so this may be chance."),
        (v(84), v(83), Decimal(5), "Down 1 point, within error (5): kept pace with others of the same age."),
        (v(74), v(86), Decimal("5.50"), "Up 12 points, beyond error (5.5): gained on others of the same age."),
        (v(90), v(80), Decimal(5), "Down 10 points, beyond error (5): fell behind others of the same age."),
        (v(69, Censor.BELOW), v(75), None, "A score is off the end of the scale, so no change can be worked out."),
        (v(75), v(69, Censor.BELOW), None, "A score is off the end of the scale, so no change can be worked out."),
    ],
)
def test_a_level_standardised_score_has_kept_pace(
    earlier: Value, later: Value, error: Decimal | None, words: str
) -> None:
    assert standard_score_words(earlier, later, error) == words


@pytest.mark.parametrize(("text", "months"), [("8:03", 99), (" 8:3 ", 99), ("0:00", 0), ("15:11", 191)])
def test_ages_are_years_and_months(text: str, months: int) -> None:
    assert parse_age(text) == months


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("8.3", "8.3 could be a decimal or years and months"),
        ("8", "“8” is not an age"),
        ("", "is not an age"),
        ("8:12", "has 12 months"),
        ("eight", "Write years:months"),
    ],
)
def test_what_is_not_an_age_is_refused_with_the_way_to_write_it(text: str, says: str) -> None:
    with pytest.raises(NotAValue, match=says):
        parse_age(text)


@given(st.integers(0, 1199))
def test_ages_written_and_read_again_are_the_same(months: int) -> None:
    assert parse_age(format_age(months)) == months


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("85", STANDARD, v(85)),
        (" <5:00", AGE, v(60, Censor.BELOW)),
        ("> 130", STANDARD, v(130, Censor.ABOVE)),
        ("12.5", RAW, v("12.5")),
        ("−3", RAW, v(-3)),
        ("1", PERCENTILE, v(1)),
        ("0", COUNT, v(0)),
    ],
)
def test_figures_are_read_as_people_type_them(text: str, kind: MeasureKind, value: Value) -> None:
    assert parse_value(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "says"),
    [
        ("", STANDARD, "is not a figure"),
        ("NaN", STANDARD, "is not a figure"),
        ("1e5", RAW, "is not a figure"),
        ("8,5", RAW, "is not a figure"),
        ("8.3", AGE, "Write years:months"),
        ("0", PERCENTILE, "between 1 and 99"),
        ("100", PERCENTILE, "between 1 and 99"),
        ("-1", COUNT, "whole number"),
        ("1.5", COUNT, "whole number"),
    ],
)
def test_other_things_are_refused_with_a_sentence(text: str, kind: MeasureKind, says: str) -> None:
    with pytest.raises(NotAValue, match=says):
        parse_value(text, kind)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (v("85.00"), STANDARD, "85"),
        (v("12.50"), RAW, "12.5"),
        (v(100), STANDARD, "100"),
        (v(60, Censor.BELOW), AGE, "<5:00"),
        (v(130, Censor.ABOVE), STANDARD, ">130"),
    ],
)
def test_figures_are_written_so_that_they_can_be_read_again(value: Value, kind: MeasureKind, text: str) -> None:
    assert format_value(value, kind) == text
    assert parse_value(text, kind) == value


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ProgressState.ON_COURSE, ProgressState.NOT_REACHED),
        (ProgressState.LITTLE, ProgressState.NOT_REACHED),
        (ProgressState.MET, ProgressState.MET),
        (ProgressState.AWAY, ProgressState.AWAY),
        (ProgressState.WITHIN_ERROR, ProgressState.WITHIN_ERROR),
    ],
)
def test_nothing_is_on_course_to_a_day_that_is_gone(state: ProgressState, said: ProgressState) -> None:
    way = Progress(Decimal("0.5"), "From 22 to 19, aim 16", state)
    over = when_over(way)
    assert (over.state, over.percent, over.words) == (said, 50, way.words)
