"""Forms of keeping and destroying records."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from graduated.pupils.forms import strip
from graduated.rules.retention import RecordClass
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


def _length(which: RecordClass, unit: str) -> IntegerField:
    return IntegerField(f"{which.label}, in {unit}", [InputRequired("Enter a whole number")])


class PeriodsForm(Form):
    """How long each class of records is kept."""

    sen = _length(RecordClass.SEN, "years from the date of birth")
    never_sen = _length(RecordClass.NEVER_SEN, "years from the date of birth")
    transferred = _length(RecordClass.TRANSFERRED, "days from the receipt")


class HoldForm(Form):
    """Why a record is held, and perhaps until when."""

    reason = TextAreaField(
        "Why is it held?", [DataRequired("Say why the record is held"), Length(max=2000)], filters=[strip]
    )
    until = DatePartsField("Until when, if you know?", [Optional()], noun="The last day")


class WhyForm(Form):
    """A reason."""

    why = TextAreaField("Why?", [DataRequired("Say why"), Length(max=2000)], filters=[strip])


class DestroyForm(Form):
    """Yes, to what was shown."""

    seen = HiddenField()
