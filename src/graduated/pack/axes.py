"""Scales of a chart: round steps for figures, months for dates, both placed in proportion."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from graduated.pack import wording
from graduated.pack.scene import text_width

_NUMBER_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_AGE_STEPS = (1, 2, 3, 6, 12, 24, 36, 60, 120)
_MONTH_STEPS = (1, 2, 4, 12, 24, 48)


@dataclass(frozen=True, slots=True)
class DateScale:
    """From dates to x."""

    start: date
    end: date
    left: float
    right: float

    def x(self, when: date) -> float:
        """Where a date lies, held within the scale."""
        days = max(1, (self.end - self.start).days)
        part = min(1.0, max(0.0, (when - self.start).days / days))
        return self.left + part * (self.right - self.left)

    def covers(self, when: date) -> bool:
        """Whether a date lies on the scale."""
        return self.start <= when <= self.end

    def months(self, size: float) -> tuple[tuple[float, str], ...]:
        """First days of months with their labels, as close as labels of that size allow, counted from September."""
        room = text_width("Sep 2026", size) + size
        for step in _MONTH_STEPS:
            ticks = [(self.x(first), wording.month(first)) for first in self._firsts(step)]
            if all(b[0] - a[0] >= room for a, b in pairwise(ticks)):
                return tuple(ticks)
        return ()

    def _firsts(self, step: int) -> Iterable[date]:
        year, number = self.start.year, self.start.month
        while (first := date(year, number, 1)) <= self.end:
            months_from_september = (year * 12 + number - 9) % step
            if first >= self.start and months_from_september == 0:
                yield first
            year, number = (year + 1, 1) if number == 12 else (year, number + 1)


def date_scale(dates: Iterable[date], left: float, right: float, least_days: int = 120) -> DateScale:
    """A scale that holds all dates with a little room at both ends; a single date stands in the middle."""
    known = sorted(dates)
    first, last = known[0], known[-1]
    lacking = max(0, least_days - (last - first).days)
    margin = timedelta(days=max(lacking // 2, (last - first).days // 40, 1))
    low = first - margin if first.toordinal() > margin.days else first
    high = last + margin if last.toordinal() + margin.days < date.max.toordinal() else last
    return DateScale(low, high, left, right)


@dataclass(frozen=True, slots=True)
class ValueScale:
    """From figures to y; the axis is never turned round, so a lower figure always lies lower."""

    low: float
    high: float
    top: float
    bottom: float
    step: float
    ages: bool = False

    def y(self, value: float) -> float:
        """Where a figure lies, held within the scale."""
        part = min(1.0, max(0.0, (value - self.low) / (self.high - self.low)))
        return self.bottom - part * (self.bottom - self.top)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Grid lines: y and label."""
        count = round((self.high - self.low) / self.step)
        values = [self.low + i * self.step for i in range(count + 1)]
        return tuple((self.y(value), self._label(value)) for value in values)

    def _label(self, value: float) -> str:
        if self.ages:
            return wording.years_months(value)
        return f"{value:.6f}".rstrip("0").rstrip(".") if self.step < 1 or value % 1 else f"{value:,.0f}"


def value_scale(values: Iterable[float], top: float, bottom: float, *, ages: bool = False) -> ValueScale:
    """A scale of four to seven round steps around the figures; it starts at zero only when they are near it."""
    known = list(values) or [0.0]
    low, high = min(known), max(known)
    spread = (high - low) or max(1.0, abs(high) * 0.1)
    room = spread * 0.12
    floor = 0.0 if low >= 0 and low - room < 0 else low - room
    whole = all(float(value).is_integer() for value in known)
    step = _age_step(spread) if ages else _number_step(spread + 2 * room, whole)
    start = math.floor(floor / step) * step
    end = math.ceil((high + room) / step) * step
    return ValueScale(start, end if end > start else start + step, top, bottom, step, ages)


def _number_step(spread: float, whole: bool) -> float:
    """A round step; whole figures get whole steps."""
    rough = max(spread / 5, 1.0) if whole else spread / 5
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (power * step for step in _NUMBER_STEPS if power * step >= rough * 0.999)
    return next(step for step in steps if not whole or step.is_integer())


def _age_step(spread: float) -> float:
    return float(next((step for step in _AGE_STEPS if spread / step <= 5), 240))
