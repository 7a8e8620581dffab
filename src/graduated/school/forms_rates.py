"""The form of a rate card: whose rates, from when, and pounds an hour by role."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from wtforms import IntegerField, RadioField, SelectChoice, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from graduated.rules.vocabulary import RateOwner, Role
from graduated.school.authorities import PublishedRates
from graduated.school.models import PRICED
from graduated.school.queries_rates import RateCardRow
from graduated.school.services_rates import CardDetails
from graduated.web.fields import DatePartsField, UkDecimalField
from graduated.web.forms import Form


class HourlyRateField(UkDecimalField):
    """Pounds an hour to four places; "£17.2368" and 17.2368 are read alike."""

    def read(self, typed: str) -> Decimal:
        """The rate. Raises ValueError for what is no rate, or has more than four places."""
        return super().read(typed.removeprefix("£"))

    def show(self, value: Decimal) -> str:
        """With four places, as it is printed everywhere."""
        return f"{value:.4f}"


def _rate(role: Role) -> HourlyRateField:
    return HourlyRateField(role.label, [Optional()], places=4, least=Decimal("0.01"), most=500)


class RateCardForm(Form):
    """One card."""

    whose = RadioField(
        "Whose rates are they?",
        [InputRequired("Choose whose rates they are")],
        choices=[SelectChoice(code, label) for code, label in RateOwner.choices()],
    )
    source = StringField(
        "Where they come from",
        [DataRequired("Enter where the rates come from, for example the paper that sets them"), Length(max=200)],
        description="Printed beside every figure. For example, Dorset Council costing rates 2026/27",
    )
    valid_from = DatePartsField("In force from", [InputRequired("Enter the day from which they hold")], noun="The day")
    weeks_a_year = IntegerField(
        "Weeks in the school year",
        [InputRequired("Enter the number of weeks"), NumberRange(1, 52, "Enter a number from 1 to 52")],
        default=38,
    )
    role_support = _rate(Role.SUPPORT)
    role_teacher = _rate(Role.TEACHER)
    role_senco = _rate(Role.SENCO)
    role_sen_assistant = _rate(Role.SEN_ASSISTANT)
    role_head = _rate(Role.HEAD)

    @property
    def rate_fields(self) -> list[tuple[Role, Any]]:
        """The box of each role, in the order of the form."""
        return [(role, self[_name(role)]) for role in PRICED]

    def blame(self, sentence: str, name: str) -> None:
        """Put a fault beside its field, or at the top."""
        if name:
            self[name].errors = [*self[name].errors, sentence]
        else:
            self.form_errors.append(sentence)

    def details(self) -> CardDetails:
        """What was typed, as the service takes it; only for a form that is valid."""
        valid_from = self.valid_from.data
        if valid_from is None:
            raise ValueError("a form that is not valid has no card")
        return CardDetails(
            whose=RateOwner(self.whose.data),
            source=str(self.source.data),
            valid_from=valid_from,
            weeks_a_year=int(self.weeks_a_year.data),
            rates={role: box.data for role, box in self.rate_fields if box.data is not None},
        )


def _name(role: Role) -> str:
    return f"role_{role.value.replace('-', '_')}"


def card_data(card: RateCardRow | None, *, anew: bool = False) -> Mapping[str, Any]:
    """A card as its form shows it; a new version begins with everything of the last but its day."""
    if card is None:
        return {}
    rates = {_name(one.role): one.pounds_an_hour for one in card.rates if one.role in PRICED}
    data = {"whose": card.whose.value, "source": card.source, "weeks_a_year": card.weeks_a_year, **rates}
    return data if anew else {**data, "valid_from": card.valid_from}


def published_data(card: PublishedRates) -> Mapping[str, Any]:
    """The rates that an authority has published, as the form shows them before they are taken."""
    rates = {_name(role): pounds for role, pounds in card.rates.items()}
    return {
        "whose": RateOwner.AUTHORITY.value,
        "source": card.source,
        "valid_from": card.valid_from,
        "weeks_a_year": card.weeks_a_year,
        **rates,
    }
