"""Charts: one definition for page and document, safe under a strict policy, readable without colour."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest

from graduated.pack import scene
from graduated.pack.charts import Chart, Dot, RibbonCycle, dose_bar, measure_chart, ribbon
from graduated.pack.content import Dose, MeasureSeries, Missed, Outcome, Point, Span
from graduated.pack.measured import Boundary
from graduated.pack.scene import Circle, Label, Path, Rect
from graduated.pack.sections.cycles import of_outcome
from graduated.pack.sections.needs import merged, ribbon_of
from graduated.rules.vocabulary import Censor, Direction, NextStep

from .builders import content

SERIES = {series.key: series for series in content().series}
TODAY = date(2026, 11, 4)


def test_where_a_cycle_begins_is_drawn_named_and_told_in_the_notes() -> None:
    points = tuple(Point(on=date(2026, month, 8), value=month, text=str(month)) for month in (1, 4, 9))
    cycles = (Boundary(name="Cycle 2", on=date(2026, 4, 20)), Boundary(name="Cycle 9", on=date(2029, 1, 1)))
    chart = measure_chart(MeasureSeries(key="a", name="Reading", points=points, cycles=cycles), 482, 170)
    assert sum(1 for mark in chart.marks if getattr(mark, "css", "") == "chart-cycle") == 1
    assert "Cycle 2" in [label.text for label in labels(chart)]
    assert any(note.startswith("Cycle 2 from 20 Apr 2026") for note in chart.notes)


def labels(chart: Chart) -> list[Label]:
    return [mark for mark in chart.marks if isinstance(mark, Label) and mark.text]


def all_charts() -> list[Chart]:
    doses = [p.dose for cycle in content().cycles for p in cycle.provisions if p.dose]
    return [
        ribbon_of(content(), TODAY, 482),
        *(measure_chart(series, 482, 170) for series in SERIES.values()),
        *(dose_bar(dose, 300) for dose in doses),
    ]


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title)
def test_a_chart_is_safe_svg_with_a_name_and_a_description(chart: Chart) -> None:
    svg = chart.svg()
    root = ElementTree.fromstring(svg)
    names = {name for element in root.iter() for name in element.attrib}
    tags = {element.tag.rsplit("}")[-1] for element in root.iter()}
    assert root.attrib["role"] == "img"
    assert "style" not in names and not any(name.startswith("on") for name in names)
    assert tags <= {"svg", "title", "desc", "path", "rect", "circle", "text"}
    assert [child.tag.rsplit("}")[-1] for child in root][:2] == ["title", "desc"]
    assert root[0].text and root[1].text
    assert chart.__html__() == svg


@pytest.mark.parametrize("chart", all_charts(), ids=lambda chart: chart.title)
def test_labels_lie_inside_and_never_on_each_other(chart: Chart) -> None:
    boxes = [(label, scene.label_box(label)) for label in labels(chart)]
    for label, box in boxes:
        assert box[0] >= -0.5 and box[2] <= chart.width + 0.5, label
        assert box[1] >= -0.5 and box[3] <= chart.height + 0.5, label
    for (one, a), (two, b) in combinations(boxes, 2):
        apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
        assert apart, (one.text, two.text)


def test_text_of_users_is_escaped_in_svg() -> None:
    nasty = '</text><script>alert(1)</script> & "quoted" \x00'
    series = replace(SERIES["help"], name=nasty, scale=nasty, target_text=nasty)
    svg = measure_chart(series, 400, 150).svg()
    assert "<script" not in svg
    ElementTree.fromstring(svg)


def test_lower_is_better_is_said_and_the_axis_not_turned_round() -> None:
    chart = measure_chart(SERIES["errors"], 482, 170)
    assert any("lower is better" in label.text for label in labels(chart))
    spots = [mark for mark in chart.marks if isinstance(mark, Circle)]
    assert spots[0].y < spots[-1].y, "22 errors lie higher than 8"


def test_a_censored_figure_is_an_open_triangle_with_its_sign() -> None:
    chart = measure_chart(SERIES["age"], 482, 170)
    triangles = [mark for mark in chart.marks if isinstance(mark, Path) and mark.css == "chart-censored"]
    assert len(triangles) == 1 and triangles[0].fill == scene.WHITE
    (left, right, tip) = triangles[0].points
    assert tip[1] > left[1] == right[1], "below the scale points down"
    assert any(label.text == "<5:00" for label in labels(chart))


def test_a_censored_figure_without_a_sign_gets_one() -> None:
    point = Point(on=TODAY, value=130, text="130", censor=Censor.ABOVE)
    chart = measure_chart(MeasureSeries(key="k", name="Score", points=(point,)), 300, 150)
    assert chart.rows[0][1] == ">130"


def test_dates_are_placed_in_proportion() -> None:
    start = date(2025, 1, 1)
    points = tuple(Point(on=start + timedelta(days=d), value=d, text=str(d)) for d in (0, 100, 400))
    spots = [
        m
        for m in measure_chart(MeasureSeries(key="k", name="S", points=points), 400, 150).marks
        if isinstance(m, Circle)
    ]
    assert (spots[2].x - spots[0].x) / (spots[1].x - spots[0].x) == pytest.approx(4, rel=0.02)


def test_a_single_point_and_no_point_are_fine() -> None:
    assert len(measure_chart(SERIES["help"], 400, 150).rows) == 1
    empty = measure_chart(MeasureSeries(key="k", name="S"), 400, 150)
    assert empty.rows == () and labels(empty)[0].text == "No measurement is recorded."


@pytest.mark.parametrize("values", [(5.0,), (0.0, 0.0), (-3.0, 4.0), (1e6, 2e6), (0.001, 0.002)])
def test_any_figures_lie_inside_the_plot(values: tuple[float, ...]) -> None:
    points = tuple(Point(on=TODAY + timedelta(days=i * 30), value=v, text=f"{v:g}") for i, v in enumerate(values))
    chart = measure_chart(MeasureSeries(key="k", name="S", points=points), 400, 150)
    for spot in (mark for mark in chart.marks if isinstance(mark, Circle)):
        assert 0 < spot.x < 400 and 0 < spot.y < 150


def test_counts_get_whole_steps() -> None:
    points = (Point(on=TODAY, value=3, text="3"), Point(on=TODAY + timedelta(days=60), value=4, text="4"))
    chart = measure_chart(MeasureSeries(key="k", name="S", points=points), 400, 150)
    assert not any(re.fullmatch(r"\d+\.\d+", label.text) for label in labels(chart))


def test_reviews_target_baseline_and_usual_range_are_drawn_and_named() -> None:
    chart = measure_chart(SERIES["reading"], 482, 190)
    css = [getattr(mark, "css", "") for mark in chart.marks]
    words = {label.text for label in labels(chart)}
    assert {"target 88", "baseline 74", "usual range 85 to 115", "review"} <= words
    assert "chart-usual" in css and css.count("chart-review") >= 3
    assert any(note.startswith("Phonics catch-up, daily: ") for note in chart.notes)


def test_a_long_name_is_cut_in_the_picture_and_whole_in_the_table() -> None:
    name = "A programme of paired reading with older pupils of the school council, twice a week in the library" * 2
    chart = ribbon([], [Span(name=name, start=date(2026, 1, 1))], [], date(2025, 9, 1), TODAY, 300)
    assert any(label.text.endswith("…") for label in labels(chart))
    assert chart.rows[0][0] == name


def test_the_ribbon_shows_every_step_in_words_and_in_the_table() -> None:
    chart = ribbon_of(content(), TODAY, 482)
    words = [label.text for label in labels(chart)]
    assert words.count("Some progress") == 3
    assert "Little or no progress" in words and "Major concerns" in words
    assert (
        "Cycle 1, brought forward from paper",
        "16 September 2024",
        "12 December 2024",
        "Some progress",
    ) in chart.rows
    paper = [m for m in chart.marks if isinstance(m, Rect) and m.css == "chart-cycle" and m.dash]
    assert len(paper) == 2


def test_a_ribbon_of_nine_cycles_fits_a_page() -> None:
    cycles = [
        RibbonCycle(
            name=f"Cycle {i + 1}",
            start=date(2023, 9, 1) + timedelta(days=110 * i),
            end=date(2023, 9, 1) + timedelta(days=110 * i + 90),
            words="Little or no progress",
            step=NextStep.SPECIALIST,
        )
        for i in range(9)
    ]
    spans = [Span(name=f"Provision number {i}", start=date(2023, 9, 1) + timedelta(days=40 * i)) for i in range(20)]
    dots = [Dot(on=date(2024, 1, 1) + timedelta(days=20 * i), name="Specialist teacher") for i in range(12)]
    chart = ribbon(cycles, spans, dots, date(2023, 9, 1), TODAY, 482)
    assert len(chart.rows) == 41
    assert chart.height < 640
    assert any("more, in the table" in label.text for label in labels(chart))


def test_provision_that_went_on_is_one_bar() -> None:
    spans = (
        Span(name="A", start=date(2025, 1, 1), end=date(2025, 4, 1)),
        Span(name="A", start=date(2025, 4, 20)),
        Span(name="B", start=date(2024, 1, 1), end=date(2024, 2, 1)),
        Span(name="B", start=date(2025, 2, 1)),
    )
    assert merged(spans) == [Span(name="A", start=date(2025, 1, 1)), *spans[2:]]


def test_the_parts_of_a_dose_bar_are_in_proportion_to_minutes() -> None:
    dose = Dose(
        planned=100, delivered=50, missed=(Missed(reason="Trip or event", minutes=25),), not_recorded=25, to_come=100
    )
    chart = dose_bar(dose, 200)
    rects = {mark.css: mark for mark in chart.marks if isinstance(mark, Rect)}
    assert rects["dose-delivered"].w == 50
    assert rects["chart-hatch"].w == 25
    assert chart.rows == (("100", "50", "25", "25", "100"),)
    assert "not recorded" in chart.description and "missed (Trip or event 25)" in chart.description


@pytest.mark.parametrize("dose", [Dose(planned=0), Dose(planned=10, delivered=50), Dose(planned=60, logged=False)])
def test_odd_doses_draw_inside_their_bar(dose: Dose) -> None:
    for mark in dose_bar(dose, 100).marks:
        if isinstance(mark, Rect):
            assert mark.x >= 0 and mark.x + mark.w <= 100.01


def test_direction_without_a_ladder_is_said() -> None:
    chart = measure_chart(replace(SERIES["help"], direction=Direction.NONE), 482, 150)
    assert any("not a ladder" in label.text for label in labels(chart))


def test_a_chart_in_a_cycle_has_the_start_and_the_aim_of_that_cycle() -> None:
    newest = MeasureSeries(key="errors", name="Errors", baseline=14, baseline_text="14", target=5, target_text="5")
    earlier = Outcome(number=1, area="", statement="", starts_at=(18, "18"), aims_at=(13, "13"))
    drawn = of_outcome(earlier, newest)
    assert (drawn.baseline, drawn.baseline_text, drawn.target, drawn.target_text) == (18, "18", 13, "13")
    unmeasured = of_outcome(Outcome(number=2, area="", statement=""), newest)
    assert (unmeasured.baseline, unmeasured.target) == (None, None)
