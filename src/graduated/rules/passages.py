"""Finding words in texts as people write them, and what stands in their place when the law takes them out.

Capitals, accents that are stored as one letter or as two, straight and curly apostrophes, line breaks and letters that
cannot be seen make no difference; a part of a longer word does (design §4, audit). Pure: texts in, texts out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

LEAST_QUOTED = 20
"""A whole text shorter than this (letters) is not searched for elsewhere: "It works." is said of many a thing."""

LEAST_NAMED = 6
"""A passage that somebody named is searched for from this length on: it may be a name."""

GONE = "(gone by law)"
"""What stands in the audit's contents, and in words never saved, where the words stood."""

AGAIN = "[…]"
"""What stands where the same words stood once more in one text: the mark stands there once."""

_ALIKE = str.maketrans(dict.fromkeys("’‘ʼ´`‛＇", "'") | dict.fromkeys("“”„‟", '"') | dict.fromkeys("‐‑", "-"))
_MARK = re.compile(r"\[(?:Erased|Put right)(?: on \d{1,2} \w+ \d{4}[^\]]*)?\]")
_LINK = re.compile(r"(\b\w+://\S+)")


def folded(text: str) -> str:
    """A text as it is compared: white space alike, no capitals, one way to write an accent or an apostrophe."""
    return " ".join("".join(letters for letters, _start, _end in _clusters(text)).split())


def _clusters(text: str) -> Iterator[tuple[str, int, int]]:
    """(letters as compared, start, end) of each letter with the accents that follow it."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (unicodedata.combining(text[end]) or "\u1160" <= text[end] <= "\u11ff"):
            end += 1
        whole = unicodedata.normalize("NFC", text[start:end])
        plain = unicodedata.normalize("NFC", whole.casefold()).translate(_ALIKE)
        yield "".join(one for one in plain if unicodedata.category(one) != "Cf"), start, end
        start = end


def has_words(text: str) -> bool:
    """Whether there is a letter or a figure in a text."""
    return any(one.isalnum() for one in text)


@dataclass(frozen=True, slots=True)
class Sought:
    """Words that are looked for, as they are compared."""

    words: str

    def spans(self, text: str) -> list[tuple[int, int]]:
        """(start, end) in the text of every place where they stand as whole words; not within a mark of the law."""
        if text.isascii() and self.words not in " ".join(text.lower().replace("`", "'").split()):
            return []
        letters: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        for plain, start, end in _clusters(text):
            for one in plain:
                if one.isspace() and letters and letters[-1] == " ":
                    ends[-1] = end
                    continue
                letters.append(" " if one.isspace() else one)
                starts.append(start)
                ends.append(end)
        line = "".join(letters)
        marks = [found.span() for found in _MARK.finditer(text)]
        found, at = [], line.find(self.words)
        while at >= 0:
            last = at + len(self.words)
            span = starts[at], ends[last - 1]
            fits = _is_edge(line, at) and _is_edge(line, last)
            if fits and not any(_is_part_of(span, mark) for mark in marks):
                found.append(span)
            at = line.find(self.words, last if fits else at + 1)
        return found

    def replaced(self, text: str, first: str, again: str) -> str:
        """The text with something else where the words stood first, and another thing wherever they stood again."""
        parts, at = [], 0
        for number, (start, end) in enumerate(self.spans(text)):
            parts += [text[at:start], again if number else first]
            at = end
        return "".join([*parts, text[at:]])


def _is_part_of(span: tuple[int, int], mark: tuple[int, int]) -> bool:
    """Whether words reach into a mark; the whole of it is no part of it."""
    return span[0] < mark[1] and mark[0] < span[1] and not (span[0] <= mark[0] and mark[1] <= span[1])


def said_beside_marks(text: str) -> str:
    """A text without the marks that the law left in it."""
    return _MARK.sub("", text)


def _is_edge(line: str, at: int) -> bool:
    """Whether no word goes on over this place."""
    return at in {0, len(line)} or not (_goes_on(line[at - 1]) and _goes_on(line[at]))


def _goes_on(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")


def quoting(words: str, *, named: bool = False) -> Sought | None:
    """What finds the words elsewhere, however they are written; None when they are too short to be searched.

    `named`: somebody marked just these words, so that shorter ones are searched for too.
    """
    plain = folded(words)
    is_short = len(plain) < (LEAST_NAMED if named else LEAST_QUOTED)
    return None if is_short or not has_words(plain) else Sought(plain)


def stands_in(passage: str, text: str) -> bool:
    """Whether a passage stands in a text, in whole words; none stands in every text."""
    return not passage or (has_words(passage) and bool(Sought(folded(passage)).spans(text)))


def taken_from(text: str, passage: str, first: str, again: str = AGAIN) -> str:
    """A text without a passage, something else in its place; without all of its words when no passage is named."""
    return Sought(folded(passage)).replaced(text, first, again) if passage else first


def without(value: Any, sought: Sought, first: str, again: str = AGAIN) -> Any:
    """A value as columns hold it (text, list, mapping, anything else) with every quotation replaced.

    Within a list or a mapping a word in small letters without a space is a code of the program, and stays.
    """
    if isinstance(value, str):
        return sought.replaced(value, first, again)
    return through(value, lambda text: text if _is_code(text) else sought.replaced(text, first, again))


def without_but_links(value: Any, sought: Sought) -> Any:
    """The same for a message or words never saved; addresses of pages in it stay as they are."""

    def change(text: str) -> str:
        return "".join(
            part if number % 2 else sought.replaced(part, GONE, GONE) for number, part in enumerate(_LINK.split(text))
        )

    if isinstance(value, str):
        return change(value)
    return through(value, lambda text: text if _is_code(text) else change(text))


def quotes(value: Any, sought: Sought) -> bool:
    """Whether the words stand anywhere in a value."""
    return bool(without(value, sought, "", "") != _listed(value))


def _listed(value: Any) -> Any:
    return through(value, lambda text: text)


def _is_code(text: str) -> bool:
    return text == text.lower() and not any(one.isspace() for one in text)


def hollow(value: Any) -> Any:
    """A value of the audit with every text gone: what else was written (nothing, a number) tells nothing."""
    return through(value, lambda text: GONE if text else text)


def through(value: Any, change: Callable[[str], str]) -> Any:
    """A value with every text in it changed, however deep it lies; what names it stays."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list | tuple):
        return [through(one, change) for one in value]
    if isinstance(value, dict):
        return {key: through(one, change) for key, one in value.items()}
    return value


def left_at(
    text: str, passage: Sought | None, right: str, marks: tuple[str, ...], room: int | None
) -> tuple[str, str] | None:
    """(what stands at a place afterwards, the mark in it); None when the right words have no room there.

    `passage`: what goes, none: all of it. `right`: the words as they should have been, "" when words are erased.
    `marks`: the words of the mark, the shorter ones for a column with little room. There is one mark in a text.
    """
    for again in (right or AGAIN, right):
        for mark in marks:
            first = f"{right} {mark}".strip()
            new = passage.replaced(text, first, again) if passage is not None else first
            if room is None or len(new) <= room:
                return new, mark
    if right or room is None:
        return None
    head, mark, tail = new.partition(mark)
    tail = tail[: max(0, room - len(head) - len(mark))]
    return head[: room - len(mark) - len(tail)] + mark + tail, mark
