"""Forms of assess: a figure, views, a strength or difficulty, a professional and their advice."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.pupils.forms import choices, not_in_future, strip
from graduated.rules.progress import NotAValue, Value, parse_value
from graduated.rules.vocabulary import (
    AdviceStatus,
    NeedArea,
    ObservationKind,
    Respondent,
    ViewMethod,
)
from graduated.school.queries import MeasureRow, measures
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

PUPILS_OWN = "pupil"


def measure_choices(rows: list[MeasureRow]) -> list[SelectChoice]:
    """Measures to choose from; the first choice is none."""
    return [SelectChoice("", "Choose a measure"), *(SelectChoice(str(row.id), row.name) for row in rows)]


class MeasurementForm(Form):
    """One figure. `value` is what was typed, read by the measure's kind once the form is valid."""

    measure_id = SelectField("Measure", [InputRequired("Choose a measure")])
    figure = StringField(
        "Figure",
        [InputRequired("Enter the figure"), Length(max=20)],
        filters=[strip],
        description="As the test prints it: 85, <70 or >130. An age as years:months, 8:03 or <5:00.",
    )
    taken_on = DatePartsField(
        "When was it taken?",
        [InputRequired("Enter the date"), not_in_future("The date of a measurement")],
        noun="The date",
    )
    respondent = SelectField(
        "Who answered?",
        choices=choices(Respondent, SelectChoice("", "As usual for this measure")),
        validate_choice=True,
    )
    form = StringField("Form or version of the test", [Optional(), Length(max=60)], filters=[strip])
    administered_by = StringField("Who gave it", [Optional(), Length(max=120)], filters=[strip])
    note = TextAreaField("Note", [Optional(), Length(max=2000)], filters=[strip])
    from_paper = BooleanField("Copied from an older paper record")
    value: Value | None = None
    measure: MeasureRow | None = None

    def offer(self, rows: list[MeasureRow]) -> None:
        """Fill the list of measures."""
        self.rows = {str(row.id): row for row in rows}
        self.measure_id.choices = measure_choices(rows)

    def validate_figure(self, field: Any) -> None:
        """Read by the kind of the measure: 8:03 for ages and never 8.3."""
        self.measure = self.rows.get(self.measure_id.data or "")
        if self.measure is None or not field.data:
            return
        try:
            self.value = parse_value(field.data, self.measure.kind)
        except NotAValue as wrong:
            raise ValidationError(str(wrong)) from wrong

    @property
    def who_answered(self) -> Respondent:
        """The respondent, or the measure's usual one."""
        if self.respondent.data:
            return Respondent(self.respondent.data)
        assert self.measure is not None  # noqa: S101  # the form is valid
        return self.measure.respondent


class CorrectionForm(MeasurementForm):
    """A correction: the figure again, and why."""

    why = TextAreaField(
        "Why is it corrected?", [InputRequired("Say why the figure is corrected"), Length(max=2000)], filters=[strip]
    )


class ViewForm(Form):
    """What the pupil or one parent said, or what was tried when nobody answered."""

    whose = RadioField("Whose views?", [InputRequired("Choose whose views these are")])
    method = SelectField("How were they gathered?", choices=choices(ViewMethod))
    text = TextAreaField(
        "What they said",
        [InputRequired("Write what was said, or what was tried"), Length(max=10_000)],
        filters=[strip],
        description="In their own words where you can. If nobody answered: when and how you asked.",
    )
    given_on = DatePartsField(
        "When?", [InputRequired("Enter the date"), not_in_future("The date of the views")], noun="The date"
    )
    gathered_by = StringField("Who asked", [Optional(), Length(max=120)], filters=[strip])
    shared_with_family = BooleanField("The other parents or carers may read this too")
    from_paper = BooleanField("Copied from an older paper record")


class ObservationForm(Form):
    """A strength or a difficulty."""

    kind = RadioField(
        "Is it a strength or a difficulty?",
        [InputRequired("Choose strength or difficulty")],
        choices=choices(ObservationKind),
    )
    area = RadioField("Area of need", [InputRequired("Choose an area")], choices=choices(NeedArea))
    text = TextAreaField(
        "What is seen",
        [InputRequired("Write what is seen"), Length(max=4000)],
        filters=[strip],
        description="What the pupil does, where and how often; not what it is called.",
    )
    source = StringField(
        "Who saw it, or where it comes from",
        [InputRequired("Say who saw it or where it comes from"), Length(max=120)],
        filters=[strip],
        description="For example, Ms Vine in English, or speech therapist's report",
    )
    seen_on = DatePartsField("When?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")
    from_paper = BooleanField("Copied from an older paper record")


class WithdrawForm(Form):
    """Why a strength or difficulty no longer holds."""

    why = TextAreaField(
        "Why does it no longer hold?", [InputRequired("Say why it no longer holds"), Length(max=2000)], filters=[strip]
    )


YES_NO_UNKNOWN = [
    SelectChoice("", "Not asked yet"),
    SelectChoice("yes", "Yes"),
    SelectChoice("no", "No"),
]


class InvolvementForm(Form):
    """A service and what it was asked."""

    service = StringField(
        "Service",
        [InputRequired("Enter the service"), Length(max=120)],
        filters=[strip],
        description="For example, Speech and language therapy",
    )
    person = StringField("Person", [Optional(), Length(max=120)], filters=[strip])
    question = TextAreaField("What was it asked?", [Optional(), Length(max=4000)], filters=[strip])
    who_refers = StringField("Who refers", [Optional(), Length(max=120)], filters=[strip])
    refer_by = DatePartsField("Refer by", [Optional()])
    referred_on = DatePartsField("Referred on", [Optional(), not_in_future("The date of the referral")])
    seen_on = DatePartsField("Pupil seen on", [Optional(), not_in_future("The date seen")])
    reported_on = DatePartsField("Reported on", [Optional(), not_in_future("The date of the report")])
    closed_on = DatePartsField("Closed on", [Optional(), not_in_future("The date of closing")])
    parents_agree = SelectField("Do the parents or carers agree?", choices=YES_NO_UNKNOWN)
    outcome_words = TextAreaField("What came of it", [Optional(), Length(max=4000)], filters=[strip])
    document_id = SelectField("Report among the papers")


class AdviceForm(Form):
    """One recommendation."""

    recommendation = TextAreaField(
        "What do they recommend?",
        [InputRequired("Write the recommendation"), Length(max=4000)],
        filters=[strip],
        description="One at a time, as they wrote it, so that each can be acted on and answered for.",
    )
    given_on = DatePartsField(
        "When?", [InputRequired("Enter the date"), not_in_future("The date of the advice")], noun="The date"
    )


class DoneForm(Form):
    """What was done with a recommendation."""

    stands = RadioField(
        "Where does it stand?", [InputRequired("Choose where it stands")], choices=choices(AdviceStatus)
    )
    who = StringField("Who acts", [Optional(), Length(max=120)], filters=[strip])
    by_when = DatePartsField("By when", [Optional()])
    text = TextAreaField("What was done, or why not", [Optional(), Length(max=4000)], filters=[strip])
    effect = TextAreaField("What difference it made", [Optional(), Length(max=4000)], filters=[strip])
    on = DatePartsField("When?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")


def library() -> list[MeasureRow]:
    """The measures that are in use."""
    return measures()
