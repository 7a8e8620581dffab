"""Attendance in half-day sessions: one rule for percent, what may stand beside what; part-time timetables."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from graduated.rules import attendance as rule
from graduated.rules.attendance import PartTimeSpan, Period

TODAY = date(2026, 11, 20)
AUTUMN = Period(date(2026, 9, 2), date(2026, 10, 23), 76, 4, 2)


@pytest.mark.parametrize(
    ("possible", "authorised", "unauthorised", "words"),
    [
        (76, 4, 2, "92.1%"),
        (100, 0, 0, "100.0%"),
        (8, 0, 8, "0.0%"),
        (400, 21, 0, "94.8%"),  # 94.75 goes up
        (3, 1, 0, "66.7%"),
        (0, 0, 0, ""),
    ],
)
def test_percent_is_of_possible_sessions_with_one_decimal_half_up(
    possible: int, authorised: int, unauthorised: int, words: str
) -> None:
    period = Period(AUTUMN.starts, AUTUMN.ends, possible, authorised, unauthorised)
    assert rule.percent_words(rule.percent(period)) == words


@pytest.mark.parametrize(
    ("starts", "ends", "most"),
    [
        (date(2026, 9, 7), date(2026, 9, 7), 2),
        (date(2026, 9, 7), date(2026, 9, 11), 10),
        (date(2026, 9, 5), date(2026, 9, 6), 0),
        (date(2026, 9, 7), date(2026, 9, 20), 20),
    ],
)
def test_a_weekday_has_two_sessions_and_a_weekend_none(starts: date, ends: date, most: int) -> None:
    assert rule.most_possible(starts, ends) == most


@pytest.mark.parametrize(
    ("period", "field", "says"),
    [
        (Period(date(2026, 10, 1), date(2026, 9, 1), 10, 0, 0), "ends", "cannot be before the first"),
        (Period(date(2026, 11, 1), date(2026, 11, 21), 10, 0, 0), "ends", "cannot be in the future"),
        (Period(date(2025, 9, 1), date(2026, 9, 30), 10, 0, 0), "ends", "a year at most"),
        (Period(date(2026, 11, 2), date(2026, 11, 6), 0, 0, 0), "possible", "1 or more"),
        (Period(date(2026, 11, 2), date(2026, 11, 6), 11, 0, 0), "possible", "2 Nov 2026 to 6 Nov 2026 has at most 10"),
        (Period(date(2026, 11, 2), date(2026, 11, 6), 10, -1, 0), "authorised", "Authorised absences must be 0"),
        (Period(date(2026, 11, 2), date(2026, 11, 6), 10, 0, -1), "unauthorised", "Unauthorised absences must be 0"),
        (Period(date(2026, 11, 2), date(2026, 11, 6), 10, 6, 5), "unauthorised", "11 absences are more than the 10"),
        (Period(date(2026, 10, 23), date(2026, 11, 6), 10, 0, 0), "starts", "2 Sep 2026 to 23 Oct 2026 is recorded"),
    ],
)
def test_what_is_wrong_with_a_period_is_said_beside_its_field(period: Period, field: str, says: str) -> None:
    found = rule.fault(period, TODAY, [AUTUMN])
    assert found is not None
    assert found[0] == field
    assert says in found[1]


@pytest.mark.parametrize(
    "period",
    [
        Period(date(2026, 11, 2), TODAY, 30, 0, 0),
        Period(date(2026, 11, 2), date(2026, 11, 6), 10, 6, 4),
        Period(date(2026, 8, 31), date(2026, 9, 1), 4, 0, 0),
    ],
)
def test_a_period_may_end_today_and_touch_no_other(period: Period) -> None:
    assert rule.fault(period, TODAY, [AUTUMN]) is None


def span(starts: str, ends: str, possible: int = 10) -> Period:
    return Period(date.fromisoformat(starts), date.fromisoformat(ends), possible, 1, 0)


@pytest.mark.parametrize(
    ("periods", "words"),
    [
        ([], ""),
        ([span("2026-09-07", "2026-09-11")], "90.0% in 2026/27, 7 Sep 2026 to 11 Sep 2026"),
        (
            [span("2026-11-02", "2026-11-20", 30), span("2026-09-02", "2026-10-23", 70)],
            "98.0% in 2026/27, 2 Sep 2026 to 20 Nov 2026",
        ),
        (
            [span("2025-09-02", "2026-07-21", 380), span("2026-09-02", "2026-10-23")],
            "90.0% in 2026/27, 2 Sep 2026 to 23 Oct 2026; 99.7% in 2025/26, 2 Sep 2025 to 21 Jul 2026",
        ),
        (
            [span("2025-09-05", "2025-09-12"), span("2026-06-01", "2026-07-21", 30)],
            "95.0% in 2025/26, over 2 periods between 5 Sep 2025 and 21 Jul 2026",
        ),
    ],
)
def test_attendance_is_said_by_school_year_the_newest_first_each_with_its_days(
    periods: list[Period], words: str
) -> None:
    assert rule.whole_words(periods) == words
    assert "; ".join(rule.year_words(periods)) == words


@pytest.mark.parametrize(
    ("periods", "today", "months"),
    [
        ([], "2026-11-22", 0),
        # A school year to the end of July and an autumn: August is as July, and never 13 of 12.
        ([span("2025-09-02", "2026-07-21"), span("2026-09-02", "2026-11-20")], "2026-11-22", 12),
        ([span("2025-11-01", "2026-07-21"), span("2026-07-22", "2026-11-20")], "2026-11-22", 12),
        # A day in each month is no month.
        ([span(f"2026-{month:02}-10", f"2026-{month:02}-10") for month in range(1, 12)], "2026-11-22", 0),
        # A half is enough, less is not: 11 and 10 of the 22 weekdays of October.
        ([span("2026-10-01", "2026-10-15")], "2026-10-31", 1),
        ([span("2026-10-01", "2026-10-14")], "2026-10-31", 0),
        # While this month is not entered yet, the months are those up to the last.
        ([span("2025-09-01", "2026-07-21"), span("2026-09-01", "2026-10-31")], "2026-11-12", 12),
        # The 1st of August was a Saturday, and so was no weekday; the holiday asks for nothing.
        ([span("2026-06-01", "2026-07-10")], "2026-08-01", 3),
        ([span("2026-07-13", "2026-07-21")], "2026-08-20", 0),
    ],
)
def test_a_month_is_recorded_when_half_of_its_weekdays_are(periods: list[Period], today: str, months: int) -> None:
    assert rule.months_recorded(periods, date.fromisoformat(today)) == months


def test_as_many_months_are_counted_as_a_profile_asks_for() -> None:
    two_years = [span("2024-09-02", "2025-08-31"), span("2025-09-01", "2026-08-31")]
    found = [rule.months_recorded(two_years, date(2026, 8, 31), months) for months in (1, 18, 24, 36)]
    assert found == [1, 18, 24, 24]


SPAN = PartTimeSpan(date(2026, 9, 7), date(2026, 10, 23), Decimal("12.5"), date(2026, 10, 5))


@pytest.mark.parametrize(
    ("span", "field"),
    [
        (PartTimeSpan(date(2026, 11, 2), None, Decimal(0)), "hours"),
        (PartTimeSpan(date(2026, 11, 2), None, Decimal("35.5")), "hours"),
        (PartTimeSpan(date(2026, 11, 2), date(2026, 11, 1), Decimal(10)), "ends"),
        (PartTimeSpan(date(2026, 11, 2), None, Decimal(10), date(2026, 11, 1)), "review_on"),
        (PartTimeSpan(date(2026, 10, 23), None, Decimal(10)), "starts"),
        (PartTimeSpan(date(2026, 8, 1), date(2026, 9, 7), Decimal(10)), "starts"),
    ],
)
def test_a_part_time_timetable_has_hours_an_order_and_no_second_beside_it(span: PartTimeSpan, field: str) -> None:
    found = rule.part_time_fault(span, [SPAN])
    assert found is not None
    assert found[0] == field


def test_one_without_an_end_runs_on_and_a_later_one_may_follow_the_end() -> None:
    open_ended = PartTimeSpan(date(2026, 9, 7), None, Decimal(10))
    later = PartTimeSpan(date(2026, 10, 24), None, Decimal(15))
    assert rule.part_time_fault(later, [SPAN]) is None
    refused = rule.part_time_fault(later, [open_ended])
    assert refused is not None
    assert "until further notice" in refused[1]
    assert open_ended.runs_on(TODAY)
    assert not open_ended.runs_on(date(2026, 9, 6))
    assert not SPAN.runs_on(TODAY)


@pytest.mark.parametrize(
    ("day", "passed"), [(date(2026, 10, 5), False), (date(2026, 10, 6), True), (date(2026, 10, 24), False)]
)
def test_a_review_has_passed_while_it_still_runs(day: date, passed: bool) -> None:
    assert SPAN.review_passed(day) is passed
    assert not PartTimeSpan(SPAN.starts, None, SPAN.hours).review_passed(day)
