"""Costs as pages read them: of one provision, of one plan, and of twelve months; frozen, finished values.

Lines are exact; a cost is made of one or many lines and rounded once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from graduated.rules.costing import Cost, CostLine, beside_comparison, cost, of_one_plan
from graduated.rules.dosage import Dose
from graduated.school.queries_rates import HourlyRate, RateCardRow


@dataclass(frozen=True, slots=True)
class ProvisionCost:
    """One provision of one pupil, costed. Lines are exact; the costs made of them are rounded once.

    `dose`, `planned` and `delivered` are those of the period that was asked for. `delivered_line` is
    none where nothing is logged: support that is not, and cycles from paper. `why_not` says why there is no cost, or is
    empty.
    """

    provision_id: int
    pupil_id: int
    cycle_id: int
    cycle_number: int
    intervention_id: int | None
    name: str
    group_size: int
    starts: date
    ends: date | None
    weeks: int | None
    card: RateCardRow | None
    rate: HourlyRate | None
    why_not: str
    dose: Dose
    agreed_line: CostLine | None
    planned_line: CostLine
    delivered_line: CostLine | None

    @property
    def is_costed(self) -> bool:
        """Whether there is anything to work a cost out from: an hourly rate, or a price."""
        return not self.why_not

    @property
    def agreed(self) -> Cost | None:
        """The whole provision as the plan says it; none while the plan does not say for how long."""
        return cost([self.agreed_line]) if self.agreed_line is not None and self.is_costed else None

    @property
    def planned(self) -> Cost | None:
        """What was planned in the period; none when it cannot be costed."""
        return cost([self.planned_line]) if self.is_costed else None

    @property
    def delivered(self) -> Cost | None:
        """What was delivered in the period; none when it cannot be costed or is not logged."""
        return cost([self.delivered_line]) if self.delivered_line is not None and self.is_costed else None

    @property
    def in_period(self) -> bool:
        """Whether anything of it falls into the period."""
        lines = [self.planned_line, *([self.delivered_line] if self.delivered_line else [])]
        return self.dose.planned_to_date_minutes > 0 or any(
            one.minutes or one.one_off_pence or one.agency_pence for one in lines
        )


@dataclass(frozen=True, slots=True)
class PlanCost:
    """One plan: `agreed` for all of it, `planned` and `delivered` so far. `cards` are those that its figures come from.

    `newer` is a card that has come into force since; the plan goes by its own until somebody says otherwise.
    """

    cycle_id: int
    pupil_id: int
    number: int
    is_draft: bool
    starts: date
    ends: date | None
    on: date
    weeks: int | None
    lines: tuple[ProvisionCost, ...]
    agreed: Cost
    planned: Cost | None
    delivered: Cost | None
    not_costed: tuple[str, ...]
    not_logged: tuple[str, ...]
    cards: tuple[RateCardRow, ...]
    newer: RateCardRow | None

    @property
    def words(self) -> str:
        """The cost with how long it is for, never to be taken for a year's."""
        return of_one_plan(self.agreed.pence, self.weeks)

    @property
    def has_costs(self) -> bool:
        """Whether anything of the plan could be costed."""
        return any(one.is_costed for one in self.lines)


@dataclass(frozen=True, slots=True)
class YearCost:
    """One pupil's costs after `since` and up to `to`, across cycles.

    `delivered` is to be held beside `planned_logged`, which leaves out what nobody logs.
    """

    pupil_id: int
    since: date
    to: date
    lines: tuple[ProvisionCost, ...]
    planned: Cost
    planned_logged: Cost | None
    delivered: Cost | None
    not_costed: tuple[str, ...]
    not_logged: tuple[str, ...]
    cards: tuple[RateCardRow, ...]

    @property
    def beside(self) -> str:
        """The planned twelve months beside £6,000: a comparison, never a pass mark."""
        return beside_comparison(self.planned.pence)

    @property
    def has_costs(self) -> bool:
        """Whether anything of the period could be costed."""
        return any(one.is_costed for one in self.lines)
