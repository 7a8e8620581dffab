"""The form by which a review's meeting is arranged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from wtforms import StringField
from wtforms.validators import Length, Optional, ValidationError

from graduated.db.clock import LONDON, local, today
from graduated.plan.fields import ClockField
from graduated.plan.rows import CycleRow
from graduated.pupils.forms import strip
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form


class MeetingForm(Form):
    """Day, time and place; all empty takes the meeting out of every diary."""

    on = DatePartsField("Day of the meeting", noun="The day of the meeting")
    time = ClockField("Time", noun="The time of the meeting")
    place = StringField("Place", [Optional(), Length(max=120)], filters=[strip])

    def validate_on(self, field: Any) -> None:
        """A day to come, with the time that belongs to it."""
        if field.data is not None and field.data < today():
            raise ValidationError("The day of the meeting lies in the past. Give a day from today on.")

    def validate_time(self, field: Any) -> None:
        """Day and time belong together: a meeting without either is no appointment."""
        if field.data is not None and self.on.data is None:
            raise ValidationError("Give the day of the meeting too, or leave the time empty.")
        if field.data is None and self.on.data is not None:
            raise ValidationError("Give the time of the meeting, such as 3.30 pm.")

    def moment(self) -> datetime | None:
        """When the meeting begins, by the school's clock."""
        if self.on.data is None or self.time.data is None:
            return None
        return datetime.combine(self.on.data, self.time.data, LONDON)


def meeting_data(cycle: CycleRow) -> dict[str, Any]:
    """The meeting of a cycle as its form shows it."""
    at = local(cycle.meeting_at) if cycle.meeting_at else None
    return {
        "on": at.date() if at else None,
        "time": at.time() if at and at.time() != datetime.min.time() else None,
        "place": cycle.meeting_place,
    }
