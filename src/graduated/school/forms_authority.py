"""Adding a profile of one's own."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Optional

from graduated.web.forms import Form


class ProfileForm(Form):
    """A file, or its text."""

    file = FileField("The file", [Optional()])
    text = TextAreaField("Or paste its text", [Optional()], render_kw={"spellcheck": "false"})


class OneButton(Form):
    """One button; the form's key makes a second press harmless."""
