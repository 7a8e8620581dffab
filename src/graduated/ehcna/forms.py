"""The form that asks for a build."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import SelectChoice, SelectMultipleField

from graduated.pupils.queries_family import FamilyAdult
from graduated.web.forms import Form


class BuildForm(Form):
    """One button, and for whom of the family a copy is made; the form's key makes a second press harmless."""

    copies = SelectMultipleField("With a copy for the family", choices=[])

    def offer(self, adults: Iterable[FamilyAdult]) -> None:
        """Name the adults who may be given papers."""
        self.copies.choices = [SelectChoice(str(one.adult_id), one.name) for one in adults]
