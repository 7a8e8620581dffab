"""Attendance as bars: a part for each kind of session, in page and pack alike."""

from __future__ import annotations

from datetime import date

import pytest

from graduated.pack import scene
from graduated.pack.attendance_chart import attendance_chart
from graduated.pack.evidence import AttendancePeriod
from graduated.pack.scene import Label, Rect

PERIODS = (
    AttendancePeriod(name="2026/27", start=date(2026, 9, 2), end=date(2026, 10, 23), possible=76, authorised=4,
                     unauthorised=2, percent="92.1%"),
    AttendancePeriod(name="2026/27", start=date(2026, 11, 2), end=date(2026, 11, 20), possible=30, authorised=0,
                     unauthorised=0, percent="100.0%"),
)  # fmt: skip


@pytest.mark.parametrize("width", [1080.0, 480.0, 350.0])
def test_each_bar_is_whole_and_its_parts_are_its_sessions(width: float) -> None:
    bars = [mark for mark in attendance_chart(PERIODS, width).marks if isinstance(mark, Rect) and mark.stroke]
    there, authorised, unauthorised, full = (bar.w for bar in bars)
    assert there + authorised + unauthorised == pytest.approx(full)
    assert (authorised, unauthorised) == pytest.approx((full * 4 / 76, full * 2 / 76))
    assert all(bar.x >= 0 and bar.x + bar.w <= width for bar in bars)


@pytest.mark.parametrize("width", [1080.0, 350.0])
def test_nothing_is_written_outside_and_nothing_on_anything_else(width: float) -> None:
    chart = attendance_chart(PERIODS, width)
    boxes = [scene.label_box(mark) for mark in chart.marks if isinstance(mark, Label)]
    for left, top, right, bottom in boxes:
        assert left >= -1 and right <= width + 1
        assert top >= -1 and bottom <= chart.height + 1
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_the_figures_stand_in_words_and_in_a_table() -> None:
    chart = attendance_chart(PERIODS, 1080)
    assert chart.rows[0] == ("2 Sep 2026 to 23 Oct 2026", "92.1%", "76", "4", "2")
    assert "2 Nov 2026 to 20 Nov 2026: 100.0% of the sessions were attended." in chart.description


def test_a_period_without_a_session_is_left_out() -> None:
    empty = AttendancePeriod(name="", start=date(2026, 8, 1), end=date(2026, 8, 2), possible=0, authorised=0,
                             unauthorised=0)  # fmt: skip
    assert len(attendance_chart((empty,), 1080).rows) == 0
