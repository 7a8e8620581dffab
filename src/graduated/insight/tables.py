"""Insight as tables for a spreadsheet: the same figures as on the page, one line each."""

from __future__ import annotations

from collections.abc import Sequence

from graduated.insight.queries import BY
from graduated.insight.rows import ImpactLine, MapLine, ProvisionMap, hours

Table = tuple[list[str], list[list[str]]]
FIGURES = frozenset(
    {"Pupils", "Pupil hours planned", "Pupil hours delivered", "Delivered, percent", "Missed hours",
     "Not recorded hours", "Not logged hours", "Staff hours planned", "Staff hours delivered", "Cost planned",
     "Cost delivered", "Cost for each pupil", "Pupils measured"}
)  # fmt: skip
"""The headings of columns that a workbook may add up."""


def map_table(found: ProvisionMap) -> Table:
    """The provision map with its total; hours to one decimal, money in pounds."""
    headings = [
        BY[found.by][0], "Pupils", "Pupil hours planned", "Pupil hours delivered", "Delivered, percent", "Missed hours",
        "Not recorded hours", "Not logged hours", "Staff hours planned", "Staff hours delivered", "Cost planned",
        "Cost delivered",
    ]  # fmt: skip
    return headings, [_map_cells(line) for line in (*found.lines, found.total)]


def _map_cells(line: MapLine) -> list[str]:
    return [
        line.label,
        str(len(line.pupils)),
        line.planned,
        line.delivered,
        "" if line.dose.percent is None else str(line.dose.percent),
        hours(line.dose.missed_minutes),
        hours(line.dose.not_recorded_minutes),
        hours(line.unlogged),
        hours(line.staff_planned),
        hours(line.staff_delivered),
        *line.money,
    ]


def impact_table(lines: Sequence[ImpactLine]) -> Table:
    """One line for each intervention and measure; the warning is a column, so that it travels with the figures."""
    headings = [
        "Intervention", "Pupils", "Delivered, percent", "Cost delivered", "Cost for each pupil", "Judged at reviews",
        "Measure", "Pupils measured", "Lowest, middle, highest", "In", "In words", "Notes", "Warning",
    ]  # fmt: skip
    rows = []
    for line in lines:
        percent = "" if line.percent is None else str(line.percent)
        head = [line.intervention, str(line.pupils), percent, line.cost_words, line.each, line.judged_words]
        for one in line.measures:
            found = one.impact
            rows.append(
                [*head, one.name, str(found.pupils), found.spread, found.unit if found.spread else "", found.words,
                 one.notes, found.warning or line.warning]
            )  # fmt: skip
        if not line.measures:
            rows.append([*head, "", "", "", "", "", "", line.warning])
    return headings, rows
