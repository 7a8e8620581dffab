"""What the audit chain says, gathered in one walk: of every row the last that was written, and what went by law.

What an event says is believed when it has the digest that the chain holds. What is left of contents from which words
went by law is believed when a tombstone set by a later event names its digest, and that event is believed itself. So
everything rests on the chain alone: what stands in the tombstones' own table vouches for nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graduated.audit import chain
from graduated.erasure.history import why_erased
from graduated.erasure.queries_stones import has_mark

Row = tuple[str, int]
Told = dict[str, Any]
"""What the audit says of a row: column and value."""
STILL_THERE = "it is marked as erased, but its contents are still there"
STANDS_AGAIN = "words went from it by law, and it is not as the erasure left it"
NO_STONE = "its contents are gone, and no tombstone that the audit knows says that they went by law"


class _Left(NamedTuple):
    """What a tombstone says of an event's contents as they stand since."""

    digest: str
    order_id: int
    authority: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """An event that set tombstones, or from whose contents words went (then `now` is the digest of what is left)."""

    row: str
    stones: Mapping[int, Told]
    detail_id: int = 0
    now: str = ""
    why: str = ""
    authority: str = ""
    is_gone: bool = False


@dataclass
class Heard:
    """`told` is what the chain says of each row that should be there, `stones` the tombstones that it vouches for.

    `rewritten` are the places (table, row, column) that somebody wrote anew since words went there. `asked_by` is who
    asked for each erasure, as the event says in which the order was written.
    """

    told: dict[Row, Told] = field(default_factory=dict)
    stones: dict[int, Told] = field(default_factory=dict)
    rewritten: set[tuple[str, int, str]] = field(default_factory=set)
    asked_by: dict[int, int | None] = field(default_factory=dict)
    erased: int = 0
    _entries: list[_Entry] = field(default_factory=list)
    _watched: dict[Row, dict[str, tuple[int, str]]] = field(default_factory=dict)

    def hear(self, event: Any) -> str:
        """Take in one event, in the order of the chain. Gives what is wrong with its contents, or ""."""
        if event.detail_id is None:
            return "its contents are gone, with no note of a lawful erasure"
        changes = list(_changes(event.payload))
        stones = {number: _values(columns) for table, number, what, columns in changes
                  if (table, what) == ("tombstone", "added")}  # fmt: skip
        self._follow(event.sequence, changes, stones)
        added = (number for table, number, what, _columns in changes if (table, what) == ("erasure_order", "added"))
        self.asked_by |= dict.fromkeys(added, event.actor_id)
        now, row = chain.digest(event.payload, event.salt), f"change_event {event.id}"
        if event.erased_at is None:
            if now != event.digest:
                return "its contents are not what was recorded"
            if stones:
                self._entries.append(_Entry(row, stones))
            return ""
        if now == event.digest:
            return STILL_THERE
        why, authority = event.erased_why, event.erased_authority
        gone = event.payload is None
        self._entries.append(_Entry(row, stones, event.detail_id, now, why, authority, gone))
        return ""

    def settle(self) -> list[tuple[str, str]]:
        """When all was heard: (event, what is wrong) of contents that went, and not as a lawful erasure leaves them."""
        left: dict[int, _Left] = {}
        wrong: list[tuple[str, str]] = []
        for entry in reversed(self._entries):  # the last word on an event's contents is spoken by a later event
            if entry.detail_id:
                says = _wrong_with(entry, left.get(entry.detail_id))
                if says:
                    wrong.append((entry.row, says))
                    continue
                self.erased += 1
            for number, told in sorted(entry.stones.items(), reverse=True):
                self.stones[number] = told
                for detail_id, digest in _audit(told).items():
                    left.setdefault(
                        detail_id, _Left(digest, _number(told.get("erasure_order_id")), str(told.get("authority")))
                    )
        erased = {entry.detail_id for entry in self._entries}
        return wrong[::-1] + [(f"change_detail {one}", STANDS_AGAIN) for one in sorted(left.keys() - erased)]

    def _follow(self, sequence: int, changes: list[_Change], stones: Mapping[int, Told]) -> None:
        for told in stones.values():
            about = (str(told.get("table_name")), _number(told.get("row_id")))
            name = str(told.get("field"))
            self._watched.setdefault(about, {})[name] = (sequence, str(told.get("mark")))
            self.rewritten.discard((*about, name))
        for table, number, what, columns in changes:
            row = (table, number)
            if what == "removed":
                self.told.pop(row, None)
            else:
                self.told.setdefault(row, {}).update(_values(columns))
            for name, (since, mark) in self._watched.get(row, {}).items():
                if sequence > since and (what == "removed" or _lost(mark, columns.get(name))):
                    self.rewritten.add((*row, name))


_Change = tuple[str, int, str, dict[str, Any]]


def _changes(payload: Any) -> Iterator[_Change]:
    """What an event says, change by change; what somebody made of it so that it cannot be read says nothing."""
    for one in payload if isinstance(payload, list) else ():
        if isinstance(one, list) and len(one) == 4 and isinstance(one[3], dict):
            yield str(one[0]), _number(one[1]), str(one[2]), one[3]


def _values(columns: Mapping[str, Any]) -> Told:
    return {name: pair[1] for name, pair in columns.items() if isinstance(pair, list) and len(pair) == 2}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _lost(mark: str, pair: Any) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and not has_mark(pair[1], mark)


def _audit(told: Told) -> dict[int, str]:
    said = told.get("audit")
    return {int(one): str(digest) for one, digest in said.items()} if isinstance(said, dict) else {}


def _wrong_with(entry: _Entry, left: _Left | None) -> str:
    """Why what is left of an event's contents is not as a lawful erasure leaves it, or ""."""
    if left is None:
        return NO_STONE if entry.is_gone else f"{NO_STONE}: what is left of them was written by hand"
    if entry.now != left.digest:
        return "what an erasure left of its contents was changed"
    if (entry.why, entry.authority) != (why_erased(left.order_id), left.authority[:120]):
        return "it is marked as erased, and not with the reason and the authority of its tombstone"
    return ""
