"""The form that asks for a build."""

from __future__ import annotations

from graduated.web.forms import Form


class BuildForm(Form):
    """One button; the form's key makes a second press harmless."""
