"""Recording what parents were given: one row for each adult, with the very copy kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import current_app

from graduated.db.clock import today
from graduated.db.files import Stored
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.review.errors import ReviewRefused
from graduated.review.models import PaperGiven
from graduated.review.queries_given import adults_to_give
from graduated.rules.papers import ways_for
from graduated.rules.vocabulary import GivenHow, PaperKind


@dataclass(frozen=True, slots=True)
class Giving:
    """What is given to whom: the paper by name, the adults, how and on which day."""

    kind: PaperKind
    title: str
    adult_ids: tuple[int, ...]
    how: GivenHow
    on: date
    cycle_id: int | None = None
    review_id: int | None = None


@writes("Given to the parents")
def give(pupil_id: int, giving: Giving, pdf: bytes) -> int:
    """Keep that these adults were given this paper, and the very copy. Gives the id of the last row.

    The file is kept only once nothing speaks against it: a giving that is refused, or a form that was sent before,
    leaves none behind that no record names. Raises ReviewRefused for an adult who may not be given it, a way that is
    closed to them, or a day to come.
    """
    if giving.on > today():
        raise ReviewRefused("The day lies in the future. Record it once it was given.")
    known = {one.adult_id: one for one in adults_to_give(pupil_id)}
    adult_ids = tuple(dict.fromkeys(giving.adult_ids))
    for adult_id in adult_ids:
        adult = known.get(adult_id)
        if adult is None:
            raise ReviewRefused("One of the adults may not be given this paper today. Choose again.")
        if giving.how not in ways_for(withheld=adult.contact_withheld):
            raise ReviewRefused(
                f"{adult.name}’s contact details are withheld, so nothing is posted or e-mailed to them. "
                "Hand it over, and record that."
            )
    if not adult_ids:
        raise ReviewRefused("Choose at least one adult.")
    copy: Stored = current_app.extensions["files"].put([pdf])
    rows = [
        PaperGiven(
            pupil_id=pupil_id,
            kind=giving.kind,
            title=giving.title[:200],
            cycle_id=giving.cycle_id,
            review_id=giving.review_id,
            adult_id=adult_id,
            how=giving.how,
            given_on=giving.on,
            sha256=copy.sha256,
            size=copy.size,
        )
        for adult_id in adult_ids
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows[-1].id
