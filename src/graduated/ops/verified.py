"""What a check of the whole installation found, as people and as scripts read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that does not match what was recorded. `row` names the record, such as "change_event 12"."""

    school: str
    kind: str
    row: str
    says: str

    def as_json(self) -> dict[str, str]:
        """The fault for a script."""
        return {"school": self.school, "kind": self.kind, "row": self.row, "says": self.says}

    def as_text(self) -> str:
        """The fault for a person."""
        return f"{self.school}: {self.row}: {self.says}"


@dataclass
class Verified:
    """How much was checked, and what does not match; whole when nothing is broken.

    `remarks` are no faults: a head that nobody anchored, an erasure that has still to be cleaned up after.
    """

    checked: Counter[str] = field(default_factory=Counter)
    broken: list[Fault] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        """Whether everything matches."""
        return not self.broken

    @property
    def first_broken(self) -> Fault | None:
        """The first record that does not match."""
        return self.broken[0] if self.broken else None

    def fault(self, school: str, kind: str, row: str, says: str) -> None:
        """Note something broken."""
        self.broken.append(Fault(school, kind, row, says))

    def as_json(self) -> dict[str, Any]:
        """The answer for a script; at most 50 faults are listed, all are counted."""
        first = self.first_broken
        return {
            "whole": self.whole,
            "checked": {
                kind: self.checked[kind]
                for kind in ("schools", "events", "erased", "seals", "packs", "rows", "tombstones", "files")
            },
            "first_broken": first.as_json() if first else None,
            "broken_count": len(self.broken),
            "broken": [fault.as_json() for fault in self.broken[:MOST_LISTED]],
            "remarks": self.remarks,
        }

    def as_text(self) -> str:
        """The answer for a person."""
        counts = self.checked
        read = sum(counts[kind] for kind in ("files read", "packs", "pack files", "papers given"))
        schools = "1 school" if counts["schools"] == 1 else f"{counts['schools']} schools"
        lines = [
            f"Checked {schools}: {counts['events']} audit events ({counts['erased']} with their "
            f"contents erased by law), {counts['seals']} seals, {counts['packs']} packs, {counts['rows']} records, "
            f"{counts['tombstones']} tombstones, {counts['files']} files in the store, {read} read whole for the "
            "records that name them.",
            *self.remarks,
        ]
        if self.whole:
            lines.append("Everything matches what was recorded.")
        else:
            lines.append(f"{len(self.broken)} do not match. The first: {self.broken[0].as_text()}")
            lines += [f"  {fault.as_text()}" for fault in self.broken[1:MOST_LISTED]]
        return "\n".join(lines)
