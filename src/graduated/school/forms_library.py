"""The form of one kind of intervention in the library."""

from __future__ import annotations

from typing import Any

from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from graduated.rules.timetable import MOST_PUPILS
from graduated.rules.vocabulary import NeedArea, Role
from graduated.school.intervention_library import NO_EVIDENCE, StartIntervention
from graduated.school.queries import InterventionRow, measures
from graduated.school.services_library import InterventionDetails
from graduated.web.fields import MinutesField, UkDecimalField
from graduated.web.forms import Form

GIVERS = (Role.SUPPORT, Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT)


def _whole(label: str, noun: str, most: int) -> UkDecimalField:
    return UkDecimalField(label, [Optional()], places=0, least=1, most=most, noun=noun)


class InterventionForm(Form):
    """What the library says of a kind; all but the name and the purpose may stay open."""

    name = StringField("Name", [DataRequired("Enter a name"), Length(max=120)])
    purpose = TextAreaField("What is it for, and what is done?", [DataRequired("Say what it is for"), Length(max=600)])
    areas = SelectMultipleField(
        "Areas of need", choices=[SelectChoice(code, label) for code, label in NeedArea.choices()], coerce=str
    )
    minutes: Any = MinutesField("Minutes each time", [Optional()], noun="The minutes")
    times_a_week: Any = _whole("Times a week", "Times a week", 25)
    weeks: Any = _whole("Weeks", "The weeks", 52)
    group_size: Any = _whole("Pupils in the group", "The group", MOST_PUPILS)
    staff_role = SelectField(
        "Who usually gives it",
        choices=[SelectChoice("", "Not said"), *(SelectChoice(role.value, role.label) for role in GIVERS)],
    )
    measure_id = SelectField("Measure at entry and exit")
    evidence = TextAreaField(
        "Evidence",
        [Optional(), Length(max=600)],
        description="Who published what, and where to read it. Left empty, the page says that none is recorded.",
    )

    def offer(self, kept: int | None = None) -> None:
        """Fill the list of measures; a retired one stays choosable where it is used."""
        self.measure_id.choices = [
            SelectChoice("", "None"),
            *(
                SelectChoice(str(row.id), row.name)
                for row in measures(include_retired=True)
                if not row.retired or row.id == kept
            ),
        ]

    def details(self) -> InterventionDetails:
        """What was typed."""
        return InterventionDetails(
            name=self.name.data,
            purpose=self.purpose.data,
            areas=tuple(NeedArea(code) for code in self.areas.data or ()),
            evidence_source=(self.evidence.data or "").strip() or NO_EVIDENCE,
            usual_minutes=self.minutes.data,
            usual_times_a_week=_number(self.times_a_week.data),
            usual_weeks=_number(self.weeks.data),
            usual_group_size=_number(self.group_size.data),
            staff_role=Role(self.staff_role.data) if self.staff_role.data else None,
            measure_id=int(self.measure_id.data) if self.measure_id.data else None,
        )


def _number(typed: Any) -> int | None:
    return None if typed is None else int(typed)


def intervention_data(row: InterventionRow) -> dict[str, Any]:
    """A kind of the library as its form shows it."""
    return {
        "name": row.name,
        "purpose": row.purpose,
        "areas": [area.value for area in row.areas],
        "minutes": row.usual_minutes,
        "times_a_week": row.usual_times_a_week,
        "weeks": row.usual_weeks,
        "group_size": row.usual_group_size,
        "staff_role": row.staff_role.value if row.staff_role else "",
        "measure_id": str(row.measure_id or ""),
        "evidence": "" if row.evidence_source == NO_EVIDENCE else row.evidence_source,
    }


def start_data(kind: StartIntervention) -> dict[str, Any]:
    """A well-known kind that the school may take into its library."""
    measure = next((row for row in measures() if row.code == kind.measure), None)
    return {
        "name": kind.name,
        "purpose": kind.purpose,
        "areas": [area.value for area in kind.areas],
        "minutes": kind.minutes,
        "times_a_week": kind.times_a_week,
        "weeks": kind.weeks,
        "group_size": kind.group_size,
        "staff_role": kind.role.value,
        "measure_id": str(measure.id) if measure else "",
        "evidence": "" if kind.evidence == NO_EVIDENCE else kind.evidence,
    }
