"""What a concern waits for, and what may put a pupil on the register."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.rules.concerns import Due, Standing, standing, why_not_on_register
from graduated.rules.vocabulary import ConcernStatus as Concern
from graduated.rules.vocabulary import SenStatus, StatusSource

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("status", "raised", "review", "expected"),
    [
        (Concern.RAISED, date(2026, 11, 10), None, Standing(Due.MEET, date(2026, 11, 10), False)),
        (Concern.RAISED, date(2026, 11, 9), None, Standing(Due.MEET, date(2026, 11, 9), True)),
        (Concern.AGREED, date(2026, 9, 9), date(2026, 11, 25), Standing(Due.LATER, date(2026, 11, 25), False)),
        (Concern.AGREED, date(2026, 9, 9), TODAY, Standing(Due.LOOK_AGAIN, TODAY, False)),
        (Concern.AGREED, date(2026, 9, 9), date(2026, 11, 23), Standing(Due.LOOK_AGAIN, date(2026, 11, 23), True)),
        (Concern.WATCHING, date(2026, 9, 9), None, Standing(Due.LOOK_AGAIN, None, True)),
        (Concern.WATCHING, date(2026, 9, 9), date(2027, 1, 8), Standing(Due.LATER, date(2027, 1, 8), False)),
        (Concern.NOTHING_FURTHER, date(2026, 9, 9), date(2026, 9, 9), Standing(Due.ENDED, None, False)),
        (Concern.SEN_SUPPORT, date(2026, 9, 9), None, Standing(Due.ENDED, None, False)),
    ],
)
def test_a_concern_waits_for_its_meeting_then_for_its_review_date(
    status: Concern, raised: date, review: date | None, expected: Standing
) -> None:
    assert standing(status, raised, review, TODAY) == expected


@pytest.mark.parametrize(
    ("status", "source", "told", "field"),
    [
        (SenStatus.SUPPORT, StatusSource.HAND, "Letter", "source"),
        (SenStatus.SUPPORT, StatusSource.REVIEW, "Letter", "source"),
        (SenStatus.SUPPORT, StatusSource.CONCERN, "Letter", "source"),
        (SenStatus.SUPPORT, StatusSource.TRANSFER, " ", "told"),
        (SenStatus.SUPPORT, StatusSource.TRANSFER, "Letter of 3 November", None),
        (SenStatus.SUPPORT, StatusSource.MIS, "Letter of 3 November", None),
        (SenStatus.SUPPORT, StatusSource.PAPER, "Met on 3 November", None),
        (SenStatus.SUPPORT, StatusSource.AUTHORITY, "Met on 3 November", None),
        (SenStatus.NONE, StatusSource.HAND, "", None),
        (SenStatus.PLAN, StatusSource.AUTHORITY, "", None),
    ],
)
def test_nobody_is_put_on_the_register_by_typing_alone(
    status: SenStatus, source: StatusSource, told: str, field: str | None
) -> None:
    found = why_not_on_register(status, source, told)
    assert (found[0] if found else None) == field
