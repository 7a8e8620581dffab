"""When who works here, and what each may do, has to be looked through again: once in each term."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from graduated.rules.calendar import TermDates

UNSEEN = timedelta(days=90)
"""An account that nobody has come in with for so long is asked about."""

NEW = timedelta(days=30)
"""For so long somebody counts as having just come."""

WITHOUT_TERMS = timedelta(days=120)


def is_review_due(last: date | None, terms: Iterable[TermDates], day: date) -> bool:
    """Whether access has not been looked through since the present term, or the last one, began.

    Where no term is known that has begun, four months count as a term.
    """
    if last is None:
        return True
    began = max((term.starts for term in terms if term.starts <= day), default=None)
    return last < began if began is not None else day - last > WITHOUT_TERMS


def is_unseen(last: date | None, since: date, day: date) -> bool:
    """Whether nobody has come in with an account for 90 days: since the last time, or since its role began."""
    return day - max(last or since, since) >= UNSEEN
