"""Parts of a pupil's Family page that packages above offer: each a template and what fills it."""

from __future__ import annotations

from collections.abc import Callable

Fill = Callable[[int], object]
_family: dict[str, Fill] = {}


def offer_family_part(template: str, fill: Fill) -> None:
    """Offer a part; the template finds what `fill` gives for the pupil as `part`."""
    _family[template] = fill


def family_parts(pupil_id: int) -> list[tuple[str, object]]:
    """The parts of one pupil's page."""
    return [(template, fill(pupil_id)) for template, fill in sorted(_family.items())]
