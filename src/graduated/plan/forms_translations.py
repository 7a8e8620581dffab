"""Forms of a plan's approved translations."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from graduated.plan.services_translations import Translated
from graduated.pupils.forms import not_in_future, strip
from graduated.pupils.forms_papers import TakesAFile
from graduated.pupils.services_papers import NewPaper, PaperWords
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


class TranslationForm(TakesAFile):
    """A translation to attach: its file, its language, and who of the school approved it."""

    file = FileField("The translation", [FileRequired("Choose the file")])
    language = StringField("Language", [DataRequired("Enter the language"), Length(max=60)], filters=[strip])
    approved_by = StringField(
        "Who approved it", [DataRequired("Enter who approved it"), Length(max=120)], filters=[strip]
    )
    approved_on = DatePartsField(
        "When", [InputRequired("Enter the day"), not_in_future("The day of approval")], noun="The day"
    )

    def validate_file(self, field: Any) -> None:
        """Of a kind that is kept, by its content, and no larger than 25 MB."""
        self.take(field.data)

    def paper(self, title: str, said: Translated) -> NewPaper:
        """The file as a paper that the family may open."""
        return self.as_paper(
            PaperWords(DocumentKind.OTHER, title[:200], said.approved_on, said.approved_by, Visibility.FAMILY)
        )


class WithdrawForm(Form):
    """Why a translation is withdrawn."""

    why = TextAreaField("Why is it withdrawn?", [DataRequired("Say why"), Length(max=600)], filters=[strip])
