"""The form on which it is said who was given a paper, how and when."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired

from graduated.pupils.forms import choices, day_of, not_in_future
from graduated.pupils.queries_family import FamilyAdult
from graduated.review.services_given import Giving
from graduated.rules.vocabulary import GivenHow, PaperKind, inside
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


def adult_words(one: FamilyAdult) -> str:
    """An adult as a choice: who they are, and what the sender must know."""
    words = f"{one.name}, {inside(one.relationship.label)}"
    if one.interpreter:
        words += f". Interpreter: {one.interpreter}"
    elif one.language:
        words += f". Speaks {one.language}"
    return f"{words}. Contact details are withheld: by hand only" if one.contact_withheld else words


class GiveForm(Form):
    """Who was given a paper, how and when."""

    adults = SelectMultipleField(
        "Who was given it?", choices=[], validators=[InputRequired("Choose at least one adult")]
    )
    how = RadioField("How?", [InputRequired("Choose how it was given")], choices=choices(GivenHow))
    given_on = DatePartsField("When?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")

    def offer(self, adults: Iterable[FamilyAdult]) -> None:
        """Fill the list with the adults who may be given it."""
        self.adults.choices = [SelectChoice(str(one.adult_id), adult_words(one)) for one in adults]

    def giving(self, kind: PaperKind, title: str, cycle_id: int | None, review_id: int | None) -> Giving:
        """What was chosen, as the service takes it."""
        return Giving(
            kind,
            title,
            tuple(int(one) for one in self.adults.data or ()),
            GivenHow(self.how.data),
            day_of(self.given_on),
            cycle_id,
            review_id,
        )
