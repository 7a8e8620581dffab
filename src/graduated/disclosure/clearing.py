"""A record held against what was decided: what stays out is taken out of every row, text and name of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graduated.disclosure.acts import told
from graduated.disclosure.gather import Gathered, Row, Spot, names_for, texts_in
from graduated.disclosure.items import BEARS_NO_ADULT, contacts, counted, side_of, stays
from graduated.disclosure.tables import links_of, needs_link, texts_of
from graduated.disclosure.weighing import Weighed, key_of
from graduated.rules.passages import Sought, folded, has_words
from graduated.rules.third_parties import LEFT_OUT, LEFT_OUT_WORDS, ThirdParty, left_out
from graduated.rules.vocabulary import DecidedOn, Disclosing


@dataclass(frozen=True, slots=True)
class Cleared:
    """What goes: the rows without what stays out, and how much stays out."""

    gathered: Gathered
    papers: tuple[int, ...]
    rows_out: int
    names_out: int
    undecided: int


def cleared(weighed: Weighed) -> Cleared:
    """The record as it is given. Names and words are replaced in the text itself, never covered."""
    waiting = {one.key: one.goes for one in weighed.items}
    marked = _marked(weighed, waiting)
    kept, out, counts = Gathered(), 0, Counter[str]()
    for table, rows in _kept_rows(weighed, waiting).items():
        if table != "change_event":
            out += len(weighed.gathered.rows[table]) - len(rows)
        kept.rows[table] = [_said(table, row, weighed, marked, counts) for row in rows]
    kept.names = {
        table: {
            row_id: _replaced(Spot(table, row_id, "name"), name, weighed, marked, counts)
            for row_id, name in names.items()
        }
        for table, names in names_for(kept.rows).items()
    }
    papers = tuple(one.document_id for one in weighed.items if one.goes and one.document_id is not None)
    out -= sum(1 for one in weighed.items if one.is_kept and not one.goes)
    return Cleared(kept, papers, out, counts["names"], counted(weighed.items) + counts["undecided"])


def _kept_rows(weighed: Weighed, waiting: Mapping[str, bool]) -> dict[str, list[Row]]:
    """What goes, table by table, parents first: what hangs on something that stays out stays out with it."""
    every = weighed.gathered.rows
    links = {row["id"]: row["adult_id"] for row in every.get("family_link", ())}
    kept: dict[str, list[Row]] = {}
    ids: dict[str, set[int]] = {}
    gone: dict[str, set[int]] = {}
    for table, rows in every.items():
        kept[table] = [
            row for row in rows if not stays(table, row, waiting, links) and not _orphan(table, row, gone, ids)
        ]
        ids[table] = {row["id"] for row in kept[table]}
        gone[table] = {row["id"] for row in rows} - ids[table]
    kept = {table: [_unlinked(table, row, gone, ids) for row in rows] for table, rows in kept.items()}
    for row in kept["pupil"]:
        if waiting.get(f"address:{row['id']}") is False:
            row["address"] = LEFT_OUT_WORDS
    if "tombstone" in kept:
        kept["tombstone"] = [one for one in kept["tombstone"] if one["row_id"] in ids.get(one["table_name"], ())]
    if "change_event" in kept:
        kept["change_event"] = told(kept["change_event"], {**kept, "change_event": ()})
    return kept


_Ids = Mapping[str, set[int]]


def _is_gone(target: str, row_id: Any, gone: _Ids, ids: _Ids) -> bool:
    """Whether what a number points at stays out; of an adult also when they are no more of the family."""
    return row_id in gone.get(target, ()) or (
        target == "adult" and "adult" in ids and row_id is not None and row_id not in ids["adult"]
    )


def _orphan(table: str, row: Row, gone: _Ids, ids: _Ids) -> bool:
    """Whether a row cannot stand without one that stays out: what it must point at, or the adult whom it is about."""
    return any(
        _is_gone(target, row[column], gone, ids)
        for column, target in links_of(table).items()
        if needs_link(table, column) or (target == "adult" and table not in BEARS_NO_ADULT)
    )


def _unlinked(table: str, row: Row, gone: _Ids, ids: _Ids) -> Row:
    """A row whose numbers point at nothing that stays out: a number alone would tell that there is something."""
    links = links_of(table)
    return {
        column: None if column in links and _is_gone(links[column], value, gone, ids) else value
        for column, value in row.items()
    }


def _marked(weighed: Weighed, waiting: Mapping[str, bool]) -> list[Sought]:
    """Words that somebody marked, and how adults are reached whose contacts must not reach who asks."""
    side = side_of(weighed.gathered, weighed.request)
    hidden = (
        words
        for adult in side.hidden
        if not waiting.get(f"adult:{adult.adult_id}")
        for words in contacts(adult)
        if folded(words) not in side.own_words
    )
    return [Sought(folded(words)) for words in (*hidden, *(said for _key, said in weighed.words)) if has_words(words)]


def _said(table: str, row: Row, weighed: Weighed, marked: Sequence[Sought], counts: Counter[str]) -> Row:
    new = dict(row)
    for column in texts_of(table):
        if any(texts_in(row[column])):
            new[column] = _replaced(Spot(table, row["id"], column), row[column], weighed, marked, counts)
    return new


def _replaced(spot: Spot, value: Any, weighed: Weighed, marked: Sequence[Sought], counts: Counter[str]) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(spot, one, weighed, marked, counts) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(spot, one, weighed, marked, counts) for one in value]
    if not isinstance(value, str):
        return value
    spans = []
    for one in weighed.names.found_in(value):
        decided = weighed.decisions.get((DecidedOn.NAME, key_of(spot, value, one)))
        stays_in = one.kind is ThirdParty.STAFF if decided is None else decided.choice is Disclosing.GOES
        counts["undecided"] += decided is None and not stays_in
        if not stays_in:
            spans.append((one.start, one.end))
    counts["names"] += len(spans)
    said = left_out(value, spans, LEFT_OUT)
    for sought in marked:
        said = left_out(said, sought.spans(said), LEFT_OUT_WORDS)
    return said
