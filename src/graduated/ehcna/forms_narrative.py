"""The form of one section's words."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length, Optional, ValidationError

from graduated.rules.references import faults
from graduated.web.forms import Form

LONGEST = 20_000


class NarrativeForm(Form):
    """What a person writes for one section of the pack; `taken` names references whose new words were taken."""

    text = TextAreaField("Your words", [Optional(), Length(max=LONGEST)])
    taken = HiddenField()

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
    def taken_refs(self) -> tuple[str, ...]:
        """The references whose new figure or words the writer has taken."""
        return tuple((self.taken.data or "").split())
