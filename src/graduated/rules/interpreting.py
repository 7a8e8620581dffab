"""Interpreter and BSL need: asked once of each adult, shown at each meeting (design §4, FamilyLink and Adult).

That nobody has asked is not the same as that none is needed: parents who are not asked come to meetings that they
cannot follow, and what the Code asks of meetings with parents (6.64 to 6.71, domain §1.2) is then done in name only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Need:
    """What one person needs at a meeting, in their own words ("Polish", "BSL"), and when they were asked."""

    name: str
    needs: str
    asked_on: date | None

    @property
    def is_asked(self) -> bool:
        """Whether somebody has asked, or knows."""
        return bool(self.needs) or self.asked_on is not None


def needed(needs: Sequence[Need]) -> str:
    """What is known to be needed at a meeting, in a line; who was not asked is left to one line for all meetings."""
    told = [f"{one.needs} for {one.name}" for one in needs if one.needs]
    return f"Interpreter or signing: {_and(told)}." if told else ""


def at_meeting(needs: Sequence[Need]) -> str:
    """What whoever arranges a meeting has to know, in a line; nothing when all were asked and none is needed."""
    unasked = [one.name for one in needs if not one.is_asked]
    words = needed(needs)
    if unasked:
        words += (
            f"{' ' if words else ''}Nobody has asked {_and(unasked)} yet whether an interpreter or signing is needed."
        )
    return words


def in_diary(needs: Sequence[Need]) -> str:
    """The same for a diary that others may see: what is needed, of nobody by name; nothing when none is known of."""
    told = list(dict.fromkeys(one.needs for one in needs if one.needs))
    return f"Interpreter or signing: {_and(told)}" if told else ""


def in_letter(text: str, needs: Sequence[Need]) -> str:
    """A letter with the need that all who get it share; what only one of them needs is not the other's to read.

    It stands after the paragraph that speaks of interpreters, or before the closing words.
    """
    shared = {one.needs for one in needs}
    if len(shared) != 1 or "" in shared:
        return text
    said = f"You told us that you need an interpreter or signing: {shared.pop()}. Tell us if that has changed."
    parts = text.split("\n\n")
    at = next((n for n, part in enumerate(parts) if "interpreter" in part.lower()), max(len(parts) - 2, 0))
    return "\n\n".join([*parts[: at + 1], said, *parts[at + 1 :]])


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
