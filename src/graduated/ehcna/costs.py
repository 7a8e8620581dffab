"""What provision cost in the twelve months to a day, as the pack prints it: the figures that every page shows.

An authority asks for costs with their rates and source (domain §2.4), so the sums are printed in words.
"""

from __future__ import annotations

from graduated.do.costs import ProvisionCost, YearCost
from graduated.pack.content import CostLine, Costs
from graduated.rules.calendar import plain_date


def yearly_costs(year: YearCost) -> Costs | None:
    """The cost of each provision in the twelve months, and together; none when nothing can be costed."""
    if not year.has_costs:
        return None
    return Costs(
        period=f"Planned in the twelve months to {plain_date(year.to)}, across cycles",
        lines=tuple(_line(one) for one in year.lines if one.is_costed),
        planned=year.planned.pence,
        delivered=year.delivered.pence if year.delivered else None,
        planned_logged=year.planned_logged.pence if year.planned_logged else None,
        counted="Counted as minutes ÷ 60 × the hourly rate of the adult ÷ the size of the group.",
        rates=f"Hourly rates: {'; '.join(card.name for card in year.cards)}." if year.cards else "",
        note=_note(year),
    )


def _line(one: ProvisionCost) -> CostLine:
    planned, delivered = one.planned, one.delivered
    working = f"Planned: {planned.arithmetic}." if planned else ""
    if delivered is not None and delivered != planned:
        working = f"{working} Delivered: {delivered.arithmetic}."
    return CostLine(
        name=f"{one.name}, cycle {one.cycle_number}",
        planned=planned.pence if planned else 0,
        delivered=delivered.pence if delivered else None,
        working=working,
    )


def _note(year: YearCost) -> str:
    notes = [f"Not costed: {'; '.join(year.not_costed)}."] if year.not_costed else []
    if year.not_logged:
        notes.append(f"Planned only, as sessions are not logged here: {'; '.join(year.not_logged)}.")
    return " ".join(notes)
