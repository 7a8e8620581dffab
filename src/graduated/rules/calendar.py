"""School days, terms, academic years and the ages that follow from them (design §5, domain §3.9).

A school day is a weekday inside a term that is not half-term, not an INSET day and not a bank holiday.
A school week is a week, Monday to Sunday, with at least one school day in it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from graduated.rules.vocabulary import YearGroup

_DAY = timedelta(days=1)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# The longest holiday is the summer's; a longer silence means that nobody has entered the terms.
_LONGEST_HOLIDAY = 60


@dataclass(frozen=True, slots=True)
class TermDates:
    """One term as the school entered it: both ends included; a calendar of six terms has no half-terms."""

    name: str
    academic_year: str
    starts: date
    ends: date
    half_term_starts: date | None = None
    half_term_ends: date | None = None
    inset: frozenset[date] = frozenset()

    def is_half_term(self, day: date) -> bool:
        """Whether the day falls in the half-term holiday."""
        if self.half_term_starts is None or self.half_term_ends is None:
            return False
        return self.half_term_starts <= day <= self.half_term_ends


@dataclass(frozen=True, slots=True)
class SchoolYear:
    """The terms of one academic year with its bank holidays."""

    terms: tuple[TermDates, ...]
    bank_holidays: frozenset[date] = frozenset()

    @property
    def days(self) -> tuple[date, ...]:
        """Every school day of the year, in order; none when no term is entered."""
        if not self.terms:
            return ()
        first = min(term.starts for term in self.terms)
        last = max(term.ends for term in self.terms)
        return school_days(first, last, self.terms, self.bank_holidays)


@lru_cache(maxsize=8192)
def academic_year(day: date) -> str:
    """The academic year of a day, 1 September to 31 August, written "2026/27"."""
    starts = academic_year_starts(day).year
    return f"{starts}/{(starts + 1) % 100:02d}"


def school_year_of(day: date, terms: Sequence[TermDates]) -> str:
    """The academic year that a day belongs to by the school's own terms, else by the 1 September.

    A term that starts in the last days of August belongs to the new year, and what is held in it counts there.
    """
    term = term_of(day, terms)
    return term.academic_year if term else academic_year(day)


def academic_year_starts(day: date) -> date:
    """The 1 September on or before the day."""
    return date(day.year if day.month >= 9 else day.year - 1, 9, 1)


def academic_year_ends(day: date) -> date:
    """The 31 August on or after the day."""
    return date(academic_year_starts(day).year + 1, 8, 31)


def is_school_day(day: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()) -> bool:
    """Whether children are taught on that day (design §5: what counts as term-time)."""
    if day.weekday() > 4 or day in bank_holidays:
        return False
    return any(
        term.starts <= day <= term.ends and not term.is_half_term(day) and day not in term.inset for term in terms
    )


def school_days(
    first: date, last: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()
) -> tuple[date, ...]:
    """The school days from first to last, both included, in order."""
    days = _all_days(tuple(terms), frozenset(bank_holidays))
    return days[bisect_left(days, first) : bisect_right(days, last)]


@lru_cache(maxsize=64)
def _all_days(terms: tuple[TermDates, ...], bank_holidays: frozenset[date]) -> tuple[date, ...]:
    """Every school day of the terms, in order; remembered, as each provision of a page asks for some of them."""
    known = {day for term in terms for day in _each_day(term.starts, term.ends)}
    return tuple(day for day in sorted(known) if is_school_day(day, terms, bank_holidays))


@lru_cache(maxsize=64)
def _all_mondays(terms: tuple[TermDates, ...], bank_holidays: frozenset[date]) -> tuple[date, ...]:
    """The Monday of each of these school days, in their order."""
    return tuple(monday_of(day) for day in _all_days(terms, bank_holidays))


@lru_cache(maxsize=8192)
def monday_of(day: date) -> date:
    """The Monday of the day's week: the name of that week in these rules."""
    return day - timedelta(days=day.weekday())


def school_weeks(
    first: date, last: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()
) -> tuple[date, ...]:
    """The Mondays of the weeks that have a school day between first and last, both included."""
    return _mondays_between(first, last, tuple(terms), frozenset(bank_holidays))


@lru_cache(maxsize=256)
def _mondays_between(
    first: date, last: date, terms: tuple[TermDates, ...], bank_holidays: frozenset[date]
) -> tuple[date, ...]:
    """The same, remembered: many plans begin on the same day."""
    days = _all_days(terms, bank_holidays)
    return tuple(dict.fromkeys(_all_mondays(terms, bank_holidays)[bisect_left(days, first) : bisect_right(days, last)]))


def school_weeks_between(
    earlier: date, later: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()
) -> int:
    """How many school weeks lie between two dates: the school days after the earlier one, by fives, rounded down.

    Used where a distance is meant (ratio gain, the spread of reviews). Two days that touch two calendar weeks are not
    two weeks apart, and a half-term that cuts across counts for nothing.
    """
    return len(school_days(earlier + _DAY, later, terms, bank_holidays)) // 5


@lru_cache(maxsize=64)
def _years(terms: tuple[TermDates, ...]) -> frozenset[str]:
    """The academic years of which a term was entered; remembered, as every due date of a list asks."""
    return frozenset(academic_year(term.starts) for term in terms)


def school_day_on_or_before(day: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()) -> date:
    """The day itself if it is a school day, else the school day before it (design §5, due dates).

    Where the terms of that academic year are not entered yet only weekends and bank holidays are stepped over: a date
    is never moved across months that nobody has described.
    """
    if academic_year(day) in _years(tuple(terms)):
        last = school_days(day - timedelta(days=_LONGEST_HOLIDAY), day, terms, bank_holidays)[-1:]
        if last:
            return last[0]
    while day.weekday() > 4 or day in bank_holidays:
        day -= _DAY
    return day


def term_of(day: date, terms: Sequence[TermDates]) -> TermDates | None:
    """The term that the day falls in, half-term included; none in the holidays between terms."""
    return next((term for term in terms if term.starts <= day <= term.ends), None)


def term_of_or_after(day: date, terms: Sequence[TermDates]) -> TermDates | None:
    """The term of the day, or in a holiday the next one that is known."""
    later = sorted((term for term in terms if term.ends >= day), key=lambda term: term.starts)
    return later[0] if later else None


def last_school_day_of_term(term: TermDates, bank_holidays: Collection[date] = ()) -> date:
    """The last day of the term on which children are taught; INSET days at its end are stepped over."""
    days = school_days(term.starts, term.ends, (term,), bank_holidays)
    return days[-1] if days else term.ends


def week_of_term(day: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()) -> tuple[int, int] | None:
    """(n, total) for "week 11 of 15", half-term not counted; none in the holidays between terms.

    A weekend belongs to the week before it, and half-term to the last week taught.
    """
    term = term_of(monday_of(day), terms) or term_of(day, terms)
    if term is None:
        return None
    weeks = school_weeks(term.starts, term.ends, (term,), bank_holidays)
    return sum(1 for monday in weeks if monday <= day), len(weeks)


def end_of_compulsory_school_age(date_of_birth: date) -> date:
    """The last Friday in June of the school year in which the pupil turns 16 (domain §3.9).

    On that day rights pass to the young person, not on the birthday.
    """
    turns_16_in_autumn = date_of_birth.month >= 9
    last_of_june = date(date_of_birth.year + 16 + turns_16_in_autumn, 6, 30)
    return last_of_june - timedelta(days=(last_of_june.weekday() - 4) % 7)


def expected_year_group(date_of_birth: date, on: date) -> YearGroup | None:
    """The year group of most children born then, at that date; none outside Nursery 1 to Year 14.

    By age on the 31 August before the academic year: Reception is 4, Year 1 is 5, and so on (domain §3.2, codes).
    A pupil may lawfully follow another year; the difference is shown, never put right.
    """
    start = academic_year_starts(on)
    age = start.year - date_of_birth.year - (1 if date_of_birth.month >= 9 else 0)
    order = list(YearGroup)[:-1]
    place = age - 2
    return order[place] if 0 <= place < len(order) else None


def short_date(day: date, today: date | None = None) -> str:
    """As "Tue 24 Nov", with the year when it is not today's year or no today is given."""
    year = "" if today is not None and today.year == day.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def plain_date(day: date) -> str:
    """As "24 Nov 2026", the same on every machine."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _each_day(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day += _DAY
