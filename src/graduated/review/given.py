"""How each kind of paper is drawn for giving: floors above offer their own, so that the copy kept is the one given."""

from __future__ import annotations

from collections.abc import Callable, Collection

from graduated.access.identity import require_actor
from graduated.rules.vocabulary import PaperKind

Draw = Callable[[int, str, Collection[int]], bytes]
_drawn: dict[PaperKind, Draw] = {}


def offer_drawing(kind: PaperKind, draw: Draw) -> None:
    """Say how a kind of paper is drawn, from the id of its record, who prints it, and the adults who get it."""
    _drawn[kind] = draw


def drawn_copy(kind: PaperKind, row_id: int, given_to: Collection[int]) -> bytes:
    """Draw a paper. To be done before a transaction opens: it takes a while, and nothing is kept yet."""
    return _drawn[kind](row_id, require_actor().name, given_to)
