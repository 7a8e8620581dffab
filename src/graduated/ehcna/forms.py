"""Forms of the evidence: one section's narrative, and asking for a build."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from graduated.web.forms import Form


class NarrativeForm(Form):
    """What a person writes for one section of the pack."""

    text = TextAreaField("Your words", [Optional(), Length(max=20_000)])


class BuildForm(Form):
    """One button; the form's key makes a second press harmless."""
