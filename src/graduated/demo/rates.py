"""What the demo school's provision costs: three rate cards, and what is bought for some pupils."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from graduated.demo.calendar import SchoolCalendar
from graduated.plan.services import ProvisionDetails
from graduated.rules.calendar import academic_year_starts
from graduated.rules.vocabulary import RateOwner, Role
from graduated.school.services_rates import CardDetails, add_rate_card

_ROLES = (Role.SUPPORT, Role.TEACHER, Role.SENCO, Role.SEN_ASSISTANT)
_FIRST = ("17.2368", "43.5000", "49.1000", "18.9000")
_THIS_YEAR = ("17.7884", "44.8920", "50.6712", "19.5048")
_AWARD = ("18.2331", "44.8920", "50.6712", "19.9924")
_AWARD_SINCE = timedelta(days=12)

BOUGHT_ONCE = {
    "Touch-typing": 3_900,
    "Hand programme": 2_850,
    "Communication book sessions": 6_400,
    "Picture exchange at snack": 4_500,
    "Large-print reading with rests": 8_640,
    "Bucket time 1:1": 3_200,
}
"""Pence for materials, equipment or a licence, by the name of the provision: paid with its first plan."""
FEES = {"Speech sounds 1:1": 24_000, "Drawing and talking": 18_000}
"""Pence a plan for somebody from outside who sets the programme and looks in."""


def enter(calendar: SchoolCalendar) -> None:
    """The cards: one for the years before, one for this year, and a pay award that no agreed plan goes by yet."""
    since = calendar.terms[0].starts
    this_year = max(academic_year_starts(calendar.today), since + timedelta(days=1))
    award = max(calendar.today - _AWARD_SINCE, this_year + timedelta(days=1))
    _card("Governors’ finance committee: hourly cost with on-costs (fictional)", since, _FIRST)
    _card("Governors’ finance committee: hourly cost with on-costs, this year (fictional)", this_year, _THIS_YEAR)
    _card("Governors’ finance committee: after the pay award for support staff (fictional)", award, _AWARD)


def _card(source: str, since: date, pounds: tuple[str, ...]) -> None:
    rates = {role: Decimal(one) for role, one in zip(_ROLES, pounds, strict=True)}
    add_rate_card(CardDetails(RateOwner.SCHOOL, source, since, 38, rates))


def priced(details: ProvisionDetails, *, again: bool) -> ProvisionDetails:
    """Provision with what is bought for it; `again` when the plan before had it too."""
    once = 0 if again else BOUGHT_ONCE.get(details.name, 0)
    return replace(details, one_off_pence=once, agency_pence=FEES.get(details.name, 0))
