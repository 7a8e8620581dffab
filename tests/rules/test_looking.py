"""Many children in a short time: who looked so is listed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from graduated.rules.looking import Looked, spells

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
WITHIN = timedelta(minutes=10)


def looks(*pairs: tuple[int, int]) -> list[Looked]:
    """(minute, child) pairs as looks of one person."""
    return [Looked(child, NINE + timedelta(minutes=minute)) for minute, child in pairs]


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], []),
        ([(0, 1), (1, 2)], []),
        ([(0, 1), (1, 2), (2, 3)], [(0, 2, (1, 2, 3))]),
        # The same child again and again is one child.
        ([(0, 1), (1, 1), (2, 1), (3, 2)], []),
        # Exactly ten minutes is within; a minute more is not.
        ([(0, 1), (5, 2), (10, 3)], [(0, 10, (1, 2, 3))]),
        ([(0, 1), (5, 2), (11, 3)], []),
        # Windows that touch are one spell, which may last longer than a window.
        ([(0, 1), (4, 2), (8, 3), (12, 4), (16, 5)], [(0, 16, (1, 2, 3, 4, 5))]),
        # An hour later it is another spell.
        ([(0, 1), (1, 2), (2, 3), (62, 3), (63, 4), (64, 5)], [(0, 2, (1, 2, 3)), (62, 64, (3, 4, 5))]),
    ],
)
def test_many_children_within_a_window_are_a_spell(
    seen: list[tuple[int, int]], expected: list[tuple[int, int, tuple[int, ...]]]
) -> None:
    found = spells(looks(*seen), many=3, within=WITHIN)
    assert [
        ((one.began - NINE).seconds // 60, (one.ended - NINE).seconds // 60, one.pupil_ids) for one in found
    ] == expected
