"""By when a request for information about a pupil has to be answered (domain §3.6; quality §1, the row of the ICO).

Subject access: one calendar month, up to two more when the request is complex; the clock may stop while the school
waits for an answer to a question of clarification (Data (Use and Access) Act 2025). Educational record: 15 school days,
in maintained schools only, not in academies. A complaint about data protection is acknowledged within 30 days.

No day is added for a weekend or a holiday: the earlier day is always in time.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from graduated.rules.calendar import TermDates, school_days
from graduated.rules.vocabulary import InformationKind

MONTHS, MORE_MONTHS = 1, 2
SCHOOL_DAYS = 15
ACKNOWLEDGE_DAYS = 30
SOON_DAYS = 7
"""So many days before its limit a request is shown as near."""
_FAR = timedelta(days=150)


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which the clock of a subject access request stood: from the question until its answer, if any."""

    asked: date
    answered: date | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """By when what is owed is due. `due` is None while the clock stands, and where no limit can be worked out.

    `what` says in a few words what is due then; `stopped_days` how many days the clock has stood, today included.
    """

    due: date | None
    what: str
    is_stopped: bool = False
    stopped_days: int = 0

    def days_left(self, today: date) -> int | None:
        """Days until it is due; fewer than none when it is past."""
        return None if self.due is None else (self.due - today).days


def months_after(day: date, months: int) -> date:
    """The corresponding day so many calendar months later; the last day of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def stopped_days(stops: Sequence[Stop], today: date) -> int:
    """How many days the clock has stood by the end of a day; days in two stops at once count once."""
    days: set[int] = set()
    for one in stops:
        days.update(range(one.asked.toordinal(), (one.answered or today).toordinal()))
    return len(days)


def limit_of(
    kind: InformationKind,
    received: date,
    today: date,
    *,
    stops: Sequence[Stop] = (),
    extended: bool = False,
    acknowledged: bool = False,
    terms: Sequence[TermDates] = (),
    bank_holidays: Collection[date] = (),
) -> Limit:
    """The limit of a request that is not answered yet (domain §3.6)."""
    if kind is InformationKind.SUBJECT_ACCESS:
        return _of_access(received, today, stops, MONTHS + (MORE_MONTHS if extended else 0))
    if kind is InformationKind.RECORD:
        return Limit(_school_day(received, terms, bank_holidays), "the educational record")
    if acknowledged:
        return Limit(None, "an answer without undue delay")
    return Limit(received + timedelta(days=ACKNOWLEDGE_DAYS), "an acknowledgement")


def _of_access(received: date, today: date, stops: Sequence[Stop], months: int) -> Limit:
    stood = stopped_days(stops, today)
    if any(one.answered is None for one in stops):
        return Limit(None, "the answer", is_stopped=True, stopped_days=stood)
    return Limit(months_after(received, months) + timedelta(days=stood), "the answer", stopped_days=stood)


def _school_day(received: date, terms: Sequence[TermDates], bank_holidays: Collection[date]) -> date | None:
    """The fifteenth school day after the day of receipt; None where the terms are not entered so far ahead."""
    days = school_days(received + timedelta(days=1), received + _FAR, terms, bank_holidays)
    return days[SCHOOL_DAYS - 1] if len(days) >= SCHOOL_DAYS else None


def may_stop(kind: InformationKind, stops: Sequence[Stop]) -> bool:
    """Whether a question stops the clock now: of a subject access request, and not while another is open."""
    return kind is InformationKind.SUBJECT_ACCESS and all(one.answered is not None for one in stops)
