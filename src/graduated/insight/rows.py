"""What the pages of insight show: frozen, finished values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from graduated.do.queries_costs import ProvisionCost
from graduated.rules.costing import Cost, in_pounds
from graduated.rules.dosage import Dose
from graduated.rules.impact import Impact, few_words
from graduated.rules.vocabulary import NeedType, YearGroup


def hours(minutes: int | Decimal) -> str:
    """Minutes as hours to one decimal, "12.5"."""
    return f"{(Decimal(minutes) / 60).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"


@dataclass(frozen=True, slots=True)
class Period:
    """A school year up to a day: from after `since` up to `to`, both as the doses and costs take them."""

    year: str
    since: date
    to: date
    is_over: bool

    @property
    def words(self) -> str:
        """The period for a heading."""
        return f"School year {self.year}" if self.is_over else f"School year {self.year}, to date"


@dataclass(frozen=True, slots=True)
class Given:
    """One provision of one pupil in the period. `intervention` is the library's name, or the plan's where it has none.

    `dose` is that of the period alone. `need` is the pupil's primary need.
    """

    provision_id: int
    pupil_id: int
    pupil_name: str
    cycle_id: int
    year_group: YearGroup
    need: NeedType | None
    intervention: str
    adult: str
    group_size: int
    starts: date
    ends: date | None
    dose: Dose
    cost: ProvisionCost


@dataclass(frozen=True, slots=True)
class MapLine:
    """One line of the provision map. Minutes are pupils' minutes; staff minutes are shared by a group.

    `unlogged` are planned minutes of support that nobody logs, which no bar can hold.
    """

    label: str
    pupils: tuple[tuple[int, str], ...]
    dose: Dose
    unlogged: int
    staff_planned: Decimal
    staff_delivered: Decimal
    cost_planned: Cost | None
    cost_delivered: Cost | None
    not_costed: int

    @property
    def planned(self) -> str:
        """Hours planned to date, of pupils, also of support that is not logged."""
        return hours(self.dose.planned_to_date_minutes + self.unlogged)

    @property
    def delivered(self) -> str:
        """Hours delivered to pupils; nothing where none of it is logged."""
        return hours(self.dose.delivered_minutes) if self.dose.planned_to_date_minutes else ""

    @property
    def sentence(self) -> str:
        """The dose in the words of every other page, and what of it is not logged."""
        said = self.dose.sentence if self.dose.planned_to_date_minutes else ""
        return " · ".join(part for part in (said, self.unlogged_words) if part)

    @property
    def unlogged_words(self) -> str:
        """Support in class that nobody logs, said apart."""
        return f"{hours(self.unlogged)} h planned in class and not logged" if self.unlogged else ""

    @property
    def money(self) -> tuple[str, str]:
        """Cost planned and delivered; empty where no rate is known."""
        return _pounds(self.cost_planned), _pounds(self.cost_delivered)


@dataclass(frozen=True, slots=True)
class ProvisionMap:
    """The provision map of a school year, its lines in one order, and all together."""

    period: Period
    by: str
    lines: tuple[MapLine, ...]
    total: MapLine


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """One measure by one respondent under an intervention; `name` says both."""

    name: str
    impact: Impact
    notes: str


@dataclass(frozen=True, slots=True)
class ImpactLine:
    """One intervention: how many had it, how much of it, at what cost, what reviews said, and what was measured."""

    intervention: str
    pupils: int
    percent: int | None
    cost: Cost | None
    judged: int
    judged_well: int
    judged_pupils: int
    measures: tuple[MeasureLine, ...]

    @property
    def warning(self) -> str:
        """Under five pupils, the warning that stands first."""
        return few_words(self.pupils)

    @property
    def cost_words(self) -> str:
        """What was delivered, in pounds."""
        return _pounds(self.cost)

    @property
    def each(self) -> str:
        """The same for each pupil, rounded once."""
        if self.cost is None or not self.pupils:
            return ""
        share = (Decimal(self.cost.pence) / self.pupils).quantize(Decimal(1), ROUND_HALF_UP)
        return in_pounds(int(share))

    @property
    def judged_words(self) -> str:
        """What sealed reviews said of the outcomes that it served."""
        if not self.judged:
            return ""
        pupils = f"{self.judged_pupils} pupil{'' if self.judged_pupils == 1 else 's'}"
        return f"{self.judged_well} of {self.judged} outcomes as expected or better ({pupils})"


def _pounds(amount: Cost | None) -> str:
    return "" if amount is None else amount.pounds
