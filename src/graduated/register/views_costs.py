"""What a pupil's provision costs: the plan and the twelve months, each figure with its arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Response, request, url_for

from graduated.access.actions import COST_READ, COST_WRITE
from graduated.access.guards import guard, may
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.do.costs import PlanCost
from graduated.do.queries_costs import cost_of_plan, cost_of_year
from graduated.plan.queries_rates import RateChangeRow, rate_changes_of
from graduated.pupils.queries import pupil_head
from graduated.pupils.tabs import offer_tab, tabs_of
from graduated.register.overview import current_of
from graduated.register.queries_pupil import cycle_lines
from graduated.register.views import bp
from graduated.rules.calendar import academic_year_starts
from graduated.web.page import page

offer_tab(35, "Cost", "register.costs", COST_READ)


@dataclass(frozen=True, slots=True)
class PlanCostPart:
    """The cost of one plan as a page shows it; `newer_href` puts it on newer rates, for who may, where there are."""

    cost: PlanCost
    changes: tuple[RateChangeRow, ...]
    newer_href: str


def plan_cost_part(pupil_id: int, cycle_id: int, on: date | None = None) -> PlanCostPart | None:
    """The part of a page that says what a plan costs; none for those who do not read costs."""
    subject = Subject(pupil_id)
    if not may(COST_READ, subject):
        return None
    cost = cost_of_plan(cycle_id, on)
    may_change = cost.newer is not None and may(COST_WRITE, subject)
    return PlanCostPart(
        cost, rate_changes_of(cycle_id), url_for("plan.newer_rates", cycle_id=cycle_id) if may_change else ""
    )


@dataclass(frozen=True, slots=True)
class Until:
    """A day that twelve months may end on."""

    words: str
    href: str
    current: bool


@bp.get("/pupils/<int:pupil_id>/costs")
@guard(COST_READ)
def costs(pupil_id: int) -> Response:
    """The twelve months to a day, and the plan that holds now; for htmx the figures alone, for the overview."""
    to = _day(request.args.get("to", "")) or today()
    current = current_of(cycle_lines(pupil_id))
    return page(
        "register/costs.html",
        "register/_cost_figures.html",
        title="Cost",
        head=pupil_head(pupil_id),
        tabs=tabs_of(pupil_id),
        year=cost_of_year(pupil_id, to),
        part=plan_cost_part(pupil_id, current.cycle_id) if current else None,
        untils=_untils(pupil_id, to),
    )


def _day(typed: str) -> date | None:
    """A day of the address, never one to come; none when it cannot be read."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if day.year >= 2000 and day <= today() else None


def _untils(pupil_id: int, chosen: date) -> list[Until]:
    """Days that people ask about: today, the end of the last financial year, the end of the last academic year."""
    now = today()
    march = date(now.year if now >= date(now.year, 4, 1) else now.year - 1, 3, 31)
    august = date(academic_year_starts(now).year, 8, 31)
    days = (("today", now), ("31 March", march), ("31 August", august))
    return [
        Until(
            f"{words} {day.year}" if day != now else words,
            url_for("register.costs", pupil_id=pupil_id, to=None if day == now else day.isoformat()),
            day == chosen,
        )
        for words, day in days
    ]
