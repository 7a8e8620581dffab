"""Forms of a request: opening it, its words, agreements, steps and exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.db.clock import today
from graduated.db.writing import Clash
from graduated.request.steps import LetterDays, Step
from graduated.rules.clock import LimitException, LineId
from graduated.rules.vocabulary import ConsentAnswer, ConsentKind, RequestBy, RequestStatus, SignedHow, Word
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

EARLIER_ENDS = (RequestStatus.REFUSED, RequestStatus.NO_PLAN, RequestStatus.PLAN_ISSUED, RequestStatus.WITHDRAWN)
_LONG = 8000


def choices(words: Iterable[Word]) -> list[SelectChoice]:
    """Words of the vocabulary for a list to choose from."""
    return pairs((word.value, word.label) for word in words)


def pairs(given: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(code, label) pairs for a list to choose from."""
    return [SelectChoice(value=value, label=label) for value, label in given]


def not_ahead(_form: object, field: DatePartsField) -> None:
    """What is recorded has happened: a date to come is a slip."""
    if field.data is not None and field.data > today():
        raise ValidationError(f"{field.noun} lies ahead. Record it when it has happened.")


class OpenForm(Form):
    """Who asks the authority."""

    asked_by = RadioField(
        "Who asks the authority?",
        [InputRequired("Choose who asks the authority")],
        choices=choices(RequestBy),
        default=RequestBy.SCHOOL.value,
    )


class EarlierForm(Form):
    """A request of the past, from the papers."""

    asked_by = RadioField(
        "Who asked?", [InputRequired("Choose who asked")], choices=choices(RequestBy), default=RequestBy.PARENT.value
    )
    made_on = DatePartsField(
        "When was it made?", [InputRequired("Enter the date of the request"), not_ahead], noun="The date of the request"
    )
    end = RadioField("What came of it?", [InputRequired("Choose what came of it")], choices=choices(EARLIER_ENDS))
    decided_on = DatePartsField("When was it decided?", [Optional(), not_ahead], noun="The date of the decision")
    words = TextAreaField("What the letter said, in short", [Optional(), Length(max=_LONG)])

    def validate_decided_on(self, field: DatePartsField) -> None:
        """A decision follows the request."""
        if field.data and self.made_on.data and field.data < self.made_on.data:
            raise ValidationError("The decision cannot lie before the request. Check both dates.")


class WordsForm(Form):
    """What the school writes about the request."""

    asked_by = RadioField("Who asks the authority?", [InputRequired("Choose who asks")], choices=choices(RequestBy))
    reason = TextAreaField(
        "Reason for the request",
        [Optional(), Length(max=_LONG)],
        description=(
            "The law asks two things (section 36(8)): that the child has or may have special educational needs, and "
            "that it may be necessary for provision to be made under a plan. Say why each may be so, with the records "
            "that show it."
        ),
    )
    more_needed = TextAreaField(
        "What is needed beyond what the school can provide",
        [Optional(), Length(max=_LONG)],
        description="Which provision, and why the school cannot reasonably make it from what it has.",
    )
    outcomes_sought = TextAreaField(
        "Outcomes sought",
        [Optional(), Length(max=_LONG)],
        description=(
            "One on each line: what the child or young person will be able to do in one to three years. From Year 9 "
            "include getting ready for adult life."
        ),
    )
    none_earlier = BooleanField("We asked, and there was no earlier request, refusal or assessment")


class ConsentForm(Form):
    """What one person said to one question."""

    who = RadioField("Who?", [InputRequired("Choose who was asked")])
    kind = RadioField(
        "What were they asked about?",
        [InputRequired("Choose what they were asked about")],
        choices=choices((ConsentKind.REQUEST, ConsentKind.SHARING, ConsentKind.COPIES)),
        default=ConsentKind.REQUEST.value,
    )
    answer = RadioField(
        "What did they say?", [InputRequired("Choose what they said")], choices=choices(reversed(list(ConsentAnswer)))
    )
    given_on = DatePartsField(
        "When was that?", [InputRequired("Enter the date of the answer, or of asking"), not_ahead], noun="The date"
    )
    signed_how = RadioField(
        "How was it given?",
        [Optional()],
        choices=choices(SignedHow),
        description="Needed when they agreed; leave it empty otherwise.",
    )
    copies_to = StringField(
        "Who gets copies of what is sent?", [Optional(), Length(max=200)], description="For example, both parents."
    )
    not_shared_with = StringField(
        "Is there anybody who is not to be told?",
        [Optional(), Length(max=200)],
        description="Name those with whom nothing is to be shared. Leave it empty if there is nobody.",
    )
    capacity = TextAreaField(
        "A note on how they understood what they were asked",
        [Optional(), Length(max=2000)],
        description="For a young person who answers for themselves: how it was explained, and who helped.",
    )
    document = SelectField("The signed paper, if it is here", [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """An agreement says how it was given."""
        whole = bool(super().validate(extra_validators))
        if self.answer.data == ConsentAnswer.GIVEN.value and not self.signed_how.data:
            self.signed_how.errors = [*self.signed_how.errors, "Choose how the agreement was given"]
            return False
        return whole


class ProfileChoiceForm(Form):
    """Whose profile a request follows."""

    code = RadioField("Which profile does this request follow?", [InputRequired("Choose a profile")])


class SignForm(Form):
    """Signing the declaration in one's own name; `shown` tells which words were on the page when it was opened."""

    shown = HiddenField()

    sure = BooleanField("I sign this declaration", [InputRequired("Tick the box to sign")])

    def sign_by(self, shown: str, act: Callable[[], object]) -> int:
        """Sign, when the very words that were shown are agreed to, and say how it went by the status of the answer.

        303 signed; 200 not sent yet; 409 the words are others by now; 422 not agreed to.
        """
        if not self.is_submitted():
            return 200
        if self.shown.data != shown:
            return 409
        if not self.validate():
            return 422
        try:
            act()
        except Clash:
            return 409
        return 303


class LetterDaysForm(Form):
    """The last days that a refusal letter gives the family."""

    mediation_by = DatePartsField("Last day to ask for mediation", [Optional()], noun="The last day for mediation")
    appeal_by = DatePartsField("Last day to appeal", [Optional()], noun="The last day to appeal")
    refused_on: date | None = None

    def validate_mediation_by(self, field: DatePartsField) -> None:
        """The family has time after the refusal."""
        self._after(field)

    def validate_appeal_by(self, field: DatePartsField) -> None:
        """The family has time after the refusal."""
        self._after(field)

    def _after(self, field: DatePartsField) -> None:
        refused_on = self.refused()
        if refused_on is not None and field.data is not None and field.data <= refused_on:
            raise ValidationError("That day must come after the refusal. Look at the letter again.")

    def refused(self) -> date | None:
        """The day of the refusal that the days follow."""
        return self.refused_on

    def days(self) -> LetterDays:
        """What the letter gives the family."""
        return LetterDays(self.mediation_by.data, self.appeal_by.data)


class StepForm(LetterDaysForm):
    """What happened to the request, and when."""

    step = RadioField("What happened?", [InputRequired("Choose what happened")])
    on = DatePartsField("When?", [InputRequired("Enter when it happened"), not_ahead], noun="The date")
    words = TextAreaField(
        "What the letter said, or why",
        [Optional(), Length(max=_LONG)],
        description="Copy the reasons that the authority gave. They help with what comes next.",
    )

    def refused(self) -> date | None:
        """The day that is typed, when it is that of a refusal."""
        typed: date | None = self.on.data
        return typed if self.step.data == Step.REFUSED.value else None

    def offer(self, steps: Iterable[Step]) -> None:
        """The steps that can follow."""
        self.step.choices = choices(steps)


class AdviceAskedForm(Form):
    """The authority's letter that asks for the school's educational advice."""

    on = DatePartsField(
        "Date of the letter",
        [InputRequired("Enter the date of the letter"), not_ahead],
        noun="The date of the letter",
        description="The six weeks run from the day on which the school is asked.",
    )
    whom = StringField(
        "Who asked",
        [Optional(), Length(max=120)],
        description="The officer or the team that wrote, as the letter names them.",
    )


class AdviceSentForm(Form):
    """The advice has gone to the authority."""

    on = DatePartsField(
        "When was it sent?", [InputRequired("Enter when it was sent"), not_ahead], noun="The day of sending"
    )
    whom = StringField("To whom", [InputRequired("Say to whom it was sent"), Length(max=120)])


class ExceptionForm(Form):
    """A lawful ground on which one limit may not apply."""

    line = RadioField(
        "Which limit?",
        [InputRequired("Choose which limit it is about")],
        choices=choices(line for line in LineId if line is not LineId.REFUSAL),
    )
    exception = RadioField("On what ground?", [InputRequired("Choose the ground")], choices=choices(LimitException))
    on = DatePartsField("Since when?", [InputRequired("Enter since when")], noun="The date")
    text = TextAreaField("In your own words", [InputRequired("Say what happened"), Length(max=_LONG)])

    def validate_exception(self, field: RadioField) -> None:
        """A missed appointment excuses the advice only."""
        if self.line.errors or field.errors:  # what was never offered is refused as that
            return
        if self.line.data and not LimitException(field.data).fits(LineId(self.line.data)):
            raise ValidationError("A missed appointment is a ground for the school’s educational advice only.")
