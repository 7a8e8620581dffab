"""An outcome's parts as people write them, so that an amendment can say what was and what is."""

from __future__ import annotations

from decimal import Decimal

from graduated.assess.queries import Scale, scales
from graduated.plan.models import Outcome
from graduated.web.filters import long_date


def outcome_words(outcome: Outcome) -> dict[str, str]:
    """What an outcome says, part by part, in words; a part that is not there is empty."""
    scale = scales({outcome.measure_id})[outcome.measure_id] if outcome.measure_id is not None else None
    return {
        "area of need": outcome.area.label,
        "statement": outcome.statement,
        "in plain words": outcome.in_plain_words,
        "how it will be known": outcome.success,
        "measure": scale.name if scale else "",
        "baseline": _figure(scale, outcome.baseline),
        "target": f"keep within {outcome.tolerance}" if outcome.maintain else _figure(scale, outcome.target),
        "by when": long_date(outcome.by_when),
    }


def part_of_outcome(number: int, name: str = "") -> str:
    """What an amendment calls a part of an outcome; without a name, how all of them begin."""
    return f"Outcome {number}: {name}"


def _figure(scale: Scale | None, number: Decimal | None) -> str:
    return scale.words(number) if scale else ""
