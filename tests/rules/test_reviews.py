"""Three reviews a year: required, held, due, spread."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.calendar import SchoolYear, TermDates
from graduated.rules.reviews import (
    REVIEWS_A_YEAR,
    HeldReview,
    Spell,
    Standing,
    due_date,
    due_words,
    required,
    standing,
)
from graduated.rules.vocabulary import PlanType

from .years import BANK_HOLIDAYS, TERMS, YEAR

ALL_YEAR = (Spell(date(2024, 9, 9)),)
TODAY = date(2026, 11, 21)


def test_sen_support_asks_for_three() -> None:
    assert REVIEWS_A_YEAR[PlanType.SEN_SUPPORT] == 3


@pytest.mark.parametrize(
    ("a_year", "spells", "number"),
    [
        (3, ALL_YEAR, 3),
        (3, (), 0),
        (3, (Spell(date(2027, 1, 4)),), 2),
        (3, (Spell(date(2027, 4, 12)),), 1),
        (3, (Spell(date(2027, 7, 1)),), 0),
        (3, (Spell(date(2026, 9, 1), date(2026, 12, 18)),), 1),
        (3, (Spell(date(2026, 9, 1), date(2026, 12, 18)), Spell(date(2026, 12, 1), date(2027, 3, 25))), 2),
        (3, (Spell(date(2027, 9, 1)),), 0),
        (1, (Spell(date(2027, 1, 4)),), 1),
        (1, (Spell(date(2027, 5, 10)),), 0),
    ],
)
def test_required_follows_school_days_on_support_rounded_half_up(
    a_year: int, spells: tuple[Spell, ...], number: int
) -> None:
    assert required(a_year, spells, YEAR) == number


def test_exactly_half_rounds_up() -> None:
    two_days = SchoolYear((TermDates("Short", "2026/27", date(2026, 9, 7), date(2026, 9, 8)),))
    assert required(3, (Spell(date(2026, 9, 8)),), two_days) == 2


def test_six_terms_still_ask_three() -> None:
    halves = [(date(2026, 9, 3), date(2026, 10, 23)), (date(2026, 11, 2), date(2026, 12, 18))]
    halves += [(date(2027, 1, 4), date(2027, 2, 12)), (date(2027, 2, 22), date(2027, 3, 25))]
    halves += [(date(2027, 4, 12), date(2027, 5, 28)), (date(2027, 6, 7), date(2027, 7, 21))]
    six = tuple(TermDates(f"Term {n}", "2026/27", *ends) for n, ends in enumerate(halves, 1))
    assert required(3, ALL_YEAR, SchoolYear(six, BANK_HOLIDAYS)) == 3


def test_without_terms_the_whole_number_is_owed() -> None:
    assert required(3, ALL_YEAR, SchoolYear(())) == 3
    assert required(3, (), SchoolYear(())) == 0


@given(st.dates(date(2025, 1, 1), date(2028, 1, 1)), st.none() | st.dates(date(2025, 1, 1), date(2028, 1, 1)))
def test_never_more_than_the_number_nor_less_than_none(starts: date, ends: date | None) -> None:
    assert 0 <= required(3, (Spell(starts, ends),), YEAR) <= 3


@pytest.mark.parametrize(
    ("review_date", "cycle_from", "due"),
    [
        (date(2026, 11, 24), date(2026, 9, 14), date(2026, 11, 24)),
        (date(2026, 11, 22), date(2026, 9, 14), date(2026, 11, 20)),
        (None, date(2026, 9, 14), date(2026, 12, 18)),
        (None, date(2026, 12, 21), date(2027, 3, 25)),  # begun in the holidays
        (None, date(2027, 4, 20), date(2027, 7, 21)),  # INSET at the end of term
        (None, date(2027, 9, 1), None),
    ],
)
def test_due_on_the_review_date_or_at_the_end_of_term_and_never_on_a_day_off(
    review_date: date | None, cycle_from: date, due: date | None
) -> None:
    assert due_date(review_date, cycle_from, TERMS, BANK_HOLIDAYS) == due


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 11, 13), "8 days late"),
        (date(2026, 11, 20), "1 day late"),
        (TODAY, "Due today"),
        (date(2026, 11, 24), "Due Tue 24 Nov"),
        (date(2027, 1, 12), "Due Tue 12 Jan 2027"),
    ],
)
def test_due_dates_are_said_in_words(due: date, words: str) -> None:
    assert due_words(due, TODAY) == words


WITH = HeldReview(date(2026, 10, 15), True)
AFTER_ATTEMPTS = HeldReview(date(2026, 11, 10), False, attempts_recorded=True)
WITHOUT = HeldReview(date(2026, 11, 12), False)
EVENING = HeldReview(date(2026, 11, 5), True, parents_evening=True)
LAST_SUMMER = HeldReview(date(2026, 7, 2), True)


def test_held_with_and_without_a_parent_are_shown_apart() -> None:
    answer = standing(3, ALL_YEAR, (LAST_SUMMER, WITH, AFTER_ATTEMPTS, WITHOUT, EVENING), YEAR, TODAY)
    assert (answer.required, answer.held, answer.held_with_parent, answer.held_without) == (3, 2, 1, 1)
    assert (answer.not_counted, answer.needed, answer.cannot_be_met) == (1, 1, False)
    assert answer.sentence == (
        "2 of 3 held this year: 1 with a parent, 1 without, after recorded attempts. "
        "1 more held without a parent: record the attempts to reach them, and it counts."
    )


def test_parents_evenings_never_count() -> None:
    answer = standing(3, ALL_YEAR, (EVENING,), YEAR, TODAY)
    assert (answer.held, answer.not_counted, EVENING.counts) == (0, 0, False)


def test_a_review_of_the_future_is_not_held() -> None:
    assert standing(3, ALL_YEAR, (HeldReview(date(2026, 11, 24), True),), YEAR, TODAY).held == 0


@pytest.mark.parametrize(("due", "days"), [(None, 0), (date(2026, 11, 13), 8), (date(2026, 11, 24), 0)])
def test_overdue_is_in_days(due: date | None, days: int) -> None:
    answer = standing(3, ALL_YEAR, (), YEAR, TODAY, due)
    assert (answer.overdue_by, answer.next_due) == (days, due)


def test_when_the_weeks_left_are_too_few_it_says_so() -> None:
    answer = standing(3, ALL_YEAR, (WITH,), YEAR, date(2027, 7, 20))
    assert (answer.still_possible, answer.cannot_be_met) == (1, True)
    assert "2 more needed, and the school weeks left allow 1: 3 cannot be met any more this year." in answer.sentence
    assert answer.must_hold_by is None


def test_a_spell_that_ended_leaves_no_weeks() -> None:
    answer = standing(3, (Spell(date(2026, 9, 1), date(2027, 2, 1)),), (), YEAR, date(2027, 3, 1))
    assert (answer.required, answer.still_possible, answer.cannot_be_met) == (1, 0, True)


def test_without_terms_nothing_is_called_impossible_and_reviews_still_count() -> None:
    answer = standing(3, ALL_YEAR, (WITH, LAST_SUMMER), SchoolYear(()), TODAY)
    assert (answer.held, answer.cannot_be_met, answer.longest_gap_school_weeks) == (1, False, 0)


@pytest.mark.parametrize(
    ("reviews", "today", "weeks", "warning"),
    [
        ((), TODAY, 10, False),
        ((WITH,), TODAY, 6, False),
        ((), date(2027, 2, 5), 19, False),
        ((), date(2027, 2, 12), 20, True),
        ((WITHOUT,), date(2027, 2, 12), 20, True),  # does not count, so does not break the gap
        ((WITH,), date(2027, 2, 12), 14, False),
    ],
)
def test_more_than_nineteen_school_weeks_without_one_is_a_warning(
    reviews: tuple[HeldReview, ...], today: date, weeks: int, warning: bool
) -> None:
    answer = standing(3, ALL_YEAR, reviews, YEAR, today)
    assert (answer.longest_gap_school_weeks, answer.spread_warning) == (weeks, warning)
    assert ("school weeks went by without one" in answer.sentence) is warning


def test_the_spread_is_seen_across_the_summer() -> None:
    before = TermDates("Summer term", "2025/26", date(2026, 4, 13), date(2026, 7, 21))
    answer = standing(3, ALL_YEAR, (LAST_SUMMER,), YEAR, TODAY, earlier_terms=(before,))
    assert answer.longest_gap_school_weeks == 13


def test_nobody_on_support_needs_none() -> None:
    assert standing(3, (), (), YEAR, TODAY).sentence == "No review is required this year."


def test_more_than_required_is_fine() -> None:
    it = Standing(1, 2, 0, 0, 0, 0, None, 5)
    assert (it.needed, it.cannot_be_met, it.sentence) == (0, False, "2 of 1 held this year.")
