"""Bars: what one needs, how long a safeguarding hold lasts, and what happens at its end (design §4 FamilyLink, §6).

All parents are treated alike unless a court's order limits what one may know (domain §3.8), so a bar stands on the
order itself or is a hold that runs out by itself. That hold is the school's own act for a time: it is renewed with a
reason, or it ends, and what it kept from a parent is theirs again.
"""

from __future__ import annotations

import unicodedata
from datetime import date, timedelta
from difflib import SequenceMatcher
from enum import StrEnum

from graduated.rules.vocabulary import BarKind

LONGEST_HOLD = timedelta(days=92)
"""A hold runs out unless renewed; about a school term is long enough to look again. The figure is ours."""
WARNS_FOR = timedelta(days=14)
"""So many days before its end a hold is on Today, and as long after it ran out."""


_SURNAMES, _FORENAMES = 0.8, 0.6
"""How much of two names has to be the same for one to look like the other's spelling; found by trying, not by law."""
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


def looks_like(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two (forename, surname) may be one adult by another spelling: accents, a letter, an initial, the order.

    It holds somebody for a decision and bars nobody for good, so rather too often than once too seldom.
    """
    (forename, surname), (forename_2, surname_2) = (tuple(map(_plain, name)) for name in (one, other))
    if {forename, surname} == {forename_2, surname_2}:
        return True
    if SequenceMatcher(None, surname, surname_2).ratio() < _SURNAMES:
        return False
    if min(len(forename), len(forename_2)) < 2:
        return not forename or not forename_2 or forename[0] == forename_2[0]
    return SequenceMatcher(None, forename, forename_2).ratio() >= _FORENAMES


def _plain(name: str) -> str:
    """A name as two registers may both write it: letters alone, without accents."""
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    return "".join(letter for letter in folded if letter.isalpha())


class HoldState(StrEnum):
    """How a hold stands on a day."""

    RUNS = "runs"
    ENDS_SOON = "ends soon"
    RAN_OUT = "ran out"
    OVER = "over"


def why_not(
    kind: BarKind, starts: date, ends: date | None, on: date, *, has_paper: bool, has_no_end: bool = False
) -> dict[str, str]:
    """What is missing or wrong in a bar about to be entered, by field; nothing when it can be.

    An order needs its paper, its first day, and its last day or the word that it has none. A hold needs a last day
    within `LONGEST_HOLD` of its first (design §4).
    """
    wrong: dict[str, str] = {}
    if ends is not None and ends < starts:
        wrong["ends"] = "The last day cannot be before the first"
    elif ends is not None and ends < on:
        wrong["ends"] = "The last day is over. A bar that is not in force any more bars nobody."
    elif kind is BarKind.HOLD and ends is None:
        wrong["ends"] = "A safeguarding hold needs a last day. It can be renewed."
    elif kind is BarKind.HOLD and ends is not None and ends - starts > LONGEST_HOLD:
        wrong["ends"] = "A safeguarding hold lasts three months at most. It can be renewed."
    elif kind is BarKind.ORDER and ends is None and not has_no_end:
        wrong["ends"] = "Enter the last day of the order, or say that it has none"
    if kind is BarKind.ORDER and not has_paper:
        wrong["document_id"] = "An order needs its paper. Keep a copy under Papers first; until then, use a hold."
    return wrong


def why_not_renewed(kind: BarKind, ends: date | None, until: date, on: date) -> str:
    """Why a bar cannot be renewed until a day; nothing when it can.

    A hold that ran out is entered anew, with its ground.
    """
    if kind is not BarKind.HOLD or ends is None:
        return "Only a safeguarding hold is renewed. An order stands as the court made it."
    if ends < on:
        return "This hold has run out. Enter a new one, with its ground."
    if until <= ends:
        return "The new last day has to be after the present one"
    if until - on > LONGEST_HOLD:
        return "A safeguarding hold is renewed for three months at most, counted from today"
    return ""


def state_of(ends: date, on: date) -> HoldState:
    """How a hold that began before stands on a day; its last day is its own still."""
    if ends < on:
        return HoldState.RAN_OUT if on - ends <= WARNS_FOR else HoldState.OVER
    return HoldState.ENDS_SOON if ends - on <= WARNS_FOR else HoldState.RUNS


def at_its_end(name: str, child: str, ends: str, after: str, *, reads_then: bool, another_bar: bool = False) -> str:
    """What happens when nobody renews a hold, in a sentence; `ends` is its last day in words, `after` the day after."""
    if another_bar:
        return f"If nobody renews it, it ends on {ends}. Another bar keeps {name} out after that."
    if reads_then:
        return (
            f"If nobody renews it, {name} may read {child}’s plan again from {after}, without anybody doing anything."
        )
    return f"If nobody renews it, it ends on {ends}. {name} is not set to read {child}’s plan, and that stays so."


def may_look(*, may_view: bool, barred: bool, rights_passed: bool, is_pupil: bool, agrees: bool | None) -> bool:
    """Whether an adult reads the child's plan today (design §6): set to, no bar, and the young person's wish kept.

    The young person's own link opens when rights pass to them; every other then follows what they said.
    """
    if not may_view or barred:
        return False
    return rights_passed if is_pupil else not rights_passed or agrees is True
