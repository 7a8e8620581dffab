"""Which strengths, difficulties and concerns are restricted: packs, bundles and transfers leave them out by this.

What was built before an entry was marked holds it still, so by this it is also known what is not to be given any more.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from graduated.access.identity import acting, require_actor, system_actor
from graduated.assess.models import Observation
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.session import db
from graduated.pupils.models import Document
from graduated.pupils.models_restricted import Restriction
from graduated.rules.vocabulary import Visibility

CLOSED = (Visibility.RESTRICTED, Visibility.KEPT)
_LEVELS = frozenset(one.value for one in CLOSED)
_AFTER = aliased(Observation)
_MARKED = (
    select(Restriction.observation_id, Restriction.concern_id, _AFTER.id, Restriction.level, Restriction.recorded_at)
    .outerjoin(_AFTER, _AFTER.replaces_id == Restriction.observation_id)
    .where(Restriction.pupil_id == bindparam("pupil_id"), Restriction.level.in_(CLOSED))
)
_MARKS = select(func.max(Restriction.recorded_at)).where(Restriction.pupil_id == bindparam("pupil_id"))
_MARKINGS = select(func.max(ChangeEvent.at)).where(
    ChangeEvent.pupil_id == bindparam("pupil_id"), ChangeEvent.act == "Who may read an entry changed"
)
_PAPERS = (
    select(ChangeEvent.at, ChangeDetail.payload)
    .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
    .where(
        ChangeEvent.pupil_id == bindparam("pupil_id"),
        ChangeEvent.act.in_(("Paper's details changed", "Details of papers changed")),
    )
    .order_by(ChangeEvent.sequence.desc())
)
Key = tuple[str, int]


def closed_entries(pupil_id: int) -> dict[Key, Visibility]:
    """By table and number what of a pupil is restricted, as far as the person acting may know of it.

    The withdrawal of an observation goes with it: its words tell what was withdrawn.
    """
    return {key: level for key, level, _at in _closed(pupil_id)}


def first_marked(pupil_id: int) -> dict[Key, datetime]:
    """By table and number what of a pupil is restricted, whoever may know of it, and when it was marked first."""
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        return {key: at for key, _level, at in _closed(pupil_id)}


def _closed(pupil_id: int) -> list[tuple[Key, Visibility, datetime]]:
    found = []
    for observation_id, concern_id, after_id, level, at in db.session.execute(_MARKED, {"pupil_id": pupil_id}):
        for table, row_id in (("observation", observation_id), ("observation", after_id), ("concern", concern_id)):
            if row_id is not None:
                found.append(((table, row_id), level, at))
    return found


def narrowed_at(pupil_id: int) -> datetime | None:
    """When it was last decided who may read an entry, or a paper that was or became restricted; whoever may know of it.

    A file of the whole record that was made before does not follow it.
    """
    actor, pupil = require_actor(), {"pupil_id": pupil_id}
    with acting(system_actor(actor.school_id, actor.name)):
        moments = [db.session.scalar(_MARKS, pupil), db.session.scalar(_MARKINGS, pupil)]
        papers = db.session.execute(_PAPERS, pupil).all()
    moments.append(next((row.at for row in papers if _narrows(row.payload)), None))
    return max((one for one in moments if one is not None), default=None)


def _narrows(payload: Any) -> bool:
    """Whether an act changed a paper from or to a level that only a few read; its contents may be erased by law."""
    return any(
        table == Document.__tablename__ and not _LEVELS.isdisjoint(columns.get("visibility") or ())
        for table, _row_id, _what, columns in payload or ()
    )
