"""Asking for an erasure or a rectification, carrying it out, and declining it."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from graduated.erasure.places import Piece, Place, place_of
from graduated.erasure.services import Wish
from graduated.rules.passages import has_words, said_beside_marks
from graduated.rules.vocabulary import ByLaw
from graduated.web.forms import Form


class AskForm(Form):
    """Which words, what is to happen with them, and why."""

    piece = RadioField("Which piece of the record?", [InputRequired("Choose the piece")])
    passage = TextAreaField("Which words of it exactly?", [Optional(), Length(max=20_000)])
    kind = RadioField(
        "What is to happen?",
        [InputRequired("Choose whether the words are put right or erased")],
        choices=[SelectChoice(value, label) for value, label in ByLaw.choices()],
    )
    replacement = TextAreaField("The words as they should have been", [Length(max=20_000)])
    reason = TextAreaField("Why?", [InputRequired("Say why. It is kept for ever"), Length(max=1000)])
    advised_by = StringField(
        "Who advised you on data protection, and on which day?",
        [InputRequired("Ask your data protection officer first, and say who advised you and when"), Length(max=160)],
    )

    def offer(self, pieces: Iterable[Piece]) -> None:
        """The pieces to choose from."""
        self.piece.choices = [SelectChoice(one.key, one.label) for one in pieces]

    def wish(self) -> Wish:
        """What was asked for."""
        return Wish(
            kind=ByLaw(self.kind.data),
            reason=self.reason.data or "",
            advised_by=self.advised_by.data or "",
            replacement=self.replacement.data or "",
            passage=self.passage.data or "",
        )

    def place(self) -> Place | None:
        """The place that was chosen."""
        return place_of(self.piece.data or "")


class FindForm(AskForm):
    """The same for words that are first looked for in all that is kept of a pupil."""

    passage = TextAreaField("Which words exactly?", [InputRequired("Write the words"), Length(max=20_000)])


class AskPaperForm(Form):
    """Why the file of a paper has to go, and whether its title and author have to go as well."""

    names = SelectMultipleField("Does what is said of it name somebody who may not be named here?", [Optional()])
    reason = AskForm.reason
    advised_by = AskForm.advised_by

    def offer(self, title: str, author: str) -> None:
        """What is said of the paper in words, to be ticked."""
        said = (("title", f"Its title: “{title}”"), ("author", f"Its author: “{author}”"))
        kept = {"title": title, "author": author}
        self.names.choices = [
            SelectChoice(name, label) for name, label in said if has_words(said_beside_marks(kept[name]))
        ]


class CarryOutForm(Form):
    """The last question before something goes for good."""

    sure = BooleanField(
        "I have read what goes and what stays. I know that nobody can bring it back.",
        [InputRequired("Tick the box to say that you have read what goes")],
    )
    seen = HiddenField()


class DeclineForm(Form):
    """Why it is not done."""

    why = TextAreaField("Why not?", [InputRequired("Say why"), Length(max=1000)])
