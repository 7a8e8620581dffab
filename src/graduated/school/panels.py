"""What other packages show on the School page: each offers a panel or a link; the page knows none of them by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import current_app, url_for

from graduated.access.guards import may
from graduated.access.policy import Subject


@dataclass(frozen=True, slots=True)
class Link:
    """A link as the page shows it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One card: a heading, lines of finished words, and where to go on."""

    heading: str
    lines: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


_panels: dict[str, tuple[int, Callable[[], Panel | None]]] = {}
_links: dict[str, tuple[int, str]] = {}


def offer_panel(order: int, name: str, build: Callable[[], Panel | None]) -> None:
    """Offer a card for the School page, by order; `build` runs its queries when the page is asked for.

    It gives nothing where there is nothing to say to who looks.
    """
    _panels[name] = (order, build)


def offer_link(order: int, text: str, endpoint: str) -> None:
    """Offer a page without arguments for the list of what else can be done."""
    _links[endpoint] = (order, text)


def panels() -> list[Panel]:
    """The cards offered, in order."""
    found = (build() for _order, build in sorted(_panels.values(), key=lambda one: one[0]))
    return [panel for panel in found if panel is not None]


def links() -> list[Link]:
    """The links offered to pages that are there and that the person may open."""
    found = []
    for endpoint, (_order, text) in sorted(_links.items(), key=lambda item: item[1][0]):
        action = getattr(current_app.view_functions.get(endpoint), "action", None)  # left there by the guard
        if action is not None and may(action, Subject()):
            found.append(Link(text, url_for(endpoint)))
    return found
