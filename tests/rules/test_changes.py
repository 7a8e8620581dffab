"""What a change of a raw figure may be called, and the bands of the SDQ."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from graduated.rules.changes import Sitting, age_change_words, band_words, change_words
from graduated.rules.progress import Value
from graduated.rules.vocabulary import Censor, Direction, MeasureKind, Respondent

RAW, AGE = MeasureKind.RAW, MeasureKind.AGE
UP, DOWN, NONE = Direction.UP, Direction.DOWN, Direction.NONE
TEACHER, PARENT = Respondent.TEACHER, Respondent.PARENT


def v(number: float | str, censor: Censor | None = None) -> Value:
    return Value(Decimal(str(number)), censor)


@pytest.mark.parametrize(
    ("kind", "direction", "first", "last", "size", "error", "words"),
    [
        (RAW, DOWN, v(22), v(16), "6", None, "Down 6, from 22 to 16: progress, as on this measure lower is better."),
        (RAW, DOWN, v(16), v(19), "3", None, "Up 3, from 16 to 19: the wrong way, as on this measure lower is better."),
        (RAW, UP, v(5), v(7), "2", None, "Up 2, from 5 to 7: progress."),
        (RAW, UP, v(7), v(5), "2", None, "Down 2, from 7 to 5: the wrong way."),
        (RAW, UP, v(7), v(7), "0", None, "Unchanged at 7."),
        (RAW, NONE, v(2), v(4), "2", None, "Up 2, from 2 to 4. This measure describes; it does not rank."),
        (RAW, UP, v(50), v(53), "3", Decimal(5),
         "Up 3, from 50 to 53. That is within the test's error, so it may be chance."),
        (RAW, UP, v(60, Censor.BELOW), v(66), "6", None,
         "A figure is off the end of its scale, so no change can be worked out."),
        (RAW, UP, v(60), v(66, Censor.ABOVE), "6", None,
         "A figure is off the end of its scale, so no change can be worked out."),
    ],
)  # fmt: skip
def test_a_change_says_whether_it_is_progress(
    kind: MeasureKind, direction: Direction, first: Value, last: Value, size: str, error: Decimal | None, words: str
) -> None:
    assert change_words(kind, direction, first, last, size, error) == words


@pytest.mark.parametrize(
    ("code", "respondent", "value", "words"),
    [
        ("sdq-total", TEACHER, v(0), "0 lies in the lowest of four bands for teachers' answers, 0 to 11"),
        ("sdq-total", TEACHER, v(11), "11 lies in the lowest of four bands for teachers' answers, 0 to 11"),
        ("sdq-total", TEACHER, v(12), "12 lies in the second of four bands for teachers' answers, 12 to 15"),
        ("sdq-total", TEACHER, v(16), "16 lies in the third of four bands for teachers' answers, 16 to 18"),
        ("sdq-total", TEACHER, v(22), "22 lies in the highest of four bands for teachers' answers, 19 to 40"),
        ("sdq-total", TEACHER, v(41), ""),
        ("sdq-total", TEACHER, v("16.5"), ""),
        ("sdq-total", TEACHER, v(19, Censor.ABOVE), ""),
        ("sdq-total", PARENT, v(16), ""),
        ("sdq-prosocial", TEACHER, v(6), "6 is average for teachers' answers, 6 to 10"),
        ("sdq-prosocial", TEACHER, v(5), "5 lies below the average for teachers' answers, 6 to 10"),
        ("sdq-prosocial", TEACHER, v(11), ""),
        ("reading-age", TEACHER, v(90), ""),
    ],
)
def test_bands_are_said_for_teachers_answers_only(code: str, respondent: Respondent, value: Value, words: str) -> None:
    assert band_words(code, respondent, value) == words


@pytest.mark.parametrize(
    ("first", "last", "on", "error", "born", "words"),
    [
        (75, 97, date(2026, 11, 12), None, date(2017, 1, 26),
         "From 6 years 3 months to 8 years 1 month: 22 months’ progress in 22 months; "
         "age at the last test 9 years 9 months."),
        (72, 73, date(2025, 2, 9), None, None, "From 6 years to 6 years 1 month: 1 month’s progress in 1 month."),
        (13, 12, date(2025, 7, 9), Decimal(3), None,
         "From 1 year 1 month to 1 year: 1 month lost in 6 months. "
         "The change is within the test's error, so it may be chance."),
        (90, 84, date(2025, 7, 9), None, None, "From 7 years 6 months to 7 years: 6 months lost in 6 months."),
        (11, 11, date(2025, 1, 20), None, None, "Unchanged at 11 months in less than a month."),
        (0, 2, date(2025, 7, 9), None, None, "From 0 months to 2 months: 2 months’ progress in 6 months."),
    ],
)  # fmt: skip
def test_months_gained_stand_beside_the_months_that_passed_and_the_age_of_the_pupil(
    first: int, last: int, on: date, error: Decimal | None, born: date | None, words: str
) -> None:
    start = Sitting(v(first), date(2025, 1, 9))
    assert age_change_words(start, Sitting(v(last), on), error, born) == words
