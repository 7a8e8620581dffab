"""The tabs of a pupil's pages: each package offers its own; a person sees those that the access table allows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import g, request, url_for

from graduated.access.guards import may
from graduated.access.policy import Action, Subject


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab as the page shows it."""

    text: str
    href: str
    current: bool


_offers: dict[str, tuple[int, str, Action]] = {}
_names: dict[str, str] = {}


def offer_tab(order: int, text: str, endpoint: str, action: Action) -> None:
    """Offer a page that takes `pupil_id` as a tab of the pupil's pages."""
    _offers[endpoint] = (order, text, action)


def name_pages(names: dict[str, str]) -> None:
    """Say what pages are called that are no tab, by endpoint: in a list of who looked."""
    _names.update(names)


def tabs_of(pupil_id: int, current: str | None = None) -> list[Tab]:
    """The tabs of one pupil; `current` is an endpoint when it is not the page's own.

    Asked about the pupil, not about the page's thing: who may read an open review may not read what is sealed.
    """
    here = current or request.endpoint
    pupil = replace(g.get("subject") or Subject(), area=None)
    return [
        Tab(text, url_for(endpoint, pupil_id=pupil_id), endpoint == here)
        for endpoint, (_order, text, action) in sorted(_offers.items(), key=lambda item: item[1][0])
        if may(action, pupil)
    ]


def page_words(endpoint: str) -> str:
    """What a page of a pupil is called, for who looked: its tab, or its own name in words."""
    if endpoint in _offers:
        return _offers[endpoint][1]
    if endpoint in _names:
        return _names[endpoint]
    package, _, name = endpoint.partition(".")
    plain = name.rpartition(".")[2].replace("_", " ").capitalize() or "A page"
    return f"The family’s side: {plain.lower()}" if package == "family" else plain
