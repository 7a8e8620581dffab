"""Suspensions: days in halves; and that there was none, which can be recorded too (domain §2.5, line 18)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.rules.calendar import plain_date

_HALF = Decimal("0.5")
_MOST = Decimal(100)


@dataclass(frozen=True, slots=True)
class Suspended:
    """A suspension from a day, for so many days; of no days: looked up on that day, there was none."""

    on: date
    days: Decimal

    @property
    def is_none(self) -> bool:
        """Whether it says that there was none."""
        return self.days == 0


def days_words(days: Decimal) -> str:
    """As "half a day", "1 day", "2.5 days"; "none" for no days."""
    if days == 0:
        return "none"
    if days == _HALF:
        return "half a day"
    number = f"{days.normalize():f}"
    return f"{number} day" if days == 1 else f"{number} days"


def fault(entry: Suspended, today: date, others: Iterable[Suspended] = ()) -> tuple[str, str] | None:
    """What is wrong with an entry, as (field, sentence); none when it may stand beside those that count."""
    if entry.on > today:
        return "on", "The date cannot be in the future"
    if entry.days < 0 or entry.days > _MOST or entry.days % _HALF:
        return "days", f"Days must be in whole or half days, {_MOST} or fewer, for example 1.5"
    for one in others:
        if entry.is_none and not one.is_none and one.on <= entry.on:
            return (
                "kind",
                f"A suspension on {plain_date(one.on)} is recorded, so “none” would contradict it. If that entry is "
                "wrong, strike it first",
            )
        if one.on == entry.on and entry.is_none == one.is_none:
            said = "That there was none" if entry.is_none else "A suspension"
            return "on", f"{said} on {plain_date(one.on)} is recorded already. Correct that entry instead"
    return None


def contradicted(entry: Suspended, others: Iterable[Suspended]) -> tuple[Suspended, ...]:
    """Entries that said there was none up to a day on or after that of a suspension now recorded: they fall."""
    if entry.is_none:
        return ()
    return tuple(one for one in others if one.is_none and entry.on <= one.on)
