"""Choosing a file, and taking it."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectChoice, SelectMultipleField
from wtforms.validators import InputRequired

from graduated.imports.headings import Kind
from graduated.web.forms import Form

KINDS = [
    SelectChoice(Kind.PUPILS.value, "The roll: pupils, with SEN status and needs"),
    SelectChoice(Kind.TEACHING_GROUPS.value, "Teaching groups: who is taught by whom"),
    SelectChoice(Kind.CONTACTS.value, "Family contacts: the adults of each pupil"),
    SelectChoice(Kind.ATTENDANCE.value, "Attendance: half-day sessions by period"),
    SelectChoice(Kind.SUSPENSIONS.value, "Suspensions"),
]


class ChooseFile(Form):
    """What kind of file, and the file."""

    kind = RadioField("What is in the file?", choices=KINDS, validators=[InputRequired("Choose what is in the file")])
    file = FileField("File", validators=[FileRequired("Choose a file")])


class TakeFile(Form):
    """What was shown, and the lines that somebody confirmed; none is ticked before."""

    shown = HiddenField()
    line = SelectMultipleField(validate_choice=False)
