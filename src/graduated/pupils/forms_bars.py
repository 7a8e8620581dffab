"""Forms of bars: why an adult may not look, a hold renewed, a bar ended."""

from __future__ import annotations

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from graduated.db.clock import today
from graduated.pupils.forms import choices, strip
from graduated.rules.bars import LONGEST_HOLD, why_not
from graduated.rules.vocabulary import BarKind
from graduated.web.fields import DatePartsField
from graduated.web.filters import long_date
from graduated.web.forms import Form


class BarForm(Form):
    """Why an adult may not look: an order of a court, or a safeguarding hold with an end."""

    kind = RadioField("On what ground?", [InputRequired("Choose the ground")], choices=choices(BarKind))
    starts = DatePartsField("From", [InputRequired("Enter the first day")], noun="The first day")
    ends = DatePartsField("Until", [Optional()], noun="The last day")
    has_no_end = BooleanField("The order has no last day")
    reason = TextAreaField("What does it say?", [DataRequired("Say what the ground is"), Length(max=2000)],
                           filters=[strip])  # fmt: skip
    document_id = SelectField("The order itself", [Optional()], choices=[])

    def validate(self, extra_validators: Any = None) -> bool:
        """An order needs its paper and its days, a hold an end within three months (`rules.bars`)."""
        right = bool(super().validate(extra_validators))
        if not self.kind.data or self.kind.errors or self.ends.errors or not self.starts.data:
            return right
        wrong = why_not(
            BarKind(self.kind.data),
            self.starts.data,
            self.ends.data,
            today(),
            has_paper=bool(self.document_id.data),
            has_no_end=bool(self.has_no_end.data),
        )
        for name, words in wrong.items():
            self[name].errors = [words]
        return right and not wrong


class RenewForm(Form):
    """A hold that runs on."""

    until = DatePartsField("Until", [InputRequired("Enter the new last day")], noun="The last day")
    why = TextAreaField(
        "Why is it still needed?", [DataRequired("Say why it is still needed"), Length(max=1000)], filters=[strip]
    )


class LiftForm(Form):
    """Ending a bar, with the reason."""

    why = TextAreaField("Why is it lifted?", [DataRequired("Say why it is lifted"), Length(max=1000)], filters=[strip])


def hold_ends_by() -> str:
    """The latest end of a hold that begins, or is renewed, today, in words."""
    return long_date(today() + LONGEST_HOLD)
