"""Forms of a draft: what surrounds it, its outcomes, strategies and parts, what colleagues add."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.db.clock import LONDON, local
from graduated.people.queries import staff
from graduated.plan.details import CycleFrame, OutcomeDetails, Words
from graduated.plan.fields import ClockField, figure
from graduated.plan.rows import OutcomeRow, Plan
from graduated.pupils.forms import choices, day_of, strip
from graduated.rules.vocabulary import NeedArea, PlanType, Responsible, Role, StrategyKind
from graduated.school.queries import MeasureRow, measures
from graduated.web.fields import DatePartsField, UkDecimalField
from graduated.web.forms import Form

TEACHERS = (Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT, Role.HEAD)


def own_ids(form: Form, name: str) -> None:
    """Ids of its own for a form that may stand on one page with others."""
    for field in form:
        field.id = f"{name}-{field.id}"


def staff_options(*roles: Role, none: str = "Nobody yet") -> list[SelectChoice]:
    """Members of staff to choose from, with what they are."""
    found = [SelectChoice(str(one.user_id), f"{one.name}, {one.role_label}") for one in staff(*roles)]
    return [SelectChoice("", none), *found]


class FrameForm(Form):
    """When a plan begins and is reviewed, who leads it, what it rests on, the meeting."""

    starts = DatePartsField("Plan begins", [InputRequired("Enter the day on which the plan begins")], noun="The date")
    review_due = DatePartsField("Review date", [Optional()], noun="The review date")
    lead_id = SelectField("Lead teacher")
    plan_type = SelectField("Kind of plan", choices=choices(PlanType))
    assess_summary = TextAreaField(
        "What we know now",
        [Optional(), Length(max=20_000)],
        filters=[strip],
        description="The starting point in a few sentences: what goes well, what is hard, what was tried.",
    )
    meeting_on = DatePartsField("Next meeting with the family", [Optional()], noun="The date of the meeting")
    meeting_time = ClockField("Time", [Optional()], noun="The time of the meeting")
    meeting_place = StringField("Place", [Optional(), Length(max=120)], filters=[strip])

    def validate_review_due(self, field: Any) -> None:
        """After the beginning."""
        if field.data and self.starts.data and field.data <= self.starts.data:
            raise ValidationError("The review date lies before the plan begins. Give a later one.")

    def validate_meeting_time(self, field: Any) -> None:
        """A time needs its day."""
        if field.data and not self.meeting_on.data:
            raise ValidationError("Give the date of the meeting too, or leave the time empty.")

    def offer(self) -> None:
        """Fill the list of teachers."""
        self.lead_id.choices = staff_options(*TEACHERS)

    def frame(self) -> CycleFrame:
        """What was typed, as the service takes it."""
        meeting = None
        if self.meeting_on.data is not None:
            at = self.meeting_time.data or datetime.min.time()
            meeting = datetime.combine(self.meeting_on.data, at, LONDON)
        return CycleFrame(
            starts=day_of(self.starts),
            review_due=self.review_due.data,
            lead_id=int(self.lead_id.data) if self.lead_id.data else None,
            plan_type=PlanType(self.plan_type.data),
            assess_summary=self.assess_summary.data or "",
            meeting_at=meeting,
            meeting_place=self.meeting_place.data or "",
        )


def frame_data(plan: Plan) -> dict[str, Any]:
    """A draft as its form shows it."""
    cycle = plan.cycle
    at = local(cycle.meeting_at) if cycle.meeting_at else None
    return {
        "starts": cycle.starts,
        "review_due": cycle.review_due,
        "lead_id": str(cycle.lead_id or ""),
        "plan_type": cycle.plan_type.value,
        "assess_summary": cycle.assess_summary,
        "meeting_on": at.date() if at else None,
        "meeting_time": at.time() if at and at.time() != datetime.min.time() else None,
        "meeting_place": cycle.meeting_place,
    }


class OutcomeForm(Form):
    """One outcome. Figures are read by the kind of the measure."""

    area = SelectField("Area of need", choices=choices(NeedArea))
    statement = TextAreaField(
        "Outcome",
        [InputRequired("Write what the pupil will do or be able to do"), Length(max=2000)],
        filters=[strip],
        description="What the pupil will do or be able to do that they cannot now. Not what is given.",
    )
    success = TextAreaField(
        "How everyone will know",
        [Optional(), Length(max=2000)],
        filters=[strip],
        description="For example, fewer than 5 errors in 100 words, three times running",
    )
    by_when = DatePartsField("By when", [Optional()], noun="The date")
    measure_id = SelectField("Measure")
    baseline = StringField("Figure to start from", [Optional(), Length(max=20)], filters=[strip])
    baseline_on = DatePartsField("Taken on", [Optional()], noun="The date")
    target = StringField("Target", [Optional(), Length(max=20)], filters=[strip])
    maintain = BooleanField("The aim is to keep this level, not to move")
    tolerance = UkDecimalField("Keep within", [Optional()], places=2, least=0)
    in_plain_words = TextAreaField("In plain words for the family", [Optional(), Length(max=2000)], filters=[strip])
    figures: dict[str, Decimal]

    def offer(self, kept: OutcomeRow | None = None) -> None:
        """Fill the list of measures; one that was retired since stays choosable where it is in use."""
        rows = measures(include_retired=True)
        used = kept.scale.measure_id if kept is not None and kept.scale is not None else None
        rows = [row for row in rows if not row.retired or row.id == used]
        self.rows: dict[str, MeasureRow] = {str(row.id): row for row in rows}
        self.measure_id.choices = [
            SelectChoice("", "None: judged in words"),
            *(SelectChoice(str(row.id), row.name) for row in rows),
        ]
        self.figures = {}

    def _figure(self, field: Any) -> None:
        measure = self.rows.get(self.measure_id.data or "")
        if not field.data:
            return
        if measure is None:
            raise ValidationError("Choose the measure that this figure is on, or leave it empty.")
        self.figures[field.short_name] = figure(field.data, measure)

    def validate_baseline(self, field: Any) -> None:
        """A figure of the measure."""
        self._figure(field)

    def validate_target(self, field: Any) -> None:
        """A figure of the measure."""
        self._figure(field)

    def details(self) -> OutcomeDetails:
        """What was typed, as the service takes it."""
        return OutcomeDetails(
            area=NeedArea(self.area.data),
            statement=self.statement.data or "",
            success=self.success.data or "",
            in_plain_words=self.in_plain_words.data or "",
            measure_id=int(self.measure_id.data) if self.measure_id.data else None,
            baseline=self.figures.get("baseline"),
            baseline_on=self.baseline_on.data,
            target=self.figures.get("target"),
            maintain=bool(self.maintain.data),
            tolerance=self.tolerance.data,
            by_when=self.by_when.data,
        )


def outcome_data(row: OutcomeRow) -> dict[str, Any]:
    """An outcome as its form shows it."""
    scale = row.scale
    return {
        "area": row.area.value,
        "statement": row.statement,
        "success": row.success,
        "in_plain_words": row.in_plain_words,
        "measure_id": str(scale.measure_id) if scale else "",
        "baseline": scale.words(row.baseline) if scale else "",
        "baseline_on": row.baseline_on,
        "target": scale.words(row.target) if scale else "",
        "maintain": row.maintain,
        "tolerance": row.tolerance,
        "by_when": row.by_when,
    }


class StrategyForm(Form):
    """What adults do in lessons."""

    text = TextAreaField(
        "What adults do",
        [InputRequired("Write what adults do"), Length(max=2000)],
        filters=[strip],
        description="For example, instructions one at a time, with a picture",
    )
    kind = RadioField("Is it", choices=choices(StrategyKind), default=StrategyKind.ORDINARY.value)
    who = StringField("Who", [Optional(), Length(max=120)], filters=[strip])


class PartForm(Form):
    """What the school, the parents or the pupil do."""

    who = RadioField("Who does it?", [InputRequired("Choose who does it")], choices=choices(Responsible))
    text = TextAreaField("What they do", [InputRequired("Write what they do"), Length(max=2000)], filters=[strip])


class ContributionForm(Form):
    """What somebody who teaches the pupil adds."""

    outcome_id = SelectField("About")
    works = TextAreaField("What works", [Optional(), Length(max=4000)], filters=[strip])
    does_not_work = TextAreaField("What does not", [Optional(), Length(max=4000)], filters=[strip])
    text = TextAreaField("Anything else", [Optional(), Length(max=4000)], filters=[strip])

    def offer(self, plan: Plan) -> None:
        """Fill the list of outcomes."""
        self.outcome_id.choices = [
            SelectChoice("", "The plan as a whole"),
            *(SelectChoice(str(one.outcome_id), f"Outcome {one.number}: {one.statement}") for one in plan.outcomes),
        ]

    def validate_text(self, field: Any) -> None:
        """Something, somewhere."""
        if not (field.data or self.works.data or self.does_not_work.data):
            raise ValidationError("Write something in one of the three boxes.")

    def said(self) -> Words:
        """What was typed, as the service takes it."""
        return Words(self.text.data or "", self.works.data or "", self.does_not_work.data or "")
