"""When access is to be looked through again, and whose account nobody uses."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.calendar import TermDates
from graduated.rules.staffing import is_review_due, is_unseen

AUTUMN = TermDates("2026/27", "Autumn", date(2026, 9, 2), date(2026, 12, 18))
SPRING = TermDates("2026/27", "Spring", date(2027, 1, 5), date(2027, 3, 27))
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("last", "terms", "due"),
    [
        (None, [AUTUMN], True),
        (date(2026, 7, 1), [AUTUMN, SPRING], True),
        (date(2026, 9, 2), [AUTUMN, SPRING], False),
        (date(2026, 8, 1), [], False),
        (date(2026, 7, 1), [SPRING], True),
    ],
)
def test_access_is_looked_through_once_a_term(last: date | None, terms: list[TermDates], due: bool) -> None:
    assert is_review_due(last, terms, TODAY) is due


@pytest.mark.parametrize(
    ("last", "since", "unseen"),
    [
        (None, date(2026, 8, 26), True),
        (None, date(2026, 8, 27), False),
        (date(2026, 8, 26), date(2020, 9, 1), True),
        (date(2026, 11, 1), date(2020, 9, 1), False),
        (date(2026, 1, 1), date(2026, 11, 1), False),
    ],
)
def test_an_account_is_unseen_after_ninety_days(last: date | None, since: date, unseen: bool) -> None:
    assert is_unseen(last, since, TODAY) is unseen
