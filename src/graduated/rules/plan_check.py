"""What one plan check is: an id that never changes its meaning, a reason, a source, and two examples that are run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from graduated.rules.plan_facts import SOUND_OUTCOME, SOUND_PLAN, SOUND_PROVISION, PlanFacts

Found = Iterator[tuple[str | None, str, str]]
"""Whose (an outcome's or provision's id, None for the plan), beside which field, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Check:
    """A published check. `run` yields a finding for each place where it fails.

    The examples stand twice: `fails_on` and `passes_on` in words for the page that explains the checks, `failing` and
    `passing` as data that the tests run. They are the same examples.
    """

    id: str
    title: str
    reason: str
    paragraph: str
    run: Callable[[PlanFacts], Found]
    fails_on: str
    failing: PlanFacts
    passes_on: str
    passing: PlanFacts = SOUND_PLAN


def with_outcome(**changes: Any) -> PlanFacts:
    """The sound plan with its outcome changed."""
    return replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, **changes),))


def with_provision(**changes: Any) -> PlanFacts:
    """The sound plan with its provision changed."""
    return replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, **changes),))


def with_plan(**changes: Any) -> PlanFacts:
    """The sound plan, changed."""
    return replace(SOUND_PLAN, **changes)
