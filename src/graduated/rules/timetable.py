"""Where everybody is expected in a week, and who is in two places at once (design §4 Group, §7; Code 6.48 to 6.51).

A session of a group is expected on a school day only: never in a holiday, in half-term, on a bank holiday or on an
INSET day. A group without fixed days is expected so many times a week and on no day; one without a time cannot clash.

Two bookings of one person clash when they share a minute of one day. One that begins as the other ends does not, and
a group never clashes with itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import combinations

from graduated.rules.calendar import TermDates, is_school_day, monday_of

MOST_PUPILS = 12
"""Pupils in one group at a time; ours: above that it is a class."""

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_END_OF_DAY = 24 * 60
Span = tuple[date, date | None]
"""From a day to a day, both included; no last day while nothing ends it."""


@dataclass(frozen=True, slots=True)
class Booking:
    """One person is expected in one group on one day; `at` is None when no time is fixed."""

    who: int
    group_id: int
    what: str
    on: date
    at: time | None
    minutes: int

    @property
    def starts(self) -> int:
        """Minutes since midnight; 0 without a time."""
        return 0 if self.at is None else self.at.hour * 60 + self.at.minute

    @property
    def ends(self) -> int:
        """Minutes since midnight, never past the end of the day."""
        return min(self.starts + self.minutes, _END_OF_DAY)


@dataclass(frozen=True, slots=True)
class Overlap:
    """One person in two places, on one day or on several alike: the booking that begins first, and the other."""

    first: Booking
    second: Booking
    days: tuple[date, ...]

    @property
    def who(self) -> int:
        """Whose clash it is."""
        return self.first.who

    @property
    def words(self) -> str:
        """As "Tuesday and Thursday: Talk group (1.30 to 2.00 pm) and Spelling (1.45 to 2.00 pm) overlap"."""
        names = [_DAY_NAMES[day.weekday()] for day in self.days]
        when = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
        both = " and ".join(f"{one.what} ({span_words(one.at, one.minutes)})" for one in (self.first, self.second))
        return f"{when}: {both} overlap"


def clashes(bookings: Iterable[Booking]) -> tuple[Overlap, ...]:
    """Every pair of bookings of one person that share a minute, by day and time; the same pair on two days is one."""
    by_person: dict[tuple[int, date], list[Booking]] = defaultdict(list)
    for one in bookings:
        if one.at is not None:
            by_person[one.who, one.on].append(one)
    pairs: dict[tuple[int, ...], list[tuple[Booking, Booking]]] = defaultdict(list)
    for who, on in sorted(by_person, key=lambda key: (key[1], key[0])):
        booked = sorted(by_person[who, on], key=lambda one: (one.starts, one.group_id))
        for first, second in combinations(booked, 2):
            if first.group_id != second.group_id and second.starts < first.ends and first.starts < second.ends:
                alike = (first.group_id, first.starts, first.ends, second.group_id, second.starts, second.ends)
                pairs[who, *alike].append((first, second))
    found = (Overlap(*same[0], tuple(first.on for first, _second in same)) for same in pairs.values())
    return tuple(sorted(found, key=lambda one: (one.days, one.first.starts, one.who, one.second.starts)))


def meeting_days(
    weekdays: Collection[int],
    runs: Span,
    monday: date,
    terms: Sequence[TermDates],
    bank_holidays: Collection[date] = (),
) -> tuple[date, ...]:
    """The days of one week on which a group is expected: its weekdays that are school days while it runs."""
    days = (monday + timedelta(days=number) for number in sorted(set(weekdays)))
    return tuple(day for day in days if covers(runs, day) and is_school_day(day, terms, bank_holidays))


def covers(span: Span, day: date) -> bool:
    """Whether a day lies in a span, both ends included."""
    starts, ends = span
    return starts <= day and (ends is None or day <= ends)


def closed_words(day: date, terms: Sequence[TermDates], bank_holidays: Collection[date] = ()) -> str:
    """Why children are not taught on a day, in a word or two; nothing on a school day.

    A day after the last term that anybody entered is not called a holiday: nobody knows.
    """
    if is_school_day(day, terms, bank_holidays):
        return ""
    if day.weekday() > 4:
        return "Weekend"
    if day in bank_holidays:
        return "Bank holiday"
    term = next((one for one in terms if one.starts <= day <= one.ends), None)
    if term is None:
        return "School holiday" if any(day < one.starts for one in terms) else "No term entered"
    return "Half-term" if term.is_half_term(day) else "INSET day"


def time_on(weekday: int, at: time | None, times: Mapping[str, str]) -> time | None:
    """When a group meets on a weekday: that day's own time ("13:30" by "0" for Monday), else the group's."""
    own = times.get(str(weekday))
    return time.fromisoformat(own) if own else at


def span_words(at: time | None, minutes: int) -> str:
    """As "1.30 to 2.00 pm"; the length alone where no time is fixed."""
    if at is None:
        return f"{minutes} minutes"
    starts = _clock(at.hour * 60 + at.minute)
    ends = _clock(min(at.hour * 60 + at.minute + minutes, _END_OF_DAY))
    return f"{starts[:-3] if starts[-2:] == ends[-2:] else starts} to {ends}"


def most_at_once(places: Iterable[Span], within: Span) -> int:
    """How many places of a group are taken on its fullest day within a span, both ends included."""
    known = list(places)
    first, last = within
    days = {first} | {starts for starts, _ends in known if covers((first, last), starts)}
    return max(sum(1 for place in known if covers(place, day)) for day in days)


def week_asked(day: date) -> date:
    """The Monday of the week that a page shows for a day: of the next week once the school week is over."""
    return monday_of(day) if day.weekday() < 5 else monday_of(day) + timedelta(days=7)


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{(hour - 1) % 12 + 1}.{minute:02d} {'am' if hour % 24 < 12 else 'pm'}"
