"""Erasure and rectification: what is left at the place, what quotes the words, and who may (design §4, audit).

Pure: the words, the date and the names are arguments. Articles 16 and 17 of the UK GDPR are the ground; what a school
must keep is domain §3.5 and §3.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from graduated.rules.vocabulary import ByLaw

LEAST_QUOTED = 20
"""A whole text shorter than this (letters) is not searched for elsewhere: "It works." is said of many a thing."""

LEAST_NAMED = 6
"""A passage that somebody named is searched for from this length on: it may be a name."""

GONE = "(gone by law)"
"""What stands in the audit's contents where the words stood."""

_RUN = 3
_DONE = {ByLaw.ERASE: "Erased", ByLaw.RECTIFY: "Put right"}


def mark(kind: ByLaw, on: date, authority: str, by: str = "", why: str = "", room: int | None = None) -> str:
    """The words that stand at the place afterwards, for every reader; the short form where a column has little room.

    A rectification says by whom, on whose authority and why (its words stand before this); an erasure says when and
    on whose authority: its reason is kept with the tombstone.
    """
    day = f"{on.day} {on:%B %Y}"
    short = f"[{_DONE[kind]} on {day}]"
    if kind is ByLaw.ERASE:
        long = f"[{_DONE[kind]} on {day} on the authority of {authority}. What stood here is gone by law.]"
    else:
        long = f"[{_DONE[kind]} on {day} by {by}, on the authority of {authority}: {why.strip()}]"
    return short if room is not None else long


def replaced_by(kind: ByLaw, replacement: str, marked: str) -> str:
    """What stands at the place afterwards: the mark alone, or the words as they should have been with the mark."""
    return marked if kind is ByLaw.ERASE else f"{replacement.strip()} {marked}"


def quoting(words: str, *, named: bool = False) -> re.Pattern[str] | None:
    """What finds the words elsewhere, however their lines were broken; None when they are too short to be searched.

    `named`: somebody marked just these words, so that shorter ones are searched for too.
    """
    parts = words.split()
    if len(" ".join(parts)) < (LEAST_NAMED if named else LEAST_QUOTED):
        return None
    return _finding(parts)


def _finding(parts: list[str]) -> re.Pattern[str]:
    inner = r"\s+".join(re.escape(part) for part in parts)
    return re.compile(rf"(?<!\w){inner}(?!\w)")


def taken_from(text: str, passage: str, instead: str) -> str:
    """A text without a passage, something else in its place; without all of its words when no passage is named."""
    parts = passage.split()
    return _finding(parts).sub(lambda _found: instead, text) if parts else instead


def stands_in(passage: str, text: str) -> bool:
    """Whether a passage stands in a text, word for word."""
    parts = passage.split()
    return not parts or _finding(parts).search(text) is not None


def without(value: Any, pattern: re.Pattern[str], instead: str) -> Any:
    """A value as columns hold it (text, list, mapping, anything else) with every quotation replaced."""
    return _through(value, lambda text: pattern.sub(lambda _found: instead, text))


def quotes(value: Any, pattern: re.Pattern[str]) -> bool:
    """Whether the words stand anywhere in a value."""
    return bool(without(value, pattern, GONE) != value)


def hollow(value: Any) -> Any:
    """A value of the audit with every text gone: what else was written (nothing, a number) tells nothing."""
    return _through(value, lambda text: GONE if text else text)


def _through(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [_through(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _through(one, change) for key, one in value.items()}
    return value


def repeats(reason: str, words: str, replacement: str = "") -> str:
    """What of the words that go a reason repeats, or "": three words running, or a name that goes.

    The reason is kept for ever beside the place, so it must not say again what the law took out. A name is a word
    with a capital within a sentence; what still stands in the replacement is not gone.
    """
    said, gone = _spoken(reason), _spoken(words)
    stays = set(_spoken(replacement))
    length = min(_RUN, len(gone))
    runs = {tuple(gone[n : n + length]) for n in range(len(gone) - length + 1)} if gone else set()
    kept = _spoken(replacement)
    runs -= {tuple(kept[n : n + length]) for n in range(len(kept) - length + 1)}
    for n in range(len(said) - length + 1):
        if tuple(said[n : n + length]) in runs:
            return " ".join(said[n : n + length])
    names = {one.lower() for one in re.findall(r"(?<=[\w,;] )[A-Z][a-z]{2,}", words)} - stays
    return next((one.capitalize() for one in said if one in names), "")


def _spoken(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def may_carry_out(*, same_person: bool, asker_has_authority: bool, decider_has_authority: bool) -> str:
    """Why this person may not carry out what was asked for, or "" when they may: two people, one with authority."""
    if same_person:
        return "Whoever asked cannot carry it out as well: it takes a second person."
    if not (asker_has_authority or decider_has_authority):
        return "One of the two people has to be the headteacher."
    return ""
