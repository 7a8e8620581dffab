"""The limits of requests for information, as a table of dated cases."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.calendar import TermDates
from graduated.rules.information import Limit, Stop, limit_of, may_stop, months_after, stopped_days
from graduated.rules.vocabulary import InformationKind as Kind

AUTUMN = TermDates("Autumn", "2026/27", date(2026, 9, 2), date(2026, 12, 18), date(2026, 10, 26), date(2026, 10, 30))
SPRING = TermDates("Spring", "2026/27", date(2027, 1, 5), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19))
TERMS = (AUTUMN, SPRING)


@pytest.mark.parametrize(
    ("received", "months", "due"),
    [
        (date(2026, 9, 3), 1, date(2026, 10, 3)),
        (date(2026, 12, 3), 1, date(2027, 1, 3)),
        (date(2026, 3, 31), 1, date(2026, 4, 30)),
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 1, 30), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 10, 15), 3, date(2027, 1, 15)),
    ],
)
def test_a_month_ends_on_its_corresponding_day_or_on_the_last_of_a_shorter_month(
    received: date, months: int, due: date
) -> None:
    assert months_after(received, months) == due


@pytest.mark.parametrize(
    ("stops", "extended", "due"),
    [
        ((), False, date(2026, 12, 2)),
        ((), True, date(2027, 2, 2)),
        ((Stop(date(2026, 11, 5), date(2026, 11, 9)),), False, date(2026, 12, 6)),
        ((Stop(date(2026, 11, 5), date(2026, 11, 5)),), False, date(2026, 12, 2)),
        (
            (Stop(date(2026, 11, 5), date(2026, 11, 9)), Stop(date(2026, 11, 7), date(2026, 11, 12))),
            False,
            date(2026, 12, 9),
        ),
        ((Stop(date(2026, 11, 5), date(2026, 11, 9)),), True, date(2027, 2, 6)),
    ],
)
def test_subject_access_takes_a_month_two_more_when_complex_and_the_days_the_clock_stood(
    stops: tuple[Stop, ...], extended: bool, due: date
) -> None:
    limit = limit_of(Kind.SUBJECT_ACCESS, date(2026, 11, 2), date(2026, 11, 22), stops=stops, extended=extended)
    assert (limit.due, limit.is_stopped) == (due, False)


def test_while_a_question_is_open_no_day_is_due_and_the_days_are_counted() -> None:
    limit = limit_of(Kind.SUBJECT_ACCESS, date(2026, 11, 2), date(2026, 11, 22), stops=(Stop(date(2026, 11, 20)),))
    assert limit == Limit(None, "the answer", True, 2)
    assert limit.days_left(date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("received", "terms", "due"),
    [
        (date(2026, 11, 2), TERMS, date(2026, 11, 23)),
        (date(2026, 10, 20), TERMS, date(2026, 11, 17)),
        (date(2026, 12, 14), TERMS, date(2027, 1, 19)),
        (date(2026, 11, 2), (), None),
        (date(2027, 3, 22), TERMS, None),
    ],
)
def test_the_educational_record_is_due_on_the_fifteenth_school_day(
    received: date, terms: tuple[TermDates, ...], due: date | None
) -> None:
    assert limit_of(Kind.RECORD, received, received, terms=terms).due == due


def test_a_complaint_is_acknowledged_within_thirty_days_and_then_answered() -> None:
    first = limit_of(Kind.COMPLAINT, date(2026, 11, 2), date(2026, 11, 22))
    assert (first.due, first.what) == (date(2026, 12, 2), "an acknowledgement")
    assert first.days_left(date(2026, 11, 22)) == 10
    then = limit_of(Kind.COMPLAINT, date(2026, 11, 2), date(2026, 11, 22), acknowledged=True)
    assert (then.due, then.what) == (None, "an answer without undue delay")


@pytest.mark.parametrize(
    ("kind", "stops", "may"),
    [
        (Kind.SUBJECT_ACCESS, (), True),
        (Kind.SUBJECT_ACCESS, (Stop(date(2026, 11, 5), date(2026, 11, 9)),), True),
        (Kind.SUBJECT_ACCESS, (Stop(date(2026, 11, 5)),), False),
        (Kind.RECORD, (), False),
        (Kind.COMPLAINT, (), False),
    ],
)
def test_only_the_clock_of_subject_access_stops_and_for_one_question_at_a_time(
    kind: Kind, stops: tuple[Stop, ...], may: bool
) -> None:
    assert may_stop(kind, stops) is may


def test_the_days_that_the_clock_stood_count_once() -> None:
    stops = (Stop(date(2026, 11, 1), date(2026, 11, 4)), Stop(date(2026, 11, 2), date(2026, 11, 6)))
    assert stopped_days(stops, date(2026, 11, 22)) == 5
