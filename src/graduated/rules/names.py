"""Children's names in what people type: found however they are written, and left out of what leaves the school.

Design §6: nobody learns of a child by name who may not. Capitals, accents, apostrophes, line breaks and what stands
around a name do not count; each part of a double name counts by itself. In doubt a word is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

# Letters with a stroke, and pairs in one sign: one letter to Unicode and not a letter with a mark.
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ħ": "h", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe"})
_APOSTROPHES = "'’‘ʼʻ`´′"
_BETWEEN = re.compile(rf"[\s\-‐‑–{_APOSTROPHES}]*")
_DAY_BEFORE, _YEAR_AFTER = re.compile(r"\d\s+$"), re.compile(r"\s+\d{4}\b")
_MONTHS = frozenset({"april", "may", "june", "august"})
_LONGEST_JOIN = 3
_PART = 3

_LITTLE = """
a am an and are as at be but by can did do for from had has have he her his how if in is it its may me might must my no
not of off on or our out she should so than that the them then they this to too us was we were what when who why will
with you your
"""
ORDINARY = frozenset(re.findall(r"\w+", _LITTLE))
"""Words without which no sentence is written and that are names too (Will, May, An, So). In small letters and by
themselves they name nobody in a sentence: to blot out each of them would tell the name."""


@dataclass(frozen=True, slots=True)
class _Word:
    """One word of a text: where it stands, as it is typed, and as it is compared."""

    start: int
    end: int
    typed: str
    folded: str

    @property
    def is_ordinary(self) -> bool:
        return self.typed.islower() and self.folded in ORDINARY


def parts_of(names: Iterable[str]) -> frozenset[str]:
    """By what words these names are known: each part, and parts written together ("obrien", "annamaria").

    Single letters (an initial, the O of O'Brien) are no names.
    """
    found = set()
    for name in names:
        words = [word.folded for word in _words(name, humps=False)]
        found |= {"".join(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    return frozenset(one for one in found if len(one) > 1)


def words_in(text: str) -> list[tuple[int, int, str]]:
    """(start, end, as it is compared) of each word of a text, for whoever looks names up elsewhere."""
    return [(word.start, word.end, word.folded) for word in _words(text)]


def holds_a_name(text: str, names: Iterable[str]) -> bool:
    """Whether a text holds any part of these names."""
    return bool(_named(text, _words(text), parts_of(names)))


def without_names(text: str, *called: tuple[str, Iterable[str]]) -> str:
    """A text for somebody from outside: what each group of names is called ("the pupil") stands in their place.

    Where one word is a name in two groups, the first group has it. Names that stand side by side are one person, with
    their initials.
    """
    words = _words(text)
    marks: dict[int, str] = {}
    for label, names in called:
        parts = parts_of(names)
        marked = _without_ordinary(text, words, _named(text, words, parts))
        for index in _with_initials(text, words, marked, {one[0] for one in parts}):
            is_owner = words[index].folded not in parts and words[index].folded.removesuffix("s") in parts
            marks.setdefault(index, f"{label}’s" if is_owner else label)
    shown, at = "", 0
    for first, last in _runs(text, words, marks):
        shown += text[at : words[first].start]
        shown += _in_place(marks[first], shown) + ("’s" if last > first and marks[last].endswith("’s") else "")
        at = words[last].end
    return shown + text[at:]


def _words(text: str, *, humps: bool = True) -> list[_Word]:
    """The words of a text: runs of letters with their marks; with `humps`, "ZofiaPlan" is two."""
    spans: list[list[int]] = []
    for at, sign in enumerate(text):
        if not _is_letter(sign):
            continue
        goes_on = bool(spans) and spans[-1][1] == at
        if goes_on and not (humps and sign.isupper() and text[at - 1].islower()):
            spans[-1][1] = at + 1
        else:
            spans.append([at, at + 1])
    found = (_Word(start, end, text[start:end], _folded(text[start:end])) for start, end in spans)
    return [word for word in found if word.folded]


def _is_letter(sign: str) -> bool:
    """Whether a sign belongs to a word: letters, their marks, and what is not seen at all (a soft hyphen)."""
    kind = unicodedata.category(sign)
    return (kind[0] in "LM" or kind == "Cf") and sign not in _APOSTROPHES


def _folded(word: str) -> str:
    """A word in small letters without its marks."""
    apart = unicodedata.normalize("NFKD", word.casefold().translate(_STROKES))
    return "".join(sign for sign in apart if unicodedata.category(sign)[0] == "L")


def _named(text: str, words: list[_Word], parts: frozenset[str]) -> set[int]:
    """The words of a text that are a name, alone or joined with those next to them ("O’Brien", "Szy-mańska")."""
    found = {index for index, word in enumerate(words) if _is_name(word.folded, parts)}
    for size in range(2, _LONGEST_JOIN + 1):
        for first in range(len(words) - size + 1):
            run = words[first : first + size]
            if "".join(one.folded for one in run) in parts and all(_joins(text, *two) for two in pairwise(run)):
                found |= set(range(first, first + size))
    return found


def _is_name(word: str, parts: frozenset[str]) -> bool:
    """One of the parts, with an s at its end, or two of them written together."""
    return (
        word in parts
        or word.removesuffix("s") in parts
        or any(word[:at] in parts and word[at:] in parts for at in range(_PART, len(word) - _PART + 1))
    )


def _touch(text: str, before: _Word, after: _Word) -> bool:
    return _BETWEEN.fullmatch(text, before.end, after.start) is not None


def _joins(text: str, before: _Word, after: _Word) -> bool:
    """Whether two words may be one that was broken; "as if" is not Asif."""
    only_space = text[before.end : after.start].isspace()
    return _touch(text, before, after) and not (only_space and ORDINARY & {before.folded, after.folded})


def _without_ordinary(text: str, words: list[_Word], marked: set[int]) -> set[int]:
    """Those that are names here: not "will" in a sentence, nor the month in "3 May 2026"."""
    sure = {index for index in marked if not words[index].is_ordinary and not _is_month(text, words[index])}
    beside = {
        index
        for index in marked - sure
        if any(near in sure and _touch(text, *_in_order(words, index, near)) for near in (index - 1, index + 1))
    }
    return sure | beside


def _in_order(words: list[_Word], one: int, other: int) -> tuple[_Word, _Word]:
    return words[min(one, other)], words[max(one, other)]


def _is_month(text: str, word: _Word) -> bool:
    return (
        word.folded in _MONTHS
        and _DAY_BEFORE.search(text[: word.start]) is not None
        and _YEAR_AFTER.match(text, word.end) is not None
    )


def _with_initials(text: str, words: list[_Word], marked: set[int], initials: set[str]) -> set[int]:
    """The names together with the capitals before or after them that are initials of theirs ("R. Trevett")."""
    found = set(marked)
    alone = [
        index for index, word in enumerate(words) if word.folded in initials and len(word.typed) == 1 and
        word.typed.isupper()
    ]  # fmt: skip
    for index in reversed(alone):
        if index + 1 in found and text[words[index].end : words[index + 1].start].strip() in ("", "."):
            found.add(index)
    for index in alone:
        if index - 1 in found and text[words[index - 1].end : words[index].start].isspace():
            found.add(index)
    return found


def _runs(text: str, words: list[_Word], marks: Iterable[int]) -> list[tuple[int, int]]:
    """First and last word of each name."""
    found: list[tuple[int, int]] = []
    for index in sorted(marks):
        if found and found[-1][1] == index - 1 and _belongs(text, words[index - 1], words[index]):
            found[-1] = (found[-1][0], index)
        else:
            found.append((index, index))
    return found


def _belongs(text: str, before: _Word, after: _Word) -> bool:
    is_initial = len(before.typed) == 1 and text[before.end : after.start].strip() == "."
    return is_initial or _touch(text, before, after)


def _in_place(label: str, before: str) -> str:
    """What stands for a name: with a capital where a sentence begins."""
    before = before.rstrip("“‘(\"' ")
    return label if before and before[-1] not in ".!?\n" else label[:1].upper() + label[1:]
