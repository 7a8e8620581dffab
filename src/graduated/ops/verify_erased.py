"""Tombstones, held against the chain and the places where they stand: anything else that went is a fault."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from sqlalchemy import select

from graduated.audit.capture import WHOLE
from graduated.audit.models import Tombstone
from graduated.db.session import db
from graduated.erasure.models import ErasureOrder
from graduated.erasure.places import Place
from graduated.erasure.queries_stones import Stone, has_mark, is_there, permits_standing, what_stands_at
from graduated.ops.heard import Heard
from graduated.ops.verified import Verified
from graduated.ops.verify_rows import changed_in, rows_of

_ASKED = select(ErasureOrder.id, ErasureOrder.recorded_by_id).order_by(ErasureOrder.id)
NEEDED = {"erasure_order_id", "table_name", "row_id", "field", "review_id", "part", "digest", "mark", "audit"}
Gone = frozenset[tuple[str, int]]


def held_stones(heard: Heard) -> tuple[Stone, ...]:
    """The tombstones that stand word for word as the chain says, in their order; of any other `check_rows` speaks."""
    return tuple(
        Stone(row["id"], Place(row["table_name"], row["row_id"], row["field"]), row["mark"], row["review_id"],
              row["part"], row["digest"])
        for row in sorted(rows_of(Tombstone), key=lambda one: int(one["id"]))
        if heard.stones.get(row["id"], {}).keys() >= NEEDED and not changed_in(row, heard.stones[row["id"]])
    )  # fmt: skip


def check_stones(answer: Verified, school: str, stones: tuple[Stone, ...], heard: Heard) -> None:
    """Each tombstone is counted, and its mark stands where the words stood; a file that went is not named again.

    A mark in words that can still be edited is asked for only until somebody writes them anew, in the audit's sight.
    """
    latest = {stone.place: stone for stone in stones}
    for stone in stones:
        answer.checked["tombstones"] += 1
        stands, row = what_stands_at(stone.place), f"tombstone {stone.stone_id}"
        where = f"{stone.place.table} {stone.place.row_id}, {stone.place.field}"
        if stone.place.field == WHOLE:
            if is_there(stone.place):
                answer.fault(school, "tombstone", row, f"the whole record went, and this is there again ({where})")
        elif stone.is_file:
            if stands not in ("", {}, None):
                answer.fault(school, "tombstone", row, f"what it stands for is there again ({where})")
        elif stone is not latest[stone.place] or tuple(stone.place) in heard.rewritten:
            continue
        elif not has_mark(stands, stone.mark):
            answer.fault(school, "tombstone", row, f"it says that words went, but its mark does not stand at {where}")
    if permits_standing():
        says = "a permit to change evidence was left standing, and no act of the program leaves one"
        answer.fault(school, "tombstone", "destruction_permit", says)


def check_orders(answer: Verified, school: str, heard: Heard) -> None:
    """Whoever is said to have asked for an erasure did ask: that two people did it rests on this."""
    for order_id, asked_by in db.session.execute(_ASKED):
        if heard.asked_by.get(order_id) != asked_by:
            says = "who asked for it is not who wrote it, by the audit"
            answer.fault(school, "row", f"erasure_order {order_id}", says)


def files_gone(stones: tuple[Stone, ...]) -> Gone:
    """(table, row) of the kept files that went by law."""
    return frozenset((stone.place.table, stone.place.row_id) for stone in stones if stone.is_file)


def parts_gone(stones: tuple[Stone, ...]) -> Mapping[int, Mapping[str, str]]:
    """By review: the parts that went by law, each with the digest it was sealed with, which its first tombstone has."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for stone in stones:
        if stone.review_id is not None and stone.part:
            found[stone.review_id].setdefault(stone.part, stone.digest)
    return found


def reviews_gone(stones: tuple[Stone, ...]) -> frozenset[int]:
    """Reviews of which only a shell stays, because the whole record of the pupil was destroyed."""
    return frozenset(
        stone.place.row_id for stone in stones if stone.place.table == "review" and stone.place.field == WHOLE
    )
