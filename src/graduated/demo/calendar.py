"""Term dates as a Dorset primary has them, for any academic year, and walking along school days.

The demo is dated from today, so the dates follow rules instead of a table: autumn from the first days of September to
the Friday before Christmas week, half-terms at the end of October, in mid-February and at the end of May, Easter
holidays round Easter, summer until the third week of July, five INSET days.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

import holidays

from graduated.db.clock import LONDON
from graduated.rules.calendar import TermDates, academic_year_starts, school_days

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
YEARS_BACK = 4


def _on_or_after(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def _on_or_before(day: date, weekday: int) -> date:
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def _easter(year: int) -> date:
    for day, name in holidays.country_holidays("GB", subdiv="ENG", years=year).items():
        if name == "Easter Monday":
            return day - _DAY
    raise ValueError(f"no Easter is known in {year}")


def _easter_holidays(year: int) -> tuple[date, date]:
    """The last day of spring and the first of summer; early, middling and late Easters fall differently."""
    easter = _easter(year)
    if easter <= date(year, 4, 2):
        return easter - timedelta(days=3), easter + timedelta(days=15)
    if easter <= date(year, 4, 12):
        return easter - timedelta(days=9), easter + timedelta(days=8)
    return easter - timedelta(days=16), easter + timedelta(days=2)


def terms_of_year(first: int) -> tuple[TermDates, ...]:
    """The three terms of the academic year that begins in September of `first`."""
    year, after = f"{first}/{(first + 1) % 100:02d}", first + 1
    autumn = next(day for day in _days_from(date(first, 9, 2)) if day.weekday() < 5)
    october = _on_or_before(date(first, 10, 31), 0)
    spring = _on_or_after(date(after, 1, 4), 0)
    february = _on_or_after(date(after, 2, 15), 0)
    spring_ends, summer = _easter_holidays(after)
    may = _on_or_before(date(after, 5, 31), 0)
    summer_ends = _on_or_before(date(after, 7, 24), 2)
    second_inset = next(day for day in _days_from(autumn + _DAY) if day.weekday() < 5)
    return (
        TermDates("Autumn", year, autumn, _on_or_before(date(first, 12, 21), 4), october, october + 4 * _DAY,
                  frozenset({autumn, second_inset})),
        TermDates("Spring", year, spring, spring_ends, february, february + 4 * _DAY, frozenset({spring})),
        TermDates("Summer", year, summer, summer_ends, may, may + 4 * _DAY, frozenset({may + _WEEK, summer_ends})),
    )  # fmt: skip


def _days_from(day: date) -> Iterator[date]:
    while True:
        yield day
        day += _DAY


@dataclass(frozen=True)
class SchoolCalendar:
    """The demo school's own calendar round a day: four years back, this one and the next."""

    today: date

    @cached_property
    def terms(self) -> tuple[TermDates, ...]:
        """All terms, oldest first."""
        now = academic_year_starts(self.today).year
        return tuple(term for first in range(now - YEARS_BACK, now + 2) for term in terms_of_year(first))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """All school days, oldest first."""
        bank = holidays.country_holidays(
            "GB", subdiv="ENG", years=range(self.terms[0].starts.year, self.today.year + 3)
        )
        return school_days(self.terms[0].starts, self.terms[-1].ends, self.terms, frozenset(bank))

    def index(self, day: date) -> int:
        """The place of the first school day on or after a day."""
        return min(bisect_left(self.days, day), len(self.days) - 1)

    def at(self, index: int) -> date:
        """The school day at a place; the first there is when it lies before all."""
        return self.days[max(0, min(index, len(self.days) - 1))]

    def shifted(self, day: date, by: int) -> date:
        """The school day that lies `by` school days from a day (which is first moved on to a school day)."""
        return self.at(self.index(day) + by)

    def on_or_before(self, day: date) -> date:
        """The school day on or before a day."""
        place = bisect_left(self.days, day)
        return day if place < len(self.days) and self.days[place] == day else self.at(place - 1)

    def between(self, first: date, last: date) -> tuple[date, ...]:
        """School days from first to last, both included."""
        return self.days[bisect_left(self.days, first) : bisect_left(self.days, last + _DAY)]


def moment(day: date, hour: int = 15, minute: int = 30) -> datetime:
    """A moment of the school's day."""
    return datetime.combine(day, time(hour, minute), LONDON)
