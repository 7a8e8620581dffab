"""Who changed what, as it goes to whoever asks: an act is told when everything that it changed is told.

So nothing has to know which acts are about safeguarding, about a bar or about another adult: an act that touched a row
that stays out stays out with it, and an act that nobody can say the reach of stays out too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from graduated.audit.models import ChangeDetail
from graduated.db.session import db
from graduated.disclosure.gather import Row

HARMLESS = frozenset({"seal", "seal_parts", "plan_reading", "narrative_version", "pack_build", "pack_file"})
"""Tables of no bundle whose rows come with what is in it: a seal with its review, a pack with its request."""
_DETAILS = select(ChangeDetail.event_id, ChangeDetail.payload).where(
    ChangeDetail.event_id.in_(bindparam("ids", expanding=True))
)
_AT_ONCE = 500


def told(events: Iterable[Row], kept: Mapping[str, Iterable[Row]]) -> list[Row]:
    """The events that touched nothing but what goes."""
    events = list(events)
    ids = {table: {row["id"] for row in rows} for table, rows in kept.items()}
    touched: dict[int, Any] = {}
    for start in range(0, len(events), _AT_ONCE):
        some = [one["id"] for one in events[start : start + _AT_ONCE]]
        touched.update((row.event_id, row.payload) for row in db.session.execute(_DETAILS, {"ids": some}))
    return [one for one in events if _goes(touched.get(one["id"]), ids)]


def _goes(payload: Any, ids: Mapping[str, set[int]]) -> bool:
    """Whether every row of an act goes; at least one must be in the bundle itself."""
    if not payload:
        return False
    changed = [(change[0], change[1]) for change in payload]
    inside = [row_id in ids[table] for table, row_id in changed if table in ids]
    return bool(inside) and all(inside) and all(table in ids or table in HARMLESS for table, _row in changed)
