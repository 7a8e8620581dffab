"""Letters to parents: words with a closed list of placeholders, and nothing that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graduated.rules.vocabulary import LetterKind, NextStep, SenStatus

PLACEHOLDERS = (
    "adult", "first_name", "date", "time", "place", "school", "lead_teacher", "decision", "sendiass", "sender",
)  # fmt: skip
"""What a letter may leave to be filled in, each written in curly brackets."""
_MARK = re.compile(r"\{([^{}\n]*)\}")


def unknown(text: str) -> tuple[str, ...]:
    """What stands in curly brackets and is no placeholder, each once; also a bracket that stands alone."""
    wrong = [f"{{{name}}}" for name in _MARK.findall(text) if name not in PLACEHOLDERS]
    alone = [mark for mark in "{}" if mark in _MARK.sub("", text)]
    return tuple(dict.fromkeys([*wrong, *alone]))


def fill(text: str, values: Mapping[str, str]) -> str:
    """The letter with its placeholders filled; one without a value stays, so that whoever sends it sees the gap.

    A value is never looked through again: a name in curly brackets stays a name.
    """
    return _MARK.sub(lambda found: values.get(found[1], "") or found[0], text)


def kind_after(step: NextStep | None, status: SenStatus) -> LetterKind:
    """Which letter follows a review: parents are told in writing when a pupil comes off SEN support (design §5).

    A review changes nothing in the register for a pupil with an EHC plan, so there it is the outcome that is told.
    """
    if step is NextStep.COME_OFF and status is not SenStatus.PLAN:
        return LetterKind.COMING_OFF
    return LetterKind.OUTCOME
