"""The demo school's own words: it changed the invitation twice, a little each time; the other letters are ours."""

from __future__ import annotations

from pathlib import Path

from graduated.demo.stage import Stage
from graduated.review.services_wording import keep_wording
from graduated.rules.vocabulary import LetterKind

_FOLDER = Path(__file__).with_name("data") / "letters"
_AFTER = "little brothers and sisters too."
_TEA = "\n\nPlease come to the front office. There is tea, and a corner with toys."


def word(stage: Stage) -> None:
    """Forms go with the invitation since the first year; families asked where to come, so that was added this term."""
    first = (_FOLDER / "invitation.txt").read_text(encoding="utf-8")
    for on, words in (
        (stage.calendar.shifted(stage.begun, 15), first),
        (stage.calendar.shifted(stage.today, -19), first.replace(_AFTER, _AFTER + _TEA)),
    ):
        with stage.act("legg", on, "Wording of a letter changed", 16, 45):
            keep_wording(LetterKind.INVITATION, words)
