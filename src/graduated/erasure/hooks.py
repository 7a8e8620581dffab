"""What higher floors hang into this one at start, so that erasing need not import what is kept and why."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from graduated.db.hooks import once

__all__ = ["held_since", "once", "since"]

since: list[Callable[[int], date | None]] = []
"""Of a pupil: since when their record is held, or nothing while no hold stands."""


def held_since(pupil_id: int) -> date | None:
    """Since when a record is held, whatever the law would else take out of it; nothing when it is not."""
    days = [day for hook in since if (day := hook(pupil_id)) is not None]
    return min(days, default=None)
