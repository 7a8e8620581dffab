"""Forms before a review: whom to ask, and what somebody who was asked says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from wtforms import RadioField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from graduated.do.forms import MayBeEmpty, chosen
from graduated.plan.queries import ContributionRow, OutcomeRow
from graduated.review.services_asking import Said, Seen
from graduated.rules.vocabulary import Judgement
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

NOT_SEEN = "not-seen"


def _long(label: str) -> Any:
    return TextAreaField(label, [MayBeEmpty(), Length(max=4_000)])


class AskForm(Form):
    """Whom to ask, and by when."""

    people = SelectMultipleField(
        "Whom to ask",
        choices=[],
        validators=[InputRequired("Choose at least one person to ask")],
        validate_choice=False,
    )
    answer_by: Any = DatePartsField("By when", [MayBeEmpty()], noun="The day to answer by")

    def validate_people(self, field: Any) -> None:
        """Only who is on the list; the list may have changed since it was shown."""
        if not {one.value for one in field.choices}.issuperset(field.data or ()):
            raise ValidationError(
                "Somebody you chose is not on the list any more: they were asked meanwhile, or the review is no longer "
                "due. Nobody was asked. Look at the list again"
            )


class SayForm(Form):
    """What somebody who works with the pupil saw; `say_form` adds the fields of each outcome."""

    works = _long("What works")
    does_not_work = _long("What does not work")
    text = _long("Anything else")
    outcomes: Sequence[OutcomeRow] = ()

    def validate(self, extra_validators: Any = None) -> bool:
        """Something must be said, somewhere."""
        if not super().validate(extra_validators):
            return False
        said = self.said()
        written = any((said.works, said.does_not_work, said.text))
        if not written and not any(one.text for one in said.outcomes.values()):
            self.works.errors = ["Say something of at least one outcome, or what works and what does not"]
            return False
        return True

    def said(self) -> Said:
        """What was typed, as the service takes it."""
        seen = {}
        for one in self.outcomes:
            point = self[f"seen-{one.outcome_id}"].data
            judgement = Judgement(point) if point and point != NOT_SEEN else None
            seen[one.outcome_id] = Seen(judgement, (self[f"words-{one.outcome_id}"].data or "").strip())
        return Said(seen, self.works.data or "", self.does_not_work.data or "", self.text.data or "")


def say_form(outcomes: Sequence[OutcomeRow]) -> type[SayForm]:
    """The form for these outcomes."""
    fields: dict[str, Any] = {"outcomes": tuple(outcomes)}
    for one in outcomes:
        fields[f"seen-{one.outcome_id}"] = RadioField(
            "How far so far, from what you see?",
            choices=chosen([*Judgement.choices(), (NOT_SEEN, "Not seen by me")]),
            validators=[MayBeEmpty()],
        )
        fields[f"words-{one.outcome_id}"] = _long("What you see")
    return cast(type[SayForm], type("SayFormOfOutcomes", (SayForm,), fields))


def said_before(mine: Iterable[ContributionRow]) -> dict[str, Any]:
    """What the same person said already, to go on from."""
    found: dict[str, Any] = {}
    for one in mine:
        if one.outcome_id is None:
            found |= {"works": one.works, "does_not_work": one.does_not_work, "text": one.text}
        else:
            found[f"seen-{one.outcome_id}"] = one.details.get("judgement", "")
            found[f"words-{one.outcome_id}"] = one.details.get("words", one.text)
    return found
