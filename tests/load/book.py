"""What a crowd writes down of its own work, and what the records hold of it afterwards."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.databases import ON_POSTGRESQL, by_hand

WRITTEN = (("observation", "text"), ("delivered_session", "note"))
"""Where the words of a crowd stand."""


@dataclass
class Book:
    """Every save with its own words, every answer with its time, everything that should not have been answered."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    cut_off: int = 0
    """Requests that had no answer, because the server was gone."""
    again: int = 0
    """Saves that were sent once more with the same key."""
    kills: Counter[str] = field(default_factory=Counter)
    besides: list[str] = field(default_factory=list)
    memory: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def sends(self, words: str) -> None:
        """These words are about to be sent for the first time."""
        with self.lock:
            self.sent.add(words)

    def was_told(self, words: str) -> None:
        """The server has said that they are saved."""
        with self.lock:
            self.acknowledged.add(words)

    def answered(self, kind: str, status: int, seconds: float) -> None:
        """An answer came; one that says that the server failed is a fault."""
        with self.lock:
            self.statuses[status] += 1
            self.seconds[kind].append(seconds)
            if status >= 500:
                self.faults.append(f"{kind}: {status}")

    def fault(self, words: str) -> None:
        """Something else that should not have been."""
        with self.lock:
            self.faults.append(words)

    def cut(self) -> None:
        """No answer came."""
        with self.lock:
            self.cut_off += 1

    def sends_again(self) -> None:
        """A save whose answer did not come is sent once more."""
        with self.lock:
            self.again += 1


@dataclass(frozen=True)
class Held:
    """What the records hold of what was sent."""

    lost: list[str]
    doubled: list[str]
    unsent: list[str]
    """Words of the crowd that nobody sent: torn or mixed up."""
    count: int


def held(home: Path, book: Book, beginning: str) -> Held:
    """Look for every save in the database itself. `beginning` is how all words of this crowd begin."""
    found: Counter[str] = Counter()
    with by_hand(home) as hand:
        if not ON_POSTGRESQL:  # a server sees to its own file and to every key
            assert hand.execute("pragma integrity_check").fetchall() == [("ok",)]
            assert hand.execute("pragma foreign_key_check").fetchall() == []
        for table, column in WRITTEN:
            asked = f'SELECT "{column}" FROM "{table}" WHERE "{column}" LIKE ?'
            found.update(text for (text,) in hand.execute(asked, (f"{beginning}%",)))
    return Held(
        lost=sorted(book.acknowledged - found.keys()),
        doubled=sorted(words for words, times in found.items() if times > 1),
        unsent=sorted(found.keys() - book.sent),
        count=sum(found.values()),
    )


def share(values: list[float], part: float) -> float:
    """The value below which this part of all lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
