"""What provision costs, from staff time, group size, one-off items and agency fees (design §5, Cost; domain §2.4).

    cost = minutes a week ÷ 60 × weeks × hourly rate ÷ group size + one-off items + agency fees

Exact until rounded to the penny once, half up, at the end of a sum and never before it. Money is integer pence, an
hourly rate is Decimal pounds to four places. Every cost carries its arithmetic in words, to be checked by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

COMPARISON_PENCE = 600_000
"""£6,000 a pupil a year (domain §1.2, funding facts): a comparison, never a pass mark."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Pence, and the arithmetic that gave them; `steps` are its summands where there are several."""

    pence: int
    arithmetic: str
    steps: tuple[str, ...] = ()

    @property
    def pounds(self) -> str:
        """The cost as people write it, such as "£1,310.00"."""
        return in_pounds(self.pence)


@dataclass(frozen=True, slots=True)
class CostLine:
    """Staff time shared by a group, with what is bought beside it.

    `minutes` are those of a week when `weeks` is given, else those of the whole period (as delivered, for instance).
    `one_off_pence` and `agency_pence` are this pupil's own share. `label` names the provision in the arithmetic.
    """

    label: str
    minutes: int
    hourly_rate: Decimal
    group_size: int = 1
    one_off_pence: int = 0
    agency_pence: int = 0
    weeks: int | None = None

    @property
    def whole_minutes(self) -> int:
        """Minutes over the whole period."""
        return self.minutes if self.weeks is None else self.minutes * self.weeks


def weekly(
    label: str,
    minutes_a_week: int,
    weeks: int,
    hourly_rate: Decimal,
    group_size: int = 1,
    one_off_pence: int = 0,
    agency_pence: int = 0,
) -> CostLine:
    """A line from minutes a week and weeks; term-time weeks are the rate card's (38 is common, domain §2.4)."""
    return CostLine(label, minutes_a_week, hourly_rate, group_size, one_off_pence, agency_pence, weeks)


def cost(lines: Iterable[CostLine]) -> Cost:
    """The cost of one provision or of many, rounded once at the end (design §5)."""
    known = tuple(lines)
    if not known:
        return Cost(0, "Nothing to cost.")
    pence = floor(sum((_exact(line) for line in known), Fraction(0)) + Fraction(1, 2))
    said = [_arithmetic(line) for line in known]
    return Cost(pence, f"{' + '.join(said)} = {in_pounds(pence)}", tuple(said) if len(said) > 1 else ())


def annual_cost(
    minutes_a_week: int,
    weeks: int,
    hourly_rate: Decimal,
    group_size: int = 1,
    one_off_pence: int = 0,
    agency_pence: int = 0,
) -> Cost:
    """One provision for a year; 60 minutes a week over 38 weeks at £17.2368 alone is £655.00 (domain §2.4)."""
    return cost([weekly("", minutes_a_week, weeks, hourly_rate, group_size, one_off_pence, agency_pence)])


def a_year_before(day: date) -> date:
    """The same day a year before; the twelve months to a day begin the day after it. 29 February goes to the 28th."""
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


def of_one_plan(pence: int, weeks: int | None) -> str:
    """What one plan costs, so that nobody takes it for a year's cost: "£2,100.00 for 12 school weeks of one plan"."""
    how_long = "one plan" if weeks is None else f"{_weeks(weeks).replace('week', 'school week')} of one plan"
    return f"{in_pounds(pence)} for {how_long}, not for a year"


def beside_comparison(pence: int) -> str:
    """A year's cost beside £6,000, in words that make no pass mark of it."""
    return f"{in_pounds(pence)} beside {in_pounds(COMPARISON_PENCE)[:-3]}, which is a comparison and not a pass mark"


def in_pounds(pence: int) -> str:
    """Pence as pounds, with thousands and both decimals."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def _exact(line: CostLine) -> Fraction:
    """Pence, not rounded: a third of an hour stays a third. A group has at least one pupil in it."""
    time = Fraction(line.hourly_rate) * line.whole_minutes * 100 / (60 * max(1, line.group_size))
    return time + line.one_off_pence + line.agency_pence


def _weeks(weeks: int) -> str:
    return f"{weeks} week{'' if weeks == 1 else 's'}"


def _arithmetic(line: CostLine) -> str:
    parts = [_time_words(line)] if line.minutes or not (line.one_off_pence or line.agency_pence) else []
    if line.one_off_pence:
        parts.append(f"{in_pounds(line.one_off_pence)} one-off")
    if line.agency_pence:
        parts.append(f"{in_pounds(line.agency_pence)} agency fee")
    said = " + ".join(parts)
    return f"{line.label}: {said}" if line.label else said


def _time_words(line: CostLine) -> str:
    shared = f" ÷ {line.group_size}" if line.group_size > 1 else ""
    rate = f"£{line.hourly_rate:.4f}"
    if line.weeks is None:
        return f"{line.minutes:,} minutes ÷ 60 × {rate}{shared}"
    return f"{line.minutes:,} minutes a week ÷ 60 × {_weeks(line.weeks)} × {rate}{shared}"
