"""Which strengths, difficulties and concerns are restricted: packs, bundles and transfers leave them out by this."""

from __future__ import annotations

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from graduated.assess.models import Observation
from graduated.db.session import db
from graduated.pupils.models_restricted import Restriction
from graduated.rules.vocabulary import Visibility

CLOSED = (Visibility.RESTRICTED, Visibility.KEPT)
_AFTER = aliased(Observation)
_MARKED = (
    select(Restriction.observation_id, Restriction.concern_id, _AFTER.id, Restriction.level)
    .outerjoin(_AFTER, _AFTER.replaces_id == Restriction.observation_id)
    .where(Restriction.pupil_id == bindparam("pupil_id"), Restriction.level.in_(CLOSED))
)


def closed_entries(pupil_id: int) -> dict[tuple[str, int], Visibility]:
    """By table and number what of a pupil is restricted, as far as the person acting may know of it.

    The withdrawal of an observation goes with it: its words tell what was withdrawn.
    """
    found = {}
    for observation_id, concern_id, after_id, level in db.session.execute(_MARKED, {"pupil_id": pupil_id}):
        for table, row_id in (("observation", observation_id), ("observation", after_id), ("concern", concern_id)):
            if row_id is not None:
                found[table, row_id] = level
    return found
