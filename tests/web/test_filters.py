"""Words and moments as a page writes them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from graduated.web.filters import clock_time, inside, moment


@pytest.mark.parametrize(
    ("label", "within"),
    [
        ("Class teacher", "class teacher"),
        ("SENCO", "SENCO"),
        ("SEN assistant", "SEN assistant"),
        ("EHC plan", "EHC plan"),
        ("", ""),
    ],
)
def test_a_label_begins_small_inside_a_sentence_unless_it_is_an_abbreviation(label: str, within: str) -> None:
    assert inside(label) == within


@pytest.mark.parametrize(
    ("at", "words"), [(time(0, 5), "12.05 am"), (time(12, 0), "12.00 pm"), (time(15, 30), "3.30 pm"), (None, "")]
)
def test_a_time_is_written_as_a_school_writes_it(at: time | None, words: str) -> None:
    assert clock_time(at) == words


def test_a_moment_stands_at_the_wall_clock_of_london_in_summer_and_winter() -> None:
    assert moment(datetime(2026, 7, 1, 14, 30, tzinfo=UTC)) == "1 July 2026, 3.30 pm"
    assert moment(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)) == "24 November 2026, 3.30 pm"
