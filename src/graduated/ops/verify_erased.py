"""Tombstones, held against the places where they stand: what went by law is known, anything else that went is not."""

from __future__ import annotations

from collections.abc import Mapping

from graduated.audit import chain
from graduated.erasure.queries_stones import Stone, permits_standing, what_stands_at
from graduated.ops.verified import Verified
from graduated.rules.erasure import quotes, quoting


def check_stones(answer: Verified, school: str, stones: tuple[Stone, ...]) -> None:
    """Each tombstone is counted, and its mark stands where the words stood; a file that went is not named again."""
    latest = {stone.place: stone for stone in stones}
    for stone in stones:
        answer.checked["tombstones"] += 1
        stands, row = what_stands_at(stone.place), f"tombstone {stone.stone_id}"
        where = f"{stone.place.table} {stone.place.row_id}, {stone.place.field}"
        if stone.is_file:
            if stands not in ("", {}):
                answer.fault(school, "tombstone", row, f"what it stands for is there again ({where})")
        elif stone is latest[stone.place] and not _has(stands, stone.mark):
            answer.fault(school, "tombstone", row, f"it says that words went, but its mark does not stand at {where}")
    if permits_standing():
        says = "a permit to change evidence was left standing, and no act of the program leaves one"
        answer.fault(school, "tombstone", "destruction_permit", says)


def _has(value: object, mark: str) -> bool:
    pattern = quoting(mark, named=True)
    return mark in value if isinstance(value, str) else pattern is not None and quotes(value, pattern)


def audit_digests(stones: tuple[Stone, ...]) -> dict[int, str]:
    """By id of an event's contents: the digest that they have since words went from them, by the last tombstone."""
    found: dict[int, str] = {}
    for stone in stones:
        found |= {int(detail_id): digest for detail_id, digest in stone.audit.items()}
    return found


def wrong_with_erased(event: Mapping[str, object], digests: Mapping[int, str]) -> str:
    """Why contents that are marked as erased are not as a lawful erasure leaves them, or ""."""
    says_why = event["erased_why"] and event["erased_authority"]
    if event["payload"] is not None:
        left = digests.get(int(str(event["detail_id"])))
        if left is None:
            return "it is marked as erased, but its contents are still there"
        if chain.digest(event["payload"], str(event["salt"])) != left:
            return "what an erasure left of its contents was changed"
    return "" if says_why else "it is marked as erased, without a reason and an authority"
