"""Rights pass from parents to the young person: whom to tell beforehand, and what to say (domain §3.9, design §6).

On the last Friday in June of the school year in which a pupil turns 16, not on the birthday, the pupil becomes a young
person: requests, views and the record are theirs to speak for, and parents read on only as the young person wishes.
Whoever is 16 is presumed to be able to decide, decision by decision (Mental Capacity Act).
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

NOTICE = timedelta(days=120)
"""So long before the day it is on the SENCO's list: about a school term. The figure is ours."""
AFTER = timedelta(days=120)
"""So long after the day a pupil stays on the list while an adult has not been asked about."""


class Passing(StrEnum):
    """How a pupil stands towards the day."""

    FAR = "far"
    AHEAD = "ahead"
    TO_ASK = "to ask"
    DONE = "done"


def standing(passes_on: date, on: date, *, unasked: int) -> Passing:
    """How a pupil stands on a day; `unasked`: adults set to read the plan of whom nobody has asked the young person."""
    if passes_on > on:
        return Passing.AHEAD if passes_on - on <= NOTICE else Passing.FAR
    return Passing.TO_ASK if unasked and on - passes_on <= AFTER else Passing.DONE


def letter(child: str, school: str, day: str) -> tuple[str, ...]:
    """The notice to parents and young person, in paragraphs; `day` is the day in words."""
    return (
        f"From {day} the law speaks to {child} directly about special educational needs: the right to be asked, to say "
        "what they think and to ask the authority for an assessment passes from parents to the young person.",
        f"From that day {child} can have a sign-in of their own and read their plan.",
        f"We will ask {child} whether each of you may go on reading it. On that day the page closes for a parent until "
        f"{child} says yes. {child} can say yes or no for each of you, and can change their mind at any time.",
        "Parents stay welcome at meetings as the young person wishes. If you think that the young person cannot make a "
        "decision, talk with the SENCO: from 16 everybody is taken to be able to decide, with help where needed.",
        f"If you have questions, ask us at {school}.",
    )
