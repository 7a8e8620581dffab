"""What a term may be, and a proposal of terms to start from. Pure: no clock, no database."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from graduated.rules.calendar import TermDates, academic_year, monday_of
from graduated.web.filters import long_date

LONGEST = 140
"""Days from first to last of the longest term there is; a longer one is a slip of the pen."""


def faults(term: TermDates, others: Iterable[TermDates], bank_holidays: Collection[date] = ()) -> dict[str, str]:
    """What is wrong with a term, by the name of the field to mend; empty when it will do.

    `others` are the school's other terms, without the one that is being changed.
    """
    found: dict[str, str] = {}
    if term.ends <= term.starts:
        found["ends"] = "The last day must come after the first day"
    elif (term.ends - term.starts).days > LONGEST:
        found["ends"] = f"A term has at most {LONGEST} days from its first to its last; check the years"
    elif academic_year(term.starts) != academic_year(term.ends):
        found["ends"] = "A term lies in one academic year, from 1 September to 31 August"
    else:
        for other in others:
            if term.starts <= other.ends and other.starts <= term.ends:
                found["starts"] = f"These dates overlap with {other.name} {other.academic_year}"
    if "ends" not in found:
        found.update(_half_term(term))
    if not found and term.inset:
        found.update(_inset(term, bank_holidays))
    return found


def _half_term(term: TermDates) -> dict[str, str]:
    starts, ends = term.half_term_starts, term.half_term_ends
    if starts is None and ends is None:
        return {}
    if starts is None:
        return {"half_term_starts": "Enter the first day of half-term too, or leave both empty"}
    if ends is None:
        return {"half_term_ends": "Enter the last day of half-term too, or leave both empty"}
    if ends < starts:
        return {"half_term_ends": "The last day of half-term cannot come before its first day"}
    if not term.starts < starts <= ends < term.ends:
        return {"half_term_starts": "Half-term must lie within the term"}
    return {}


def _inset(term: TermDates, bank_holidays: Collection[date]) -> dict[str, str]:
    for day in sorted(term.inset):
        said = long_date(day)
        if not term.starts <= day <= term.ends:
            return {"inset_days": f"{said} is outside the term"}
        if day.weekday() > 4:
            return {"inset_days": f"{said} is a {day:%A}"}
        if term.is_half_term(day):
            return {"inset_days": f"{said} is in half-term"}
        if day in bank_holidays:
            return {"inset_days": f"{said} is a bank holiday"}
    return {}


def propose_terms(year: int, easter_monday: date) -> tuple[TermDates, TermDates, TermDates]:
    """Three terms for the academic year that starts in `year`, to be corrected by the school, which alone knows.

    From the calendar only: Christmas, the fortnight round Easter, and the weeks in which most English schools have
    half-term. `easter_monday` is that of the following spring.
    """
    name = f"{year}/{(year + 1) % 100:02d}"
    autumn_half = monday_of(date(year, 10, 29))
    spring_half = monday_of(date(year + 1, 2, 18))
    summer_half = monday_of(date(year + 1, 5, 31))
    return (
        _term("Autumn", name, _weekday_from(date(year, 9, 2)), _friday_to(date(year, 12, 20)), autumn_half),
        _term("Spring", name, _weekday_from(date(year + 1, 1, 4)), easter_monday - timedelta(days=10), spring_half),
        _term("Summer", name, easter_monday + timedelta(days=7), _weekday_to(date(year + 1, 7, 22)), summer_half),
    )


def _term(title: str, year: str, starts: date, ends: date, half_term: date) -> TermDates:
    return TermDates(title, year, starts, ends, half_term, half_term + timedelta(days=4))


def _weekday_from(day: date) -> date:
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def _weekday_to(day: date) -> date:
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def _friday_to(day: date) -> date:
    return day - timedelta(days=(day.weekday() - 4) % 7)
