"""Other people's names in a pupil's record, found for somebody to look at before the record is given away.

A record that is given to a pupil or a parent leaves other people out (domain §3.6). The names of everybody with a
record here are known, so they are found however they are written; what is said of somebody without a record, or without
a name, only a reader finds. Nothing is left out by itself: a person decides. Pure: texts and names in, places out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from graduated.rules.names import ORDINARY, parts_of, words_in
from graduated.rules.vocabulary import Word

LEFT_OUT = "[left out: third party]"
"""What stands in a text where a name stood."""
LEFT_OUT_WORDS = "[left out]"
"""What stands where words stood that somebody marked."""

_TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "sir", "madam"})
_EVERYDAY = ORDINARY | frozenset(
    re.findall(
        r"\w+",
        """
        amber april art august autumn bill bob carol dale dawn dean drew earl faith faye frank gene glen grace grant
        guy heath holly hope iris ivy jack jade jasmine jay jean jewel joy june lance lily mark mike miles miller nick
        olive pat pearl penny peter phoenix poppy rainbow ray reed rich river rob robin rocky rose ruby sandy scarlet
        skip sky star sue summer sunny teddy terry tilly tim tom victor violet wade winter
        """,
    )
)
"""Words of every day that are first names too: in small letters they are taken as words."""


class ThirdParty(Word):
    """Whose name it is."""

    PUPIL = "pupil", "Another pupil"
    FAMILY = "family", "Somebody of the family"
    ADULT = "adult", "An adult of another family"
    STAFF = "staff", "Staff and professionals"


_FIRST = tuple(ThirdParty)
"""In doubt it is the first of these: a pupil before a member of staff of the same name."""
_WITH_TITLE = (ThirdParty.FAMILY, ThirdParty.ADULT, ThirdParty.STAFF, ThirdParty.PUPIL)
"""The same after "Mrs": an adult, and in doubt one about whom somebody has to decide."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody other than the pupil and who asks: all first names and all surnames by which they are known."""

    kind: ThirdParty
    first: tuple[str, ...]
    last: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """A name in a text: from `start` to `end`; `form` is how it is written, as it is compared."""

    start: int
    end: int
    form: str
    kind: ThirdParty


class Names:
    """The names of everybody else, made once and held against each text."""

    def __init__(self, people: Iterable[Person], own: Iterable[str]) -> None:
        self._first: dict[str, set[int]] = {}
        self._last: dict[str, set[int]] = {}
        self._own = parts_of(own)
        self._kinds: list[ThirdParty] = []
        for person in people:
            number = len(self._kinds)
            self._kinds.append(person.kind)
            for names, index in ((person.first, self._first), (person.last, self._last)):
                for part in parts_of(names):
                    index.setdefault(part, set()).add(number)

    def found_in(self, text: str) -> list[Found]:
        """Every name in a text, in order."""
        words = words_in(text)
        marked: dict[int, set[int]] = {}
        for index, (start, end, folded) in enumerate(words):
            people = self._people(folded)
            if people and self._counts(text[start:end], folded, self._before(text, words, index)):
                marked[index] = people
        self._reach_out(text, words, marked)
        return [self._one(text, words, run, marked) for run in _runs(text, words, sorted(marked))]

    def _people(self, folded: str) -> set[int]:
        found = self._first.get(folded, set()) | self._last.get(folded, set())
        return found or (self._first.get(folded[:-1], set()) if folded.endswith("s") else set())

    def _counts(self, typed: str, folded: str, before: str) -> bool:
        """Whether a word that may be a name is one here."""
        if folded in self._own and before not in _TITLES:
            return False
        if not typed[:1].islower():
            return True
        return folded in self._first and folded not in _EVERYDAY

    def _before(self, text: str, words: list[tuple[int, int, str]], index: int) -> str:
        """The word before, when only a space or a full stop lies between."""
        if index == 0 or text[words[index - 1][1] : words[index][0]].strip() not in ("", "."):
            return ""
        return words[index - 1][2]

    def _reach_out(self, text: str, words: list[tuple[int, int, str]], marked: dict[int, set[int]]) -> None:
        """Take in what stands beside a name and belongs to the same person: "Jan" and then "Szymański"."""
        for index in sorted(marked):
            if index and index - 1 not in marked and _is_initial(text, words, index - 1):
                marked[index - 1] = marked[index]
        for index in sorted(marked):
            for near in (index - 1, index + 1):
                if near in marked or not 0 <= near < len(words) or not _touch(text, words, *sorted((index, near))):
                    continue
                together = self._people(words[near][2]) & marked[index]
                if together and text[words[near][0]].isupper():
                    marked[near] = together

    def _one(
        self, text: str, words: list[tuple[int, int, str]], run: tuple[int, int], marked: dict[int, set[int]]
    ) -> Found:
        first, last = run
        people = set(marked[first])
        for index in range(first + 1, last + 1):
            people = (people & marked[index]) or people | marked[index]
        kinds = {self._kinds[number] for number in people}
        has_title = self._before(text, words, first) in _TITLES
        kind = next(kind for kind in (_WITH_TITLE if has_title else _FIRST) if kind in kinds)
        form = " ".join(words[index][2] for index in range(first, last + 1))
        return Found(words[first][0], words[last][1], form, kind)


def _touch(text: str, words: list[tuple[int, int, str]], one: int, other: int) -> bool:
    between = " -‐‑–\u00a0" + (".'’" if len(words[one][2]) == 1 else "")
    return not text[words[one][1] : words[other][0]].strip(between)


def _is_initial(text: str, words: list[tuple[int, int, str]], index: int) -> bool:
    """Whether a word is the O of O'Brien or the J of J. Thompson; the article "A" is none."""
    start, end, folded = words[index]
    if end - start != 1 or not text[start].isupper():
        return False
    between = text[end : words[index + 1][0]]
    return between.strip() in {".", "'", "’"} if between.strip() else bool(between) and folded not in {"a", "i"}


def _runs(text: str, words: list[tuple[int, int, str]], marked: list[int]) -> list[tuple[int, int]]:
    """First and last word of each name: words that stand side by side are one."""
    found = [[index, index] for index in marked]
    for before, after in pairwise(list(found)):
        if after[0] == before[1] + 1 and _touch(text, words, before[1], after[0]):
            after[0] = before[0]
            found.remove(before)
    return [(first, last) for first, last in found]


def left_out(text: str, spans: Iterable[tuple[int, int]], mark: str = LEFT_OUT) -> str:
    """A text with a mark in place of each span; spans that touch or overlap are one."""
    parts, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            parts += [text[at:start], mark]
        at = max(at, end)
    return "".join([*parts, text[at:]])
