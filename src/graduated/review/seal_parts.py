"""The parts of a seal: every piece of text that it covers, by a name and a salt of its own.

The seal holds a part's salted digest in place of its words. So words can go by law, and their salt with them, and the
seal over all the rest still holds (docs/decisions, "What goes by law").
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from typing import Any

from graduated.rules.seals import part_digest

Hold = Callable[[str, object], object]
_SALT_BYTES = 32


class NoSalt(LookupError):
    """A part that no tombstone speaks of has no salt."""


def as_it_stands(_part: str, value: object) -> object:
    """The words themselves: how a record was sealed as one whole."""
    return value


def by_parts(salts: Mapping[str, str], gone: Mapping[str, str]) -> Hold:
    """Each part by its digest; of a part that went by law (`gone`: part -> digest) the digest it was sealed with."""

    def hold(part: str, value: object) -> object:
        if part in gone:
            return {"part": gone[part]}
        if part not in salts:
            raise NoSalt(part)
        return {"part": part_digest(part, value, salts[part])}

    return hold


def newly_salted(salts: dict[str, str]) -> Hold:
    """Like `by_parts`, with a fresh salt for each part that is met; they are gathered in `salts`."""

    def hold(part: str, value: object) -> object:
        salts[part] = secrets.token_hex(_SALT_BYTES)
        return {"part": part_digest(part, value, salts[part])}

    return hold


def part_of(table: str, row: Any, field: str) -> str:
    """The name under which the seal covers a column of a row, or "" when it does not."""
    names = {
        "review": field,
        "attendee": f"attendee/{row.id}/{field}",
        "judgement": f"judgement/{getattr(row, 'outcome_id', 0)}/{field}",
        "provision_judgement": f"verdict/{getattr(row, 'provision_id', 0)}/{field}",
        "next_step": f"step/{field}",
        "action_item": f"action/{row.id}/{field}",
    }
    return names[table] if field in COVERED.get(table, ()) else ""


COVERED = {
    "review": ("attempts", "others_present", "pupil_views", "parent_views", "summary"),
    "attendee": ("name", "role"),
    "judgement": ("reason", "stood_as"),
    "provision_judgement": ("why", "stood_as"),
    "next_step": ("reason", "suggestion_reasons", "specialist_words", "request_words"),
    "action_item": ("what", "who"),
}
"""The columns with words that a seal covers, by table."""
