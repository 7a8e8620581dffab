"""Forms of the agreement and of amendments."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.plan.details import AgreementDetails, Because
from graduated.plan.forms import OutcomeForm
from graduated.plan.forms_provision import AmendDoseForm, ProvisionForm
from graduated.plan.rows import Plan
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.pupils.queries_family import FamilyAdult
from graduated.rules.vocabulary import AgreementMethod
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


@dataclass(frozen=True, slots=True)
class Met:
    """Who met about a cycle, and on which day: at its review, which may have agreed the next plan as well."""

    on: date
    adult_ids: tuple[int, ...]
    pupil_took_part: bool


met_lookup: list[Callable[[int], Met | None]] = []
"""The meeting that reviewed a cycle; the review floor fills it, so that a plan can be agreed in the same sitting."""
SAME_SITTING = timedelta(days=7)
"""For how long a review's meeting is offered as the one that agreed the next plan; later it would be a guess."""


def filled_agreement(previous_id: int | None, on: date) -> tuple[dict[str, Any], Met | None]:
    """What the form starts with on a day: the adults and the day of the review just held, or only the day."""
    met = next((found for look in met_lookup if previous_id and (found := look(previous_id))), None)
    if met is None or not met.adult_ids or not on - SAME_SITTING <= met.on <= on:
        return {"agreed_on": on}, None
    filled = {
        "agreed_on": met.on,
        "method": AgreementMethod.MEETING.value,
        "agreed_ids": [str(one) for one in met.adult_ids],
        "pupil_took_part": met.pupil_took_part,
    }
    return filled, met


class SendForm(Form):
    """The day on which the family was sent the draft."""

    sent_on = DatePartsField("Sent on", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")


class AgreeForm(Form):
    """How a plan was agreed."""

    agreed_on = DatePartsField(
        "When was it agreed?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date"
    )
    method = RadioField("How?", [InputRequired("Choose how it was agreed")], choices=choices(AgreementMethod))
    agreed_ids = SelectMultipleField("Which adults agreed?", coerce=str)
    no_answer_ids = SelectMultipleField("Who was asked and did not answer?", coerce=str)
    pupil_took_part = BooleanField("The pupil took part")
    note = TextAreaField("Anything to remember", [Optional(), Length(max=4000)], filters=[strip])

    def offer(self, adults: list[FamilyAdult]) -> None:
        """Fill both lists with the adults of the family."""
        found = [SelectChoice(str(one.adult_id), f"{one.name}, {one.relationship.inside}") for one in adults]
        self.agreed_ids.choices = self.no_answer_ids.choices = found

    def validate_agreed_ids(self, field: Any) -> None:
        """Somebody agreed, or somebody was asked."""
        if not field.data and not self.no_answer_ids.data:
            raise ValidationError("Tick who agreed, or below who was asked and did not answer.")

    def validate_no_answer_ids(self, field: Any) -> None:
        """One or the other."""
        if set(field.data or ()) & set(self.agreed_ids.data or ()):
            raise ValidationError("Somebody is ticked in both lists. Tick each adult once.")

    def details(self) -> AgreementDetails:
        """What was typed, as the service takes it."""
        return AgreementDetails(
            agreed_on=day_of(self.agreed_on),
            method=AgreementMethod(self.method.data),
            agreed_ids=tuple(int(one) for one in self.agreed_ids.data or ()),
            no_answer_ids=tuple(int(one) for one in self.no_answer_ids.data or ()),
            pupil_took_part=bool(self.pupil_took_part.data),
            note=self.note.data or "",
            sen_support_from=self.support_from(),
        )

    def support_from(self) -> Any:
        """The day from which SEN support starts; none where it is not asked."""
        return None


class AgreeAndStartForm(AgreeForm):
    """The same for a pupil who is not on SEN support: whether it starts is asked, and has no answer beforehand."""

    starts_support = RadioField(
        "Does SEN support start with this plan?",
        [InputRequired("Say whether SEN support starts")],
        choices=[
            SelectChoice("yes", "Yes: the register says SEN support from the day below, and the family has been told"),
            SelectChoice("no", "No: the register stays as it is"),
        ],
    )
    support_starts = DatePartsField("SEN support from", [Optional()], noun="The date")

    def support_from(self) -> Any:
        """The day given, or the day of the agreement."""
        return (self.support_starts.data or self.agreed_on.data) if self.starts_support.data == "yes" else None


class BecauseForm(Form):
    """Why an agreed plan changes, who decided it, from when."""

    why = TextAreaField(
        "Why does the plan change?", [InputRequired("Say why the plan changes"), Length(max=2000)], filters=[strip]
    )
    decided_by = StringField(
        "Who decided it?",
        [InputRequired("Say who decided it"), Length(max=120)],
        filters=[strip],
        description="With whom of the family, too",
    )
    on = DatePartsField(
        "From which day?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date"
    )

    def because(self) -> Because:
        """What was typed, as the service takes it."""
        return Because(self.why.data or "", self.decided_by.data or "", day_of(self.on))


class AmendOutcomeForm(OutcomeForm, BecauseForm):
    """An outcome of an agreed plan, and why it changes."""


class TakeUpProvisionForm(ProvisionForm, BecauseForm):
    """Provision that joins an agreed plan, and why."""


class AmendDoseBecauseForm(AmendDoseForm, BecauseForm):
    """A dose of an agreed plan, and why it changes."""


class AmendProvisionForm(BecauseForm):
    """What a provision is called, who gives it, what for; and why it changes."""

    name = StringField("Name", [InputRequired("Enter the name"), Length(max=120)], filters=[strip])
    given_by = StringField("Who gives it", [Optional(), Length(max=120)], filters=[strip])
    expected_impact = TextAreaField(
        "What difference is expected by the review?", [Optional(), Length(max=2000)], filters=[strip]
    )
    serves = SelectMultipleField("Which outcomes is it for?", coerce=str)

    def offer(self, plan: Plan) -> None:
        """Fill the list of outcomes."""
        self.serves.choices = [
            SelectChoice(str(one.outcome_id), f"{one.number}. {one.statement}") for one in plan.outcomes
        ]


class ReviewDateForm(BecauseForm):
    """A new review date, and why."""

    review_due = DatePartsField("New review date", [InputRequired("Enter the review date")], noun="The review date")
