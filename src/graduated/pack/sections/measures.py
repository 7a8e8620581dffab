"""Measures with charts and tables, and the provision map with minutes and costs."""

from __future__ import annotations

from graduated.pack import typeset, wording
from graduated.pack.charts import measure_chart
from graduated.pack.content import COSTS, Costs, MeasureSeries, PackContent, Provision, Section, measure_anchor
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.sections.cycles import planned_words

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
    chart = measure_chart(series, typeset.WIDTH, 175.0)
    flow.figure(chart)
    notes = (series.respondent, *chart.notes, *series.remarks)
    flow.small(" · ".join(note for note in notes if note), leads=True)
    if chart.rows:
        flow.table(chart.headings, chart.rows, (22, 13, 20, 22, 23))


def provision_map(flow: Flow, content: PackContent, title: str) -> None:
    """All that was provided, planned and delivered, and what it cost."""
    flow.section(title, Section.PROVISION)
    narratives(flow, content, Section.PROVISION)
    rows = [
        (
            str(cycle.number),
            f"{p.name}\n{p.who}\n{planned_words(p)}",
            *_minutes(p),
        )
        for cycle in content.cycles
        for p in cycle.provisions
    ]
    if not rows:
        flow.text("No provision is recorded.")
        return
    words = "Minutes to the date of this document."
    if any(NOTHING in row for row in rows):
        words += f" {NOTHING} stands where no sessions are logged, so that nothing can be counted."
    flow.small(words, leads=True)
    headings = ("Cycle", "Provision", "Planned", "Delivered", "Missed", "Not recorded")
    flow.table(headings, rows, (9, 43, 12, 12, 11, 13), right=(2, 3, 4, 5))
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


def _costs(flow: Flow, costs: Costs) -> None:
    flow.heading(2, "Costs", COSTS)
    flow.small(costs.period, leads=True)
    rows = [
        (f"{line.name}\n{line.working}", wording.pounds(line.planned), _optional(line.delivered))
        for line in costs.lines
    ]
    rows.append(("Together", wording.pounds(costs.planned), _optional(costs.delivered)))
    rows.append(("For comparison: threshold", wording.pounds(costs.threshold), ""))
    flow.table(("Provision", "Planned", "Delivered"), rows, (64, 18, 18), right=(1, 2))
    for note in (costs.rates, costs.note):
        flow.small(note)


def _optional(pence: int | None) -> str:
    return "not logged" if pence is None else wording.pounds(pence)
