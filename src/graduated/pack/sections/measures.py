"""Measures with charts and tables, and the provision map with minutes and costs."""

from __future__ import annotations

from collections.abc import Sequence

from graduated.pack import typeset, wording
from graduated.pack.charts import Chart, measure_chart
from graduated.pack.content import (
    COST_TOTAL,
    COSTS,
    PROVISION_TOTAL,
    Costs,
    Dose,
    MeasureSeries,
    PackContent,
    Provision,
    Section,
    logged_doses,
    measure_anchor,
)
from graduated.pack.flow import Flow
from graduated.pack.line_chart import about
from graduated.pack.sections.common import narratives
from graduated.pack.sections.cycles import chart_height, planned_words
from graduated.pack.wording import joined

_SHARES = (20, 11, 11, 28, 30)
NOTHING = "–"
"""In a cell in which nothing can stand."""


def measures(flow: Flow, content: PackContent, title: str) -> None:
    """Each measure: chart, what the chart holds in words, and every figure."""
    flow.section(title, Section.MEASURES)
    narratives(flow, content, Section.MEASURES)
    if not content.series:
        flow.text("No measures are recorded.")
    for series in content.series:
        _measure(flow, series)


def _measure(flow: Flow, series: MeasureSeries) -> None:
    flow.heading(2, series.name, measure_anchor(series.key))
    chart = measure_chart(series, typeset.WIDTH, chart_height(series, 122.0))
    flow.figure(chart)
    notes = (f"Filled in by: {series.respondent}" if series.respondent else "", *about(series), *series.remarks)
    flow.small(" · ".join(note for note in notes if note), leads=True)
    if chart.rows:
        _figures(flow, chart)


def _figures(flow: Flow, chart: Chart) -> None:
    """Every figure; a column in which nothing stands at all is left out."""
    kept = [i for i, _heading in enumerate(chart.headings) if any(row[i] for row in chart.rows)]
    rows = [[row[i] for i in kept] for row in chart.rows]
    flow.table([chart.headings[i] for i in kept], rows, [_SHARES[i] for i in kept])


def provision_map(flow: Flow, content: PackContent, title: str) -> None:
    """All that was provided, planned and delivered, and what it cost."""
    flow.section(title, Section.PROVISION)
    narratives(flow, content, Section.PROVISION)
    rows = [
        (
            str(cycle.number),
            "\n".join(part for part in (p.name, joined([p.who, planned_words(p)])) if part),
            *_minutes(p),
        )
        for cycle in content.cycles
        for p in cycle.provisions
    ]
    if not rows:
        flow.text("No provision is recorded.")
        return
    logged = logged_doses(content)
    words = "In minutes, to the date of this document."
    if any(NOTHING in row for row in rows):
        words += f" {NOTHING} stands where no sessions are logged, so that nothing can be counted."
    flow.small(words, leads=True)
    headings = ("Cycle", "Provision", "Planned", "Delivered", "Missed", "Not recorded")
    flow.table(headings, rows, (8, 41, 12, 16, 10, 13), right=(2, 3, 4, 5))
    if logged:
        flow.heading(2, "Logged provision together", PROVISION_TOTAL)
        flow.table(headings[2:], [_counted(logged)], (25, 25, 25, 25), right=(0, 1, 2, 3))
    if content.costs:
        _costs(flow, content.costs)


def _minutes(provision: Provision) -> tuple[str, str, str, str]:
    dose = provision.dose
    if dose is None:
        planned = provision.planned_minutes
        return "not recorded" if planned is None else f"{planned:,}", "not recorded", NOTHING, NOTHING
    if not dose.logged:
        return f"{dose.planned:,}", "not logged", NOTHING, NOTHING
    return f"{dose.planned:,}", f"{dose.delivered:,}", f"{dose.missed_minutes:,}", f"{dose.not_recorded:,}"


def _counted(doses: Sequence[Dose]) -> tuple[str, str, str, str]:
    sums = (
        sum(one.planned for one in doses),
        sum(one.delivered for one in doses),
        sum(one.missed_minutes for one in doses),
        sum(one.not_recorded for one in doses),
    )
    planned, delivered, missed, unknown = (f"{number:,}" for number in sums)
    return planned, delivered, missed, unknown


def _costs(flow: Flow, costs: Costs) -> None:
    flow.heading(2, "Costs", COSTS)
    flow.small(f"{costs.period}. {costs.counted}".strip(), leads=True)
    rows = [
        (f"{line.name}\n{line.working}", wording.pounds(line.planned), _optional(line.delivered))
        for line in costs.lines
    ]
    flow.table(("Provision", "Planned", "Delivered"), rows, (64, 18, 18), right=(1, 2))
    flow.heading(3, "Costs together", COST_TOTAL, listed=False)
    rows, logged = [], costs.planned_logged
    if logged is not None and logged != costs.planned:
        rows.append(("Where sessions are logged", wording.pounds(logged), _optional(costs.delivered)))
        rows.append(("All provision", wording.pounds(costs.planned), NOTHING))
    else:
        rows.append(("All provision", wording.pounds(costs.planned), _optional(costs.delivered)))
    rows.append(("For comparison, never a pass mark: the threshold for a year", wording.pounds(costs.threshold), ""))
    flow.table(("Together", "Planned", "Delivered"), rows, (64, 18, 18), right=(1, 2))
    for note in (costs.rates, costs.note):
        flow.small(note)


def _optional(pence: int | None) -> str:
    return "not logged" if pence is None else wording.pounds(pence)
