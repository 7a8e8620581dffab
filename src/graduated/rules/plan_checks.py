"""Plan checks: the thread from need through outcome and provision to review, as a published list (design §5).

Each check is deterministic, with an id that never changes, its reason, the Code paragraph, one failing and one passing
example. A check speaks beside the field it means; it never blocks. To add one: write a function that yields findings in
the module of its stage and put it in that module's list with its two examples.
"""

from __future__ import annotations

from dataclasses import dataclass

from graduated.rules.plan_check import Check
from graduated.rules.plan_checks_around import OF_NEEDS, OF_PEOPLE, OF_REVIEW
from graduated.rules.plan_checks_outcomes import OF_OUTCOMES
from graduated.rules.plan_checks_provision import OF_PROVISION
from graduated.rules.plan_facts import PlanFacts

__all__ = ["CHECKS", "STAGES", "Check", "Finding", "PlanFacts", "check_plan"]

STAGES: tuple[tuple[str, tuple[Check, ...]], ...] = (
    ("Need", OF_NEEDS),
    ("Outcome", OF_OUTCOMES),
    ("Provision", OF_PROVISION),
    ("Review", OF_REVIEW),
    ("People", OF_PEOPLE),
)
"""The published list by its stages along the thread."""

CHECKS: tuple[Check, ...] = tuple(check for _stage, checks in STAGES for check in checks)
"""The published list; an id never changes its meaning."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: whose (an outcome's or provision's id, or None for the plan), which field, and the remedy."""

    check: str
    subject: str | None
    field: str
    sentence: str


def check_plan(plan: PlanFacts) -> tuple[Finding, ...]:
    """Every finding of every check, in the order of the published list."""
    return tuple(Finding(check.id, *found) for check in CHECKS for found in check.run(plan))
