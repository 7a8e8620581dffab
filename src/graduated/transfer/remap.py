"""Numbers of records within words and notes: they lead to the same records in the next school."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Ids = Mapping[str, Mapping[int, int]]
"""By table: the number of a row in the bundle, and its number here."""

OF_LETTER = {
    "m": "measurement", "v": "view", "o": "observation", "j": "judgement", "r": "review", "d": "provision",
    "c": "provision", "y": "pupil", "a": "advice", "t": "attendance", "w": "narrative_given",
}  # fmt: skip
"""By the letter of a reference in a narrative: whose number follows it."""
_MARK = re.compile(r"#\s*([mvojrdcyatw])\s*([0-9]{1,9})(?=\s*\]\])", re.IGNORECASE)
_FOLLOWED = {"next_cycle_id": "cycle", "involvement_id": "involvement", "request_id": "assessment_request"}


def text(words: str, ids: Ids) -> str:
    """A narrative with its references leading here; one whose record did not come leads nowhere, and says so."""
    return _MARK.sub(lambda found: f"#{_ref(found[1].lower(), int(found[2]), ids)}", words)


def _ref(letter: str, number: int, ids: Ids) -> str:
    return f"{letter}{ids.get(OF_LETTER[letter], {}).get(number, 0)}"


def sources(told: Any, ids: Ids) -> Any:
    """What a narrative was written from, by reference; what is not built like that stays as it is."""
    if not isinstance(told, list):
        return told
    found = []
    for one in told:
        ref = one.get("ref") if isinstance(one, dict) else None
        if isinstance(ref, str) and re.fullmatch(r"[mvojrdcyatw][0-9]{1,9}", ref):
            one = {**one, "ref": _ref(ref[0], int(ref[1:]), ids)}
        found.append(one)
    return found


def followed(details: Mapping[str, Any], ids: Ids) -> dict[str, Any]:
    """What followed from a sealed review, with the numbers of here."""
    found = dict(details)
    for name, table in _FOLLOWED.items():
        if isinstance(found.get(name), int):
            found[name] = ids.get(table, {}).get(found[name])
    return found
