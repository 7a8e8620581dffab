"""The weeks of a term as the calendar shows them: numbered, with what is closed and what is on."""

from __future__ import annotations

from datetime import date

from graduated.review.term_calendar import MOST_IN_A_DAY, Entry, term_at, weeks_of
from tests.rules.years import AUTUMN, BANK_HOLIDAYS, SPRING, SUMMER, TERMS


def entry(on: date) -> Entry:
    return Entry(on, "due", "Zosia Nowak", "Review due")


def test_the_weeks_of_a_term_are_numbered_and_half_term_is_not() -> None:
    weeks = weeks_of(AUTUMN, TERMS, BANK_HOLIDAYS, ())
    assert [week.number for week in weeks] == [1, 2, 3, 4, 5, 6, 7, 8, None, 9, 10, 11, 12, 13, 14, 15]
    assert weeks[8].closed == "Half-term"
    assert (weeks[0].monday, weeks[-1].friday) == (date(2026, 8, 31), date(2026, 12, 18))


def test_a_day_off_says_why() -> None:
    first = weeks_of(AUTUMN, TERMS, BANK_HOLIDAYS, ())[0]
    assert [day.closed for day in first.days] == ["School holiday", "INSET day", "INSET day", "", ""]
    may = next(week for week in weeks_of(SUMMER, TERMS, BANK_HOLIDAYS, ()) if week.monday == date(2027, 5, 3))
    assert [day.closed for day in may.days] == ["Bank holiday", "", "", "", ""]


def test_a_bank_holiday_in_half_term_leaves_the_week_half_term() -> None:
    off = [week.closed for week in weeks_of(SUMMER, TERMS, BANK_HOLIDAYS, ()) if week.number is None]
    assert off == ["Half-term"]


def test_each_thing_stands_on_its_day_and_a_weekends_on_the_friday() -> None:
    things = [entry(date(2026, 9, 10)), entry(date(2026, 9, 12))]
    second = weeks_of(AUTUMN, TERMS, BANK_HOLIDAYS, things)[1]
    assert [len(day.entries) for day in second.days] == [0, 0, 0, 1, 1]


def test_a_full_day_is_cut_short_and_says_by_how_many() -> None:
    things = [entry(date(2026, 12, 18))] * (MOST_IN_A_DAY + 14)
    last = weeks_of(AUTUMN, TERMS, BANK_HOLIDAYS, things)[-1].days[4]
    assert (len(last.entries), last.more) == (MOST_IN_A_DAY, 14)


def test_the_term_asked_for_else_of_today_else_the_next_else_the_last() -> None:
    shuffled = (SUMMER, AUTUMN, SPRING)
    assert term_at(shuffled, date(2026, 11, 22), SUMMER.starts) == 2
    assert term_at(shuffled, date(2026, 11, 22), date(1999, 1, 1)) == 0
    assert term_at(shuffled, date(2026, 12, 25), None) == 1
    assert term_at(shuffled, date(2027, 8, 1), None) == 2
    assert term_at((), date(2027, 8, 1), None) is None
