"""The form of one section's words."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from graduated.rules.references import faults
from graduated.web.forms import OneWindow

LONGEST = 20_000


class NarrativeForm(OneWindow):
    """What a person writes for one section of the pack or the advice.

    `taken` names references whose new words were taken; `brought` sections of the request, with their versions, whose
    words were brought over into the advice.
    """

    text = TextAreaField("Your words", [Optional(), Length(max=LONGEST)])
    taken = HiddenField()
    brought = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """A broken reference is said, and mended by the writer: what it stood for cannot be known."""
        wrong = faults(field.data or "")
        if wrong:
            raise ValidationError(" ".join(wrong))

    @property
    def typed(self) -> str:
        """The words with line breaks of one kind."""
        return (self.text.data or "").replace("\r\n", "\n")

    @property
    def brought_over(self) -> dict[str, int]:
        """By section of the request: the version of it whose words were brought over."""
        pairs = (one.rpartition(":") for one in (self.brought.data or "").split())
        return {key: int(version) for key, _, version in pairs if key and version.isdecimal() and len(version) < 10}

    @property
    def taken_refs(self) -> tuple[str, ...]:
        """The references whose new figure or words the writer has taken."""
        return tuple((self.taken.data or "").split())
