"""A reminder of a balanced picture, while a request is being written: never a block, never a score.

Evidence is to be balanced and accurate, "not a worst-case scenario" (domain §2.2, form F; §2.5 line 26), and the views
of the child and of the parents belong to it (Code 9.14, domain §1.3; §2.5 lines 8 and 9). What is on record and stands
nowhere in the words is named, so that the writer can decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from graduated.rules.passages import stands_in
from graduated.rules.references import refs

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class OnRecord:
    """A strength or a view on record: its mark (`o12`), its words, when, and whose it is."""

    ref: str
    text: str
    on: date
    person: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """One parent or carer with parental responsibility: by name, and what is on record of asking them."""

    name: str
    has_views: bool
    was_asked: bool


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to think of: a sentence, and the marks of the records that it speaks of."""

    text: str
    refs: tuple[str, ...] = ()


def reminders(
    written: Sequence[str],
    strengths: Sequence[OnRecord],
    pupil_views: Sequence[OnRecord],
    parents: Sequence[Heard],
    pupil_name: str,
) -> tuple[Reminder, ...]:
    """What a reader would miss: strengths that are nowhere mentioned, parents not heard, the pupil's own words."""
    return (
        *_strengths(written, strengths),
        *_pupil(written, pupil_views, pupil_name),
        *_parents(parents),
    )


def unmentioned(written: Iterable[str], records: Sequence[OnRecord]) -> tuple[OnRecord, ...]:
    """Records that no text refers to by a mark and whose words stand in none."""
    texts = list(written)
    named = {ref for text in texts for ref in refs(text)}
    return tuple(
        one for one in records if one.ref not in named and not any(stands_in(one.text, text) for text in texts)
    )


def _strengths(written: Sequence[str], strengths: Sequence[OnRecord]) -> tuple[Reminder, ...]:
    if not strengths:
        return (Reminder("No strength is on record. A picture without one is hard to believe."),)
    left = sorted(unmentioned(written, strengths), key=lambda one: (one.on, one.ref), reverse=True)
    if not left:
        return ()
    number = len(left)
    how_many = "1 strength is" if number == 1 else f"{number} strengths are"
    none = " None is mentioned yet." if number == len(strengths) else ""
    return (
        Reminder(
            f"{how_many} on record and not mentioned in your words.{none}",
            tuple(one.ref for one in left[:_MOST_NAMED]),
        ),
    )


def _pupil(written: Sequence[str], views: Sequence[OnRecord], name: str) -> tuple[Reminder, ...]:
    if not views:
        return (Reminder(f"No views of {name} are on record. Ask, in whichever way suits them."),)
    left = unmentioned(written, views)
    if len(left) < len(views):
        return ()
    newest = max(left, key=lambda one: (one.on, one.ref))
    return (Reminder(f"{name}’s own words are on record and not quoted.", (newest.ref,)),)


def _parents(parents: Sequence[Heard]) -> tuple[Reminder, ...]:
    if not parents:
        return (Reminder("Nobody with parental responsibility is recorded."),)
    silent = [one for one in parents if not one.has_views]
    return tuple(
        Reminder(
            f"{one.name} was asked, and no views are on record. The pack says what was tried."
            if one.was_asked
            else f"No views of {one.name} are on record, nor that anybody asked."
        )
        for one in silent
    )
