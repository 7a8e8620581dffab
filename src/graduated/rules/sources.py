"""Where a rule comes from, as a page says it: the law and the Code, not the notes this program was built from."""

from __future__ import annotations

_OURS = ("domain", "seed", "§", "line")


def law_only(source: str) -> str:
    """The part of a source that a SENCO can look up: the Act, the regulations, the Code."""
    parts = (part.strip() for part in source.replace("; ", ", ").split(", "))
    return ", ".join(part for part in parts if not part.lower().startswith(_OURS))
