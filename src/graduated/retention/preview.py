"""What would go if a record was destroyed: how many of each kind, and what stays and why. No words of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graduated.erasure.finding import as_system
from graduated.retention.destroying import reach_of
from graduated.transfer.words import lines_of

STAYS = (
    "A line in the destruction log: initials, year of birth, dates, and on whose authority.",
    "Of each sealed review its number and the digest of its seal, so that the seals of other pupils still hold.",
    "In the audit that something was done, when and by whom; not what was written.",
    "The receipt of the next school, where there is one.",
    "Sessions of groups in which other pupils were too, without this pupil.",
    "Paper, downloads and backups: destroy them by hand.",
)


_SHELLS = {
    "cycle": ("cycle", "cycles"),
    "review": ("sealed review", "sealed reviews"),
    "transfer_out": ("note of what was sent to another school", "notes of what was sent to another school"),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What would go: by table, in words, how many files, and how many accounts of the family would be closed.

    `emptied` counts, by table, the rows of which a shell without words stays; `kept_accounts` the sign-ins of adults
    who go from here and have another door, here or at another school.
    """

    counts: Mapping[str, int]
    lines: tuple[str, ...]
    files: int
    accounts: int
    kept_accounts: int
    emptied: Mapping[str, int]
    empties: tuple[str, ...]
    stays: tuple[str, ...] = STAYS


def preview_of(pupil_id: int) -> Seen:
    """Look, and change nothing."""
    with as_system():
        found = reach_of(pupil_id)
        counts, emptied = found.counts, found.emptied
        return Seen(
            counts,
            lines_of(counts),
            len(found.files),
            len(found.accounts),
            found.kept_accounts,
            emptied,
            tuple(_how_many(emptied[name], *words) for name, words in _SHELLS.items() if emptied[name]),
        )


def _how_many(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
