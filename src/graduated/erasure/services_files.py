"""Asking that the file of an uploaded paper goes by law: all of it, for a part of a file cannot be taken out."""

from __future__ import annotations

from collections.abc import Collection

from graduated.db.writing import writes
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.places import PAPER, Place, row_at
from graduated.erasure.services import Wish, ask, put_down, refuse_asked, refuse_held
from graduated.rules.vocabulary import ByLaw

NAMES = ("title", "author")
"""What is said of a paper in words. It stays unless it is asked for as well."""


@writes("Erasure of a paper asked for")
def ask_for_paper(document_id: int, reason: str, advised_by: str, names: Collection[str] = ()) -> int:
    """Ask that the file of a paper is erased; gives the order's id. Nothing changes yet.

    `names`: of its title and author what is to go as well. Each is an order of its own, as for any other words, so that
    one can be carried out and another declined. Raises ErasureRefused, and then none of it was asked for.
    """
    place = Place(PAPER[0], document_id, PAPER[1])
    row = row_at(place)
    if row is None or not row.sha256:
        raise ErasureRefused("The file of this paper is not kept any more.")
    refuse_held(row.pupil_id)
    refuse_asked(place)
    wish = Wish(ByLaw.ERASE, reason, advised_by)
    order_id = put_down(place, row, wish)
    for name in NAMES:
        if name in names:
            ask(Place(PAPER[0], document_id, name), wish)
    return order_id
