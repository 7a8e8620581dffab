"""Forms of the School pages: details, terms."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from wtforms import BooleanField, FormField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, Optional, Regexp
from wtforms.widgets import TextArea

from graduated.rules.calendar import TermDates, academic_year
from graduated.rules.vocabulary import Phase
from graduated.school.queries_authority import offered
from graduated.web.fields import DatePartsField, TypedField
from graduated.web.filters import long_date
from graduated.web.forms import Form

_WAYS = ("%d/%m/%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y", "%d.%m.%Y")

_WEEKS = [("1", "The same every week"), ("2", "Two weeks, taking turns")]


def _choices(pairs: list[tuple[str, str]]) -> list[Any]:
    return [SelectChoice(code, label) for code, label in pairs]


class DatesField(TypedField):
    """Several dates in one box, one on a line or with commas between; `data` is a tuple, empty for none."""

    widget = TextArea()

    def read(self, typed: str) -> tuple[date, ...]:
        """The dates in order, each once. Raises ValueError naming the first that is none."""
        parts = [part.strip() for part in re.split(r"[\n,;]+", typed) if part.strip()]
        return tuple(sorted({self._date(part) for part in parts}))

    def _date(self, part: str) -> date:
        for way in _WAYS:
            try:
                return datetime.strptime(" ".join(part.split()), way).replace(tzinfo=UTC).date()
            except ValueError:
                continue
        raise ValueError(f"“{part}” is not a date. Write each as 1 September 2026 or 01/09/2026, one on a line")

    def show(self, value: tuple[date, ...]) -> str:
        """One date on a line."""
        return "\n".join(long_date(day) for day in value)


class DetailsForm(Form):
    """Who the school is."""

    name = StringField("Name of the school", [InputRequired("Enter the school’s name"), Length(max=200)])
    phase = RadioField("Phase", [InputRequired("Choose the phase")], choices=_choices(Phase.choices()))
    la_code = StringField(
        "LA code", [Optional(), Regexp(r"^\d{3}$", message="An LA code has three digits, for example 838")]
    )
    establishment = StringField(
        "Establishment number",
        [Optional(), Regexp(r"^\d{4}$", message="An establishment number has four digits, for example 2001")],
    )
    authority = SelectField("Authority profile", [InputRequired("Choose a profile")])
    address = TextAreaField("Address", [Optional(), Length(max=500)])
    phone = StringField("Telephone", [Optional(), Length(max=40)])
    timetable_weeks = RadioField("Timetable", choices=_choices(_WEEKS), default="1")
    class_cards_for_all = BooleanField("Every teacher may read every class card")
    staff_need_second_step = BooleanField("Staff need a second step to sign in")
    trusts_provider_step = BooleanField("A second step taken at Google or Microsoft will do")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.authority.choices = _choices(list(offered()))


class _TermFields:
    """The fields of one term, for a form of its own or as a third of a year's."""

    name = StringField(
        "Name of the term",
        [InputRequired("Enter a name, for example Autumn"), Length(max=40)],
        render_kw={"autocomplete": "off"},
    )
    starts = DatePartsField("First day", [InputRequired("Enter the first day of the term")], noun="The first day")
    ends = DatePartsField("Last day", [InputRequired("Enter the last day of the term")], noun="The last day")
    half_term_starts = DatePartsField("First day of half-term", [Optional()], noun="The first day of half-term")
    half_term_ends = DatePartsField("Last day of half-term", [Optional()], noun="The last day of half-term")
    inset_days = DatesField("INSET days", [Optional()], noun="INSET days")

    def dates(self) -> TermDates:
        """The term as typed; only for a form that is valid."""
        starts, ends = self.starts.data, self.ends.data
        if starts is None or ends is None:
            raise ValueError("a form that is not valid has no dates")
        return TermDates(
            name=str(self.name.data).strip(),
            academic_year=academic_year(starts),
            starts=starts,
            ends=ends,
            half_term_starts=self.half_term_starts.data,
            half_term_ends=self.half_term_ends.data,
            inset=frozenset(self.inset_days.data or ()),
        )

    def blame(self, faults: dict[str, str]) -> None:
        """Put each fault beside its field."""
        for name, sentence in faults.items():
            field: Any = getattr(self, name)
            field.errors = [*field.errors, sentence]


class TermForm(_TermFields, Form):
    """One term."""


class TermPart(_TermFields, PlainForm):  # type: ignore[misc]  # WTForms carries no types
    """One term of a year's proposal."""


class YearForm(Form):
    """The three terms of a proposal, to be corrected and saved at once."""

    autumn = FormField(TermPart, "Autumn")
    spring = FormField(TermPart, "Spring")
    summer = FormField(TermPart, "Summer")

    @property
    def parts(self) -> tuple[TermPart, TermPart, TermPart]:
        """The three terms in order."""
        return self.autumn.form, self.spring.form, self.summer.form
