"""Who is expected where in a week, and who is in two places at once."""

from __future__ import annotations

from datetime import date, time

import pytest

from graduated.rules.timetable import (
    Booking,
    clashes,
    closed_words,
    covers,
    meeting_days,
    most_at_once,
    span_words,
    time_on,
    week_asked,
)

from .years import BANK_HOLIDAYS, TERMS

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
TALK, SPELLING = 1, 2


def booking(
    group: int = TALK, at: time | None = time(13, 30), minutes: int = 30, on: date = TUESDAY, who: int = 7
) -> Booking:
    return Booking(who, group, {TALK: "Talk group", SPELLING: "Spelling"}[group], on, at, minutes)


@pytest.mark.parametrize(
    ("other", "clash"),
    [
        (booking(SPELLING, time(13, 45), 15), True),
        (booking(SPELLING, time(13, 0), 31), True),
        (booking(SPELLING, time(13, 0), 120), True),
        (booking(SPELLING, time(13, 30), 5), True),
        (booking(SPELLING, time(14, 0), 20), False),  # one ends as the other begins
        (booking(SPELLING, time(13, 0), 30), False),
        (booking(SPELLING, None, 30), False),  # nobody said when
        (booking(SPELLING, time(13, 45), 15, on=MONDAY), False),
        (booking(SPELLING, time(13, 45), 15, who=8), False),
        (booking(TALK, time(13, 45), 15), False),  # the same group twice is no clash
        (booking(SPELLING, time(13, 45), 0), True),
    ],
)
def test_a_person_is_in_two_places_when_two_bookings_share_a_minute(other: Booking, clash: bool) -> None:
    assert bool(clashes([booking(), other])) is clash
    assert bool(clashes([other, booking()])) is clash


def test_a_clash_is_said_in_words_with_both_times() -> None:
    (found,) = clashes([booking(SPELLING, time(13, 45), 15), booking()])
    assert (found.who, found.days) == (7, (TUESDAY,))
    assert found.words == "Tuesday: Talk group (1.30 to 2.00 pm) and Spelling (1.45 to 2.00 pm) overlap"


def test_the_same_clash_on_several_days_is_said_once() -> None:
    days = (MONDAY, TUESDAY, date(2026, 11, 26))
    found = clashes([booking(group, on=day) for day in reversed(days) for group in (TALK, SPELLING)])
    assert [one.days for one in found] == [days]
    assert found[0].words.startswith("Monday, Tuesday and Thursday: Talk group (1.30 to 2.00 pm)")


def test_a_pair_at_other_times_on_another_day_is_another_clash() -> None:
    found = clashes([booking(), booking(SPELLING), booking(on=MONDAY), booking(SPELLING, time(13, 50), on=MONDAY)])
    assert [one.days for one in found] == [(MONDAY,), (TUESDAY,)]


def test_clashes_stand_in_order_of_day_and_time() -> None:
    found = clashes(
        [
            booking(on=TUESDAY, who=9),
            booking(SPELLING, on=TUESDAY, who=9),
            booking(on=MONDAY),
            booking(SPELLING, on=MONDAY),
            booking(on=MONDAY, who=8),
            booking(SPELLING, on=MONDAY, who=8),
        ]
    )
    assert [(one.days, one.who) for one in found] == [((MONDAY,), 7), ((MONDAY,), 8), ((TUESDAY,), 9)]


def test_nothing_lasts_past_midnight() -> None:
    assert booking(at=time(23, 50), minutes=60).ends == 24 * 60
    assert span_words(time(23, 50), 60) == "11.50 pm to 12.00 am"


@pytest.mark.parametrize(
    ("monday", "weekdays", "runs", "days"),
    [
        (MONDAY, (0, 3), (date(2026, 9, 3), None), (23, 26)),
        (MONDAY, (3, 0, 3), (date(2026, 9, 3), None), (23, 26)),
        (MONDAY, (), (date(2026, 9, 3), None), ()),
        (MONDAY, (0, 3), (TUESDAY, None), (26,)),
        (MONDAY, (0, 3), (date(2026, 9, 3), MONDAY), (23,)),
        (date(2026, 10, 26), (0, 3), (date(2026, 9, 3), None), ()),  # half-term
        (date(2026, 12, 21), (0, 3), (date(2026, 9, 3), None), ()),  # holidays
        (date(2027, 5, 3), (0, 3), (date(2026, 9, 3), None), (6,)),  # a bank holiday Monday
        (date(2026, 8, 31), (1, 3), (date(2026, 8, 1), None), (3,)),  # INSET on the Tuesday
    ],
)
def test_sessions_are_expected_on_school_days_only(
    monday: date, weekdays: tuple[int, ...], runs: tuple[date, date | None], days: tuple[int, ...]
) -> None:
    assert tuple(day.day for day in meeting_days(weekdays, runs, monday, TERMS, BANK_HOLIDAYS)) == days


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TUESDAY, ""),
        (date(2026, 11, 21), "Weekend"),
        (date(2027, 5, 3), "Bank holiday"),
        (date(2026, 10, 28), "Half-term"),
        (date(2026, 9, 2), "INSET day"),
        (date(2026, 12, 22), "School holiday"),
        (date(2027, 9, 7), "No term entered"),
    ],
)
def test_a_day_without_school_says_why(day: date, words: str) -> None:
    assert closed_words(day, TERMS, BANK_HOLIDAYS) == words


def test_without_terms_no_day_is_called_a_holiday() -> None:
    assert closed_words(TUESDAY, ()) == "No term entered"


@pytest.mark.parametrize(
    ("day", "inside"), [(MONDAY, True), (TUESDAY, True), (date(2026, 11, 22), False), (date(2026, 11, 25), False)]
)
def test_a_span_holds_both_its_ends(day: date, inside: bool) -> None:
    assert covers((MONDAY, TUESDAY), day) is inside


def test_a_span_without_an_end_goes_on() -> None:
    assert covers((MONDAY, None), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("weekday", "at", "times", "answer"),
    [
        (0, time(13, 30), {}, time(13, 30)),
        (0, time(13, 30), {"0": "09:05"}, time(9, 5)),
        (1, time(13, 30), {"0": "09:05"}, time(13, 30)),
        (1, None, {"0": "09:05"}, None),
    ],
)
def test_a_weekday_keeps_its_own_time(weekday: int, at: time | None, times: dict[str, str], answer: time) -> None:
    assert time_on(weekday, at, times) == answer


@pytest.mark.parametrize(
    ("at", "minutes", "words"),
    [(time(9, 5), 15, "9.05 to 9.20 am"), (time(11, 50), 20, "11.50 am to 12.10 pm"), (None, 20, "20 minutes")],
)
def test_from_and_to_in_words(at: time | None, minutes: int, words: str) -> None:
    assert span_words(at, minutes) == words


@pytest.mark.parametrize(
    ("places", "within", "most"),
    [
        ([], (MONDAY, None), 0),
        ([(MONDAY, None), (MONDAY, None)], (MONDAY, None), 2),
        ([(date(2026, 9, 3), date(2026, 10, 1)), (MONDAY, None)], (MONDAY, None), 1),
        ([(date(2026, 9, 3), None), (date(2027, 1, 5), None)], (MONDAY, None), 2),
        ([(date(2026, 9, 3), None), (date(2027, 1, 5), None)], (MONDAY, TUESDAY), 1),
        ([(MONDAY, MONDAY), (TUESDAY, None)], (MONDAY, None), 1),
    ],
)
def test_a_group_is_as_large_as_on_its_fullest_day(
    places: list[tuple[date, date | None]], within: tuple[date, date | None], most: int
) -> None:
    assert most_at_once(places, within) == most


@pytest.mark.parametrize(
    ("day", "monday"),
    [(MONDAY, MONDAY), (date(2026, 11, 27), MONDAY), (date(2026, 11, 28), date(2026, 11, 30))],
)
def test_a_weekend_looks_at_the_week_to_come(day: date, monday: date) -> None:
    assert week_asked(day) == monday
