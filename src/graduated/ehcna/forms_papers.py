"""Forms on the papers of a request: which go, the release of a restricted one, and what was given to whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from graduated.ehcna.queries_chosen import PaperLine
from graduated.pupils.forms import choices, not_in_future, strip
from graduated.rules.vocabulary import GivenHow, SentHow
from graduated.web.fields import DatePartsField
from graduated.web.forms import Form

_WHY_MISSING = "Say in a few words why it stays out"


class ChoosePapersForm(Form):
    """A tick and a reason for each open paper; `goes_7` and `why_7` are those of document 7."""

    @property
    def left_out(self) -> Mapping[int, str]:
        """By paper without a tick: the reason."""
        return {
            int(name.removeprefix("goes_")): (self[f"why_{name.removeprefix('goes_')}"].data or "").strip()
            for name in self.data
            if name.startswith("goes_") and not self[name].data
        }

    def validate(self, extra_validators: Any = None) -> bool:
        """A paper that stays out says why."""
        is_valid = bool(super().validate(extra_validators))
        for document_id, why in self.left_out.items():
            field = self[f"why_{document_id}"]
            if not why and not field.errors:
                field.errors = [_WHY_MISSING]
                is_valid = False
        return is_valid


def papers_form(lines: Iterable[PaperLine]) -> type[ChoosePapersForm]:
    """The form for just these papers."""
    fields: dict[str, Any] = {}
    for one in lines:
        fields[f"goes_{one.paper.document_id}"] = BooleanField(one.paper.title)
        fields[f"why_{one.paper.document_id}"] = StringField(
            "If it is not ticked: why it stays out", [Length(max=200)], filters=[strip]
        )
    return type("PapersForm", (ChoosePapersForm,), fields)


def as_chosen(lines: Iterable[PaperLine]) -> dict[str, Any]:
    """What the form begins with: as was decided, else ticked."""
    begun: dict[str, Any] = {}
    for one in lines:
        begun[f"goes_{one.paper.document_id}"] = one.goes
        begun[f"why_{one.paper.document_id}"] = "" if one.goes else one.why
    return begun


class ReleaseForm(Form):
    """Why one restricted paper goes with one request, or why it stays in after all."""

    why = TextAreaField("Why?", [InputRequired("Say why"), Length(max=500)], filters=[strip])


class SentForm(Form):
    """To whom at the authority a built pack was given, how and when."""

    how = RadioField("How?", [InputRequired("Choose how it was given")], choices=choices(SentHow))
    sent_on = DatePartsField("When?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")
    to_whom = StringField(
        "To whom?",
        [Optional(), Length(max=120)],
        filters=[strip],
        description="For example, the SEN team, or the address of its mailbox.",
    )


class GiveCopyForm(Form):
    """How and when an adult of the family was given their copy."""

    how = RadioField("How?", [InputRequired("Choose how it was given")], choices=choices(GivenHow))
    given_on = DatePartsField("When?", [InputRequired("Enter the date"), not_in_future("The date")], noun="The date")
