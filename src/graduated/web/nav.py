"""The main navigation: each package says what it offers; a person sees what the access table lets them read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import attrgetter

from flask import request, url_for

from graduated.access.guards import may
from graduated.access.policy import Action, Subject


@dataclass(frozen=True, slots=True)
class Offer:
    """One item of the main navigation."""

    order: int
    label: str
    endpoint: str
    action: Action
    blueprints: frozenset[str]


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the page shows it."""

    label: str
    href: str
    current: bool
    count: int | None = None


_order = attrgetter("order")
_offers: dict[str, Offer] = {}
_placed: dict[str, str] = {}


def offer(
    order: int, label: str, endpoint: str, action: Action, blueprints: Iterable[str] = (), *, alone: bool = False
) -> None:
    """Offer a page in the main navigation; current while a page of these blueprints is shown, or that page `alone`."""
    shown = frozenset() if alone else frozenset(blueprints) | {endpoint.partition(".")[0]}
    _offers[endpoint] = Offer(order, label, endpoint, action, shown)


def place(endpoint: str, under: str) -> None:
    """Say under which item a page belongs that is of another blueprint."""
    _placed[endpoint] = under


def items() -> list[Item]:
    """The navigation of the person signed in."""
    here, itself, anything = request.blueprint or "", request.endpoint in _offers, Subject()
    return [
        Item(one.label, _address(one.endpoint, request.script_root), _is_current(one, here, itself))
        for one in sorted(_offers.values(), key=_order)
        if may(one.action, anything)
    ]


@cache
def _address(endpoint: str, _root: str) -> str:
    """Where an item leads, below the root at which the program answers: the same on every page."""
    return url_for(endpoint)


def _is_current(one: Offer, blueprint: str, itself: bool) -> bool:
    if request.endpoint in _placed:
        return one.endpoint == _placed[request.endpoint]
    return one.endpoint == request.endpoint if itself else blueprint in one.blueprints
