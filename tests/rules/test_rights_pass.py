"""Rights pass on the last Friday in June: who is on the list before, and who still after."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from graduated.rules.rights_pass import AFTER, NOTICE, Passing, letter, standing

DAY = date(2027, 6, 25)


@pytest.mark.parametrize(
    ("days", "unasked", "stands"),
    [
        (-NOTICE.days - 1, 2, Passing.FAR),
        (-NOTICE.days, 2, Passing.AHEAD),
        (-1, 0, Passing.AHEAD),
        (0, 1, Passing.TO_ASK),
        (0, 0, Passing.DONE),
        (AFTER.days, 1, Passing.TO_ASK),
        (AFTER.days + 1, 1, Passing.DONE),
    ],
)
def test_the_list_holds_who_is_near_the_day_and_who_was_not_asked(days: int, unasked: int, stands: Passing) -> None:
    assert standing(DAY, DAY + timedelta(days=days), unasked=unasked) is stands


def test_the_letter_says_the_day_the_sign_in_and_that_it_can_change() -> None:
    words = " ".join(letter("Idris", "Purbeck Road", "25 June 2027"))
    for said in ("From 25 June 2027", "sign-in of their own", "change their mind at any time", "Purbeck Road"):
        assert said in words
