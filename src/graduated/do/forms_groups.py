"""Forms of the group pages: the group, who joins, who leaves."""

from __future__ import annotations

from datetime import time
from typing import Any

from wtforms import SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.do.queries_group_pages import GroupRow, pupils_to_choose
from graduated.do.services_groups import GroupDetails
from graduated.plan.details import Because
from graduated.plan.fields import ClockField, WholeField
from graduated.plan.forms import staff_options
from graduated.plan.rows import DAYS
from graduated.rules.vocabulary import Role
from graduated.school.queries import InterventionRow, interventions
from graduated.web.fields import DatePartsField, MinutesField
from graduated.web.forms import Form

RUNNERS = (Role.SUPPORT, Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT)


def _other_time(day: int) -> ClockField:
    return ClockField(f"{DAYS[day]}, if at another time", [Optional()], noun=f"The time on {DAYS[day]}")


class GroupForm(Form):
    """A group: the intervention, who runs it, on which days at what time, from when until when."""

    intervention_id = SelectField("Intervention")
    name = StringField(
        "Name of the group",
        [Length(max=120)],  # without Optional(), which would leave out validate_name
        description="Leave it empty to use the intervention’s name.",
    )
    staff_id = SelectField("Who runs it")
    weekdays = SelectMultipleField(
        "On which days", choices=[SelectChoice(str(number), name) for number, name in enumerate(DAYS)], coerce=str
    )
    at: Any = ClockField("At what time", [Optional()], noun="The time")
    at_0: Any = _other_time(0)
    at_1: Any = _other_time(1)
    at_2: Any = _other_time(2)
    at_3: Any = _other_time(3)
    at_4: Any = _other_time(4)
    minutes: Any = MinutesField("Minutes each time", noun="The minutes")
    times_a_week: Any = WholeField("Times a week, if no day is fixed", least=1, most=25)
    starts: Any = DatePartsField("First day", [InputRequired("Enter the first day")], noun="The first day")
    ends: Any = DatePartsField("Last day", [Optional()], noun="The last day")

    def offer(self, kept: GroupRow | None = None) -> None:
        """Fill the lists; a retired intervention stays choosable only for the group that has it."""
        used = kept.intervention_id if kept else None
        library = [row for row in interventions(include_retired=True) if not row.retired or row.id == used]
        self.library: dict[str, InterventionRow] = {str(row.id): row for row in library}
        self.intervention_id.choices = [
            SelectChoice("", "Not in the library: give it a name"),
            *(SelectChoice(number, row.name) for number, row in self.library.items()),
        ]
        self.staff_id.choices = staff_options(*RUNNERS, none="Nobody yet")

    @property
    def other_times(self) -> list[Any]:
        """The fields of a weekday's own time, in order."""
        return [self[f"at_{day}"] for day in range(len(DAYS))]

    @property
    def usual(self) -> InterventionRow | None:
        """What the library says of the chosen kind."""
        return self.library.get(self.intervention_id.data or "")

    def validate_name(self, field: Any) -> None:
        """A name of its own or the library's."""
        if not (field.data or "").strip() and self.usual is None:
            raise ValidationError("Choose an intervention, or give the group a name.")

    def validate_minutes(self, field: Any) -> None:
        """Said here, or usual."""
        if not field.data and not (self.usual and self.usual.usual_minutes):
            raise ValidationError("Enter how many minutes a session lasts.")

    def validate_times_a_week(self, field: Any) -> None:
        """Days, or how often, or usual."""
        if not self.weekdays.data and not field.data and not (self.usual and self.usual.usual_times_a_week):
            raise ValidationError("Tick the days, or enter how many times a week.")

    def details(self) -> GroupDetails:
        """What was typed, filled up from the library where it was left empty."""
        usual = self.usual
        days = tuple(sorted({int(day) for day in self.weekdays.data or ()}))  # a day sent twice is one
        own = {str(day): self[f"at_{day}"].data for day in days if self[f"at_{day}"].data not in (None, self.at.data)}
        return GroupDetails(
            name=(self.name.data or "").strip() or (usual.name if usual else ""),
            intervention_id=usual.id if usual else None,
            staff_id=int(self.staff_id.data) if self.staff_id.data else None,
            staff_role=usual.staff_role if usual else None,
            starts=self.starts.data,
            ends=self.ends.data,
            weekdays=days,
            at=self.at.data,
            times={day: f"{at:%H:%M}" for day, at in own.items()},
            minutes=self.minutes.data or (usual.usual_minutes if usual else None) or 0,
            times_a_week=self.times_a_week.data or (usual.usual_times_a_week if usual else None) or 0,
        )


def group_data(row: GroupRow) -> dict[str, Any]:
    """A group as its form shows it."""
    return {
        "intervention_id": str(row.intervention_id or ""),
        "name": row.name,
        "staff_id": str(row.staff_id or ""),
        "weekdays": [str(day) for day in row.weekdays],
        "at": row.at,
        **{f"at_{day}": time.fromisoformat(own) for day, own in row.times.items()},
        "minutes": row.minutes,
        "times_a_week": None if row.weekdays else row.times_a_week,
        "starts": row.starts,
        "ends": row.ends,
    }


class JoinForm(Form):
    """Pupils who join a group from a day on."""

    pupils = SelectMultipleField("Pupils on SEN support or with an EHC plan", coerce=str)
    another = SelectField("Another pupil", validators=[Optional()])
    starts: Any = DatePartsField("From which day?", [InputRequired("Enter the day")], noun="The day")

    def offer(self, there: set[int]) -> None:
        """Fill the lists with who is not in yet."""
        with_sen, others = pupils_to_choose()
        self.pupils.choices = [SelectChoice(*pair) for pair in with_sen if int(pair[0]) not in there]
        self.another.choices = [
            SelectChoice("", "Nobody else"),
            *(SelectChoice(*pair) for pair in others if int(pair[0]) not in there),
        ]

    @property
    def chosen(self) -> tuple[int, ...]:
        """Who was chosen; what is no number is none of those offered, and is refused as that."""
        sent = (one for one in [*(self.pupils.data or ()), self.another.data] if one)
        return tuple(int(one) for one in sent if one.isdecimal() and len(one) < 19)

    def validate_pupils(self, _field: Any) -> None:
        """Somebody has to join."""
        if not self.chosen:
            raise ValidationError("Choose at least one pupil.")


class LeaveForm(Form):
    """A pupil's last day in a group; why and by whom where an agreed plan is amended by it."""

    on: Any = DatePartsField("Last day in the group", [InputRequired("Enter the last day")], noun="The last day")
    why = TextAreaField("Why does the plan change?", [Optional(), Length(max=2000)])
    decided_by = StringField(
        "Who decided it?", [Optional(), Length(max=120)], description="With whom of the family, too"
    )

    def because(self) -> Because:
        """What was typed, as the service takes it."""
        return Because((self.why.data or "").strip(), (self.decided_by.data or "").strip(), self.on.data)


class AmendingLeaveForm(LeaveForm):
    """The same under an agreed plan: nothing may be left open."""

    why = TextAreaField("Why does the plan change?", [InputRequired("Say why the plan changes"), Length(max=2000)])
    decided_by = StringField(
        "Who decided it?",
        [InputRequired("Say who decided it"), Length(max=120)],
        description="With whom of the family, too",
    )
