"""Erasure and rectification: what is left at the place, what quotes the words, and who may (design §4, audit).

Pure: the words, the date and the names are arguments. Articles 16 and 17 of the UK GDPR are the ground; what a school
must keep is domain §3.5 and §3.6.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from graduated.rules.passages import GONE, folded, quotes, quoting
from graduated.rules.vocabulary import ByLaw

__all__ = ["GONE", "marks", "may_carry_out", "quotes", "quoting", "repeats"]

_RUN = 3
_FEW = 2
_DONE = {ByLaw.ERASE: "Erased", ByLaw.RECTIFY: "Put right"}
_ORDINARY = frozenset(
    re.findall(
        r"\w+",
        """
        a after again all also an and another any are as at be because been before but by can child class
        could did do does during each every for from had has have he her here his how if in into is it its
        last later many miss mr mrs ms mx my next no nobody none not nothing now of on once only or other
        our parent parents please pupil reception same school sen senco she should since so some somebody
        something sometimes staff than that the their them then there these they this those to today two
        under until was we were what when where which while who why with without would year yes yesterday
        you your monday tuesday wednesday thursday friday saturday sunday january february march july
        september october november december
        """,
    )
)
"""Words that begin many a sentence, or that are written with a capital and name nobody. Names of months that are
also given names are left out."""

_IN_TITLES = frozenset(
    re.findall(
        r"\w+",
        """
        advice annual appointment assessment assessments attainment attendance behaviour care communication concern
        consent copy cover draft education educational ehc ehcp english evidence family feedback final form handwriting
        health history home independent initial interim language learning lesson lessons letter literacy local
        mathematics maths medical meeting minutes needs nhs notes numeracy observation observations occupational outcome
        outcomes paper papers phonics picture plan primary profile progress psychologist psychology pupils questionnaire
        reader reading record records referral report reports request result results review reviews scan science score
        scores screening secondary sensory service session sessions social speaking special specialist speech spelling
        statement strategies strategy strengths summary support teacher teachers teaching team test testing tests
        therapist therapy timetable transition update view views visit weekly work working writing
        """,
    )
)
"""Words of the field as they stand with a capital in titles of papers. Words that say what somebody has, or that are
given names as well, are left out."""
_ADDRESSED = re.compile(r"\b(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir)\.?\s+(\w+)")
"""Whoever is spoken of so bears a name, whatever it means otherwise: Mrs Reading."""


def marks(
    kind: ByLaw, on: date, authority: str, by: str = "", why: str = "", room: int | None = None
) -> tuple[str, ...]:
    """The words that stand at the place afterwards, for every reader; short forms where a column has little room.

    A rectification says by whom, on whose authority and why (its words stand before this); an erasure says when and
    on whose authority: its reason is kept with the tombstone.
    """
    day = f"{on.day} {on:%B %Y}"
    if room is not None:
        return f"[{_DONE[kind]} on {day}]", f"[{_DONE[kind]}]"
    if kind is ByLaw.ERASE:
        return (f"[{_DONE[kind]} on {day} on the authority of {authority}. What stood here is gone by law.]",)
    return (f"[{_DONE[kind]} on {day} by {by}, on the authority of {authority}: {_flat(why)}]",)


def _flat(why: str) -> str:
    """A reason as it stands within a mark, which ends with its bracket."""
    return why.strip().replace("[", "(").replace("]", ")")


def repeats(said: str, words: str, replacement: str = "") -> str:
    """What of the words that go something repeats that is kept for ever, or "": three words running, or a name.

    A name is any word with a capital, or a part of one (O'Neil, Smith-Jones), but for the few that begin sentences
    and those that titles of papers are made of, and any word of a passage of one or two; what still stands in the
    replacement is not gone.
    """
    spoken, gone, kept = _spoken(said), _spoken(words), _spoken(replacement)
    length = min(_RUN, len(gone))
    runs = _runs(gone, length) - _runs(kept, length)
    for n in range(len(spoken) - length + 1):
        if tuple(spoken[n : n + length]) in runs:
            return " ".join(spoken[n : n + length])
    names = {
        folded(part)
        for part in _parts(words)
        if len(part) > 1 and (len(gone) <= _FEW or any(one.isupper() for one in part))
    }
    names -= {folded(part) for part in _parts(replacement)} | _ORDINARY | (_IN_TITLES - _addressed(words))
    return next((part for part in _parts(said) if folded(part) in names), "")


def _addressed(words: str) -> set[str]:
    return set(_ADDRESSED.findall(folded(words)))


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[n : n + length]) for n in range(len(words) - length + 1)} if length else set()


def _spoken(text: str) -> list[str]:
    return re.findall(r"\w+", folded(text))


def _parts(text: str) -> list[str]:
    """The words of a text, and what is left of one at an apostrophe or a hyphen."""
    plain = unicodedata.normalize("NFC", text)
    return re.findall(r"[^\W\d_]+", "".join(one for one in plain if unicodedata.category(one) != "Cf"))


def may_carry_out(*, same_person: bool, asker_has_authority: bool, decider_has_authority: bool) -> str:
    """Why this person may not carry out what was asked for, or "" when they may: two people, one with authority."""
    if same_person:
        return "Whoever asked cannot carry it out as well: it takes a second person."
    if not (asker_has_authority or decider_has_authority):
        return "One of the two people has to be the headteacher."
    return ""
