"""How dates, moments and labels stand on a page: "24 November 2026", "24 Nov 2026", "24 November 2026, 3.30 pm"."""

from __future__ import annotations

import datetime as dt

from flask import Flask

from graduated.db.clock import local
from graduated.rules.vocabulary import inside


def long_date(day: dt.date | None) -> str:
    """A date in full; nothing for no date."""
    return f"{day.day} {day:%B %Y}" if day else ""


def short_date(day: dt.date | None) -> str:
    """A date with a short month."""
    return f"{day.day} {day:%b %Y}" if day else ""


def weekday_date(day: dt.date | None) -> str:
    """A date with its weekday, for a meeting: "Tuesday 24 November 2026"."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else ""


def clock_time(moment: dt.datetime | dt.time | None) -> str:
    """The time of day as a school writes it: "3.30 pm"."""
    if moment is None:
        return ""
    at = local(moment).time() if isinstance(moment, dt.datetime) else moment
    return f"{(at.hour - 1) % 12 + 1}.{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def moment(value: dt.datetime | None) -> str:
    """A moment at the school's wall clock."""
    return f"{long_date(local(value).date())}, {clock_time(value)}" if value else ""


def install(app: Flask) -> None:
    """Give the filters to templates."""
    app.jinja_env.filters.update(
        date=long_date,
        short_date=short_date,
        weekday_date=weekday_date,
        clock_time=clock_time,
        moment=moment,
        inside=inside,
    )
