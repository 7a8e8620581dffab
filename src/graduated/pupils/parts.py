"""Parts of a pupil's pages that packages above offer: each a template and what fills it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

Fill = Callable[[int], object]
_offered: dict[str, dict[str, Fill]] = defaultdict(dict)


def offer_part(endpoint: str, template: str, fill: Fill) -> None:
    """Offer a part of one of the pupil's pages; the template finds what `fill` gives for the pupil as `part`."""
    _offered[endpoint][template] = fill


def parts_of(endpoint: str, pupil_id: int) -> list[tuple[str, object]]:
    """The parts of one pupil's page."""
    return [(template, fill(pupil_id)) for template, fill in sorted(_offered[endpoint].items())]
