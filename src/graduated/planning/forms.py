"""Forms of planning meetings: the meeting, who is on its agenda, what families say, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import (
    BooleanField,
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
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.planning.rows import Guest, ItemRow, MeetingRow
from graduated.planning.services import Answered, Deciding, Held, NewMeeting
from graduated.pupils.forms import choices, day_of, not_in_future, strip
from graduated.pupils.queries_family import FamilyAdult
from graduated.rules.planning import LINK_SERVICES
from graduated.rules.vocabulary import ConsentAnswer, Decided, SignedHow
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

GUESTS = 3
YOUNG_PERSON = "self"
_WORDS = [Optional(), Length(max=4000)]


class GuestRow(PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One who comes from outside."""

    service = SelectField("Service", validate_choice=False)
    other = StringField("Another service", [Length(max=120)], filters=[strip])
    person = StringField("Person", [Length(max=120)], filters=[strip])

    def validate_service(self, field: Any) -> None:
        """Only what was offered: another service is typed beside it."""
        if (field.data or "") not in {one.value for one in field.choices}:
            raise ValidationError("Choose a service from the list, or type another")


class MeetingForm(Form):
    """With whom, when, and what the school asks as a whole."""

    guests = FieldList(FormField(GuestRow, "Who comes"), min_entries=GUESTS, max_entries=GUESTS)
    on = DatePartsField("When is the meeting?", [InputRequired("Enter the day of the meeting")], noun="The day")
    school_ask = TextAreaField(
        "What does the school want to ask as a whole?", _WORDS, filters=[strip],
        description="Training, for example, or a question about many pupils. Name no pupil here.",
    )  # fmt: skip

    def offer(self, services: Iterable[str]) -> None:
        """The services to choose from: the three links, and those on the school's records."""
        known = {one.casefold(): one for one in LINK_SERVICES}
        for one in services:
            known.setdefault(one.casefold(), one)
        names = list(known.values())
        for entry in self.guests:
            entry.service.choices = [SelectChoice("", "Choose a service"), *(SelectChoice(one, one) for one in names)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody must come, and nobody without a service."""
        super().validate(extra_validators)
        first = self.guests[0].service
        for entry in self.guests:
            if entry.person.data and not (entry.service.data or entry.other.data):
                which = entry.other if entry is self.guests[GUESTS - 1] else entry.service
                which.errors = ["Say which service this person comes from"]
        if not self.new_guests() and not first.errors:
            first.errors = ["Choose at least one service"]
        # A list of forms keeps its errors as they were when it was checked; these came after.
        lines = [entry.errors for entry in self.guests]
        self.guests.errors = lines if any(lines) else []
        return not self.errors

    def new_guests(self) -> tuple[Guest, ...]:
        """Who comes, as typed; each service once."""
        found: dict[str, Guest] = {}
        for entry in self.guests:
            service = entry.other.data or entry.service.data
            if service:
                found.setdefault(service.casefold(), Guest(service, entry.person.data or ""))
        return tuple(found.values())

    def meeting(self) -> NewMeeting:
        """The meeting as typed."""
        return NewMeeting(self.new_guests(), day_of(self.on), self.school_ask.data or "")


class ChooseForm(Form):
    """Who goes on the agenda: those proposed whose box is ticked, and one more by hand."""

    pupils = SelectMultipleField("Proposed from the records", [Optional()], choices=[])
    other = SelectField("Another pupil", [Optional()], choices=[])
    why = StringField("Why?", [Optional(), Length(max=300)], filters=[strip])

    def validate(self, extra_validators: Any = None) -> bool:
        """Somebody must be chosen."""
        super().validate(extra_validators)
        if not self.pupils.data and not self.other.data:
            self.other.errors = ["Tick a pupil, or choose one"]
        return not self.errors


class QuestionForm(Form):
    """What the school wants to ask about one pupil."""

    question = TextAreaField(
        "What do you want to ask?", _WORDS, filters=[strip],
        description="What you have tried, what happened, what you need to know. "
        "Where the pupil is discussed without a name, the printed agenda leaves the name out of these words too.",
    )  # fmt: skip


class AgreementForm(Form):
    """What one person said to the pupil being spoken of by name."""

    who = RadioField("Who was asked?", [InputRequired("Choose who was asked")])
    answer = RadioField(
        "What did they say?", [InputRequired("Choose what they said")], choices=choices(tuple(ConsentAnswer))
    )
    on = DatePartsField("When was that?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    signed_how = RadioField(
        "How was it given?",
        [Optional()],
        choices=choices(SignedHow),
        description="Needed when they agreed; leave it empty otherwise.",
    )

    def offer(self, adults: Iterable[FamilyAdult], young_person: str) -> None:
        """Who can answer: the young person first once the rights are theirs, then these adults."""
        people = [SelectChoice(str(one.adult_id), f"{one.name}, {one.relationship.inside}") for one in adults]
        if young_person:
            people.insert(0, SelectChoice(YOUNG_PERSON, f"{young_person}, who answers for themselves"))
        self.who.choices = people

    def validate(self, extra_validators: Any = None) -> bool:
        """An agreement says how it was given."""
        super().validate(extra_validators)
        if self.answer.data == ConsentAnswer.GIVEN.value and not self.signed_how.data:
            self.signed_how.errors = ["Choose how the agreement was given"]
        return not self.errors

    def answered(self) -> Answered:
        """The answer as typed."""
        adult_id = None if self.who.data == YOUNG_PERSON else int(self.who.data)
        signed = SignedHow(self.signed_how.data) if self.signed_how.data else None
        return Answered(adult_id, ConsentAnswer(self.answer.data), day_of(self.on), signed)


class HoldForm(Form):
    """That the meeting took place."""

    on = DatePartsField(
        "When was it held?", [InputRequired("Enter the day"), not_in_future("The day of the meeting")], noun="The day"
    )
    present = TextAreaField("Who was there?", [InputRequired("Say who was there"), Length(max=2000)], filters=[strip])
    school_notes = TextAreaField(
        "What was agreed for the school as a whole?", _WORDS, filters=[strip],
        description="Training or a visit, for example. What was agreed for a pupil stands with the pupil.",
    )  # fmt: skip

    def held(self) -> Held:
        """The meeting as it was."""
        return Held(day_of(self.on), self.present.data or "", self.school_notes.data or "")


class DecideForm(Form):
    """One decision for one pupil."""

    decided = RadioField("What was decided?", [InputRequired("Choose what was decided")], choices=choices(Decided))
    service = SelectField("With which service?", [InputRequired("Choose the service")], choices=[])
    who = StringField(
        "Who does it?", [Optional(), Length(max=120)], filters=[strip], description="For example, Dr Nair with Mr Fry"
    )
    by_when = DatePartsField("By when?", [Optional()], noun="The day")
    note = TextAreaField("Note for staff", _WORDS, filters=[strip])
    shared_with_family = BooleanField(
        "The parents or carers may read this decision",
        description="On their own page: the service, what was decided, who does it and by when. Never the note.",
    )

    def offer(self, meeting: MeetingRow) -> None:
        """The services that came."""
        self.service.choices = [SelectChoice(one, one) for one in meeting.services]

    def deciding(self) -> Deciding:
        """The decision as typed."""
        return Deciding(
            Decided(self.decided.data),
            self.service.data,
            self.note.data or "",
            self.who.data or "",
            self.by_when.data,
            bool(self.shared_with_family.data),
        )


class CorrectForm(DecideForm):
    """A decision put right: the decision again, and why."""

    why = TextAreaField(
        "Why is it corrected?", [InputRequired("Say why it is corrected"), Length(max=2000)], filters=[strip]
    )


class DoneForm(Form):
    """That a decision was carried out."""

    on = DatePartsField("When was it done?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    text = TextAreaField("What came of it?", _WORDS, filters=[strip])


def guests_as_data(guests: Sequence[Guest]) -> list[dict[str, str]]:
    """Guests as the rows of the form, with empty rows to the end."""
    rows = [{"service": one.service, "other": one.service, "person": one.person} for one in guests[:GUESTS]]
    for row in rows[: GUESTS - 1]:
        row.pop("other")  # chosen from the list; the last row is for a service that is not in it
    return rows + [{} for _ in range(GUESTS - len(rows))]


def decision_as_data(meeting: MeetingRow, item: ItemRow) -> dict[str, Any]:
    """What a decision begins with: the first service, its person, and the family told where they agreed."""
    first = meeting.guests[0] if meeting.guests else Guest("")
    return {"service": first.service, "who": first.person, "shared_with_family": item.by_name}
