"""Each outcome of a sitting in figures: where it began, where it should lead, the newest figure, its small chart."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graduated.assess.pictures import picture_of
from graduated.assess.queries import Series, line_for, series_of
from graduated.pack.charts import Chart, measure_chart
from graduated.plan.rows import OutcomeRow
from graduated.review.sitting import Table
from graduated.rules.calendar import short_date

SMALL = (480.0, 150.0, 12.0)
"""Width, height and size of type: beside one's own words, and on a phone as it is."""


@dataclass(frozen=True, slots=True)
class OutcomeFigures:
    """(term, figure) pairs in words, and the chart once a figure was taken since the plan began."""

    facts: tuple[tuple[str, str], ...]
    chart: Chart | None = None


def figures_of(table: Table) -> dict[int, OutcomeFigures]:
    """The figures of every outcome on the table, by outcome; one query, or none when nothing is measured."""
    rows = [one.row for one in table.outcomes]
    series = series_of(table.record.pupil_id) if any(row.scale for row in rows) else []
    return {row.outcome_id: OutcomeFigures(_facts(row), _chart(row, series, table)) for row in rows}


def _facts(row: OutcomeRow) -> tuple[tuple[str, str], ...]:
    newest = f"{row.latest.text} on {short_date(row.latest.taken_on)}" if row.latest else ""
    if row.scale and not newest:
        newest = "not measured since"
    found = (("Baseline", row.baseline_text), ("Target", row.target_text), ("Latest", newest))
    return tuple((term, words) for term, words in found if words)


def _chart(row: OutcomeRow, series: list[Series], table: Table) -> Chart | None:
    line = line_for(series, row.scale.measure_id) if row.scale else None
    if line is None or row.latest is None:
        return None
    since = row.baseline_on or table.record.cycle_starts
    drawn = picture_of(
        replace(line, points=tuple(one for one in line.points if one.taken_on >= since)),
        name=line.scale.name,
        baseline=row.baseline,
        target=row.target,
    )
    return measure_chart(drawn, *SMALL) if drawn.points else None
