"""Concerns before SEN support, and what may put a pupil on the register (seed 004; Code 6.43 and 6.48).

Nobody is put on the register by typing alone: SEN support begins with a concern that ended so, or is taken over from
a source that can be named, and then parents are told formally.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from graduated.rules.vocabulary import ConcernStatus, SenStatus, StatusSource

OPEN = (ConcernStatus.RAISED, ConcernStatus.AGREED, ConcernStatus.WATCHING)
ENDS = (ConcernStatus.NOTHING_FURTHER, ConcernStatus.WATCHING, ConcernStatus.SEN_SUPPORT)
MEET_WITHIN_DAYS = 14

# What a person may name when they enter SEN support by hand: a record that somebody else made.
RECORDS = (StatusSource.MIS, StatusSource.AUTHORITY, StatusSource.PAPER, StatusSource.TRANSFER)


class Due(StrEnum):
    """What a concern waits for."""

    MEET = "meet"
    LOOK_AGAIN = "look-again"
    LATER = "later"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a concern waits for, since or until which day, and whether that day has passed."""

    due: Due
    on: date | None
    is_late: bool


def standing(status: ConcernStatus, raised_on: date, review_on: date | None, today: date) -> Standing:
    """Where a concern stands (seed 004: meet, agree a plan of action, set a review date).

    A concern raised waits for its meeting, late after fourteen days (our own usual, not a duty). One with a plan, or
    one being watched, comes back on its review date; without a date it is asked for at once.
    """
    if status not in OPEN:
        return Standing(Due.ENDED, None, False)
    if status is ConcernStatus.RAISED:
        return Standing(Due.MEET, raised_on, (today - raised_on).days > MEET_WITHIN_DAYS)
    if review_on is None or review_on <= today:
        return Standing(Due.LOOK_AGAIN, review_on, review_on is None or review_on < today)
    return Standing(Due.LATER, review_on, False)


def why_not_on_register(status: SenStatus, source: StatusSource, told: str) -> tuple[str, str] | None:
    """The field and the sentence when SEN support cannot begin by hand so; none when it may (Code 6.43, 6.48).

    Only SEN support is held to this: coming off it, and an EHC plan, have their own ways.
    """
    if status is not SenStatus.SUPPORT:
        return None
    if source not in RECORDS:
        return (
            "source",
            "SEN support begins with a concern that the school and the parents met about. Raise a concern, or choose "
            "the record that this is taken over from",
        )
    if not told.strip():
        return "told", "Say how and when the parents were told, or will be told: they must be told formally"
    return None
