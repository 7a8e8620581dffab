"""Forms about requests for information."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.disclosure.services import GIVING, NewRequest
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.rules.vocabulary import InformationBy, InformationHow, InformationKind, InformationOutcome
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

_OTHER = "other"


class NewRequestForm(Form):
    """What was asked, when and by whom."""

    kind = RadioField("What was asked for?", [InputRequired("Choose what was asked for")])
    received_on = DatePartsField(
        "When was it received?",
        [InputRequired("Enter the day it was received"), not_in_future("The day")],
        noun="The day",
    )
    how = RadioField("How?", [InputRequired("Choose how it was asked")])
    adult = RadioField("Who asks?", [InputRequired("Choose who asks")])
    from_name = StringField("Name of whoever else asks", [Optional(), Length(max=160)], filters=[strip])
    wish = TextAreaField("What exactly do they ask for?", [Optional(), Length(max=4000)])
    identity = TextAreaField("How do you know that they are who they say, and may ask?", [Optional(), Length(max=2000)])

    def offer(self, adults: Iterable[tuple[int, str]], pupil: str) -> None:
        """Who may be chosen: adults of the family, the pupil, or somebody else."""
        self.kind.choices = choices(InformationKind)
        self.how.choices = choices(InformationHow)
        self.adult.choices = [
            *(SelectChoice(str(adult_id), name) for adult_id, name in adults),
            SelectChoice("pupil", pupil),
            SelectChoice(_OTHER, "Somebody who acts for one of them"),
        ]
        self._pupil = pupil

    def validate_adult(self, field: RadioField) -> None:
        """Somebody else has a name."""
        if field.data == _OTHER and not self.from_name.data:
            raise ValidationError("Enter the name of whoever else asks")

    def request(self) -> NewRequest:
        """What the form says."""
        who = self.adult.data or ""
        names = {choice.value: choice.label.partition(": ")[0] for choice in self.adult.choices}
        asked_by = InformationBy(who) if who in set(InformationBy) else InformationBy.PARENT
        return NewRequest(
            kind=InformationKind(self.kind.data),
            received_on=day_of(self.received_on),
            how=InformationHow(self.how.data),
            asked_by=asked_by,
            from_name=(self.from_name.data or "") if who == _OTHER else names[who],
            adult_id=int(who) if who.isdecimal() else None,
            wish=self.wish.data or "",
            identity=self.identity.data or "",
        )


class IdentityForm(Form):
    """How the school knows who asks."""

    identity = TextAreaField(
        "How do you know that they are who they say, and may ask?",
        [InputRequired("Say what you looked at"), Length(max=2000)],
    )


class QuestionForm(Form):
    """A question that stops the clock."""

    asked_on = DatePartsField(
        "When did you ask?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day"
    )
    question = TextAreaField("What did you ask?", [InputRequired("Enter the question"), Length(max=4000)])


class DayForm(Form):
    """A day on which something happened."""

    on = DatePartsField("On which day?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")


class ExtendForm(Form):
    """Two more months, with a reason."""

    reason = TextAreaField(
        "Why is it complex?", [InputRequired("Give the reason. Whoever asked is told it"), Length(max=2000)]
    )


class AnswerForm(Form):
    """What came of it."""

    answered_on = DatePartsField(
        "When was it answered?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day"
    )
    outcome = RadioField("What came of it?", [InputRequired("Choose what came of it")])
    build = SelectField("Which bundle was given?", [Optional()])
    despite = TextAreaField("Why is it given although somebody is barred?", [Length(max=2000)])
    words = TextAreaField("What was given, how, and what was left out or refused, and why", [Length(max=4000)])

    def offer(self, kind: InformationKind, builds: Iterable[tuple[int, str]], *, barred: bool) -> None:
        """The outcomes of this kind of request, and the bundles that were built; with a bar a reason is asked."""
        given = (InformationOutcome.GIVEN, InformationOutcome.PART, InformationOutcome.NOT_GIVEN)
        first = (InformationOutcome.ANSWERED,) if kind is InformationKind.COMPLAINT else given
        self.outcome.choices = choices((*first, InformationOutcome.WITHDRAWN))
        self.build.choices = [
            SelectChoice("", "None, or one made elsewhere"),
            *(SelectChoice(str(build_id), words) for build_id, words in builds),
        ]
        if not barred:
            del self.despite

    def validate_despite(self, field: TextAreaField) -> None:
        """What is given while a bar stands is given for a reason."""
        if self.outcome.data in {one.value for one in GIVING} and not strip(field.data):
            raise ValidationError("Say why it is given although a bar stands, and who of safeguarding agreed")

    def validate_words(self, field: TextAreaField) -> None:
        """What is refused or given in part needs words."""
        told = {InformationOutcome.PART.value, InformationOutcome.NOT_GIVEN.value}
        if self.outcome.data in told and not strip(field.data):
            raise ValidationError("Say what was left out or refused, and why")
