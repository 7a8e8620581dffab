"""School days, weeks, years and ages."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules import calendar as cal
from graduated.rules.vocabulary import YearGroup

from .years import AUTUMN, BANK_HOLIDAYS, SPRING, SUMMER, TERMS, YEAR


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 11, 20), True),
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 9, 1), False),  # INSET
        (date(2026, 9, 3), True),
        (date(2026, 10, 28), False),  # half-term
        (date(2026, 12, 18), True),  # last day
        (date(2026, 12, 21), False),  # holidays
        (date(2027, 5, 3), False),  # bank holiday
    ],
)
def test_a_school_day_is_a_weekday_in_term_without_inset_or_holiday(day: date, answer: bool) -> None:
    assert cal.is_school_day(day, TERMS, BANK_HOLIDAYS) is answer


def test_school_days_and_weeks_include_both_ends() -> None:
    assert cal.school_days(date(2026, 9, 1), date(2026, 9, 7), TERMS) == (
        date(2026, 9, 3),
        date(2026, 9, 4),
        date(2026, 9, 7),
    )
    assert cal.school_weeks(date(2026, 10, 19), date(2026, 11, 2), TERMS) == (date(2026, 10, 19), date(2026, 11, 2))
    assert cal.school_days(date(2026, 9, 7), date(2026, 9, 1), TERMS) == ()


def test_the_year_lists_its_days_and_an_empty_one_has_none() -> None:
    assert YEAR.days[0] == date(2026, 9, 3)
    assert YEAR.days[-1] == date(2027, 7, 21)
    assert cal.SchoolYear(()).days == ()


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2026, 9, 1), "2026/27"), (date(2027, 8, 31), "2026/27"), (date(2099, 10, 1), "2099/00")],
)
def test_the_academic_year_runs_from_september_to_august(day: date, name: str) -> None:
    assert cal.academic_year(day) == name
    assert cal.academic_year_starts(day) <= day <= cal.academic_year_ends(day)


@pytest.mark.parametrize(
    ("earlier", "later", "weeks"),
    [
        (date(2026, 9, 4), date(2026, 9, 7), 0),  # Friday to Monday
        (date(2026, 9, 7), date(2026, 9, 14), 1),
        (date(2026, 10, 21), date(2026, 11, 4), 1),  # half-term cuts across
        (date(2026, 10, 23), date(2026, 11, 6), 1),  # half-term between
        (date(2026, 12, 18), date(2027, 1, 8), 1),
        (date(2026, 9, 3), date(2026, 12, 18), 14),
    ],
)
def test_distance_in_school_weeks_counts_school_days_by_fives(earlier: date, later: date, weeks: int) -> None:
    assert cal.school_weeks_between(earlier, later, TERMS, BANK_HOLIDAYS) == weeks


@pytest.mark.parametrize(
    ("day", "moved"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 22), date(2026, 11, 20)),
        (date(2026, 10, 28), date(2026, 10, 23)),
        (date(2027, 8, 10), date(2027, 7, 21)),  # summer, across two INSET days
        (date(2027, 9, 18), date(2027, 9, 17)),  # next year's terms are unknown: weekend only
        (date(2026, 9, 2), date(2026, 9, 2)),  # known year, nothing before it
        (date(2026, 12, 28), date(2026, 12, 18)),
    ],
)
def test_a_date_moves_back_to_the_school_day_before_but_never_across_unknown_months(day: date, moved: date) -> None:
    assert cal.school_day_on_or_before(day, TERMS, BANK_HOLIDAYS) == moved


def test_a_bank_holiday_is_stepped_over_where_no_term_is_known() -> None:
    assert cal.school_day_on_or_before(date(2027, 5, 3), (), BANK_HOLIDAYS) == date(2027, 4, 30)


def test_the_term_of_a_day_and_the_one_that_comes() -> None:
    assert cal.term_of(date(2026, 10, 28), TERMS) is AUTUMN
    assert cal.term_of(date(2026, 12, 30), TERMS) is None
    assert cal.term_of_or_after(date(2026, 12, 30), (SUMMER, SPRING)) is SPRING
    assert cal.term_of_or_after(date(2027, 8, 1), TERMS) is None


def test_the_last_school_day_steps_over_inset() -> None:
    assert cal.last_school_day_of_term(SUMMER, BANK_HOLIDAYS) == date(2027, 7, 21)
    weekend = cal.TermDates("Odd", "2026/27", date(2026, 11, 21), date(2026, 11, 22))
    assert cal.last_school_day_of_term(weekend) == date(2026, 11, 22)


@pytest.mark.parametrize(
    ("day", "answer"),
    [
        (date(2026, 11, 21), (11, 15)),
        (date(2026, 9, 3), (1, 15)),
        (date(2026, 10, 28), (8, 15)),
        (date(2026, 12, 19), (15, 15)),  # the weekend after the last day
        (date(2026, 12, 22), None),
    ],
)
def test_weeks_of_term_leave_out_half_term(day: date, answer: tuple[int, int] | None) -> None:
    assert cal.week_of_term(day, TERMS, BANK_HOLIDAYS) == answer


def test_a_term_that_starts_midweek_has_a_first_week() -> None:
    midweek = cal.TermDates("Term 1", "2026/27", date(2026, 9, 2), date(2026, 10, 23))
    assert cal.week_of_term(date(2026, 9, 3), (midweek,)) == (1, 8)


@pytest.mark.parametrize(
    ("born", "ends"),
    [
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2011, 8, 31), date(2027, 6, 25)),
        (date(2011, 9, 1), date(2028, 6, 30)),
        (date(2008, 2, 29), date(2024, 6, 28)),
    ],
)
def test_rights_pass_on_the_last_friday_in_june(born: date, ends: date) -> None:
    assert cal.end_of_compulsory_school_age(born) == ends


@given(st.dates(date(1990, 1, 1), date(2060, 12, 31)))
def test_that_day_is_always_a_friday_in_the_last_week_of_june(born: date) -> None:
    day = cal.end_of_compulsory_school_age(born)
    assert (day.weekday(), day.month) == (4, 6)
    assert (day + timedelta(days=7)).month == 7


@pytest.mark.parametrize(
    ("born", "on", "group"),
    [
        (date(2021, 10, 3), date(2026, 11, 21), YearGroup.R),
        (date(2021, 8, 31), date(2026, 11, 21), YearGroup.Y1),
        (date(2021, 9, 1), date(2026, 11, 21), YearGroup.R),
        (date(2016, 9, 1), date(2026, 9, 1), YearGroup.Y5),
        (date(2016, 9, 1), date(2026, 8, 31), YearGroup.Y4),
        (date(2024, 8, 31), date(2026, 11, 21), YearGroup.N1),
        (date(2025, 8, 31), date(2026, 11, 21), None),
        (date(2007, 9, 1), date(2026, 11, 21), YearGroup.Y14),
        (date(2006, 1, 1), date(2026, 11, 21), None),
    ],
)
def test_the_year_group_follows_the_age_on_31_august(born: date, on: date, group: YearGroup | None) -> None:
    assert cal.expected_year_group(born, on) is group


def test_dates_read_the_same_on_every_machine() -> None:
    assert cal.short_date(date(2026, 11, 24), date(2026, 11, 21)) == "Tue 24 Nov"
    assert cal.short_date(date(2027, 1, 5), date(2026, 11, 21)) == "Tue 5 Jan 2027"
    assert cal.short_date(date(2027, 1, 5)) == "Tue 5 Jan 2027"
    assert cal.plain_date(date(2026, 9, 3)) == "3 Sep 2026"


def test_terms_before_and_after_a_year_that_nobody_described_move_no_day_of_it_into_july() -> None:
    around = [
        cal.TermDates("Summer", "2025/26", date(2026, 4, 13), date(2026, 7, 21)),
        cal.TermDates("Autumn", "2027/28", date(2027, 9, 2), date(2027, 12, 17)),
    ]
    assert cal.school_day_on_or_before(date(2026, 9, 5), around) == date(2026, 9, 4)
