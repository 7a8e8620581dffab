"""Backups: when the next one is due, which are kept, and when whoever runs the place has to be told (quality R5, S12).

Pure: the moments are arguments. Of each of the last 24 hours, 14 days, 8 weeks and 12 months *that have a backup* the
newest is kept, and the last two whenever they were made: one made by hand does not take the place of the one before.
So a machine that stood still for a summer still has its last ones, and in daily use nothing that was erased by law
outlives a year and a month in a backup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

EVERY = timedelta(hours=1)
AGAIN_AFTER = timedelta(minutes=10)
"""How long to wait after a backup that did not work: a disk that was pulled out is not asked for every second."""
TOO_OLD = timedelta(hours=26)
"""Older than a day and what a night's work may take: then somebody has to look."""
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Keeping:
    """How many backups of each kind are kept, and how many of the last, whenever they were made."""

    hourly: int = 24
    daily: int = 14
    weekly: int = 8
    monthly: int = 12
    last: int = 2


def to_keep(moments: Iterable[datetime], keeping: Keeping | None = None) -> frozenset[datetime]:
    """Which backups stay, of the moments at which the good ones were made. The newest always does."""
    rule, newest_first = keeping or Keeping(), sorted(set(moments), reverse=True)
    kept = set(newest_first[: max(1, rule.last)])
    kinds: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (rule.hourly, _hour),
        (rule.daily, _day),
        (rule.weekly, _week),
        (rule.monthly, _month),
    )
    for count, period in kinds:
        newest: dict[object, datetime] = {}
        for moment in newest_first:
            newest.setdefault(period(moment), moment)
        kept |= set(list(newest.values())[:count])
    return frozenset(kept)


def _hour(moment: datetime) -> object:
    # In UTC: the night in which the clocks go back has two hours of one name.
    return moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _day(moment: datetime) -> object:
    return moment.astimezone(_LONDON).date()


def _week(moment: datetime) -> object:
    return moment.astimezone(_LONDON).isocalendar()[:2]


def _month(moment: datetime) -> object:
    return moment.astimezone(_LONDON).strftime("%Y-%m")


def is_due(now: datetime, good: datetime | None, tried: datetime | None = None, erased: datetime | None = None) -> bool:
    """Whether a backup is to be made now. `good` and `tried`: the last that is good, and the last try that failed.

    After a lawful erasure (`erased`) it is not waited for the hour: the newest backup, and the list beside it of what
    went by law, should not be behind what the law asked for.
    """
    if tried is not None and timedelta(0) <= now - tried < AGAIN_AFTER:
        return False
    if good is None or good > now:  # none yet, or a clock that was put right
        return True
    return now - good >= EVERY or (erased is not None and erased > good)


def is_too_old(now: datetime, good: datetime | None) -> bool:
    """Whether the last good backup is so old, or so absent, that whoever runs the place must be told."""
    return good is None or now - good > TOO_OLD


def age_in_words(age: timedelta) -> str:
    """How old a backup is, as one says it: "4 minutes", "3 hours", "2 days"."""
    minutes = max(0, int(age.total_seconds() // 60))
    for size, name in ((24 * 60, "day"), (60, "hour")):
        if minutes >= 2 * size:
            return f"{minutes // size} {name}s"
    return "less than a minute" if not minutes else f"{minutes} minute{'' if minutes == 1 else 's'}"
