"""Forms of a record that goes on, and of one that comes."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from graduated.pupils.forms import not_in_future, strip
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


class MakeForm(Form):
    """For which school."""

    to_school = StringField(
        "Which school does it go to?", [DataRequired("Enter the name of the school"), Length(max=200)], filters=[strip]
    )


class ReceiptForm(Form):
    """The other school has it: by its receipt file, or in the words of who says so."""

    how = RadioField(
        "How do you know that they have it?",
        [InputRequired("Choose how you know")],
        choices=[
            SelectChoice("file", "They sent the receipt file that Graduated makes"),
            SelectChoice("hand", "Somebody told us, by letter, e-mail or telephone"),
        ],
    )
    file = FileField("The receipt file", [Optional()])
    received_by = StringField("Who has it there?", [Optional(), Length(max=160)], filters=[strip])
    school = StringField("At which school?", [Optional(), Length(max=200)], filters=[strip])
    received_on = DatePartsField("Since when?", [Optional(), not_in_future("The day")], noun="The day")


class ChooseBundle(Form):
    """A bundle to look at."""

    file = FileField("The bundle", [FileRequired("Choose the file")])


class TakeBundle(Form):
    """Bring in what was looked at."""

    sha256 = HiddenField()
