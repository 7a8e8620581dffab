"""The form on which a letter to the parents is written."""

from __future__ import annotations

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import InputRequired, ValidationError

from graduated.review.forms_given import GiveForm
from graduated.review.forms_wording import refuse_too_long, refuse_what_cannot_be_printed
from graduated.rules.letters import PLACEHOLDERS, unknown


class LetterForm(GiveForm):
    """The letter's words; to whom it goes, how and when."""

    text = TextAreaField(
        "The letter", [InputRequired("Write the letter"), refuse_too_long, refuse_what_cannot_be_printed]
    )

    def validate_text(self, field: Any) -> None:
        """No gap is sent: what is still in curly brackets was not filled in."""
        gaps = [f"{{{name}}}" for name in PLACEHOLDERS if f"{{{name}}}" in (field.data or "")]
        left = [*gaps, *(one for one in unknown(field.data or "") if one not in gaps)]
        if left:
            raise ValidationError(f"Write over what is still in curly brackets: {', '.join(left)}")
