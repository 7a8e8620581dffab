"""Two people at one review: what each wrote is brought together, and only where both wrote does somebody choose.

The form carries a mark of what it was opened with. A field that only one of the two touched is theirs who touched it;
ticks and lists are joined; of two promises both stand. What is left are the fields in which both wrote something else:
they keep their old mark in the page that asks, so that whatever becomes of that page the question comes back until it
is answered. Nothing here reads or writes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LISTS = ("family", "staff", "done")
_PROMISE = ("what", "who", "by")
_PARTS = ("action", *_PROMISE)
_ASK = "?"  # a mark that no text has: whoever carries it is asked


@dataclass(frozen=True, slots=True)
class Merged:
    """The form as it stands once both are in it: what came from the other, and where somebody has to choose.

    `opened` is the mark for a page that shows it so, in which what is not chosen yet stays to be chosen.
    """

    filled: dict[str, Any]
    taken: tuple[str, ...]
    quarrels: tuple[str, ...]
    promises: int
    opened: str


@dataclass(frozen=True, slots=True)
class OnlyMine:
    """The fields in which I wrote what is saved nowhere, and such promises."""

    names: tuple[str, ...]
    promises: tuple[dict[str, Any], ...]


def opened_with(filled: Mapping[str, Any]) -> str:
    """The mark of what a form was opened with: a short digest for each field, the ids of each list."""
    return _written(filled, {})


def _written(filled: Mapping[str, Any], instead: Mapping[str, str]) -> str:
    marks: dict[str, Any] = {name: mark_of(value) for name, value in filled.items() if is_plain(name)}
    marks |= instead
    marks |= {name: sorted(filled.get(name) or ()) for name in LISTS}
    marks["promises"] = _marks(promises_of(filled))
    return json.dumps(marks, separators=(",", ":"))


def only_mine(mark: str | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> OnlyMine:
    """What I wrote since my form was opened, as far as it does not stand in what is saved."""
    base = _read(mark)
    plain = (name for name in mine if is_plain(name))
    fields = (name for name in plain if mark_of(mine[name]) not in ("", base.get(name), mark_of(theirs.get(name))))
    lists = (
        name for name in LISTS if set(mine.get(name) or ()) - set(base.get(name) or ()) - set(theirs.get(name) or ())
    )
    known = {*_marks(promises_of(theirs)).values(), *(base.get("promises") or {}).values()}
    promises = (row for row in promises_of(mine).values() if _mark_of_row(row) not in known)
    return OnlyMine((*fields, *lists), tuple(promises))


def says_the_same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two forms would save the same."""
    names = [name for name in {**one, **other} if is_plain(name)]
    return (
        all(mark_of(one.get(name)) == mark_of(other.get(name)) for name in names)
        and all(sorted(one.get(name) or ()) == sorted(other.get(name) or ()) for name in LISTS)
        and _marks(promises_of(one)) == _marks(promises_of(other))
    )


def promises_of(filled: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The promises in a form by their action's id; new ones, which have none, by `new-` and their line."""
    found = {}
    for name in filled:
        kind, _, line = name.partition("-")
        if kind != "what" or not (filled[name] or "").strip():
            continue
        row = {part: filled.get(f"{part}-{line}") for part in _PROMISE}
        found[str(filled.get(f"action-{line}") or f"new-{line}")] = row
    return found


def merge(
    mark: str | None,
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    *,
    settled: Collection[str] = (),
    ask: Collection[str] = (),
) -> Merged:
    """What I wrote and what they saved, together; `mark` is what my form was opened with.

    In `settled` fields I have seen theirs and chosen what stands in mine; in `ask` I am asked whatever I opened.
    Without a mark that can be read nobody knows who touched a field: every difference is then left to be chosen.
    """
    base = _read(mark)
    # A field that came into the plan after the form was opened was empty to me; without any mark, who knows.
    unmarked = "" if any(is_plain(name) and name != "promises" for name in base) else _ASK
    before = {name: base.get(name, unmarked) for name in theirs if is_plain(name)}
    before |= {name: mark_of(theirs[name]) for name in settled} | dict.fromkeys(ask, _ASK)
    filled, taken, quarrels = dict(mine), [], []
    for name, was in before.items():
        own, other = mark_of(mine.get(name)), mark_of(theirs[name])
        if own == other or was == other:
            continue
        if was == own:
            filled[name] = theirs[name]
            taken.append(name)
        else:
            quarrels.append(name)
    for name in LISTS:
        both = _joined(base.get(name) or (), mine.get(name) or (), theirs.get(name) or ())
        if set(both) != set(mine.get(name) or ()):
            taken.append(name)
        filled[name] = both
    rows, news = _promises(base.get("promises") or {}, promises_of(mine), promises_of(theirs))
    for name in [one for one in filled if one.partition("-")[0] in _PARTS]:
        del filled[name]
    for line, (key, row) in enumerate(rows):
        filled |= {f"{part}-{line}": row[part] for part in _PROMISE}
        filled[f"action-{line}"] = key if key.isdecimal() else ""
    opened = _written(theirs, {name: before[name] for name in quarrels})
    return Merged(filled, (*taken, *(f"what-{line}" for line in news)), tuple(quarrels), len(rows), opened)


def _promises(
    base: Mapping[str, str], mine: Mapping[str, dict[str, Any]], theirs: Mapping[str, dict[str, Any]]
) -> tuple[list[tuple[str, dict[str, Any]]], list[int]]:
    """Every promise that stands once both are in, and the lines of those that come from the other."""
    rows: list[tuple[str, dict[str, Any]]] = []
    news: list[int] = []
    for key, row in theirs.items():
        own, before = mine.get(key), base.get(key)
        if own is None and before == _mark_of_row(row):
            continue  # I took it away, and they left it as it was
        if own is not None and before == _mark_of_row(row):
            rows.append((key, own))
            continue
        if own is None or _mark_of_row(own) != _mark_of_row(row):
            news.append(len(rows))
        rows.append((key, row))
    said = {_mark_of_row(row) for _key, row in rows}
    for key, own in mine.items():
        # Mine stands too unless it says the same, or is what they changed or took away and I did not touch.
        if _mark_of_row(own) not in said and base.get(key) != _mark_of_row(own):
            rows.append(("", own))
    return rows, news


def _joined(base: Any, mine: Any, theirs: Any) -> list[str]:
    added, removed = set(mine) - set(base), set(base) - set(mine)
    return sorted((set(theirs) | added) - removed)


def is_plain(name: str) -> bool:
    """Whether a field holds one value: no list, and no part of a promise."""
    return name not in LISTS and name.partition("-")[0] not in _PARTS


def mark_of(value: Any) -> str:
    """A short digest of a value as a form shows it; nothing, an empty text and an unticked box are the same."""
    text = value.isoformat() if isinstance(value, date) else "" if value in (None, False) else str(value)
    text = text.replace("\r\n", "\n").strip()
    return hashlib.sha256(text.encode()).hexdigest()[:10] if text else ""


def _marks(promises: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    return {key: _mark_of_row(row) for key, row in promises.items()}


def _mark_of_row(row: Mapping[str, Any]) -> str:
    return mark_of("\n".join(mark_of(row.get(part)) for part in _PROMISE))


def _read(mark: str | None) -> dict[str, Any]:
    try:
        found = json.loads(mark or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    lists = {name: [str(one) for one in found[name]] if isinstance(found.get(name), list) else [] for name in LISTS}
    promises = found.get("promises")
    return {**found, **lists, "promises": promises if isinstance(promises, dict) else {}}
