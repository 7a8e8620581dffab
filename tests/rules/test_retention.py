"""How long a record is kept: dated cases of each class."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.retention import (
    LONGEST,
    SHORTEST,
    Due,
    Kept,
    RecordClass,
    birthday,
    due,
    is_due,
    is_held,
    wrong_length,
)

SEN, NEVER, HANDED_ON = RecordClass.SEN, RecordClass.NEVER_SEN, RecordClass.TRANSFERRED


@pytest.mark.parametrize(
    ("born_on", "left_on", "ever", "received_on", "expected"),
    [
        (date(2015, 3, 9), None, True, None, None),
        (date(1980, 3, 9), None, True, date(2020, 1, 1), None),
        (date(2015, 3, 9), date(2026, 7, 21), True, None, Due(SEN, date(2046, 3, 9))),
        (date(2015, 3, 9), date(2026, 7, 21), False, None, Due(NEVER, date(2040, 3, 9))),
        (date(2016, 2, 29), date(2026, 7, 21), True, None, Due(SEN, date(2047, 3, 1))),
        (date(2016, 2, 29), date(2026, 7, 21), False, None, Due(NEVER, date(2041, 3, 1))),
        (date(2015, 3, 9), date(2026, 7, 21), True, date(2026, 9, 10), Due(HANDED_ON, date(2026, 10, 10))),
        (date(2015, 3, 9), date(2026, 7, 21), True, date(2026, 7, 1), Due(HANDED_ON, date(2026, 8, 20))),
        (date(1980, 3, 9), date(2026, 7, 21), True, None, Due(SEN, date(2026, 7, 21))),
    ],
)
def test_a_record_falls_due_by_its_class(
    born_on: date, left_on: date | None, ever: bool, received_on: date | None, expected: Due | None
) -> None:
    assert due(Kept(born_on, left_on, ever, received_on), SHORTEST) == expected


def test_a_school_that_keeps_longer_is_due_later() -> None:
    kept = Kept(date(2015, 3, 9), date(2026, 7, 21), True, None)
    assert due(kept, {**SHORTEST, SEN: 35}) == Due(SEN, date(2050, 3, 9))


@pytest.mark.parametrize(
    ("years", "expected"),
    [(4, date(2020, 2, 29)), (25, date(2041, 3, 1)), (31, date(2047, 3, 1)), (84, date(2100, 3, 1))],
)
def test_who_was_born_on_29_february_has_a_birthday_each_year(years: int, expected: date) -> None:
    assert birthday(date(2016, 2, 29), years) == expected


def test_a_record_is_due_from_its_day_on() -> None:
    found = Due(SEN, date(2046, 3, 9))
    assert [is_due(found, date(2046, 3, day)) for day in (8, 9, 10)] == [False, True, True]
    assert not is_due(None, date(2046, 3, 9))


@pytest.mark.parametrize("which", list(RecordClass))
def test_a_school_keeps_longer_and_never_shorter(which: RecordClass) -> None:
    assert wrong_length(which, SHORTEST[which]) == ""
    assert wrong_length(which, SHORTEST[which] + 1) == ""
    assert "at least" in wrong_length(which, SHORTEST[which] - 1)
    assert "more than" in wrong_length(which, LONGEST[which] + 1)


@pytest.mark.parametrize(
    ("until", "ended_on", "expected"),
    [
        (None, None, True),
        (date(2026, 11, 22), None, True),
        (date(2026, 11, 21), None, False),
        (None, date(2026, 11, 1), False),
    ],
)
def test_a_hold_stands_until_it_is_over(until: date | None, ended_on: date | None, expected: bool) -> None:
    assert is_held(until, ended_on, date(2026, 11, 22)) is expected
