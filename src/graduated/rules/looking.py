"""Looking at many children's records in a short time: listed, for somebody to ask about; never forbidden.

A SENCO before a census, or an importer checking, may well look so; whether it was right a person has to say. What is
listed is what a leak would look like: one person going through many records within half an hour. The figures are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MANY = 25
"""So many different children within `WITHIN`: more than a class card, a meeting or a morning's planning needs."""
WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Looked:
    """One look of one person at one child's record."""

    pupil_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Spell:
    """A time in which one person looked at many children's records, one within half an hour of the other."""

    began: datetime
    ended: datetime
    pupil_ids: tuple[int, ...]


def spells(looks: Sequence[Looked], many: int = MANY, within: timedelta = WITHIN) -> tuple[Spell, ...]:
    """The spells of one person, the earliest first; `looks` in order of time.

    Wherever `many` different children fall into a window of `within`, the window belongs to a spell; windows that
    touch are one spell.
    """
    found: list[tuple[int, int]] = []
    first = 0
    for last, look in enumerate(looks):
        while look.at - looks[first].at > within:
            first += 1
        if len({one.pupil_id for one in looks[first : last + 1]}) < many:
            continue
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(_spell(looks[start : end + 1]) for start, end in found)


def _spell(looks: Sequence[Looked]) -> Spell:
    return Spell(looks[0].at, looks[-1].at, tuple(dict.fromkeys(look.pupil_id for look in looks)))
