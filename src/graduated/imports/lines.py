"""What a file of teaching groups or of contacts would do, line by line, and how a line finds its pupil."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graduated.imports.difference import Change, KnownPupil
from graduated.imports.headings import Columns
from graduated.imports.rows import PupilKey, PupilRef, Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the file (0 when it speaks of no line), whom it is about, what it says, and what would change."""

    row: int
    pupil_id: int | None
    upn: str | None
    name: str
    text: str
    changes: tuple[Change, ...] = ()

    def as_json(self) -> dict[str, object]:
        """As `graduated import --json` writes it."""
        body: dict[str, object] = {"row": self.row, "upn": self.upn, "name": self.name, "text": self.text}
        return body | ({"changes": [change.as_json() for change in self.changes]} if self.changes else {})


@dataclass(frozen=True, slots=True)
class LinesDifference:
    """Everything that such a file would do; nothing in it waits for a confirmation line by line."""

    added: tuple[Line, ...]
    changed: tuple[Line, ...]
    unchanged: tuple[Line, ...]
    refused: tuple[Refusal, ...]
    ignored_headings: tuple[str, ...]
    notes: tuple[str, ...]
    missing_from_file: tuple[Line, ...] = ()
    to_confirm: tuple[Line, ...] = field(default=())

    def as_json(self) -> dict[str, object]:
        """The contract of `graduated import --json`; every value is a list."""
        return {
            "added": [one.as_json() for one in self.added],
            "changed": [one.as_json() for one in self.changed],
            "unchanged": [one.as_json() for one in self.unchanged],
            "missing_from_file": [one.as_json() for one in self.missing_from_file],
            "to_confirm": [],
            "refused": [one.as_json() for one in self.refused],
            "ignored_headings": list(self.ignored_headings),
            "notes": list(self.notes),
        }


class Finder:
    """Finds the pupil that a line means, and says why when it can't."""

    def __init__(self, known: Sequence[KnownPupil]) -> None:
        self.by_key: dict[PupilKey, list[KnownPupil]] = {}
        for pupil in known:
            for key in pupil.keys:
                self.by_key.setdefault(key, []).append(pupil)

    def find(self, ref: PupilRef) -> KnownPupil | str:
        """The pupil, or the reason why none is found."""
        found: list[KnownPupil] = []
        for key in ref.keys:
            found = self.by_key.get(key, [])
            if found:
                break
        if len(found) > 1:
            return "More than one pupil has this name and date of birth. Give the UPN."
        if not found:
            return "No pupil of the register is meant by this line. Import the roll first, or correct the UPN."
        if ref.upn and found[0].upn and found[0].upn != ref.upn:
            return f"A pupil of this name and date of birth is recorded under the UPN {found[0].upn}. Check the UPN."
        return found[0]


def pupil_refusal(line: int, ref: PupilRef, reason: str, columns: Columns) -> Refusal:
    """A refusal under the column that should have named the pupil."""
    named = "upn" if "upn" in columns.position else "legal_surname"
    return Refusal(line, columns.heading(named), ref.upn or ref.name, reason)


def display(pupil: KnownPupil) -> str:
    """The pupil's legal name in the order of speech."""
    return f"{pupil.legal_forename} {pupil.legal_surname}"


def counted(number: int, one: str, many: str) -> str:
    """ "1 row", "3 rows"."""
    return f"{number} {one if number == 1 else many}"


def listed(names: Iterable[str]) -> str:
    """ "A, B and C"."""
    *front, last = list(names) or [""]
    return f"{', '.join(front)} and {last}" if front else last
