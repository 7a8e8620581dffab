"""Attendance in half-day sessions, and part-time timetables (domain §2.5, line 17; §3.11; design §4).

Two sessions a school day: a full week has ten. Nothing here says whether attendance is good or poor.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from graduated.rules.calendar import academic_year, plain_date

_TENTH = Decimal("0.1")
_SESSIONS_A_DAY = 2
MOST_HOURS = Decimal(35)
_SUMMER = ((7, 21), (9, 1))
_LONGEST_BREAK = timedelta(days=50)
"""Days between two periods that a summer holiday can explain; a longer gap is said."""


@dataclass(frozen=True, slots=True)
class Period:
    """Attendance from one day to another, both included, counted in half-day sessions."""

    starts: date
    ends: date
    possible: int
    authorised: int
    unauthorised: int

    @property
    def attended(self) -> int:
        """Sessions in school: what is possible less both kinds of absence."""
        return self.possible - self.authorised - self.unauthorised

    @property
    def words(self) -> str:
        """The days, as sentences name a period."""
        return f"{plain_date(self.starts)} to {plain_date(self.ends)}"


def share(part: int, whole: int) -> Decimal | None:
    """Per cent with one decimal, half up: the one way in which attendance is rounded; nothing of nothing."""
    if whole <= 0:
        return None
    return (Decimal(100) * part / whole).quantize(_TENTH, ROUND_HALF_UP)


def percent(period: Period) -> Decimal | None:
    """Attendance: sessions attended of those possible (domain §2.5, line 17)."""
    return share(period.attended, period.possible)


def percent_words(value: Decimal | None) -> str:
    """As "93.2%"; empty when there is none."""
    return "" if value is None else f"{value}%"


def _sums(rows: Sequence[Period]) -> tuple[int, int, int]:
    """Possible, authorised and unauthorised sessions of periods that never overlap, so that they add up."""
    return (
        sum(one.possible for one in rows),
        sum(one.authorised for one in rows),
        sum(one.unauthorised for one in rows),
    )


def year_words(periods: Iterable[Period]) -> tuple[str, ...]:
    """Each school year by itself, the newest first, with its days: "93.2% in 2026/27, 2 Sep 2026 to 20 Nov 2026".

    So authorities ask for it (domain §2.5, line 17), and a good year never hides a poor one. A period belongs to the
    year in which it begins. With a gap in a year that no holiday explains the days are no span: "95.5% in 2025/26,
    over 2 periods between 5 Sep 2025 and ...".
    """
    years: dict[str, list[Period]] = {}
    for one in sorted(periods, key=lambda row: row.starts):
        years.setdefault(academic_year(one.starts), []).append(one)
    return tuple(_year_words(year, rows) for year, rows in reversed(years.items()))


def _year_words(year: str, rows: Sequence[Period]) -> str:
    whole = Period(rows[0].starts, max(one.ends for one in rows), *_sums(rows))
    said = f"{percent_words(percent(whole))} in {year}"
    if any(later.starts - one.ends > _LONGEST_BREAK for one, later in pairwise(rows)):
        return f"{said}, over {len(rows)} periods between {plain_date(whole.starts)} and {plain_date(whole.ends)}"
    return f"{said}, {whole.words}"


def whole_words(periods: Iterable[Period]) -> str:
    """All that is recorded, school year by school year in one line, the newest first; empty when there is none."""
    return "; ".join(year_words(periods))


def most_possible(starts: date, ends: date) -> int:
    """No more sessions than this can lie in a period: two for each day from Monday to Friday."""
    days = (ends - starts).days + 1
    return _SESSIONS_A_DAY * sum((starts + timedelta(days=number)).weekday() < 5 for number in range(days))


def overlapping(period: Period, others: Iterable[Period]) -> Period | None:
    """The first of the others that shares a day with the period."""
    return next((one for one in others if one.starts <= period.ends and period.starts <= one.ends), None)


def fault(period: Period, today: date, others: Sequence[Period] = (), *, tells: bool = True) -> tuple[str, str] | None:
    """What is wrong with a period, as (field, sentence); none when it may stand beside the others (design §4).

    `tells`: whether the percentage of what is recorded may be said; who imports a file may be one who cannot read it.
    """
    if period.ends < period.starts:
        return "ends", "The last day cannot be before the first"
    if period.ends > today:
        return "ends", "The last day cannot be in the future: record attendance up to a day that has passed"
    if (period.ends - period.starts).days > 366:
        return "ends", "A period can be a year at most. Record each school year by itself"
    if period.possible < 1:
        return "possible", "Possible sessions must be 1 or more"
    most = most_possible(period.starts, period.ends)
    if period.possible > most:
        return (
            "possible",
            f"{period.words} has at most {most} half-day sessions, two for each weekday; check the figure and the days",
        )
    for field, value, label in (
        ("authorised", period.authorised, "Authorised absences"),
        ("unauthorised", period.unauthorised, "Unauthorised absences"),
    ):
        if value < 0:
            return field, f"{label} must be 0 or more"
    if period.attended < 0:
        missed = period.authorised + period.unauthorised
        return "unauthorised", f"{missed} absences are more than the {period.possible} possible sessions"
    clash = overlapping(period, others)
    if clash is not None:
        share = f" ({percent_words(percent(clash))})" if tells else ""
        return (
            "starts",
            f"{clash.words} is recorded already{share}, and no day counts twice. "
            "Correct that entry, or choose other days",
        )
    return None


def _asked_days(year: int, month: int, today: date) -> list[date]:
    """The weekdays of a month up to today, without those of the summer holiday."""
    days = (date(year, month, 1) + timedelta(days=number) for number in range(31))
    return [
        day
        for day in days
        if day.month == month
        and day <= today
        and day.weekday() < 5
        and not _SUMMER[0] <= (day.month, day.day) < _SUMMER[1]
    ]


def _is_recorded(periods: Sequence[Period], months: int, today: date) -> bool:
    """Whether a month, counted from year 0, is recorded; one without a day to record is as the month before it."""
    days = _asked_days(months // 12, months % 12 + 1, today)
    if not days:
        return _is_recorded(periods, months - 1, today)
    return 2 * sum(any(one.starts <= day <= one.ends for one in periods) for day in days) >= len(days)


def months_missing(periods: Iterable[Period], today: date, months: int = 12) -> tuple[date, ...]:
    """The first days of those of the newest calendar months that are not recorded, the oldest first (domain §2.5,
    line 17).

    A month is recorded when periods cover at least half of its weekdays; from 21 July to the end of August, the
    holiday, none is asked for. This month counts by its weekdays so far; while it is not recorded yet, the months are
    those up to the last.
    """
    rows, now = list(periods), today.year * 12 + today.month - 1
    newest = now if _is_recorded(rows, now, today) else now - 1
    asked = range(newest - months + 1, newest + 1)
    return tuple(date(one // 12, one % 12 + 1, 1) for one in asked if not _is_recorded(rows, one, today))


def months_recorded(periods: Iterable[Period], today: date, months: int = 12) -> int:
    """How many of the newest calendar months are recorded: never more than were asked for (`months_missing`)."""
    return months - len(months_missing(periods, today, months))


@dataclass(frozen=True, slots=True)
class PartTimeSpan:
    """When a part-time timetable runs; no end means until further notice. `hours` are those in school in a week."""

    starts: date
    ends: date | None
    hours: Decimal
    review_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def review_passed(self, day: date) -> bool:
        """Whether it runs and its review date has gone by: it is for a time, and reviewed (domain §3.11)."""
        return self.runs_on(day) and self.review_on is not None and self.review_on < day


def part_time_fault(span: PartTimeSpan, others: Sequence[PartTimeSpan] = ()) -> tuple[str, str] | None:
    """What is wrong with a part-time timetable, as (field, sentence); none when it may stand (domain §3.11)."""
    if not 0 < span.hours <= MOST_HOURS:
        return "hours", f"Hours a week must be more than 0 and {MOST_HOURS} or less"
    if span.ends is not None and span.ends < span.starts:
        return "ends", "The last day cannot be before the first"
    if span.review_on is not None and span.review_on < span.starts:
        return "review_on", "The review cannot be before the first day"
    for one in others:
        if one.starts <= (span.ends or date.max) and span.starts <= (one.ends or date.max):
            until = f"to {plain_date(one.ends)}" if one.ends else "until further notice"
            return (
                "starts",
                f"A part-time timetable from {plain_date(one.starts)} {until} is recorded already. Say when that one "
                "ended, or choose other days",
            )
    return None
