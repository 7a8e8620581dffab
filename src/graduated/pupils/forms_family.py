"""Forms about a pupil's family: who they are, how they stand to the child, how they come in."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from graduated.pupils.forms import choices, strip
from graduated.rules.vocabulary import Relationship
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

BY_MAIL, BY_HAND, ON_PAPER = "mail", "hand", "paper"


class LinkForm(Form):
    """How an adult stands to one child."""

    relationship = SelectField(
        "Relationship to the pupil", [InputRequired("Choose the relationship")],
        choices=choices(Relationship, SelectChoice("", "Choose")),
    )  # fmt: skip
    parental_responsibility = BooleanField("Has parental responsibility")
    lives_with = BooleanField("The pupil lives with them")
    may_view = BooleanField("May read the pupil’s plan on the family’s page")
    contact_withheld = BooleanField("Keep their contact details from other adults of the family")

    def link_values(self) -> dict[str, Any]:
        """What was typed, as the fields of `services.LinkDetails`."""
        return {
            "relationship": Relationship(self.relationship.data),
            "parental_responsibility": bool(self.parental_responsibility.data),
            "lives_with": bool(self.lives_with.data),
            "may_view": bool(self.may_view.data),
            "contact_withheld": bool(self.contact_withheld.data),
        }


class AdultForm(LinkForm):
    """An adult with how they stand to the child."""

    title = StringField("Title", [Optional(), Length(max=20)], filters=[strip])
    forename = StringField("First name", [Optional(), Length(max=100)], filters=[strip])
    surname = StringField("Surname", [DataRequired("Enter the surname"), Length(max=100)], filters=[strip])
    email = StringField(
        "Email address",
        [
            Optional(),
            Length(max=254),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="An email address has an @ and a dot"),
        ],
        filters=[strip],
    )
    phone = StringField("Telephone", [Optional(), Length(max=40)], filters=[strip])
    address = TextAreaField("Address, if not the pupil’s", [Optional(), Length(max=600)], filters=[strip])
    language = StringField("Language", [Optional(), Length(max=60)], filters=[strip])
    interpreter_asked = RadioField(
        "Do they need an interpreter or signing (BSL) at meetings?", [Optional()],
        choices=[SelectChoice("", "Nobody has asked yet"), SelectChoice("no", "No"), SelectChoice("yes", "Yes")],
    )  # fmt: skip
    interpreter = StringField("Which language, or BSL", [Optional(), Length(max=60)], filters=[strip])

    def validate_interpreter_asked(self, field: RadioField) -> None:
        """Who needs one says which; who needs none, none."""
        if field.data == "yes" and not self.interpreter.data:
            raise ValidationError("Say which language, or BSL")
        if field.data == "no" and self.interpreter.data:
            raise ValidationError("Choose Yes, or empty the language")

    def adult_values(self) -> dict[str, Any]:
        """What was typed, as the fields of `services.AdultDetails`."""
        names = ("title", "forename", "surname", "email", "phone", "address", "language", "interpreter")
        return {name: strip(self[name].data) for name in names} | {
            "interpreter_asked": bool(self.interpreter_asked.data)
        }


class RightChild(Form):
    """Who links an adult or makes a sign-in says once more of which child: by the date of birth, typed."""

    born_on = DatePartsField(
        "Date of birth of the pupil, to be sure that it is the right one",
        [InputRequired("Enter the pupil’s date of birth")],
        noun="The date of birth",
        birthday=True,
    )

    def is_of(self, born_on: date) -> bool:
        """Whether the day typed is the pupil's; the error says so when it is not."""
        if self.born_on.data == born_on:
            return True
        self.born_on.errors = ["This is not the date of birth of this pupil. Look whether you are at the right child."]
        return False


class FurtherChildForm(Form):
    """A parent who signs in already says when a further child was born."""

    born_on = DatePartsField(
        "The child’s date of birth", [InputRequired("Enter the date of birth")], noun="The date of birth", birthday=True
    )


class LinkKnownForm(LinkForm, RightChild):
    """An adult of another child's family, linked to this child too."""

    adult_id = RadioField("Who is it?", [InputRequired("Choose the adult")], choices=[])


class InviteForm(RightChild):
    """Giving an adult a sign-in: by e-mail, by a link that is handed over, or on paper with a code."""

    how = RadioField("How do they get it?", [InputRequired("Choose how they get it")], choices=[])
    email = StringField(
        "Their email address",
        [Optional(), Length(max=254),
         Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="An email address has an @ and a dot")],
        filters=[strip],
    )  # fmt: skip

    def validate_how(self, field: RadioField) -> None:
        """Only a letter on paper does without an address."""
        if field.data != ON_PAPER and "email" in self and not self.email.data:
            raise ValidationError("Enter their email address, or print a letter with a code")
