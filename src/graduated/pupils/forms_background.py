"""Forms about a pupil's background: attendance, part-time timetable, suspension, health. Corrections say why."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wtforms import BooleanField, RadioField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from graduated.pupils.forms import YES_NO, choices, day_of, strip, truth
from graduated.pupils.queries_background import AttendanceRow, HealthRow, PartTimeRow, SuspensionRow
from graduated.pupils.services_background import BackgroundRefused, NewHealth, NewPartTime, NewSuspension
from graduated.rules.attendance import PartTimeSpan, Period
from graduated.rules.health import HealthFact
from graduated.rules.suspensions import Suspended
from graduated.rules.vocabulary import HealthKind
from graduated.web.fields import DatePartsField, UkDecimalField
from graduated.web.forms import Form

SUSPENDED, NONE = "suspended", "none"


class Background(Form):
    """What the four have in common: an error of the rules stands beside its field."""

    def refuse(self, refused: BackgroundRefused) -> None:
        """Say beside the field what the record refused."""
        self[refused.field].errors = [str(refused)]


def _sessions(label: str, noun: str) -> UkDecimalField:
    return UkDecimalField(label, [InputRequired(f"Enter {noun}; 0 if none")], places=0, noun=label)


class AttendanceForm(Background):
    """Attendance in a period, in half-day sessions."""

    starts = DatePartsField("First day", [InputRequired("Enter the first day")], noun="The first day")
    ends = DatePartsField("Last day", [InputRequired("Enter the last day")], noun="The last day")
    possible = _sessions("Possible sessions", "the possible sessions")
    authorised = _sessions("Authorised absences", "the authorised absences")
    unauthorised = _sessions("Unauthorised absences", "the unauthorised absences")

    def period(self) -> Period:
        """What was typed, of a form that is right."""
        figures = (int(self[name].data) for name in ("possible", "authorised", "unauthorised"))
        return Period(day_of(self.starts), day_of(self.ends), *figures)


class PartTimeForm(Background):
    """A part-time timetable: exceptional, for a time, reviewed."""

    reason = TextAreaField("Reason", [InputRequired("Say why the timetable is part-time"), Length(max=2000)],
                           filters=[strip])  # fmt: skip
    hours = UkDecimalField(
        "Hours in school a week", [InputRequired("Enter the hours a week")], places=2, noun="Hours a week"
    )
    starts = DatePartsField("From", [InputRequired("Enter the first day")], noun="The first day")
    review_on = DatePartsField("To be reviewed on", [Optional()], noun="The review date")
    ends = DatePartsField("Until", [Optional()], noun="The last day")
    way_back = TextAreaField("The way back to full time", [Optional(), Length(max=2000)], filters=[strip])
    parents_agree = SelectField("Do the parents agree?", [Optional()], choices=YES_NO)

    def new(self) -> NewPartTime:
        """What was typed, of a form that is right."""
        hours = Decimal(self.hours.data or 0)
        span = PartTimeSpan(day_of(self.starts), self.ends.data, hours, self.review_on.data)
        return NewPartTime(span, self.reason.data or "", self.way_back.data or "", truth(self.parents_agree.data))


class SuspensionForm(Background):
    """A suspension, or that there was none."""

    kind = RadioField(
        "What is recorded?",
        [InputRequired("Say whether there was a suspension")],
        choices=[SelectChoice(SUSPENDED, "A suspension"), SelectChoice(NONE, "There was none")],
    )
    on = DatePartsField("Date", [InputRequired("Enter the date")], noun="The date")
    days = UkDecimalField("School days", [Optional()], places=1, noun="Days")
    reason = TextAreaField("Reason", [Optional(), Length(max=2000)], filters=[strip])

    def validate(self, extra_validators: Any = None) -> bool:
        """A suspension has days; that there was none has not."""
        right = bool(super().validate(extra_validators))
        if self.kind.data == SUSPENDED and not self.days.errors and not self.days.data:
            self.days.errors = ["Enter the days, in halves, for example 1.5"]
            return False
        return right

    def new(self) -> NewSuspension:
        """What was typed, of a form that is right."""
        days = Decimal(self.days.data or 0) if self.kind.data == SUSPENDED else Decimal(0)
        return NewSuspension(Suspended(day_of(self.on), days), self.reason.data or "")


class HealthForm(Background):
    """A health fact that bears on learning, or that nothing is known."""

    kind = RadioField("What is it?", [InputRequired("Choose what it is")], choices=choices(HealthKind))
    detail = TextAreaField("In a few words", [Optional(), Length(max=2000)], filters=[strip])
    since = DatePartsField("Since", [Optional()], noun="The date")
    until = DatePartsField("Until", [Optional()], noun="The last day")
    document_id = SelectField("Paper that says so", [Optional()], choices=[])
    called = ""

    def call(self, row: HealthRow) -> None:
        """A kind in free words, of before there was a list, keeps its words: they stand for the other health fact."""
        if row.kind is HealthKind.OTHER and row.label != HealthKind.OTHER.label:
            self.called = row.label
            self.kind.choices = [
                SelectChoice(code, row.label if code == HealthKind.OTHER.value else words)
                for code, words in HealthKind.choices()
            ]

    def new(self) -> NewHealth:
        """What was typed, of a form that is right."""
        fact = HealthFact(HealthKind(self.kind.data), self.detail.data or "", self.since.data, self.until.data)
        called = self.called if fact.kind is HealthKind.OTHER else ""
        return NewHealth(fact, int(self.document_id.data) if self.document_id.data else None, called)


class Correction(Background):
    """Why an entry is corrected; or that it should not be there at all. Stands below the fields of the entry."""

    strike = BooleanField("This should not be here at all: strike it out, with nothing in its place")
    why = TextAreaField("Why?", [InputRequired("Say why it is corrected"), Length(max=1000)], filters=[strip])

    def validate(self, extra_validators: Any = None) -> bool:
        """Who strikes an entry out need not fill in what takes its place."""
        right = bool(super().validate(extra_validators))
        if not self.strike.data:
            return right
        for name, field in self._fields.items():
            if name != "why":
                field.errors = []
        return not self.why.errors


class CorrectAttendance(Correction, AttendanceForm):
    """Other figures for a period."""


class ChangePartTime(Correction, PartTimeForm):
    """A timetable put right, reviewed or ended."""


class CorrectSuspension(Correction, SuspensionForm):
    """Another entry in the place of one."""


class CorrectHealth(Correction, HealthForm):
    """Another fact in the place of one."""


def shown_attendance(row: AttendanceRow) -> dict[str, Any]:
    """An entry as the form shows it."""
    return {name: getattr(row, name) for name in ("starts", "ends", "possible", "authorised", "unauthorised")}


def shown_part_time(row: PartTimeRow) -> dict[str, Any]:
    """An entry as the form shows it."""
    names = ("starts", "ends", "hours", "review_on", "reason", "way_back")
    agree = {True: "yes", False: "no", None: ""}[row.parents_agree]
    return {**{name: getattr(row, name) for name in names}, "parents_agree": agree}


def shown_suspension(row: SuspensionRow) -> dict[str, Any]:
    """An entry as the form shows it."""
    kind = NONE if row.suspended.is_none else SUSPENDED
    return {"kind": kind, "on": row.starts, "days": row.days or None, "reason": row.reason}


def shown_health(row: HealthRow) -> dict[str, Any]:
    """An entry as the form shows it."""
    return {
        "kind": row.kind.value,
        "detail": row.detail,
        "since": row.since,
        "until": row.until,
        "document_id": str(row.document_id or ""),
    }
