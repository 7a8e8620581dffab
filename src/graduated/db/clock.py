"""The one clock. Moments are UTC; dates are the school's, in Europe/London.

A demo or a test may hold the clock at a moment; nothing else in the product reads the machine's time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_held: ContextVar[datetime | None] = ContextVar("held_moment", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _held.get() or datetime.now(UTC)


def today() -> date:
    """Today's date at the school."""
    return now().astimezone(LONDON).date()


def local(moment: datetime) -> datetime:
    """A moment as a clock on the school's wall shows it."""
    return moment.astimezone(LONDON)


@contextmanager
def held(moment: datetime) -> Iterator[None]:
    """Hold the clock at a moment (with a time zone) for the demo school or a test."""
    if moment.tzinfo is None:
        raise ValueError("a held moment needs a time zone")
    token = _held.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _held.reset(token)
