"""Plans to begin with: a draft, or one that is agreed."""

from __future__ import annotations

from datetime import date, timedelta

from graduated.db.clock import today
from graduated.plan import services
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.rules.vocabulary import AgreementMethod, NeedArea
from tests.support.world import World

WHO = {"decided_by": "Hannah Legg"}


def on(name: str, day: date) -> dict[str, str]:
    """A day as the three fields of a date."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def open_draft(world: World, lead: str | None = "lead", pupil: str = "zofia") -> int:
    """A plan being written since twenty days; gives the id of its cycle."""
    lead_id = world.users[lead] if lead else None
    return services.open_cycle(world.pupils[pupil], CycleFrame(today() - timedelta(days=20), lead_id=lead_id))


def agreed(world: World, outcomes: int = 1) -> int:
    """A plan agreed ten days ago, with so many outcomes; gives the id of its cycle."""
    cycle = open_draft(world)
    for number in range(outcomes):
        outcome = services.add_outcome(cycle, OutcomeDetails(NeedArea.COGNITION, f"Reads text {number + 1} aloud"))
        services.add_provision(
            cycle, ProvisionDetails("Precision reading", minutes=15, times_a_week=4, serves=(outcome,))
        )
    services.agree(
        cycle, AgreementDetails(today() - timedelta(days=10), AgreementMethod.MEETING, (world.adults["parent"],))
    )
    return cycle
