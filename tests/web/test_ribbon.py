"""The ribbon draws what happened when it happened, and never words that would lie over others."""

from __future__ import annotations

import datetime as dt

from graduated.web.ribbon import WIDTH, Band, CycleBar, Dot, draw

TODAY = dt.date(2026, 11, 21)
CYCLES = [
    CycleBar(dt.date(2025, 9, 8), dt.date(2026, 1, 15), "Cycle 4", "Some progress"),
    CycleBar(dt.date(2024, 9, 9), dt.date(2025, 1, 16), "Cycle 1", "Some progress", "paper"),
    CycleBar(dt.date(2026, 9, 14), None, "Cycle 6"),
]


def test_a_pupil_without_a_cycle_has_no_ribbon() -> None:
    assert draw([], [Band(TODAY, None, "Talk group")], [], TODAY) is None


def test_cycles_stand_in_order_and_inside_the_picture() -> None:
    ribbon = draw(CYCLES, [], [], TODAY)
    assert ribbon is not None
    assert [bar.label for bar in ribbon.cycles] == ["Cycle 1", "Cycle 4", "Cycle 6"]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in ribbon.cycles)
    assert all(a.x + a.width <= b.x for a, b in zip(ribbon.cycles, ribbon.cycles[1:], strict=False))


def test_a_running_cycle_ends_today_without_a_review_line() -> None:
    ribbon = draw(CYCLES, [], [], TODAY)
    assert ribbon is not None
    last = ribbon.cycles[-1]
    assert (last.kind, last.end) == ("now", None)
    assert last.x + last.width <= ribbon.today_x
    assert ribbon.words == "3 cycles since September 2024; the last is under way"


def test_provision_at_the_same_time_stands_on_rows_of_its_own() -> None:
    bands = [Band(dt.date(2025, 9, 8), None, "Precision reading 1:1"),
             Band(dt.date(2025, 10, 1), None, "Talk group (6)"),
             Band(dt.date(2024, 9, 16), dt.date(2025, 4, 4), "Phonics catch-up, daily")]
    ribbon = draw(CYCLES, bands, [], TODAY)
    assert ribbon is not None
    rows = {shape.label: shape.y for shape in ribbon.bands}
    assert rows["Precision reading 1:1"] != rows["Talk group (6)"]
    assert rows["Phonics catch-up, daily"] == rows["Precision reading 1:1"]


def test_words_by_a_dot_at_the_right_edge_stand_before_it() -> None:
    ribbon = draw(CYCLES, [], [Dot(TODAY, "Educational psychologist seen 20 Nov 2026")], TODAY)
    assert ribbon is not None
    (dot,) = ribbon.dots
    assert dot.anchor == "end" and dot.text_x < dot.x


def test_a_cycle_of_one_day_is_drawn_with_what_fits() -> None:
    ribbon = draw([*CYCLES, CycleBar(TODAY, TODAY, "Cycle 7", "Good progress")], [], [], TODAY)
    assert ribbon is not None
    assert (ribbon.cycles[-1].shown, ribbon.cycles[-1].under) == ("", "")


def test_ten_years_of_ticks_do_not_touch() -> None:
    ribbon = draw([CycleBar(dt.date(2016, 9, 5), None, "Cycle 1")], [], [], TODAY)
    assert ribbon is not None
    assert all(b.x - a.x > 60 for a, b in zip(ribbon.ticks, ribbon.ticks[1:], strict=False))
