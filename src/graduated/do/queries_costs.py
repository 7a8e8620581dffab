"""What provision costs: a plan as agreed, and any months of a pupil, planned and delivered (design §5, Cost).

Two figures that must not be taken for one another:

* **As agreed** is the whole of one plan: minutes a week and weeks, as the plan says them, so that anybody can work it
  out by hand. Provision that was stopped counts up to the day it stopped, by its sessions.
* **To date** is a stretch of time, twelve months unless said, across cycles: the minutes that `do.queries_dose` says
  were planned, and those delivered. What stands beside £6,000 is this one.

A rate is that of the card on which the plan was put when it was agreed; a newer card changes nothing until somebody
says so. What was agreed before there was any card, and what came from paper, goes by the card in force when it began.
One-off items and agency fees count once, on the day the provision begins. The number of queries does not depend on how
many pupils are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from graduated.db.clock import today
from graduated.do.costs import PlanCost, ProvisionCost, YearCost
from graduated.do.queries_dose import ProvisionDose, provisions_of_cycle, provisions_of_pupils
from graduated.plan.queries_cycles import cycle_of
from graduated.rules.calendar import TermDates, school_weeks
from graduated.rules.costing import (
    Cost,
    CostLine,
    a_year_before,
    cost,
)
from graduated.rules.dosage import Dose, between
from graduated.rules.vocabulary import CycleOrigin, CycleStatus, Evidencing, Role
from graduated.school.queries import bank_holidays, terms
from graduated.school.queries_rates import HourlyRate, RateCardRow, card_in_force, rate_cards

__all__ = [
    "PlanCost",
    "ProvisionCost",
    "YearCost",
    "cost_of_plan",
    "cost_of_year",
    "costs_of_provisions",
    "costs_of_years",
    "together",
    "year_of",
]

_DRAFTS = (CycleStatus.DRAFT, CycleStatus.SENT)
_NO_ROLE = "it does not say whose hourly rate counts"


def costs_of_provisions(
    pupil_ids: Collection[int], to: date | None = None, since: date | None = None
) -> tuple[ProvisionCost, ...]:
    """Every provision of these pupils that was agreed, costed for the period after `since` and up to `to`.

    `to` is today and `since` the same day a year before, unless said. Drafts are left out; provision with nothing in
    the period is in, with costs of nothing (`in_period` tells).
    """
    day = to or today()
    since = since or a_year_before(day)
    found = provisions_of_pupils(pupil_ids, day, since if since > date.min else None)
    return tuple(one for one, is_draft in _costed(found, day, since) if not is_draft)


def costs_of_years(pupil_ids: Collection[int], to: date | None = None) -> dict[int, YearCost]:
    """The twelve months to a day (today unless said) of each of these pupils."""
    day = to or today()
    found: dict[int, list[ProvisionCost]] = {pupil_id: [] for pupil_id in pupil_ids}
    for one in costs_of_provisions(pupil_ids, day):
        found.setdefault(one.pupil_id, []).append(one)
    return {pupil_id: year_of(pupil_id, day, lines) for pupil_id, lines in found.items()}


def cost_of_year(pupil_id: int, to: date | None = None) -> YearCost:
    """The twelve months to a day (today unless said) of one pupil, across cycles."""
    return costs_of_years([pupil_id], to)[pupil_id]


def cost_of_plan(cycle_id: int, on: date | None = None) -> PlanCost:
    """One plan: as agreed (or, for a draft, as it stands), and planned and delivered up to a day."""
    day = on or today()
    cycle = cycle_of(cycle_id)
    is_draft = cycle.status in _DRAFTS
    found = [(row, dose, Dose()) for row, dose in provisions_of_cycle(cycle_id, day)]
    lines = tuple(one for one, _draft in _costed(found, day, date.min))
    weeks = [one.weeks for one in lines if one.weeks is not None]
    cards = _cards(lines)
    return PlanCost(
        cycle_id=cycle_id,
        pupil_id=cycle.pupil_id,
        number=cycle.number,
        is_draft=is_draft,
        starts=cycle.starts,
        ends=cycle.ends or cycle.review_due,
        on=day,
        weeks=max(weeks, default=None),
        lines=lines,
        agreed=_sum((one, one.agreed_line) for one in lines if one.is_costed),
        planned=None if is_draft else _sum((one, one.planned_line) for one in lines if one.is_costed),
        delivered=None if is_draft else together(_logged(lines)),
        not_costed=_not_costed(lines),
        not_logged=() if is_draft else _not_logged(lines),
        cards=cards,
        newer=_newer(cards, day) if cycle.status is CycleStatus.AGREED and lines else None,
    )


def together(costs: Iterable[ProvisionCost], *, delivered: bool = True) -> Cost | None:
    """Many provisions as one sum, rounded once: what was delivered, or planned; none when none can be costed."""
    known = [(one, one.delivered_line if delivered else one.planned_line) for one in costs if one.is_costed]
    return _sum(known) if any(line is not None for _one, line in known) else None


def _sum(lines: Iterable[tuple[ProvisionCost, CostLine | None]]) -> Cost:
    """One sum of many provisions, each under its name; those that come to nothing are left out of the words."""
    return cost(
        replace(line, label=f"{one.name}, cycle {one.cycle_number}")
        for one, line in lines
        if line is not None and (line.minutes or line.one_off_pence or line.agency_pence)
    )


def year_of(pupil_id: int, to: date, costs: Iterable[ProvisionCost]) -> YearCost:
    """The twelve months of one pupil from costs that were read for them already."""
    lines = tuple(one for one in costs if one.in_period)
    return YearCost(
        pupil_id=pupil_id,
        since=a_year_before(to),
        to=to,
        lines=lines,
        planned=_sum((one, one.planned_line) for one in lines if one.is_costed),
        planned_logged=together(_logged(lines), delivered=False),
        delivered=together(lines),
        not_costed=_not_costed(lines),
        not_logged=_not_logged(lines),
        cards=_cards(lines),
    )


def _logged(lines: Iterable[ProvisionCost]) -> tuple[ProvisionCost, ...]:
    return tuple(one for one in lines if one.delivered_line is not None)


def _not_costed(lines: Iterable[ProvisionCost]) -> tuple[str, ...]:
    return tuple(f"{one.name}, cycle {one.cycle_number}: {one.why_not}" for one in lines if one.why_not)


def _not_logged(lines: Iterable[ProvisionCost]) -> tuple[str, ...]:
    return tuple(f"{one.name}, cycle {one.cycle_number}" for one in lines if one.delivered_line is None)


def _cards(lines: Iterable[ProvisionCost]) -> tuple[RateCardRow, ...]:
    used = {one.card.card_id: one.card for one in lines if one.card is not None and one.rate is not None}
    return tuple(sorted(used.values(), key=lambda card: (card.valid_from, card.card_id)))


def _newer(used: tuple[RateCardRow, ...], day: date) -> RateCardRow | None:
    """The card in force now, when any figure of the plan comes from another, or from none."""
    newest = card_in_force(rate_cards(), day)
    if newest is None or (used and all(one.card_id == newest.card_id for one in used)):
        return None
    return newest


def _costed(
    found: Iterable[tuple[Any, ProvisionDose, Dose]], day: date, since: date
) -> list[tuple[ProvisionCost, bool]]:
    """Every provision, by its plan, with whether that is a draft still."""
    cards, calendar, holidays = rate_cards(), terms(), bank_holidays()
    return [
        (
            _provision(row, now, before, cards, _weeks(row, now, calendar, holidays), since, day),
            row.status in _DRAFTS,
        )
        for row, now, before in sorted(found, key=_place)
    ]


def _place(found: tuple[Any, ProvisionDose, Dose]) -> tuple[date, int]:
    """Plans in the order in which they began; provisions stand in their own order within each already."""
    return found[0].cycle_starts, found[0].number


def _weeks(
    row: Any, dose: ProvisionDose, calendar: tuple[TermDates, ...], holidays: frozenset[date]
) -> int | None:  # fmt: skip
    """For how many school weeks the plan says it: as written, and no longer than it runs; none while nothing says."""
    ends = dose.planned.ends or row.review_due
    if ends is None:
        return row.weeks  # type: ignore[no-any-return]
    running = len(school_weeks(dose.planned.starts, ends, calendar, holidays))
    # Nobody has entered terms so far ahead: what the plan says is all there is to go by.
    if not running or not row.weeks:
        return running or row.weeks
    return min(running, row.weeks) if dose.planned.ends is not None else row.weeks  # type: ignore[no-any-return]


def _provision(
    row: Any,
    found: ProvisionDose,
    before: Dose,
    cards: tuple[RateCardRow, ...],
    weeks: int | None,
    since: date,
    day: date,
) -> ProvisionCost:
    card = _card(row, cards)
    rate = card.rate_for(_role(row)) if card is not None else None
    bought = since < row.starts <= day
    dose = between(found.dose, before)
    is_logged = row.evidencing is not Evidencing.NONE and row.origin is not CycleOrigin.PAPER
    return ProvisionCost(
        provision_id=row.id,
        pupil_id=row.pupil_id,
        cycle_id=row.cycle_id,
        cycle_number=row.number,
        intervention_id=row.intervention_id,
        name=row.name,
        group_size=max(1, row.group_size),
        starts=found.planned.starts,
        ends=found.planned.ends,
        weeks=weeks,
        card=card,
        rate=rate,
        why_not=_why_not(row, card, rate),
        dose=dose,
        agreed_line=_agreed(row, rate, found.dose, weeks),
        planned_line=_line(row, rate, dose.planned_to_date_minutes, bought),
        delivered_line=_line(row, rate, dose.delivered_minutes, bought) if is_logged else None,
    )


def _role(row: Any) -> Role | None:
    role: Role | None = row.staff_role or row.group_role
    return role


def _card(row: Any, cards: tuple[RateCardRow, ...]) -> RateCardRow | None:
    own = next((card for card in cards if card.card_id == row.rate_card_id), None)
    return own or card_in_force(cards, row.starts)


def _why_not(row: Any, card: RateCardRow | None, rate: HourlyRate | None) -> str:
    if rate is not None or row.one_off_pence or row.agency_pence:
        return ""
    role = _role(row)
    if role is None:
        return _NO_ROLE
    if card is None:
        return "no rate card was in force when it began"
    return f"the rate card has no rate for {role.inside}"


def _line(row: Any, rate: HourlyRate | None, minutes: int, bought: bool, weeks: int | None = None) -> CostLine:
    return CostLine(
        label="",
        minutes=max(0, minutes) if rate else 0,
        hourly_rate=rate.pounds_an_hour if rate else Decimal(0),
        group_size=max(1, row.group_size),
        one_off_pence=row.one_off_pence if bought else 0,
        agency_pence=row.agency_pence if bought else 0,
        weeks=weeks,
    )


def _agreed(row: Any, rate: HourlyRate | None, dose: Dose, weeks: int | None) -> CostLine | None:
    if row.stopped_on is not None:
        return _line(row, rate, dose.whole_plan_minutes, True)
    if weeks is None:
        return None
    return _line(row, rate, row.minutes * row.times_a_week, True, weeks)
