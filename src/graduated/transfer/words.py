"""What is in a bundle, in words that a SENCO counts by."""

from __future__ import annotations

from collections.abc import Mapping

REASON = "reason of a safeguarding hold or an order"
ENTRY = "restricted strength, difficulty or concern"
RESTRICTED = ("document", "restricted note", REASON, ENTRY)
"""What of that which stays is restricted, by the names under which it is counted."""
_WORDS = {
    "cycle": ("cycle", "cycles"),
    "review": ("review", "reviews"),
    "outcome": ("outcome", "outcomes"),
    "provision": ("provision", "provisions"),
    "measurement": ("measurement", "measurements"),
    "view": ("recorded view", "recorded views"),
    "observation": ("strength or difficulty", "strengths and difficulties"),
    "concern": ("concern", "concerns"),
    "involvement": ("involvement of a professional", "involvements of professionals"),
    "advice": ("recommendation", "recommendations"),
    "presence": ("session attended or missed", "sessions attended or missed"),
    "document": ("paper", "papers"),
    "paper_given": ("copy of what parents were given", "copies of what parents were given"),
    "assessment_request": ("assessment request", "assessment requests"),
    "family_link": ("adult of the family", "adults of the family"),
    "attendance": ("period of attendance", "periods of attendance"),
    "term": ("term of the other school", "terms of the other school"),
    "suspension": ("suspension", "suspensions"),
}


def lines_of(counts: Mapping[str, int]) -> tuple[str, ...]:
    """The counts that matter, in order: "3 cycles"; the small rows beneath them are one line."""
    known = [f"{counts[name]} {_WORDS[name][counts[name] != 1]}" for name in _WORDS if counts.get(name)]
    others = sum(number for name, number in counts.items() if name not in _WORDS and name != "files")
    return (*known, f"{others} smaller records beneath them") if others else tuple(known)
