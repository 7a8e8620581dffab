"""Forms about the pupil's own record: details, SEN status, needs, one-page profile, who works with them."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from graduated.db.clock import today
from graduated.pupils.queries import PupilDetails, pupil_with_upn
from graduated.rules import nhs_number
from graduated.rules import upn as upns
from graduated.rules.concerns import why_not_on_register
from graduated.rules.vocabulary import NeedType, SenStatus, Sex, StatusSource, Word, YearGroup
from graduated.web.fields import DatePartsField
from graduated.web.filters import long_date
from graduated.web.forms import Form

NOT_SAID = SelectChoice("", "Not known")
YES_NO = [NOT_SAID, SelectChoice("yes", "Yes"), SelectChoice("no", "No")]
SOURCES = (StatusSource.PAPER, StatusSource.TRANSFER, StatusSource.AUTHORITY, StatusSource.HAND)
BY_HAND = tuple(source for source in StatusSource if source is not StatusSource.CONCERN)


def choices(words: type[Word] | tuple[Word, ...], *first: SelectChoice) -> list[SelectChoice]:
    """Words of the vocabulary as the choices of a field."""
    return [*first, *(SelectChoice(word.value, word.label) for word in words)]


def strip(text: str | None) -> str:
    """Typed text without white space at its ends."""
    return (text or "").strip()


def day_of(field: Any) -> date:
    """The date of a field that had to be given and is right."""
    return cast(date, field.data)


def not_in_future(noun: str) -> Any:
    """A validator: the date has come."""

    def check(_form: Form, field: Any) -> None:
        if field.data and field.data > today():
            raise ValidationError(f"{noun} cannot be in the future")

    return check


def yes_no(value: bool | None) -> str:
    """A fact that may be unknown as the field's value."""
    return "" if value is None else "yes" if value else "no"


def truth(value: str | None) -> bool | None:
    """The field's value as a fact that may be unknown."""
    return {"yes": True, "no": False}.get(value or "")


class DetailsForm(Form):
    """A pupil's own record."""

    legal_forename = StringField(
        "Legal first name", [DataRequired("Enter the legal first name"), Length(max=100)], filters=[strip]
    )
    legal_surname = StringField(
        "Legal surname", [DataRequired("Enter the legal surname"), Length(max=100)], filters=[strip]
    )
    known_as = StringField("Known as", [Optional(), Length(max=100)], filters=[strip])
    known_surname = StringField("Known surname", [Optional(), Length(max=100)], filters=[strip])
    upn = StringField("UPN", [Optional()], filters=[strip])
    sex = SelectField("Sex", [Optional()], choices=choices(Sex, NOT_SAID))
    born_on = DatePartsField("Date of birth", [InputRequired("Enter the date of birth")], noun="The date of birth")
    year_group = SelectField(
        "Year group", [InputRequired("Choose the year group")], choices=choices(YearGroup, SelectChoice("", "Choose"))
    )
    registration_group = StringField("Class or tutor group", [Optional(), Length(max=60)], filters=[strip])
    admitted_on = DatePartsField("Came to this school on", [Optional()], noun="The date of admission")
    left_on = DatePartsField("Left this school on", [Optional()], noun="The leaving date")
    first_language = StringField("First language", [Optional(), Length(max=60)], filters=[strip])
    interpreter = StringField("Interpreter or signing needed", [Optional(), Length(max=60)], filters=[strip])
    eal = SelectField("English as an additional language", [Optional()], choices=YES_NO)
    pupil_premium = SelectField("Pupil premium", [Optional()], choices=YES_NO)
    service_family = SelectField("Service family", [Optional()], choices=YES_NO)
    in_care = SelectField("Looked after by a local authority", [Optional()], choices=YES_NO)
    care_authority = StringField("Which authority looks after them", [Optional(), Length(max=100)], filters=[strip])
    address = TextAreaField("Address", [Optional(), Length(max=600)], filters=[strip])
    nhs_number = StringField("NHS number", [Optional()], filters=[strip])
    ethnicity = StringField("Ethnicity", [Optional(), Length(max=60)], filters=[strip])
    religion = StringField("Religion", [Optional(), Length(max=60)], filters=[strip])
    previous_schools = TextAreaField("Earlier schools", [Optional(), Length(max=2000)], filters=[strip])
    pupil_id: int | None = None

    def validate_upn(self, field: StringField) -> None:
        """The check letter must be right, and nobody else here may have it."""
        wrong = upns.check(field.data or "")
        if wrong:
            raise ValidationError(wrong)
        other = pupil_with_upn(upns.clean(field.data or ""), self.pupil_id)
        if other is not None:
            raise ValidationError(f"{other[1]} has this UPN already. Check which of the two is right.")

    def validate_born_on(self, field: Any) -> None:
        """A pupil is between 1 and 26."""
        age = (today() - field.data).days / 365.25
        if not 1 <= age <= 26:
            raise ValidationError("The date of birth must make the pupil between 1 and 26 years old")

    def validate_left_on(self, field: DatePartsField) -> None:
        """Nobody leaves before coming."""
        if field.data and self.admitted_on.data and field.data < self.admitted_on.data:
            raise ValidationError("The leaving date cannot be before the date of admission")

    def validate_nhs_number(self, field: StringField) -> None:
        """Ten digits, the last a check digit (modulus 11)."""
        wrong = nhs_number.check(field.data or "")
        if wrong:
            raise ValidationError(wrong)

    def validate_care_authority(self, field: StringField) -> None:
        """An authority that looks after a pupil who is not looked after is one mistake or the other."""
        if self.in_care.data != "yes":
            raise ValidationError("Say above that they are looked after, or leave the authority empty")

    def values(self) -> dict[str, Any]:
        """What was typed, as the fields of `services.PupilRecord`."""
        facts = ("eal", "pupil_premium", "service_family", "in_care")
        texts = ("legal_forename", "legal_surname", "known_as", "known_surname", "registration_group", "first_language",
                 "interpreter", "care_authority", "address", "ethnicity", "religion", "previous_schools")  # fmt: skip
        return {
            **{name: strip(self[name].data) for name in texts},
            **{name: truth(self[name].data) for name in facts},
            "upn": upns.clean(self.upn.data or "") or None,
            "nhs_number": nhs_number.clean(self.nhs_number.data or ""),
            "sex": Sex(self.sex.data) if self.sex.data else None,
            "year_group": YearGroup(self.year_group.data),
            "born_on": self.born_on.data,
            "admitted_on": self.admitted_on.data,
            "left_on": self.left_on.data,
        }


def shown(details: PupilDetails) -> dict[str, Any]:
    """A pupil's record as the form shows it."""
    facts = {name: yes_no(getattr(details, name)) for name in ("eal", "pupil_premium", "service_family", "in_care")}
    plain = {name: getattr(details, name) for name in details.__slots__ if name not in facts}
    return {**plain, **facts, "upn": details.upn or "", "sex": details.sex.value if details.sex else "",
            "year_group": details.year_group.value}  # fmt: skip


class ToldFields(Form):
    """How and when the parents were told that SEN support begins; a date to come is a promise."""

    told = TextAreaField(
        "How were the parents told of SEN support?",
        [Optional(), Length(max=1000)],
        filters=[strip],
        description="Only when SEN support begins. Schools must tell parents formally (SEND Code 6.43 and 6.48): "
        "a letter, a meeting, or how you will tell them.",
    )
    told_on = DatePartsField("When were they told, or will be?", [Optional()], noun="The date")

    def refuse_typing(self, status: RadioField, source: RadioField) -> None:
        """Nobody is put on the register by typing alone: the error stands beside the field that lacks something."""
        chosen = next((one for one in SenStatus if one.value == status.data), None)
        known_by = next((one for one in StatusSource if one.value == source.data), None)
        if chosen is None or known_by is None:  # the field itself says that it needs one of its choices
            return
        wrong = why_not_on_register(chosen, known_by, self.told.data or "")
        if wrong is not None:
            field = source if wrong[0] == "source" else self.told
            field.errors = [*field.errors, wrong[1]]

    def parents(self) -> tuple[str, date | None] | None:
        """How and when they were told; none when nothing was said."""
        return (self.told.data, self.told_on.data) if self.told.data else None


class NewPupilForm(DetailsForm, ToldFields):
    """A pupil added by hand, with a first SEN status."""

    sen_status = RadioField("SEN status", [InputRequired("Choose the SEN status")], choices=choices(SenStatus))
    status_from = DatePartsField(
        "Since when?", [InputRequired("Enter the date the status began"), not_in_future("The date")],
        noun="The date the status began",
    )  # fmt: skip
    status_source = RadioField(
        "How do you know?", [InputRequired("Say how the status is known")], choices=choices(SOURCES)
    )
    status_reason = StringField("In a few words", [Optional(), Length(max=300)], filters=[strip])
    primary_need = SelectField("Primary need", [Optional()], choices=choices(NeedType, SelectChoice("", "None yet")))

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and what may put a pupil on the register."""
        super().validate(extra_validators)
        self.refuse_typing(self.sen_status, self.status_source)
        return not self.errors


class StatusForm(ToldFields):
    """A change of SEN status: what, from when, how it is known, why."""

    status = RadioField("The new SEN status", [InputRequired("Choose the new SEN status")], choices=choices(SenStatus))
    on = DatePartsField("From which day?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")
    source = RadioField("How was it decided?", [InputRequired("Say how it was decided")], choices=choices(BY_HAND))
    reason = TextAreaField("Why?", [DataRequired("Say why the status changes"), Length(max=2000)], filters=[strip])
    starts: date | None = None
    present: SenStatus | None = None

    def validate(self, extra_validators: Any = None) -> bool:
        """The fields, and what may put a pupil on the register."""
        super().validate(extra_validators)
        self.refuse_typing(self.status, self.source)
        return not self.errors

    def validate_status(self, field: RadioField) -> None:
        """A change must change something."""
        if self.present is not None and field.data == self.present.value:
            raise ValidationError(f"The status is {self.present.label} already")

    def validate_on(self, field: Any) -> None:
        """Not before the present spell began."""
        if self.starts is not None and field.data < self.starts:
            began = long_date(self.starts)
            raise ValidationError(f"The present status began on {began}; the new one cannot begin before that day")


class NeedsForm(Form):
    """The types of need from a day on: one primary, perhaps others."""

    primary = SelectField("Primary need", [Optional()], choices=choices(NeedType, SelectChoice("", "None recorded")))
    others = SelectMultipleField("Other needs", [Optional()], choices=choices(NeedType))
    on = DatePartsField("From which day?", [InputRequired("Enter the day"), not_in_future("The day")], noun="The day")

    def validate_others(self, field: SelectMultipleField) -> None:
        """Others need a primary one."""
        if field.data and not self.primary.data:
            raise ValidationError("Choose the primary need first; the others stand beside it")

    def types(self) -> tuple[NeedType, ...]:
        """The needs in their order, the primary first."""
        named = [self.primary.data, *(self.others.data or [])]
        return tuple(dict.fromkeys(NeedType(code) for code in named if code))


class ProfileForm(Form):
    """A one-page profile, in the pupil's own words where they can be."""

    my_words = TextAreaField("In my own words", [Optional(), Length(max=1000)], filters=[strip])
    good_at = TextAreaField("What I am good at and what people like about me", [Optional(), Length(max=2000)],
                            filters=[strip])  # fmt: skip
    important_to_me = TextAreaField("What is important to me", [Optional(), Length(max=2000)], filters=[strip])
    hard_for_me = TextAreaField("What I find hard", [Optional(), Length(max=2000)], filters=[strip])
    helps_me = TextAreaField("What helps me", [Optional(), Length(max=2000)], filters=[strip])
    hopes = TextAreaField("What I hope for", [Optional(), Length(max=2000)], filters=[strip])
    written_on = DatePartsField(
        "Written on", [InputRequired("Enter the day it was written"), not_in_future("The day")], noun="The day"
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """A profile with nothing on it is not a profile."""
        right = bool(super().validate(extra_validators))
        texts = (self.my_words, self.good_at, self.important_to_me, self.hard_for_me, self.helps_me, self.hopes)
        if right and not any(strip(field.data) for field in texts):
            self.my_words.errors = ["Write at least one part of the profile"]
            return False
        return right


class AssignForm(Form):
    """Who works with the pupil, by hand."""

    user_id = SelectField("Member of staff", [InputRequired("Choose a member of staff")], choices=[])
    reason = StringField("For what?", [Optional(), Length(max=80)], filters=[strip])
    starts = DatePartsField("From", [InputRequired("Enter the first day")], noun="The first day")
    ends = DatePartsField("Until", [Optional()], noun="The last day")

    def validate_ends(self, field: DatePartsField) -> None:
        """The last day is not before the first."""
        if field.data and self.starts.data and field.data < self.starts.data:
            raise ValidationError("The last day cannot be before the first")
