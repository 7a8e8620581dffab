"""Three a year on real calendars: what is required, by when the next must be held, what cannot be met any more.

The figures were counted by hand from the calendars. On a year of 190 school days three are required from 159 days on
SEN support, two from 95, one from 32; on one of 195 days from 163, 98 and 33.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graduated.rules.calendar import SchoolYear, is_school_day, school_days, school_year_of
from graduated.rules.reviews import (
    HeldReview,
    Spell,
    due_date,
    must_hold_by,
    must_hold_words,
    required,
    standing,
)

from .authority_years import (
    BIRMINGHAM_2024,
    BIRMINGHAM_2025,
    CUMBRIA_2026,
    KENT_2024,
    KENT_2025,
    KENT_2026,
    KIRKLEES_2025,
    KIRKLEES_2026,
    LEEDS_2024,
    LEEDS_2025,
    MADE_UP_AUGUST,
    MADE_UP_LEAP,
    PUBLISHED,
)


def d(text: str) -> date:
    return date.fromisoformat(text)


def spells(text: str) -> tuple[Spell, ...]:
    """From "2026-09-02/2026-12-18 2027-06-07": a spell without an end is open."""
    found = []
    for part in text.split():
        first, _, last = part.partition("/")
        found.append(Spell(d(first), d(last) if last else None))
    return tuple(found)


def test_the_days_of_each_term_are_those_that_the_school_published() -> None:
    counted = [len(school_days(one.starts, one.ends, (one,), KENT_2026.bank_holidays)) for one in KENT_2026.terms]
    assert counted == [33, 35, 30, 24, 34, 34]


@pytest.mark.parametrize(
    ("year", "number"),
    [
        (KENT_2024, 190),
        (KENT_2025, 190),
        (KENT_2026, 190),
        (LEEDS_2024, 190),
        (LEEDS_2025, 190),
        (BIRMINGHAM_2024, 190),
        (BIRMINGHAM_2025, 195),
        (KIRKLEES_2025, 191),  # as published
        (KIRKLEES_2026, 190),
        (CUMBRIA_2026, 190),
    ],
)
def test_a_published_year_has_about_190_school_days_and_195_where_no_inset_day_is_named(
    year: SchoolYear, number: int
) -> None:
    assert len(year.days) == number


REQUIRED = [
    # Kent, six terms: joining at each part of each term
    (KENT_2026, "2025-09-08", 3),  # came up from the year before
    (KENT_2026, "2026-09-01", 3),  # INSET day
    (KENT_2026, "2026-09-28", 3),  # middle of term 1
    (KENT_2026, "2026-10-15", 3),  # 159 days left
    (KENT_2026, "2026-10-16", 2),  # 158, the last day of term 1
    (KENT_2026, "2026-10-23", 2),  # the holiday between terms 1 and 2
    (KENT_2026, "2026-11-02", 2),
    (KENT_2026, "2026-12-18", 2),  # 123
    (KENT_2026, "2027-01-04", 2),
    (KENT_2026, "2027-02-10", 2),  # 95: exactly half rounds up
    (KENT_2026, "2027-02-11", 1),  # 94
    (KENT_2026, "2027-02-22", 1),
    (KENT_2026, "2027-03-29", 1),  # Easter Monday
    (KENT_2026, "2027-05-28", 1),  # 35
    (KENT_2026, "2027-06-09", 1),  # 32
    (KENT_2026, "2027-06-10", 0),  # 31
    (KENT_2026, "2027-07-22", 0),  # the last day of the year
    (KENT_2026, "2027-07-26", 0),  # after it
    # leaving
    (KENT_2026, "2026-04-20/2026-08-31", 0),
    (KENT_2026, "2026-04-20/2026-10-14", 0),  # 31
    (KENT_2026, "2026-04-20/2026-10-15", 1),  # 32
    (KENT_2026, "2026-04-20/2027-02-12", 2),  # 98
    (KENT_2026, "2026-04-20/2027-06-04", 2),  # 156
    (KENT_2026, "2026-04-20/2027-06-09", 3),  # 159
    # off and on again
    (KENT_2026, "2026-09-01/2026-12-18 2027-06-07", 2),  # 68 + 34
    (KENT_2026, "2026-09-01/2026-09-11 2027-06-28", 0),  # 8 + 19 = 27
    (KENT_2026, "2026-09-01/2026-12-18 2026-12-01/2027-02-12", 2),  # overlapping spells count a day once: 98
    # Leeds, three terms
    (LEEDS_2024, "2024-10-16", 3),  # 159
    (LEEDS_2024, "2024-10-17", 2),  # 158
    (LEEDS_2024, "2024-10-30", 2),  # half-term
    (LEEDS_2024, "2025-01-06", 2),  # INSET day, 117
    (LEEDS_2024, "2025-02-06", 2),  # 95
    (LEEDS_2024, "2025-02-07", 1),
    (LEEDS_2024, "2025-04-10", 1),  # Easter holiday, 58
    (LEEDS_2024, "2025-06-05", 1),  # 32
    (LEEDS_2024, "2025-06-06", 0),  # 31
    (LEEDS_2025, "2026-01-05", 2),  # 117
    (LEEDS_2025, "2026-02-04", 2),  # 95
    (LEEDS_2025, "2026-02-05", 1),
    # Birmingham: 195 days in 2025/26
    (BIRMINGHAM_2025, "2026-04-13", 1),  # 65
    (BIRMINGHAM_2025, "2026-06-04", 1),  # 33
    (BIRMINGHAM_2025, "2026-06-05", 0),  # 32
    # Kirklees
    (KIRKLEES_2026, "2027-01-04", 2),  # 119
    (KIRKLEES_2026, "2027-04-12", 1),  # 65
    (KIRKLEES_2026, "2026-09-02/2026-12-18", 1),  # 71
    # Cumbria: the year ends on 16 July
    (CUMBRIA_2026, "2026-10-15", 3),  # 159
    (CUMBRIA_2026, "2026-10-16", 2),  # 158
    (CUMBRIA_2026, "2026-10-28", 2),  # half-term
    (CUMBRIA_2026, "2027-02-04", 2),  # 95
    (CUMBRIA_2026, "2027-02-05", 1),  # 94
    (CUMBRIA_2026, "2027-05-27", 1),  # 32, the Thursday before half-term
    (CUMBRIA_2026, "2027-05-28", 0),  # 31
]


def test_there_are_forty_cases_on_published_calendars_of_five_authorities() -> None:
    assert len([case for case in REQUIRED if case[0] in PUBLISHED]) >= 40


@pytest.mark.parametrize(("year", "on_support", "number"), REQUIRED)
def test_required_on_real_calendars(year: SchoolYear, on_support: str, number: int) -> None:
    assert required(3, spells(on_support), year) == number


@pytest.mark.parametrize(("starts", "number"), [("2026-02-04", 1), ("2026-02-05", 0)])
def test_one_a_year_for_a_plan_follows_the_same_rule(starts: str, number: int) -> None:
    assert required(1, spells(starts), LEEDS_2025) == number


ALL = "2023-09-11"
BY = [
    # calendar, spells, held this year, today, (required, needed, still possible, must hold by)
    (KENT_2026, ALL, "", "2026-11-22", (3, 3, 3, "2027-07-09")),
    (KENT_2026, ALL, "2026-10-08", "2026-11-22", (3, 2, 2, "2027-07-16")),
    (KENT_2026, ALL, "2026-10-08 2027-02-03", "2027-03-01", (3, 1, 1, "2027-07-22")),
    (KENT_2026, ALL, "2026-10-08 2027-02-03 2027-06-16", "2027-07-01", (3, 0, 0, "")),
    (KENT_2026, ALL, "2026-10-08", "2027-07-12", (3, 2, 2, "2027-07-16")),
    (KENT_2026, ALL, "2026-10-08", "2027-07-16", (3, 2, 2, "2027-07-16")),  # the very day
    (KENT_2026, ALL, "2026-10-08", "2027-07-17", (3, 2, 1, "")),  # Saturday: too late for two
    (KENT_2026, ALL, "2026-10-08 2027-02-03", "2027-07-24", (3, 1, 0, "")),  # the holidays have begun
    (KENT_2026, ALL, "2026-10-08 2027-07-13", "2027-07-14", (3, 1, 1, "2027-07-22")),  # this week is used up
    (KENT_2026, ALL, "2027-07-13", "2027-07-14", (3, 2, 1, "")),
    (KENT_2026, "2023-09-11/2027-02-12", "", "2027-02-01", (2, 2, 2, "2027-02-05")),  # leaves at half-term
    (KENT_2026, "2023-09-11/2027-02-10", "2026-11-05", "2027-02-01", (2, 1, 1, "2027-02-10")),  # on a Wednesday
    (KENT_2026, "2023-09-11/2027-02-12", "", "2027-02-08", (2, 2, 1, "")),
    (KENT_2026, "2026-09-01/2026-12-18 2027-06-07", "2026-11-05", "2027-03-01", (2, 1, 1, "2027-07-22")),
    (KENT_2026, "2026-09-01/2026-12-18 2027-06-07", "", "2026-12-14", (2, 2, 2, "2027-07-16")),
    (KENT_2026, "2027-06-10", "", "2027-06-10", (0, 0, 0, "")),  # joined too late to be owed one
    (LEEDS_2024, ALL, "2024-10-10", "2025-02-03", (3, 2, 2, "2025-07-11")),  # 21 and 22 July are INSET days
    (LEEDS_2024, ALL, "2024-10-10 2025-02-12", "2025-02-17", (3, 1, 1, "2025-07-18")),
    (LEEDS_2025, "2026-01-05", "", "2026-01-05", (2, 2, 2, "2026-07-10")),
    (BIRMINGHAM_2024, ALL, "2024-10-10 2025-02-12", "2025-03-30", (3, 1, 1, "2025-07-18")),  # the clocks change
    (BIRMINGHAM_2025, ALL, "", "2026-07-13", (3, 3, 2, "")),
    (BIRMINGHAM_2025, ALL, "2025-10-10 2026-02-12", "2026-07-13", (3, 1, 1, "2026-07-20")),  # a week of one day
    (KIRKLEES_2026, ALL, "2026-10-08", "2027-05-27", (3, 2, 2, "2027-07-16")),
    (CUMBRIA_2026, ALL, "2026-10-08", "2027-05-27", (3, 2, 2, "2027-07-09")),  # a week earlier than in Kirklees
    (CUMBRIA_2026, ALL, "2026-10-08 2027-02-03", "2027-07-13", (3, 1, 1, "2027-07-16")),
    (CUMBRIA_2026, ALL, "", "2027-07-05", (3, 3, 2, "")),
    # roll-over: a review of 31 August is last year's, one of 1 September this year's; a term may start in August
    (KENT_2026, ALL, "2026-08-31", "2026-09-02", (3, 3, 3, "2027-07-09")),
    (KENT_2026, ALL, "2026-09-01", "2026-09-02", (3, 2, 2, "2027-07-16")),
    (MADE_UP_AUGUST, ALL, "2026-08-28", "2026-08-29", (3, 2, 2, "2027-07-16")),
    (MADE_UP_AUGUST, ALL, "2026-08-25", "2026-08-29", (3, 3, 3, "2027-07-09")),
    (MADE_UP_LEAP, ALL, "2027-10-08 2028-02-29", "2028-02-29", (3, 1, 1, "2028-07-21")),
]


@pytest.mark.parametrize(("year", "on_support", "held", "today", "answer"), BY)
def test_the_last_day_by_which_the_next_must_be_held(
    year: SchoolYear, on_support: str, held: str, today: str, answer: tuple[int, int, int, str]
) -> None:
    reviews = [HeldReview(d(text), True) for text in held.split()]
    it = standing(3, spells(on_support), reviews, year, d(today))
    by = it.must_hold_by.isoformat() if it.must_hold_by else ""
    assert (it.required, it.needed, it.still_possible, by) == answer
    assert it.cannot_be_met is (it.still_possible < it.needed)


def test_one_that_does_not_count_does_not_use_up_its_week() -> None:
    unreached = HeldReview(d("2027-07-20"), with_parent=False)
    held = [HeldReview(d("2026-10-08"), True), HeldReview(d("2027-02-03"), True), unreached]
    it = standing(3, spells(ALL), held, KENT_2026, d("2027-07-21"))
    assert (it.not_counted, it.must_hold_by) == (1, d("2027-07-22"))


def test_without_terms_no_last_day_is_invented() -> None:
    assert standing(3, spells(ALL), (), SchoolYear(()), d("2026-11-22")).must_hold_by is None


@pytest.mark.parametrize(
    ("held", "today", "words"),
    [
        ("", "2027-02-08", "will miss three this year unless one is held by Fri 9 Jul"),
        ("2026-10-08", "2027-07-17", "cannot have three this year any more"),
        ("2026-10-08 2027-02-03 2027-06-16", "2027-07-01", ""),
    ],
)
def test_what_stands_against_three_is_said_plainly(held: str, today: str, words: str) -> None:
    reviews = [HeldReview(d(text), True) for text in held.split()]
    assert must_hold_words(standing(3, spells(ALL), reviews, KENT_2026, d(today)), d(today)) == words


@pytest.mark.parametrize(
    ("year", "review_date", "cycle_from", "due"),
    [
        (KENT_2025, "2025-10-27", "2025-09-08", "2025-10-17"),  # INSET after the holiday
        (KENT_2025, "", "2025-10-20", "2025-12-19"),  # begun between terms 1 and 2
        (KENT_2025, "", "2026-06-08", "2026-07-17"),  # INSET at the end of the year
        (KENT_2026, "2027-03-29", "2026-12-01", "2027-03-25"),  # Easter Monday
        (KENT_2026, "", "2027-04-12", "2027-05-28"),  # a term of seven weeks
        (KENT_2024, "2025-02-19", "2024-11-05", "2025-02-14"),
        (LEEDS_2024, "2025-05-05", "2025-01-07", "2025-05-02"),  # early May bank holiday
        (LEEDS_2024, "2025-08-12", "2025-04-22", "2025-07-18"),  # the summer holiday
        (LEEDS_2025, "", "2025-09-08", "2025-12-18"),  # 19 December is an INSET day
        (LEEDS_2025, "2026-04-06", "2026-01-05", "2026-04-02"),
        (BIRMINGHAM_2025, "2026-03-28", "2026-01-05", "2026-03-27"),  # Saturday, the day before the clocks change
        (BIRMINGHAM_2024, "2025-06-23", "2025-04-28", "2025-06-20"),
        (KIRKLEES_2025, "2026-06-01", "2026-04-13", "2026-05-22"),  # INSET, half-term, and back to Friday
        (KIRKLEES_2026, "2026-12-04", "2026-09-02", "2026-12-03"),
        (MADE_UP_LEAP, "2028-02-29", "2028-01-04", "2028-02-29"),
    ],
)
def test_due_dates_on_real_calendars(year: SchoolYear, review_date: str, cycle_from: str, due: str) -> None:
    asked = d(review_date) if review_date else None
    assert due_date(asked, d(cycle_from), year.terms, year.bank_holidays) == d(due)


@pytest.mark.parametrize(
    ("day", "name"),
    [("2026-08-25", "2025/26"), ("2026-08-26", "2026/27"), ("2026-09-01", "2026/27"), ("2027-08-31", "2026/27")],
)
def test_a_term_that_starts_in_august_belongs_to_the_new_year(day: str, name: str) -> None:
    assert school_year_of(d(day), MADE_UP_AUGUST.terms) == name


DAYS = st.dates(date(2024, 8, 1), date(2027, 8, 31))
YEARS = st.sampled_from(PUBLISHED)


@settings(max_examples=400, deadline=None)
@given(YEARS, DAYS, st.none() | DAYS, st.integers(0, 6))
def test_required_is_bounded_and_falls_the_later_one_joins(
    year: SchoolYear, starts: date, ends: date | None, a_year: int
) -> None:
    now, later = (required(a_year, (Spell(day, ends),), year) for day in (starts, starts + timedelta(days=1)))
    assert 0 <= later <= now <= a_year


@settings(max_examples=400, deadline=None)
@given(YEARS, DAYS, st.integers(0, 120))
def test_a_due_date_is_a_school_day_never_later_than_asked_and_keeps_its_order(
    year: SchoolYear, asked: date, later: int
) -> None:
    first, last = year.days[0], year.days[-1]
    one, two = (min(max(day, first), last) for day in (asked, asked + timedelta(days=later)))
    due_one, due_two = (due_date(day, first, year.terms, year.bank_holidays) for day in (one, two))
    assert due_one is not None
    assert due_two is not None
    assert first <= due_one <= one
    assert due_one <= due_two
    assert is_school_day(due_one, year.terms, year.bank_holidays)


@settings(max_examples=400, deadline=None)
@given(YEARS, DAYS, st.lists(DAYS, max_size=3), st.integers(0, 5), DAYS)
def test_held_by_the_last_day_the_number_can_be_reached_and_a_week_later_it_cannot(
    year: SchoolYear, starts: date, held: list[date], needed: int, today: date
) -> None:
    by = must_hold_by(needed, (Spell(starts),), held, year, today)
    if by is None:
        return
    assert by >= max(today, starts)
    assert is_school_day(by, year.terms, year.bank_holidays)
    assert must_hold_by(needed - 1, (Spell(starts),), [*held, by], year, by) is not None or needed == 1
    next_monday = by + timedelta(days=7 - by.weekday())
    assert must_hold_by(needed, (Spell(starts),), held, year, next_monday) is None
