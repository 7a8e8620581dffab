"""Forms of the group log: one for each group, since each has its own pupils."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

import wtforms
from flask import request
from wtforms import HiddenField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from graduated.db.clock import today
from graduated.do.queries import GroupCard, LogSheet, Member, SessionLine
from graduated.do.services import NewPresence, NewSession, NewTick
from graduated.rules.progress import NotAValue, Value, parse_value
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Engagement, MeasureKind, SessionState
from graduated.web.fields import DatePartsField, MinutesField
from graduated.web.forms import Form

HERE, AWAY = "present", "absent"


class MayBeEmpty(Optional):  # type: ignore[misc]  # WTForms carries no types
    """Like Optional, for forms in which nothing is asked for: a page full of "(optional)" says nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.field_flags: dict[str, bool] = {}


def chosen(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """(code, words) pairs as a field wants them."""
    return [SelectChoice(code, words) for code, words in pairs]


QUICK_REASONS = (
    AbsenceReason.ILL, AbsenceReason.ELSEWHERE, AbsenceReason.DECLINED, AbsenceReason.WITHDREW, AbsenceReason.OTHER
)  # fmt: skip
"""The reasons offered as one tap each; the others stand in the list of the details."""


def _not_future(_form: Any, field: Any) -> None:
    if field.data is not None and field.data > today():
        raise ValidationError("The date is in the future. A session is logged on its day or later.")


SECOND = (
    ("instead", "The same session: this takes the place of that entry"),
    ("another", "Another session on the same day: both count"),
)
"""What may become of an entry that stands already; nothing chosen asks."""


class WhenForm(Form):
    """What every entry of a log has. `second` is asked where an entry stands for the day; `stands` is which one."""

    held_on: Any = DatePartsField(
        "When was it?", [InputRequired("Enter the date of the session"), _not_future], noun="The date"
    )
    note = TextAreaField("Note", [Optional(), Length(max=1000, message="The note can have 1,000 characters")])
    second = RadioField("Which is it?", choices=chosen(SECOND), validators=[MayBeEmpty()])
    stands = HiddenField()
    client_reference = HiddenField(default=lambda: secrets.token_hex(12))

    @property
    def another(self) -> bool:
        """Whether the group met twice on that day."""
        return bool(self.second.data == "another")

    @property
    def instead_of(self) -> int | None:
        """The entry whose place this one takes."""
        text = (self.stands.data or "").strip()
        return int(text) if self.second.data == "instead" and text.isdecimal() and len(text) < 19 else None


class _Day(wtforms.Form):  # type: ignore[misc]
    held_on: Any = DatePartsField("")


def day_sent() -> date | None:
    """The day of the log that was sent; its pupils are not known before."""
    day: date | None = _Day(request.form).held_on.data
    return day


class MissedForm(WhenForm):
    """A session that did not happen."""

    reason = RadioField(
        "Why not?", choices=chosen(CancelReason.choices()), validators=[InputRequired("Say why it did not happen")]
    )

    def session(self, minutes: int) -> NewSession:
        """What was typed, as the service takes it."""
        return NewSession(
            held_on=self.held_on.data,
            minutes=minutes,
            state=SessionState.CANCELLED,
            reason=CancelReason(self.reason.data),
            note=(self.note.data or "").strip(),
            client_reference=self.client_reference.data or None,
            another=self.another,
            instead_of=self.instead_of,
        )


class LogForm(WhenForm):
    """A session that went ahead; `log_form` adds the fields of each pupil."""

    minutes: Any = MinutesField(
        "How long was it?", [InputRequired("Enter how many minutes it lasted")], noun="The length"
    )
    members: tuple[Member, ...] = ()
    measure_kind: MeasureKind | None = None

    def validate_readings(self) -> bool:
        """Whether every reading can be read on the group's measure; marks those that cannot."""
        good = True
        for member in self.members:
            try:
                self._reading(member.pupil_id)
            except NotAValue as error:
                self[f"reading-{member.pupil_id}"].errors = [f"{member.name}: {error}"]
                good = False
        return good

    def someone_is_marked(self) -> bool:
        """Whether at least one pupil is marked; says so beside the first if not."""
        if any(self[f"presence-{member.pupil_id}"].data for member in self.members):
            return True
        self.note.errors = ["Mark at least one pupil as here or away."]
        return False

    def session(self) -> NewSession:
        """What was typed, as the service takes it."""
        presences = tuple(self._presence(member) for member in self.members if self[f"presence-{member.pupil_id}"].data)
        return NewSession(
            held_on=self.held_on.data,
            minutes=self.minutes.data,
            note=(self.note.data or "").strip(),
            presences=presences,
            client_reference=self.client_reference.data or None,
            another=self.another,
            instead_of=self.instead_of,
        )

    def _presence(self, member: Member) -> NewPresence:
        key = member.pupil_id
        reading = self._reading(key)
        return NewPresence(
            pupil_id=key,
            present=self[f"presence-{key}"].data == HERE,
            reason=AbsenceReason(self[f"reason-{key}"].data) if self[f"reason-{key}"].data else None,
            engagement=Engagement(self[f"engagement-{key}"].data) if self[f"engagement-{key}"].data else None,
            note=(self[f"note-{key}"].data or "").strip(),
            reading=reading.number if reading else None,
            reading_censor=reading.censor if reading else None,
        )

    def _reading(self, key: int) -> Value | None:
        name = f"reading-{key}"
        typed = (self[name].data or "").strip() if name in self else ""
        return parse_value(typed, self.measure_kind) if typed and self.measure_kind else None


def log_form(card: GroupCard | LogSheet) -> type[LogForm]:
    """The log form of one group with its pupils of that day."""
    fields: dict[str, Any] = {"members": card.members, "measure_kind": card.measure_kind}
    for member in card.members:
        key = member.pupil_id
        fields[f"presence-{key}"] = RadioField(
            member.name, choices=chosen([(HERE, "Here"), (AWAY, "Away")]), validators=[MayBeEmpty()]
        )
        fields[f"reason-{key}"] = RadioField(
            f"Why {member.name} was away", choices=chosen(AbsenceReason.choices()), validators=[MayBeEmpty()]
        )
        fields[f"engagement-{key}"] = SelectField(
            f"How {member.name} took part",
            choices=chosen([("", "Not said"), *Engagement.choices()]),
            validators=[MayBeEmpty()],
        )
        fields[f"note-{key}"] = StringField(f"Note about {member.name}", [MayBeEmpty(), Length(max=500)])
        if card.measure_kind is not None:
            fields[f"reading-{key}"] = StringField(
                f"{member.name}: {card.measure_name}", [MayBeEmpty(), Length(max=20)]
            )
    return type("GroupLogForm", (LogForm,), fields)


def blank_log(card: GroupCard, on: date) -> dict[str, Any]:
    """All here, as long as usual: exceptions are one tap each."""
    filled: dict[str, Any] = {"held_on": on, "minutes": card.minutes}
    return filled | {f"presence-{member.pupil_id}": HERE for member in card.members}


def filled_log(card: GroupCard, line: SessionLine, reading_words: Any) -> dict[str, Any]:
    """An earlier entry, to be corrected. `reading_words` writes a figure as people do."""
    filled: dict[str, Any] = {"held_on": line.held_on, "minutes": line.minutes, "note": line.note}
    for one in line.presences:
        key = one.pupil_id
        filled[f"presence-{key}"] = HERE if one.present else AWAY
        filled[f"reason-{key}"] = one.reason.value if one.reason else None
        filled[f"engagement-{key}"] = one.engagement.value if one.engagement else ""
        filled[f"note-{key}"] = one.note
        filled[f"reading-{key}"] = reading_words(one)
    return filled


class CoverForm(Form):
    """Who takes a group on one day."""

    user_id = SelectField("Who takes the group?", choices=[], validators=[InputRequired("Choose who takes the group")])
    on: Any = DatePartsField("On which day?", [InputRequired("Enter the day")], noun="The day")


class TicksForm(Form):
    """Support in class in one week; `ticks_form` adds the fields of each provision."""

    week_of: Any = DatePartsField(
        "A day of the week", [InputRequired("Enter a day of the week"), _not_future], noun="The day"
    )
    provision_ids: tuple[int, ...] = ()

    def ticks(self) -> tuple[NewTick, ...]:
        """What was answered."""
        found = []
        for key in self.provision_ids:
            answer = self[f"happened-{key}"].data
            if answer:
                code = self[f"why-{key}"].data
                found.append(NewTick(key, answer == "yes", CancelReason(code) if code and answer == "no" else None))
        return tuple(found)


def ticks_form(provisions: Iterable[tuple[int, str]]) -> type[TicksForm]:
    """The form of one week's support in class: (provision id, words) pairs."""
    pairs = tuple(provisions)
    fields: dict[str, Any] = {"provision_ids": tuple(key for key, _ in pairs)}
    for key, words in pairs:
        fields[f"happened-{key}"] = RadioField(
            words, choices=chosen([("yes", "Happened"), ("no", "Did not")]), validators=[MayBeEmpty()]
        )
        fields[f"why-{key}"] = SelectField(
            f"{words}: why not", choices=chosen([("", "Reason"), *CancelReason.choices()]), validators=[MayBeEmpty()]
        )
    return type("WeekTicksForm", (TicksForm,), fields)
