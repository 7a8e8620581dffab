"""Forms of a review: the one long form of the sitting, made for what lies on the table, and the short ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length
from wtforms.widgets import TextInput

from graduated.do.forms import MayBeEmpty, chosen
from graduated.review.deciding import Decision
from graduated.review.services import Attending, Promise, Sitting
from graduated.review.sheet import Fielded
from graduated.rules.vocabulary import Judgement, NextStep, ProvisionVerdict, RequestPath, SpecialistPath
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

YES, NO = "yes", "no"

YES_NO = chosen([(YES, "Yes"), (NO, "No")])
BLANK_PROMISES = 3
MOST_PROMISES = 200
"""As many lines are read of a form that was sent: more than two people write, few enough to be no burden."""
_NOT_SAID = {"csrf_token", "form_key", "version", "opened", "rows"}


class OneBoxDate(DatePartsField):
    """A date in one box, for rows of a table: 24/11/2026, 24 Nov 2026 or 2026-11-24."""

    widget = TextInput()

    @property
    def error_id(self) -> str:
        """Where the error summary leads: there is one box only."""
        return str(self.id)

    def _value(self) -> str:
        if self.data is not None:
            return f"{self.data.day}/{self.data.month}/{self.data.year}"
        return str(self.raw_data[0]) if self.raw_data else ""


def _long(label: str) -> Any:
    return TextAreaField(label, [MayBeEmpty(), Length(max=20_000)])


def _short(label: str) -> Any:
    return StringField(label, [MayBeEmpty(), Length(max=120)])


class StartForm(Form):
    """Which kind of review is started."""

    kind = RadioField(
        "Which review is this?",
        choices=chosen(
            [("ordinary", "The review that ends this cycle"), ("interim", "An interim review, before its time")]
        ),
        default="ordinary",
        validators=[InputRequired("Choose which review this is")],
    )
    held_on: Any = DatePartsField("When is it held?", [MayBeEmpty()], noun="The date of the review")


class SealForm(Form):
    """Sealing has no fields of its own: everything was said at the sitting."""


class AddendumForm(Form):
    """What is added to a sealed review."""

    text = TextAreaField("What is added?", [InputRequired("Write what is added"), Length(max=20_000)])
    why = StringField("Why is it added now?", [InputRequired("Say why it is added now"), Length(max=500)])


def _row_of(text: str | None) -> int | None:
    """The id of a row as the page sent it; what is no id is a new row."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


class SittingForm(Form):
    """The sitting; `sitting_form` adds the fields of each outcome, provision and promise."""

    held_on: Any = DatePartsField("Held on", [MayBeEmpty()], noun="The date of the review")
    with_parent = RadioField("Did a parent or carer take part?", choices=YES_NO, validators=[MayBeEmpty()])
    attempts = _long("What was tried to reach the parents")
    family = SelectMultipleField("Family", choices=[], validators=[MayBeEmpty()])
    staff = SelectMultipleField("School", choices=[], validators=[MayBeEmpty()])
    pupil_present = BooleanField("The pupil was there")
    others_present = TextAreaField("Others who came", [MayBeEmpty(), Length(max=2_000)])
    pupil_views = _long("The pupil’s views")
    parent_views = _long("The parents’ views")
    summary = _long("Anything else that was said")
    done = SelectMultipleField("Done since last time", choices=[], validators=[MayBeEmpty()])
    need_remains = BooleanField("Help that is additional to or different from the ordinary is still needed")
    urgent = BooleanField("There is an urgent or safety concern")
    step = RadioField("Next step", choices=chosen(NextStep.choices()), validators=[MayBeEmpty()])
    reason = _long("Why this step")
    specialist = RadioField("How does it go on?", choices=chosen(SpecialistPath.choices()), validators=[MayBeEmpty()])
    service = _short("Which service")
    question = _long("What to ask them")
    who_refers = _short("Who refers")
    refer_by: Any = OneBoxDate("By when", [MayBeEmpty()], noun="The date of the referral")
    parents_agree = RadioField("Do the parents agree to the referral?", choices=YES_NO, validators=[MayBeEmpty()])
    specialist_words = _long("What is already happening, or what was declined and why")
    request = RadioField("How does it go on?", choices=chosen(RequestPath.choices()), validators=[MayBeEmpty()])
    request_words = _long("Why not now")
    signposted = BooleanField("The family was told that they can ask the authority themselves, and who can advise them")
    check_back_on: Any = OneBoxDate("Look again on", [MayBeEmpty()], noun="The date to look again")
    opened = HiddenField()
    rows = HiddenField()
    promises: tuple[int, ...] = ()
    table: Fielded

    @property
    def filled(self) -> dict[str, Any]:
        """What stands in the form, field by field, as `filled_sitting` gives what is saved."""
        return {field.name: field.data for field in self if field.name not in _NOT_SAID}

    def judgements(self) -> dict[int, Judgement]:
        """The judgements chosen so far."""
        ids = [key for key, _statement in self.table.judged]
        return {key: Judgement(self[f"judgement-{key}"].data) for key in ids if self[f"judgement-{key}"].data}

    def decision(self) -> Decision:
        """The next step as it stands in the form."""
        return Decision(
            step=NextStep(self.step.data) if self.step.data else None,
            reason=_text(self.reason),
            need_remains=bool(self.need_remains.data),
            urgent=bool(self.urgent.data),
            specialist=SpecialistPath(self.specialist.data) if self.specialist.data else None,
            service=_text(self.service),
            question=_text(self.question),
            who_refers=_text(self.who_refers),
            refer_by=self.refer_by.data,
            parents_agree=_said(self.parents_agree),
            specialist_words=_text(self.specialist_words),
            request=RequestPath(self.request.data) if self.request.data else None,
            request_words=_text(self.request_words),
            signposted=bool(self.signposted.data),
            check_back_on=self.check_back_on.data,
        )

    def sitting(self) -> Sitting:
        """All that stands in the form, as the service takes it."""
        done = set(self.done.data or ())
        judged = self.judgements()
        return Sitting(
            held_on=self.held_on.data,
            with_parent=_said(self.with_parent),
            pupil_present=bool(self.pupil_present.data),
            attempts=_text(self.attempts),
            others_present=_text(self.others_present),
            pupil_views=_text(self.pupil_views),
            parent_views=_text(self.parent_views),
            summary=_text(self.summary),
            attending=self._attending(),
            judgements=tuple(
                (key, judged.get(key), _text(self[f"reason-{key}"])) for key, _statement in self.table.judged
            ),
            verdicts=tuple(
                (key, _verdict(self[f"verdict-{key}"]), _text(self[f"why-{key}"])) for key, _name in self.table.supplied
            ),
            promises=tuple(
                Promise(
                    what=_text(self[f"what-{n}"]),
                    who=_text(self[f"who-{n}"]),
                    by_when=self[f"by-{n}"].data,
                    action_id=_row_of(self[f"action-{n}"].data),
                )
                for n in self.promises
            ),
            done=tuple((one.action_id, str(one.action_id) in done) for one in self.table.earlier_actions),
            decision=self.decision(),
        )

    def _attending(self) -> tuple[Attending, ...]:
        adults = {str(one.adult_id): one for one in self.table.adults}
        gone = {str(one.adult_id): one for one in self.table.record.attendees if one.adult_id}
        family = [
            Attending(adults[key].name, adults[key].relationship.label, adult_id=adults[key].adult_id)
            if key in adults
            else Attending(gone[key].name, gone[key].role, adult_id=gone[key].adult_id)
            for key in self.family.data or ()
        ]
        names = {one.value: one.label for one in self.staff.choices or ()}
        lead = str(self.table.lead_id)
        staff = [
            Attending(names[key], "Lead teacher" if key == lead else "School", user_id=int(key))
            for key in self.staff.data or ()
        ]
        others = [line.partition(",") for line in _text(self.others_present).splitlines() if line.strip()]
        return (*family, *staff, *(Attending(name.strip()[:120], role.strip()[:120]) for name, _, role in others))


def _text(field: Any) -> str:
    return (field.data or "").strip()


def _said(field: Any) -> bool | None:
    return {YES: True, NO: False}.get(field.data or "")


def _verdict(field: Any) -> ProvisionVerdict | None:
    return ProvisionVerdict(field.data) if field.data else None


def sitting_form(table: Fielded, actor: tuple[int | None, str], rows: int = 0) -> type[SittingForm]:
    """The form of one sitting; `actor` is who writes it, who may have come too; `rows` the lines for promises."""
    lines = max(rows, len(table.record.actions) + BLANK_PROMISES)
    fields: dict[str, Any] = {"table": table, "promises": tuple(range(lines))}
    for key, _statement in table.judged:
        fields[f"judgement-{key}"] = RadioField(
            "How far was it met?", choices=chosen(Judgement.choices()), validators=[MayBeEmpty()]
        )
        fields[f"reason-{key}"] = _long("Why")
    for key, _name in table.supplied:
        fields[f"verdict-{key}"] = RadioField(
            "What happens to it?", choices=chosen(ProvisionVerdict.choices()), validators=[MayBeEmpty()]
        )
        fields[f"why-{key}"] = _long("Why")
    for n in fields["promises"]:
        fields[f"action-{n}"] = HiddenField()
        fields[f"what-{n}"] = StringField("What", [MayBeEmpty(), Length(max=1_000)])
        fields[f"who-{n}"] = _short("Who")
        fields[f"by-{n}"] = OneBoxDate("By when", [MayBeEmpty()], noun=f"The date of action {n + 1}")
    fields["family"] = SelectMultipleField("Family", choices=chosen(_family(table)), validators=[MayBeEmpty()])
    fields["staff"] = SelectMultipleField("School", choices=chosen(_staff(table, actor)), validators=[MayBeEmpty()])
    fields["done"] = SelectMultipleField(
        "Tick what is done",
        choices=chosen((str(one.action_id), _promised(one)) for one in table.earlier_actions),
        validators=[MayBeEmpty()],
    )
    fields["step"] = RadioField(
        "What is the next step?",
        choices=chosen((step.value, step.label_for(table.head.status.value)) for step in NextStep),
        validators=[MayBeEmpty()],
    )
    return type("OneSittingForm", (SittingForm,), fields)


def rows_sent(sent: Mapping[str, str]) -> int:
    """How many lines for promises a form that was sent, or a draft of one, had."""
    lines = [_row_of(name[5:]) or 0 for name in sent if name.startswith("what-")]
    return min(MOST_PROMISES, max([_row_of(sent.get("rows")) or 0, *(line + 1 for line in lines)]))


def _promised(one: Any) -> str:
    return f"{one.what} ({one.who})" if one.who else str(one.what)


def _family(table: Fielded) -> list[tuple[str, str]]:
    known = {str(one.adult_id): f"{one.name}, {one.relationship.inside}" for one in table.adults}
    for one in table.record.attendees:
        if one.adult_id is not None:
            known.setdefault(str(one.adult_id), one.name)
    return list(known.items())


def _staff(table: Fielded, actor: tuple[int | None, str]) -> list[tuple[str, str]]:
    known = {str(key): name for key, name in table.staff}
    if actor[0] is not None:
        known.setdefault(str(actor[0]), actor[1])
    for one in table.record.attendees:
        if one.user_id is not None:
            known.setdefault(str(one.user_id), one.name)
    return list(known.items())


def filled_sitting(table: Fielded) -> dict[str, Any]:
    """What is saved, as the form shows it."""
    record, decision = table.record, table.decision
    judged = {one.outcome_id: one for one in record.judgements}
    said = {one.provision_id: one for one in record.verdicts}
    loose_reasons, loose_whys = dict(decision.reasons), dict(decision.whys)
    filled: dict[str, Any] = {
        "held_on": record.held_on,
        "with_parent": _yes_no(record.with_parent),
        "family": [str(one.adult_id) for one in record.attendees if one.adult_id is not None],
        "staff": [str(one.user_id) for one in record.attendees if one.user_id is not None],
        "done": [str(one.action_id) for one in table.earlier_actions if one.done_on is not None],
        **{name: getattr(record, name) for name in _SAME},
        "others_present": record.others_present or _others(table),
        **{name: getattr(decision, name) for name in _DECIDED},
        "parents_agree": _yes_no(decision.parents_agree),
        **{name: getattr(decision, name) and getattr(decision, name).value for name in _CODES},
    }
    for key, _statement in table.judged:
        line = judged.get(key)
        filled[f"judgement-{key}"] = line.judgement.value if line else None
        filled[f"reason-{key}"] = line.reason if line else loose_reasons.get(key, "")
    for key, _name in table.supplied:
        verdict = said.get(key)
        filled[f"verdict-{key}"] = verdict.verdict.value if verdict else None
        filled[f"why-{key}"] = verdict.why if verdict else loose_whys.get(key, "")
    for n, action in enumerate(record.actions):
        filled |= {f"action-{n}": str(action.action_id), f"what-{n}": action.what, f"who-{n}": action.who}
        filled[f"by-{n}"] = action.by_when
    return filled


def _others(table: Fielded) -> str:
    """Those who came and are neither of the family nor of the staff, one a line."""
    others = [one for one in table.record.attendees if one.adult_id is None and one.user_id is None]
    return "\n".join(f"{one.name}, {one.role}" if one.role else one.name for one in others)


_SAME = ("pupil_present", "attempts", "others_present", "pupil_views", "parent_views", "summary")
_DECIDED = (
    "reason",
    "need_remains",
    "urgent",
    "service",
    "question",
    "who_refers",
    "refer_by",
    "specialist_words",
    "request_words",
    "signposted",
    "check_back_on",
)
_CODES = ("step", "specialist", "request")


def _yes_no(value: bool | None) -> str | None:
    return {True: YES, False: NO, None: None}[value]
