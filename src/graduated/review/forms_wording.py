"""The form on which a school changes the words of a kind of letter."""

from __future__ import annotations

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import DataRequired, ValidationError

from graduated.pack.letter_pdf import unprintable
from graduated.rules.letters import LONGEST, faults, tidy
from graduated.rules.vocabulary import LetterKind
from graduated.web.forms import Form

_MOST_SAID = 6


def refuse_what_cannot_be_printed(_form: Any, field: Any) -> None:
    """A letter goes out on paper as it was written, or not at all."""
    missing = unprintable(field.data or "")
    if missing:
        shown = " ".join(missing[:_MOST_SAID]) + (" and others" if len(missing) > _MOST_SAID else "")
        raise ValidationError(f"Letters cannot be printed with {shown}. Write those words in other characters.")


def refuse_too_long(_form: Any, field: Any) -> None:
    """Nobody reads more than three pages, and no page is drawn of more."""
    length = len(field.data or "")
    if length > LONGEST:
        raise ValidationError(f"A letter can have up to {LONGEST:,} characters; this one has {length:,}. Shorten it.")


def _tidied(typed: str | None) -> str:
    return tidy(typed or "")


class WordingForm(Form):
    """The words of a letter, with gaps in curly brackets. Say `kind` before it is validated."""

    kind: LetterKind = LetterKind.INVITATION
    text = TextAreaField(
        "Words of the letter",
        [DataRequired("Write the letter, or go back to our wording"), refuse_too_long, refuse_what_cannot_be_printed],
        filters=[_tidied],
    )

    def validate_text(self, field: Any) -> None:
        """What stands in curly brackets is filled in, or the letter could never be sent as it is."""
        said = faults(self.kind, field.data or "") if len(field.data or "") <= LONGEST else ()
        if said:
            more = f" And {len(said) - _MOST_SAID} more." if len(said) > _MOST_SAID else ""
            raise ValidationError(" ".join(said[:_MOST_SAID]) + more)
