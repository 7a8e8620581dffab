"""The calendar of a term: its school weeks with what is due, arranged and held on each day. No queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from graduated.rules.calendar import TermDates, monday_of
from graduated.rules.timetable import closed_words

MOST_IN_A_DAY = 6
"""More than these stand as one line: the last day of a term may have two hundred."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on a day. `kind`: due, late, meeting or held; `mark` says it, `words` adds to it; `name` is whose."""

    on: date
    kind: str
    name: str
    mark: str
    words: str = ""
    href: str = ""
    file_href: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday. `closed` says why no children are taught: "Half-term", "INSET day"; empty on a school day."""

    on: date
    closed: str
    entries: tuple[Entry, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday. `number` counts school weeks; none in a week off, whose reason is `closed`."""

    monday: date
    number: int | None
    days: tuple[Day, ...]
    closed: str = ""

    @property
    def friday(self) -> date:
        """The last weekday."""
        return self.monday + timedelta(days=4)


def weeks_of(
    term: TermDates, terms: Sequence[TermDates], bank_holidays: Collection[date], entries: Iterable[Entry]
) -> tuple[Week, ...]:
    """Every week of one of the school's terms from its first to its last, with what is on each day.

    What falls on a weekend stands on the Friday before: it keeps its own date in its words.
    """
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_day[entry.on - timedelta(days=max(0, entry.on.weekday() - 4))].append(entry)
    found, number, monday = [], 0, monday_of(term.starts)
    while monday <= term.ends:
        each = [monday + timedelta(days=n) for n in range(5)]
        days = tuple(_day(day, closed_words(day, terms, bank_holidays), by_day.get(day, [])) for day in each)
        taught = any(not one.closed for one in days)
        number += taught
        reasons = {one.closed for one in days} - {"Bank holiday"}
        whole = "" if taught else (reasons.pop() if len(reasons) == 1 else "No school")
        found.append(Week(monday, number if taught else None, days, whole))
        monday += timedelta(days=7)
    return tuple(found)


def _day(day: date, closed: str, entries: Sequence[Entry]) -> Day:
    shown = tuple(entries[:MOST_IN_A_DAY])
    return Day(day, closed, shown, len(entries) - len(shown))


def term_at(terms: Sequence[TermDates], day: date, asked: date | None) -> int | None:
    """The place of the term to show: the one that starts on the day asked for, else the one of today or the next.

    After the last known term the last; none where no term is entered.
    """
    ordered = sorted(terms, key=lambda term: term.starts)
    for place, term in enumerate(ordered):
        if term.starts == asked:
            return place
    for place, term in enumerate(ordered):
        if term.ends >= day:
            return place
    return len(ordered) - 1 if ordered else None
