"""Text of one font broken into lines: greedily, as ReportLab's paragraphs break it, each piece of work done once.

A pack is laid out at least twice, and most of its words stand in it many times. A `Face` remembers the width of each
word and how each text was broken, for as long as its document is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfmetrics import stringWidth

_SHRINK = 0.05  # of each space, for one word more in a line
_NOTHING = 1e-8


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, and the room that it leaves; below nothing when its spaces have to be drawn narrower."""

    text: str
    rest: float

    @property
    def closer(self) -> float:
        """By how much less than nothing each of its spaces is widened."""
        spaces = self.text.count(" ")
        return self.rest / spaces if spaces and self.rest < -_NOTHING else 0.0


@dataclass(eq=False, slots=True)
class Face:
    """A font in one size, in points."""

    font: str
    size: float
    _widths: dict[str, float] = field(default_factory=dict)
    _broken: dict[tuple[str, float], tuple[Line, ...]] = field(default_factory=dict)

    def width(self, word: str) -> float:
        """How wide a word is."""
        found = self._widths.get(word)
        if found is None:
            found = self._widths[word] = stringWidth(word, self.font, self.size)
        return found

    def lines(self, text: str, room: float) -> tuple[Line, ...]:
        """The text in lines no wider than the room; a word that is wider goes on in the next line."""
        known = self._broken.get((text, room))
        if known is None:
            known = self._broken[text, room] = tuple(self._break(text, room))
        return known

    def _break(self, text: str, room: float) -> Iterator[Line]:
        line, taken, space = list[str](), 0.0, self.width(" ")
        for word in text.split():
            wide = self.width(word)
            start = taken + space if line else 0.0
            if start + wide <= room + _SHRINK * space * len(line):
                line.append(word)
                taken = start + wide
                continue
            if wide > room:
                *full, (word, wide) = self._pieces(word, start, room)
                for piece, width in full:
                    yield Line(" ".join([*line, piece]) if piece else " ".join(line), room - start - width)
                    line, start = [], 0.0
            elif line:
                yield Line(" ".join(line), room - taken)
            line, taken = [word], wide
        if line:
            yield Line(" ".join(line), room - taken)

    def _pieces(self, word: str, start: float, room: float) -> Iterator[tuple[str, float]]:
        """A word that is wider than a line, in pieces with their widths; the first one fits behind `start`."""
        piece, wide = "", 0.0
        for letter in word:
            more = self.width(letter)
            if start + wide + more > room and (piece or more <= room):
                yield piece, wide
                piece, wide, start = "", 0.0, 0.0
            piece += letter
            wide += more
        yield piece, wide
