"""Forms of asking a colleague for words for one section, and of what they write."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectChoice, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from graduated.do.forms import MayBeEmpty
from graduated.ehcna.queries_asked import Colleague, signed
from graduated.review.forms_asking import AskForm
from graduated.rules.references import faults
from graduated.web.forms import OneWindow

LONGEST = 8_000


class AskForWordsForm(AskForm):
    """Whom to ask for words for one section, what for, and by when."""

    question = TextAreaField("What you want to know", [MayBeEmpty(), Length(max=1_000)])

    def offer(self, people: Iterable[Colleague]) -> None:
        """Name those who work with the pupil."""
        self.people.choices = [SelectChoice(str(one.user_id), signed(one.name, one.role)) for one in people]


class GiveForm(OneWindow):
    """What a colleague writes for one section."""

    text = TextAreaField(
        "Your words", [InputRequired("Write a few words before you hand them in"), Length(max=LONGEST)]
    )

    def validate_text(self, field: TextAreaField) -> None:
        """Double square brackets are how the SENCO's words lead to records; alone they would break there."""
        if faults(field.data or ""):
            raise ValidationError("Leave out double square brackets: in the request they stand for a record")

    @property
    def typed(self) -> str:
        """The words with line breaks of one kind."""
        return (self.text.data or "").replace("\r\n", "\n").strip()
