"""The form of provision, of a group's adult and days, and of a dose."""

from __future__ import annotations

from typing import Any

from wtforms import RadioField, SelectChoice, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.db.clock import today
from graduated.people.queries import staff
from graduated.plan.details import ProvisionDetails
from graduated.plan.fields import ClockField, WholeField
from graduated.plan.forms import staff_options
from graduated.plan.queries import groups_to_join
from graduated.plan.rows import DAYS, Plan, ProvisionRow, dose_words
from graduated.pupils.forms import choices, strip
from graduated.rules.vocabulary import Evidencing, ProvisionKind, Role
from graduated.school.queries import InterventionRow, interventions
from graduated.web.fields import MinutesField, MoneyField
from graduated.web.forms import Form

DELIVERERS = (Role.SUPPORT, Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT)
PRICED = (*DELIVERERS, Role.HEAD)
"""Roles that a rate card may price."""


class DoseForm(Form):
    """How long, how often, for how many weeks, in a group of how many."""

    minutes = MinutesField("Minutes each time", [Optional()], noun="The minutes")
    times_a_week = WholeField("Times a week", [Optional()], least=1, most=25)
    weeks = WholeField("Weeks", [Optional()], least=1, most=52)
    group_size = WholeField("Pupils in the group", [Optional()], least=1, most=12)


class DaysForm(Form):
    """Who runs it, on which days, at what time."""

    staff_id = SelectField("Who gives it")
    weekdays = SelectMultipleField(
        "On which days", choices=[SelectChoice(str(number), name) for number, name in enumerate(DAYS)], coerce=str
    )
    at = ClockField("At what time", [Optional()], noun="The time")

    def offer_staff(self) -> None:
        """Fill the list of staff."""
        self.staff_id.choices = staff_options(*DELIVERERS, none="Somebody else, or not known yet")

    @property
    def days(self) -> tuple[int, ...]:
        """The days as numbers, 0 for Monday."""
        return tuple(sorted({int(day) for day in self.weekdays.data or ()}))

    @property
    def adult(self) -> int | None:
        """The member of staff."""
        return int(self.staff_id.data) if self.staff_id.data else None


class ProvisionForm(DoseForm, DaysForm):
    """One provision. What is left empty is taken from the library's usual dose, or said by the plan checks."""

    intervention_id = SelectField("Intervention")
    name = StringField(
        "Name",
        [Length(max=120)],
        filters=[strip],
        description="Leave it empty to use the library’s name.",
    )
    kind = RadioField("How is it given?", choices=choices(ProvisionKind), default=ProvisionKind.SESSIONS.value)
    join_group_id = SelectField("Group")
    who = StringField("Who, if not on the list", [Optional(), Length(max=120)], filters=[strip])
    evidencing = RadioField(
        "How is it shown that in-class support happened?",
        choices=choices((Evidencing.WEEKLY, Evidencing.NONE)),
        default=Evidencing.WEEKLY.value,
    )
    serves = SelectMultipleField("Which outcomes is it for?", coerce=str)
    expected_impact = TextAreaField(
        "What difference is expected by the review?", [Optional(), Length(max=2000)], filters=[strip]
    )
    costed_as = SelectField("Costed at the hourly rate of")
    one_off = MoneyField("One-off items", [Optional()])
    agency = MoneyField("Agency fee", [Optional()])

    def offer(self, plan: Plan, kept: ProvisionRow | None = None) -> None:
        """Fill the lists; the group that the pupil is in stays choosable."""
        self.offer_staff()
        library = interventions(include_retired=True)
        used = kept.intervention_id if kept else None
        self.library: dict[str, InterventionRow] = {
            str(row.id): row for row in library if not row.retired or row.id == used
        }
        self.intervention_id.choices = [
            SelectChoice("", "Not in the library: give it a name"),
            *(SelectChoice(number, row.name) for number, row in self.library.items()),
        ]
        self.costed_as.choices = [
            SelectChoice("", "Whoever gives it"),
            *(SelectChoice(role.value, role.label) for role in PRICED),
        ]
        self.groups = {str(row.id): row for row in groups_to_join(today())}
        self.join_group_id.choices = [
            SelectChoice("", "One of its own"),
            *(
                SelectChoice(number, f"Join {row.name}, {row.staff_name or 'nobody named'}: "
                             f"{dose_words(row.minutes, row.times_a_week, None, 1)}")
                for number, row in self.groups.items()
            ),
        ]  # fmt: skip
        self.serves.choices = [
            SelectChoice(str(one.outcome_id), f"{one.number}. {one.statement}") for one in plan.outcomes
        ]

    def validate_name(self, field: Any) -> None:
        """A name of its own, or one from the library or the group."""
        if not field.data and not self.intervention_id.data and not self.join_group_id.data:
            raise ValidationError("Choose an intervention, or give it a name.")

    def validate_weekdays(self, field: Any) -> None:
        """As many days as times, where days are fixed."""
        times = self.times_a_week.data
        if field.data and not self.join_group_id.data and times and times != len(field.data):
            raise ValidationError(
                f"{len(field.data)} days are ticked, and the dose says {times} times a week. Make them the same, "
                "or tick no day."
            )

    def details(self) -> ProvisionDetails:
        """What was typed, filled up from the library where it was left empty."""
        usual = self.library.get(self.intervention_id.data or "")
        group = self.groups.get(self.join_group_id.data or "")
        given = self.intervention_id.data or (group.intervention_id if group is not None else None)
        name = self.name.data or (usual.name if usual else group.name if group is not None else "")
        is_session = self.kind.data == ProvisionKind.SESSIONS.value
        return ProvisionDetails(
            name=name,
            kind=ProvisionKind(self.kind.data),
            intervention_id=int(given) if given else None,
            join_group_id=int(self.join_group_id.data) if is_session and self.join_group_id.data else None,
            staff_id=self.adult,
            who=self.who.data or "",
            staff_role=self._role(usual),
            minutes=self.minutes.data or (usual.usual_minutes if usual else None) or 0,
            times_a_week=self._times(usual),
            weeks=self.weeks.data or (usual.usual_weeks if usual else None),
            group_size=self.group_size.data or (usual.usual_group_size if usual else None) or 1,
            weekdays=self.days,
            at=self.at.data,
            expected_impact=self.expected_impact.data or "",
            evidencing=Evidencing.SESSION if is_session else Evidencing(self.evidencing.data),
            serves=tuple(int(one) for one in self.serves.data or ()),
            one_off_pence=self.one_off.data or 0,
            agency_pence=self.agency.data or 0,
        )

    def _role(self, usual: InterventionRow | None) -> Role | None:
        """Whose hourly rate counts: the role chosen, that of the adult chosen, the library's, or nobody's."""
        if self.costed_as.data:
            return Role(self.costed_as.data)
        group = self.groups.get(self.join_group_id.data or "")
        given_by = role_of(group.staff_id if group is not None else self.adult)
        return given_by or (group.staff_role if group is not None else None) or (usual.staff_role if usual else None)

    def _times(self, usual: InterventionRow | None) -> int:
        return self.times_a_week.data or len(self.days) or (usual.usual_times_a_week if usual else None) or 0


def role_of(user_id: int | None) -> Role | None:
    """The role by which somebody's time is costed; none for nobody, or for who gives no provision."""
    roles = next((one.roles for one in staff(*PRICED) if one.user_id == user_id), ())
    return next((role for role in PRICED if role in roles), None)


def provision_data(row: ProvisionRow, shared: bool) -> dict[str, Any]:
    """A provision as its form shows it; `shared` is whether others are in its group too."""
    return {
        "intervention_id": str(row.intervention_id or ""),
        "name": row.name,
        "kind": row.kind.value,
        "join_group_id": str(row.group_id) if shared else "",
        "staff_id": str(row.staff_id or ""),
        "who": "" if row.staff_id else row.who,
        "minutes": row.minutes or None,
        "times_a_week": row.times_a_week or None,
        "weeks": row.weeks,
        "group_size": row.group_size,
        "weekdays": [str(day) for day in row.weekdays],
        "at": row.at,
        "evidencing": Evidencing.WEEKLY.value if row.evidencing is Evidencing.SESSION else row.evidencing.value,
        "serves": [str(one) for one in row.serves],
        "expected_impact": row.expected_impact,
        "costed_as": row.staff_role.value
        if row.staff_role in PRICED and row.staff_role != role_of(row.staff_id)
        else "",
        "one_off": row.one_off_pence or None,
        "agency": row.agency_pence or None,
    }


class AmendDoseForm(DoseForm):
    """A dose that changes under an agreed plan; nothing may be left open."""

    minutes = MinutesField("Minutes each time", [InputRequired("Enter the minutes")], noun="The minutes")
    times_a_week = WholeField("Times a week", [InputRequired("Enter how many times a week")], least=1, most=25)
