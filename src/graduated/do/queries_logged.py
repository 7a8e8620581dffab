"""What was logged of groups and ticked of support in class, read once and laid out by pupil and provision."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, String, and_, bindparam, cast, func, select

from graduated.db.session import db
from graduated.do.models import IN_FORCE, DeliveredSession, Presence, WeeklyTick
from graduated.rules.dosage import LoggedSession, PlannedDose
from graduated.rules.vocabulary import CancelReason, Evidencing, SessionState


def _sessions(*of: ColumnElement[bool]) -> Any:
    return (
        select(
            DeliveredSession.id,
            DeliveredSession.group_id,
            DeliveredSession.held_on,
            DeliveredSession.minutes,
            DeliveredSession.state,
            DeliveredSession.reason,
            # Most of a group have the same of a session, so the database tells them in one row: a sixth of the rows.
            func.aggregate_strings(cast(Presence.pupil_id, String), ",").label("pupil_ids"),
            Presence.present,
            Presence.minutes.label("pupil_minutes"),
            Presence.reason.label("absence_reason"),
        )
        .outerjoin(Presence, and_(Presence.delivered_session_id == DeliveredSession.id, *of))
        .where(
            DeliveredSession.group_id.in_(bindparam("group_ids", expanding=True)),
            DeliveredSession.held_on >= bindparam("first"),
            *IN_FORCE,
        )
        .group_by(DeliveredSession.id, Presence.present, Presence.minutes, Presence.reason)
        .order_by(DeliveredSession.held_on, DeliveredSession.id)
    )


_SESSIONS = _sessions()
_SESSIONS_OF_ONE = _sessions(Presence.pupil_id == bindparam("pupil_id"))
_TICKS = (
    select(WeeklyTick.provision_id, WeeklyTick.week_of, WeeklyTick.happened, WeeklyTick.reason)
    .where(WeeklyTick.provision_id.in_(bindparam("provision_ids", expanding=True)))
    .order_by(WeeklyTick.id)
)


class Log:
    """What was logged of some groups and ticked for some provisions, read once, in the order in which it happened."""

    def __init__(self, rows: list[Any]) -> None:
        self._lines: dict[tuple[int, int], list[_Line]] = defaultdict(list)  # of a pupil in a group
        self._cancelled: dict[int, dict[int, _Line]] = defaultdict(dict)  # of a group, each session once
        self._ticks: dict[int, list[LoggedSession]] = defaultdict(list)
        groups = sorted({row.group_id for row in rows if row.group_id is not None})
        if groups:
            since = [row.place_from if row.before_id is None else max(row.place_from, row.starts)
                     for row in rows if row.group_id is not None]  # fmt: skip
            self._take_sessions(groups, min(since), {row.pupil_id for row in rows})
        ticked = {row.id: row.minutes for row in rows if row.evidencing is Evidencing.WEEKLY}
        if ticked:
            self._take_ticks(ticked)

    def of(self, row: Any, plan: PlannedDose) -> list[LoggedSession]:
        """The entries of one provision, and none of those of the cycle before or after."""
        if row.group_id is None:
            return self._ticks[row.id]
        lines = self._lines.get((row.group_id, row.pupil_id), [])
        cancelled = self._cancelled.get(row.group_id)
        if cancelled:
            lines = sorted((*lines, *cancelled.values()), key=_when)
        first = row.place_from if row.before_id is None else max(row.place_from, plan.starts)
        last = date.max if row.place_until is None else row.place_until
        if row.next_agreed_on is not None and plan.ends is not None:
            last = min(last, plan.ends)
        within = lines[bisect_left(lines, first, key=_day) : bisect_right(lines, last, key=_day)]
        return [entry for _held_on, _number, entry in within] + self._ticks[row.id]

    def _take_sessions(self, groups: list[int], first: date, pupils: set[int]) -> None:
        statement, given = _SESSIONS, {"group_ids": groups, "first": first}
        if len(pupils) == 1:  # of the groups of one pupil nobody else's presence is wanted
            statement, given = _SESSIONS_OF_ONE, {**given, "pupil_id": next(iter(pupils))}
        theirs: dict[tuple[int, str], list[list[_Line]]] = {}
        for number, group, on, minutes, state, reason, alike, present, own, absence in db.session.execute(
            statement, given
        ):
            if state is SessionState.CANCELLED:
                self._cancelled[group].setdefault(number, (on, number, _session(on, minutes, state, reason)))
            elif alike is not None:
                entry = _session(on, minutes, state, None, present, absence, own if present else None)
                if (group, alike) not in theirs:
                    theirs[group, alike] = [self._lines[group, int(pupil)] for pupil in alike.split(",")]
                for lines in theirs[group, alike]:
                    lines.append((on, number, entry))

    def _take_ticks(self, minutes: Mapping[int, int]) -> None:
        rows = db.session.execute(_TICKS, {"provision_ids": list(minutes)})
        newest = {(tick.provision_id, tick.week_of): tick for tick in rows}
        codes = {reason.value: reason for reason in CancelReason}
        for (provision_id, week_of), tick in newest.items():
            state = SessionState.DELIVERED if tick.happened else SessionState.CANCELLED
            reason = None if tick.happened else codes.get(tick.reason)
            self._ticks[provision_id].append(LoggedSession(week_of, minutes[provision_id], state, reason))


_Line = tuple[date, int, LoggedSession]
"""A day, the number of the session, and what it was for one pupil."""
_when = itemgetter(0, 1)
_day = itemgetter(0)
_session = lru_cache(maxsize=16384)(LoggedSession)
"""One object for what was logged alike: a group has the same for most of its pupils, and many pages ask again."""
