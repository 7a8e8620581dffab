"""How and when the views in a review were gathered: told by comparing its words with the views recorded before it.

Parents' and pupils' views are recorded with their date and the way they were asked (design §4, Code 9.14). A review
begins with those words. Where they stand as they were recorded, they were said then; where somebody changed them, or
wrote others, they were said at the meeting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import ViewMethod

_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Gathered:
    """Views as they were recorded: who said what, how and when they were asked, and by whom ("" where nobody says)."""

    person: str
    text: str
    method: ViewMethod
    on: date
    asked_by: str = ""

    @property
    def how(self) -> str:
        """The way in words for a paper: "Conversation, asked by Carys Pugh"."""
        return f"{self.method.label}, asked by {self.asked_by}" if self.asked_by else self.method.label

    @property
    def as_filled_in(self) -> str:
        """The words as a review begins with them: those of a parent with their name."""
        return f"{self.person}: {self.text}" if self.person else self.text


def stands_as(text: str, recorded: Sequence[Gathered]) -> tuple[Gathered, ...]:
    """The recorded views of which a text of a review consists, word for word, in its order; () where it does not.

    White space counts for nothing, nor does the name before a parent's words: names change, and not every reader may
    see every adult's. One word more or less, and the text is of the meeting.
    """
    return _read(_plain(text), tuple(one for one in recorded if _plain(one.text)))


def _read(words: str, left: tuple[Gathered, ...]) -> tuple[Gathered, ...]:
    tried: set[str] = set()
    for place, one in enumerate(left):
        said = _plain(one.text)
        if said in tried:  # views that say the same are alike here, and trying each grows without end
            continue
        tried.add(said)
        for begun in dict.fromkeys((words, _after_a_name(words))):
            if begun == said:
                return (one,)
            if begun.startswith(f"{said} "):
                rest = _read(begun[len(said) + 1 :], (*left[:place], *left[place + 1 :]))
                if rest:
                    return (one, *rest)
    return ()


def _after_a_name(words: str) -> str:
    """The words behind "Blessing Okafor: "; the words themselves where no name begins them."""
    name, colon, rest = words.partition(": ")
    is_short = len(name) <= _LONGEST_NAME and not set(name) & set(".!?;")
    is_name = is_short and name[:1].isupper() and name.rpartition(" ")[2][:1].isupper()
    return rest if colon and is_name else words


def _plain(text: str) -> str:
    return " ".join(text.split())
