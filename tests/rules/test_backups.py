"""Which backups are kept, when the next is due, and when somebody is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graduated.rules.backups import Keeping, age_in_words, is_due, is_too_old, to_keep

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def at(text: str) -> datetime:
    """A moment of UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "made", "kept"),
    [
        (Keeping(1, 0, 0, 0, 1), ["2026-11-22T10:10", "2026-11-22T10:50"], ["2026-11-22T10:50"]),
        (Keeping(2, 0, 0, 0, 1), ["2026-11-22T08:59", "2026-11-22T09:00", "2026-11-22T10:50"],
         ["2026-11-22T09:00", "2026-11-22T10:50"]),
        # Periods without a backup do not count: a machine that stood still keeps its last ones.
        (Keeping(2, 0, 0, 0, 1), ["2026-07-01T09:00", "2026-11-22T10:50"], ["2026-07-01T09:00", "2026-11-22T10:50"]),
        (Keeping(0, 2, 0, 0, 1), ["2026-11-20T23:00", "2026-11-21T01:00", "2026-11-21T23:00", "2026-11-22T01:00"],
         ["2026-11-21T23:00", "2026-11-22T01:00"]),
        # The day is the school's: at half past eleven at night in summer it is tomorrow in London already.
        (Keeping(0, 9, 0, 0, 1), ["2026-07-01T22:30", "2026-07-01T23:30"], ["2026-07-01T22:30", "2026-07-01T23:30"]),
        # Both hours of one name in the night in which the clocks go back.
        (Keeping(9, 0, 0, 0, 1), ["2026-10-25T00:30", "2026-10-25T01:30"], ["2026-10-25T00:30", "2026-10-25T01:30"]),
        # Weeks begin on Monday, and the days around New Year are of one week.
        (Keeping(0, 0, 2, 0, 1), ["2026-11-15T12:00", "2026-11-16T12:00", "2026-11-22T12:00"],
         ["2026-11-15T12:00", "2026-11-22T12:00"]),
        (Keeping(0, 0, 9, 0, 1), ["2026-12-31T12:00", "2027-01-03T12:00"], ["2027-01-03T12:00"]),
        (Keeping(0, 0, 0, 2, 1), ["2026-09-30T12:00", "2026-10-01T12:00", "2026-10-31T12:00", "2026-11-02T12:00"],
         ["2026-10-31T12:00", "2026-11-02T12:00"]),
        # One made by hand does not take the place of the one before, of the same hour.
        (Keeping(1, 0, 0, 0), ["2026-11-22T10:10", "2026-11-22T10:40", "2026-11-22T10:50"],
         ["2026-11-22T10:40", "2026-11-22T10:50"]),
        # The newest stays whatever the rule says.
        (Keeping(0, 0, 0, 0, 0), ["2026-11-21T12:00", "2026-11-22T12:00"], ["2026-11-22T12:00"]),
        (Keeping(), [], []),
    ],
)  # fmt: skip
def test_of_each_period_the_newest_is_kept(rule: Keeping, made: list[str], kept: list[str]) -> None:
    assert to_keep(map(at, made), rule) == frozenset(map(at, kept))


def test_two_years_of_hourly_backups_come_to_some_fifty_and_none_is_older_than_a_year_and_a_month() -> None:
    kept: frozenset[datetime] = frozenset()
    for hour in range(2 * 365 * 24):
        kept = to_keep([*kept, NOON + timedelta(hours=hour)])  # swept after each, as it happens
    last = NOON + timedelta(hours=2 * 365 * 24 - 1)
    assert {last - timedelta(hours=back) for back in range(24)} <= kept
    days = {(last - moment).days for moment in kept}
    assert set(range(13)) <= days
    assert 40 <= len(kept) <= 24 + 14 + 8 + 12
    assert timedelta(days=300) < last - min(kept) <= timedelta(days=396)


@pytest.mark.parametrize(
    ("good", "tried", "erased", "due"),
    [
        (None, None, None, True),
        (59, None, None, False),
        (60, None, None, True),
        (-5, None, None, True),  # made in the future: the clock was put right since
        (180, 9, None, False),  # it did not work just now
        (180, 10, None, True),
        (180, -5, None, True),
        (None, 9, None, False),
        (30, None, 10, True),  # something went by law since
        (30, None, 40, False),
        (30, 5, 10, False),
    ],
)
def test_a_backup_is_due_each_hour_and_after_an_erasure_and_not_at_once_after_one_that_failed(
    good: int | None, tried: int | None, erased: int | None, due: bool
) -> None:
    ago = [None if minutes is None else NOON - timedelta(minutes=minutes) for minutes in (good, tried, erased)]
    assert is_due(NOON, *ago) is due


def test_after_26_hours_somebody_is_told() -> None:
    assert is_too_old(NOON, None)
    assert not is_too_old(NOON, NOON - timedelta(hours=26))
    assert is_too_old(NOON, NOON - timedelta(hours=26, seconds=1))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (-90, "less than a minute"), (60, "1 minute"), (240, "4 minutes"),
     (119 * 60, "119 minutes"), (2 * 3600, "2 hours"), (47 * 3600, "47 hours"), (48 * 3600, "2 days")],
)  # fmt: skip
def test_an_age_is_said_as_people_say_it(seconds: int, words: str) -> None:
    assert age_in_words(timedelta(seconds=seconds)) == words
