"""The short form of a cycle that stands on paper. Its rows grow by a button, which needs no script."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import FieldList, FormField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.plan.fields import WholeField
from graduated.pupils.forms import YES_NO, choices, day_of, not_in_future, strip, truth
from graduated.pupils.forms_papers import TakesAFile
from graduated.review.paper import NewPaper, PaperCycle, PaperOutcome, PaperProvision, PaperWords
from graduated.rules.vocabulary import DocumentKind, Judgement, NeedArea, NextStep, PlanType, Visibility
from graduated.web.fields import DatePartsField, MinutesField
from graduated.web.filters import long_date

FIRST_ROWS, MOST_ROWS = 2, 10
NOT_SAID = SelectChoice("", "The paper does not say")


class OutcomeLine(PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One outcome; a line without words is left out."""

    statement = TextAreaField("Outcome", [Optional(), Length(max=2000)], filters=[strip])
    area = SelectField("Area of need", choices=choices(NeedArea))
    judgement = SelectField(
        "How far was it met?", choices=choices(Judgement, SelectChoice("", "The paper does not say"))
    )
    reason = StringField("Why", [Optional(), Length(max=500)], filters=[strip])


class ProvisionLine(PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One provision; a line without a name is left out."""

    name = StringField("What was given", [Optional(), Length(max=120)], filters=[strip])
    who = StringField("By whom", [Optional(), Length(max=120)], filters=[strip])
    minutes = MinutesField("Minutes each time", [Optional()], noun="The minutes")
    times_a_week = WholeField("Times a week", [Optional()], least=1, most=25)
    weeks = WholeField("Weeks", [Optional()], least=1, most=52)
    group_size = WholeField("Pupils in the group", [Optional()], least=1, most=30)


class PaperForm(TakesAFile):
    """A past cycle."""

    starts = DatePartsField("When did it begin?", [InputRequired("Enter the day on which it began")], noun="The date")
    held_on = DatePartsField(
        "When was it reviewed?",
        [InputRequired("Enter the day of the review"), not_in_future("The review")],
        noun="The date",
    )
    plan_type = SelectField("Kind of plan", choices=choices(PlanType))
    assess_summary = TextAreaField("What was known then", [Optional(), Length(max=20_000)], filters=[strip])
    outcomes = FieldList(FormField(OutcomeLine), min_entries=FIRST_ROWS, max_entries=MOST_ROWS)
    provisions = FieldList(FormField(ProvisionLine), min_entries=FIRST_ROWS, max_entries=MOST_ROWS)
    with_parent = RadioField("Was a parent or carer there?", choices=YES_NO, default="")
    attempts = TextAreaField("If not: how were they asked?", [Optional(), Length(max=2000)], filters=[strip])
    present = StringField("Who came", [Optional(), Length(max=500)], filters=[strip])
    step = RadioField("What was the next step?", choices=choices(NextStep, NOT_SAID), default="")
    reason = TextAreaField("Why", [Length(max=4000)], filters=[strip])
    scan = FileField("The scan")

    def validate_held_on(self, field: Any) -> None:
        """After the beginning."""
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError("The review lies before the beginning. Check both dates.")

    def validate_outcomes(self, field: Any) -> None:
        """At least one."""
        if not any(line.form.statement.data for line in field.entries):
            field.entries[0].form.statement.errors = ["Write at least one outcome."]
            raise ValidationError("Write at least one outcome.")

    def validate_provisions(self, field: Any) -> None:
        """A dose belongs to a name."""
        for line in field.entries:
            part = line.form
            if not part.name.data and (part.minutes.data or part.times_a_week.data or part.who.data):
                part.name.errors = ["Say what was given."]
                raise ValidationError("Say what was given.")

    def validate_reason(self, field: Any) -> None:
        """A step has its reason."""
        if self.step.data and not field.data:
            raise ValidationError("Say why the next step was taken, as far as the paper tells.")

    def validate_scan(self, field: Any) -> None:
        """A file of a kind that is kept, when there is one."""
        upload: FileStorage | None = field.data
        if not upload or not upload.filename:
            return
        self.take(upload)

    def grow(self) -> None:
        """Two more lines of each kind."""
        for lines in (self.outcomes, self.provisions):
            for _ in range(min(2, MOST_ROWS - len(lines.entries))):
                lines.append_entry()

    def cycle(self, scan: NewPaper | None) -> PaperCycle:
        """What was typed, as the service takes it."""
        return PaperCycle(
            starts=day_of(self.starts),
            held_on=day_of(self.held_on),
            outcomes=tuple(_outcome(line.form) for line in self.outcomes.entries if line.form.statement.data),
            provisions=tuple(_provision(line.form) for line in self.provisions.entries if line.form.name.data),
            step=NextStep(self.step.data) if self.step.data else None,
            reason=self.reason.data or "",
            with_parent=truth(self.with_parent.data),
            attempts=self.attempts.data or "",
            present=self.present.data or "",
            assess_summary=self.assess_summary.data or "",
            plan_type=PlanType(self.plan_type.data),
            scan=scan,
        )


def _outcome(line: Any) -> PaperOutcome:
    return PaperOutcome(
        NeedArea(line.area.data),
        line.statement.data,
        judgement=Judgement(line.judgement.data) if line.judgement.data else None,
        reason=line.reason.data or "",
    )


def _provision(line: Any) -> PaperProvision:
    return PaperProvision(
        line.name.data,
        line.who.data or "",
        line.minutes.data or 0,
        line.times_a_week.data or 0,
        line.weeks.data,
        line.group_size.data or 1,
    )


def paper_of(form: PaperForm) -> NewPaper | None:
    """The scan as one of the pupil's papers, when there is one."""
    if form.taken is None:
        return None
    held = day_of(form.held_on)
    words = PaperWords(DocumentKind.PLAN, f"Plan and review of {long_date(held)}", held, "", Visibility.STAFF)
    return form.as_paper(words)
