"""Forms of concerns: raising one, adding to it, its meeting, and its end."""

from __future__ import annotations

from typing import Any

from wtforms import (
    FieldList,
    FormField,
    RadioField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional

from graduated.assess.services_concerns import Agreed, Ending, Meeting, NewConcern
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.pupils.services import ParentsTold
from graduated.rules.concerns import ENDS
from graduated.rules.vocabulary import ConcernBy, ConcernNoteKind, ConcernStatus, NeedArea
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

ROWS = 3
_ENDS = [
    SelectChoice(ConcernStatus.NOTHING_FURTHER.value, "Nothing further"),
    SelectChoice(ConcernStatus.WATCHING.value, "Watch until a date"),
    SelectChoice(ConcernStatus.SEN_SUPPORT.value, "SEN support"),
]


def _words(label: str, needed: str = "", hint: str = "") -> TextAreaField:
    first = InputRequired(needed) if needed else Optional()
    return TextAreaField(label, [first, Length(max=10_000)], filters=[strip], description=hint)


def _papers() -> SelectMultipleField:
    return SelectMultipleField("Papers already on the record", [Optional()], choices=[])


class ConcernForm(Form):
    """A concern, one's own or somebody else's, as they put it."""

    raised_as = RadioField(
        "Whose concern is it?", [InputRequired("Say whose concern it is")], choices=choices(ConcernBy)
    )
    parent = SelectField("Which parent or carer?", [Optional()], choices=[])
    raised_by = StringField(
        "Name, if it is not yours and not in the list", [Optional(), Length(max=120)], filters=[strip],
        description="For example, Mrs Coles, lunchtime supervisor",
    )  # fmt: skip
    raised_on = DatePartsField(
        "When was it raised?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day"
    )
    area = RadioField("Area of need", choices=choices(NeedArea, SelectChoice("", "Not sure yet")), default="")
    text = _words("What is the concern?", "Write what the concern is",
                  "What is seen, where and how often; a parent’s or the pupil’s in their own words.")  # fmt: skip
    evidence = _words("What shows it?", hint="Work, figures, behaviour records, how the child feels about school.")
    papers = _papers()
    tried = _words("What has good teaching tried so far?", hint="What was changed in class, for how long, what it did.")

    def _check_name(self) -> None:
        """A parent's or somebody else's concern carries a name."""
        if self.raised_as.data == ConcernBy.OTHER.value and not self.raised_by.data:
            self.raised_by.errors = ["Enter their name"]
        if self.raised_as.data == ConcernBy.PARENT.value and not (self.parent.data or self.raised_by.data):
            self.parent.errors = ["Choose the parent or carer, or enter a name"]

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and a name where one is needed."""
        super().validate(extra_validators)
        self._check_name()
        return not self.errors

    def new(self, pupil_name: str) -> NewConcern:
        """The concern as typed."""
        whose = ConcernBy(self.raised_as.data)
        named = (self.parent.data if whose is ConcernBy.PARENT else "") or self.raised_by.data or ""
        return NewConcern(
            raised_as=whose,
            raised_by=pupil_name if whose is ConcernBy.PUPIL else named,
            raised_on=day_of(self.raised_on),
            text=self.text.data or "",
            area=NeedArea(self.area.data) if self.area.data else None,
            evidence=self.evidence.data or "",
            tried=self.tried.data or "",
            document_ids=tuple(int(one) for one in self.papers.data or ()),
        )


class AddForm(Form):
    """Evidence or words that came later."""

    kind = RadioField(
        "What is it?", [InputRequired("Choose what it is")],
        choices=choices((ConcernNoteKind.EVIDENCE, ConcernNoteKind.SAID)), default=ConcernNoteKind.EVIDENCE.value,
    )  # fmt: skip
    on = DatePartsField("When?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    who = StringField("Who said or saw it", [Optional(), Length(max=120)], filters=[strip])
    text = _words("Words")
    papers = _papers()

    def validate(self, extra_validators: Any = None) -> bool:
        """Something must be added."""
        super().validate(extra_validators)
        if not self.text.data and not self.papers.data:
            self.text.errors = ["Write something, or choose a paper"]
        return not self.errors


class ActionRow(PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One line of the plan of action."""

    what = StringField("What", [Optional(), Length(max=500)], filters=[strip])
    who = StringField("Who", [Optional(), Length(max=120)], filters=[strip])
    by_when = DatePartsField("By when", [Optional()])


class MeetingForm(Form):
    """The meeting about a concern: who, what was said, what was agreed, when it is looked at again."""

    met_on = DatePartsField(
        "When did you meet?", [InputRequired("Enter the day"), not_in_future("The day of the meeting")], noun="The day"
    )
    who = _words("Who was there?", "Say who was there", "Class teacher, SENCO, parents or carers, the pupil")
    said = _words("What was said?", "Write what was said", "The parents’ and the pupil’s own words where you can.")
    actions = FieldList(FormField(ActionRow, "Agreed action"), min_entries=ROWS, max_entries=12)
    review_on = DatePartsField(
        "When will you look at it again?", [InputRequired("Enter the review date")], noun="The date"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """What is agreed needs somebody who does it."""
        super().validate(extra_validators)
        for entry in self.actions:
            if entry.what.data and not entry.who.data:
                entry.who.errors = ["Say who does it"]
        if not any(entry.what.data for entry in self.actions):
            self.actions[0].what.errors = ["Agree at least one action, even if it is to go on as now"]
        # A list of forms keeps its errors as they were when it was checked; these came after.
        lines = [entry.errors for entry in self.actions]
        self.actions.errors = lines if any(lines) else []
        return not self.errors

    def meeting(self) -> Meeting:
        """The meeting as typed; rows left empty fall away."""
        rows = tuple(
            Agreed(one.what.data, one.who.data or "", one.by_when.data) for one in self.actions if one.what.data
        )
        return Meeting(day_of(self.met_on), self.who.data or "", self.said.data or "", day_of(self.review_on), rows)


class DoneForm(Form):
    """An agreed action that was done."""

    on = DatePartsField("When was it done?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    text = _words("What came of it?")


class EndForm(Form):
    """How a concern ends."""

    status = RadioField("What happens now?", [InputRequired("Choose what happens now")], choices=_ENDS)
    on = DatePartsField("From which day?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    why = _words("Why?", "Say why")
    until = DatePartsField("Watch until", noun="The date")
    told = StringField(
        "How are the parents told? (needed for SEN support)", [Length(max=1000)], filters=[strip],
        description="Schools must tell parents formally when special provision is made (SEND Code 6.43 and 6.48). "
        "For example, told at the meeting and by letter.",
    )  # fmt: skip
    told_on = DatePartsField("When were they told, or will be? (needed for SEN support)", noun="The date")

    def validate(self, extra_validators: Any = None) -> bool:
        """Each end asks for what belongs to it."""
        super().validate(extra_validators)
        if self.status.data == ConcernStatus.WATCHING.value and not self.until.data:
            self.until.errors = ["Enter the day on which it comes back"]
        if self.status.data == ConcernStatus.SEN_SUPPORT.value:
            if not self.told.data:
                self.told.errors = ["Say how the parents were told, or will be"]
            if not self.told_on.data:
                self.told_on.errors = ["Enter the day they were told, or will be"]
        return not self.errors

    def ending(self) -> Ending:
        """The end as typed."""
        status = ConcernStatus(self.status.data)
        assert status in ENDS  # noqa: S101  # the choices are these
        told = ParentsTold(self.told.data or "", self.told_on.data) if status is ConcernStatus.SEN_SUPPORT else None
        return Ending(status, day_of(self.on), self.why.data or "", self.until.data, told)
