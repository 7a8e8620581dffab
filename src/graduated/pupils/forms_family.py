"""Forms about a pupil's family: who they are, how they stand to the child, who may not look."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from graduated.db.clock import today
from graduated.pupils.forms import choices, strip, truth
from graduated.rules.vocabulary import BarKind, Relationship
from graduated.web.fields import DatePartsField
from graduated.web.filters import long_date
from graduated.web.forms import Form

LONGEST_HOLD = timedelta(days=92)
"""A hold runs out unless renewed; a school term is long enough to look again (design §4)."""


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
    young_person_agrees = RadioField(
        "Does the young person agree that this adult reads the plan?", [Optional()],
        choices=[SelectChoice("", "Not asked yet"), SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )  # fmt: skip

    def link_values(self) -> dict[str, Any]:
        """What was typed, as the fields of `services.LinkDetails`."""
        return {
            "relationship": Relationship(self.relationship.data),
            "parental_responsibility": bool(self.parental_responsibility.data),
            "lives_with": bool(self.lives_with.data),
            "may_view": bool(self.may_view.data),
            "contact_withheld": bool(self.contact_withheld.data),
            "young_person_agrees": truth(self.young_person_agrees.data),
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
    interpreter = StringField("Interpreter or signing needed", [Optional(), Length(max=60)], filters=[strip])

    def adult_values(self) -> dict[str, str]:
        """What was typed, as the fields of `services.AdultDetails`."""
        names = ("title", "forename", "surname", "email", "phone", "address", "language", "interpreter")
        return {name: strip(self[name].data) for name in names}


class LinkKnownForm(LinkForm):
    """An adult of another child's family, linked to this child too."""

    adult_id = RadioField("Who is it?", [InputRequired("Choose the adult")], choices=[])


class BarForm(Form):
    """Why an adult may not look: an order of a court, or a safeguarding hold with an end."""

    kind = RadioField("On what ground?", [InputRequired("Choose the ground")], choices=choices(BarKind))
    starts = DatePartsField("From", [InputRequired("Enter the first day")], noun="The first day")
    ends = DatePartsField("Until", [Optional()], noun="The last day")
    reason = TextAreaField("What does it say?", [DataRequired("Say what the ground is"), Length(max=2000)],
                           filters=[strip])  # fmt: skip
    document_id = SelectField("The paper", [Optional()], choices=[])

    def validate_ends(self, field: DatePartsField) -> None:
        """Not before the first day."""
        if field.data and self.starts.data and field.data < self.starts.data:
            raise ValidationError("The last day cannot be before the first")

    def validate(self, extra_validators: Any = None) -> bool:
        """A hold ends within a term unless it is renewed; nothing else makes it expire."""
        right = bool(super().validate(extra_validators))
        if self.kind.data != BarKind.HOLD.value or self.ends.errors or not self.starts.data:
            return right
        if self.ends.data is None:
            self.ends.errors = ["A safeguarding hold needs a last day. It can be renewed."]
        elif self.ends.data - self.starts.data > LONGEST_HOLD:
            self.ends.errors = ["A safeguarding hold lasts three months at most. It can be renewed."]
        return right and not self.ends.errors


class LiftForm(Form):
    """Ending a bar, with the reason."""

    why = TextAreaField("Why is it lifted?", [DataRequired("Say why it is lifted"), Length(max=1000)], filters=[strip])


class InviteForm(Form):
    """Giving an adult a sign-in."""

    email = StringField(
        "Their email address",
        [DataRequired("Enter the email address that they will sign in with"), Length(max=254),
         Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message="An email address has an @ and a dot")],
        filters=[strip],
    )  # fmt: skip


def hold_ends_by() -> str:
    """The latest end of a hold that begins today, in words."""
    return long_date(today() + LONGEST_HOLD)
