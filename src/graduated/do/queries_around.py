"""What stands around groups on one day: their pupils, who covers, what was logged. Of all that run, or of one alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from graduated.db.session import db
from graduated.do.models import IN_FORCE, DeliveredSession, GroupCover, Presence
from graduated.people.models import User
from graduated.plan.models import Group, Place
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.vocabulary import CancelReason, MeasureKind, SessionState
from graduated.school.models import Intervention, Measure


@dataclass(frozen=True, slots=True)
class Member:
    """A pupil of a group, by the short name that a log shows."""

    pupil_id: int
    name: str
    full_name: str


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged for a group on one day, in force: the entry, who was there, or why it did not happen."""

    session_id: int
    state: SessionState
    reason: CancelReason | None
    here: int
    away: int
    by: str = ""
    at: datetime | None = None
    by_id: int | None = None

    @property
    def words(self) -> str:
        """In words: "5 here, 1 away", or "Did not happen: no adult free"."""
        if self.state is SessionState.CANCELLED:
            why = f": {self.reason.inside}" if self.reason else ""
            return f"Did not happen{why}"
        return f"{self.here} here" + (f", {self.away} away" if self.away else "")


_MEMBERS = (
    select(Place.group_id, Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname)
    .join(Pupil, Pupil.id == Place.pupil_id)
    .where(Place.starts <= bindparam("day"), or_(Place.ends.is_(None), Place.ends >= bindparam("day")))
    .order_by(Pupil.known_as, Pupil.legal_forename, Pupil.id)
)
_LAST = (
    select(DeliveredSession.group_id, func.max(DeliveredSession.held_on))
    .where(
        DeliveredSession.held_on <= bindparam("day"),
        *IN_FORCE,
    )
    .group_by(DeliveredSession.group_id)
)
_ON_DAY = (
    select(
        DeliveredSession.id,
        DeliveredSession.group_id,
        DeliveredSession.state,
        DeliveredSession.reason,
        DeliveredSession.recorded_at,
        DeliveredSession.recorded_by_id,
        User.name.label("recorder"),
    )
    .outerjoin(User, User.id == DeliveredSession.recorded_by_id)
    .where(
        DeliveredSession.held_on == bindparam("day"),
        *IN_FORCE,
    )
    .order_by(DeliveredSession.id)
)
_COUNTS = (
    select(Presence.delivered_session_id, Presence.present, func.count())
    .join(DeliveredSession, DeliveredSession.id == Presence.delivered_session_id)
    .where(DeliveredSession.held_on == bindparam("day"))
    .group_by(Presence.delivered_session_id, Presence.present)
)
_COVERS = (
    select(GroupCover.group_id, GroupCover.user_id, User.name)
    .join(User, User.id == GroupCover.user_id)
    .where(GroupCover.on == bindparam("day"))
    .order_by(User.name)
)
_SHEET = (
    select(
        Group.name.label("group_name"),
        Group.minutes,
        Measure.name.label("measure_name"),
        Measure.kind.label("measure_kind"),
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
    )
    .select_from(Group)
    .outerjoin(Intervention, Intervention.id == Group.intervention_id)
    .outerjoin(Measure, Measure.id == Intervention.measure_id)
    .outerjoin(
        Place,
        and_(
            Place.group_id == Group.id,
            Place.starts <= bindparam("day"),
            or_(Place.ends.is_(None), Place.ends >= bindparam("day")),
        ),
    )
    .outerjoin(Pupil, Pupil.id == Place.pupil_id)
    .where(Group.id == bindparam("group_id"))
    .order_by(Pupil.known_as, Pupil.legal_forename, Pupil.id)
)
_OF_GROUP: Any = bindparam("group_id")
_OF_ALL = (_COVERS, _COUNTS, _ON_DAY, _LAST, _MEMBERS)
_OF_ONE = (
    _COVERS.where(GroupCover.group_id == _OF_GROUP),
    _COUNTS.where(DeliveredSession.group_id == _OF_GROUP),
    _ON_DAY.where(DeliveredSession.group_id == _OF_GROUP),
    _LAST.where(DeliveredSession.group_id == _OF_GROUP),
    _MEMBERS.where(Place.group_id == _OF_GROUP),
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the groups of one day: who has a place, who covers, what was logged."""

    members: dict[int, list[Member]]
    covers: dict[int, list[tuple[int, str]]]
    last: dict[int, date]
    logged: dict[int, Logged]


def around_of(day: date, group_id: int | None = None) -> Around:
    """What stands around every group in sight on a day; with a group, around that one."""
    asked, given = (_OF_ALL, {"day": day}) if group_id is None else (_OF_ONE, {"day": day, "group_id": group_id})
    rows_of_covers, rows_of_counts, rows_on_day, rows_of_last, rows_of_members = (
        db.session.execute(statement, given).all() for statement in asked
    )
    covers: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for of_group, person, name in rows_of_covers:
        covers[of_group].append((person, name))
    counts = {(row[0], row[1]): row[2] for row in rows_of_counts}
    logged = {
        row.group_id: Logged(
            row.id,
            row.state,
            row.reason,
            counts.get((row.id, True), 0),
            counts.get((row.id, False), 0),
            row.recorder or "",
            row.recorded_at,
            row.recorded_by_id,
        )
        for row in rows_on_day
    }
    by_group: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of_members:
        by_group[row.group_id].append(row)
    members = {of_group: short_names(rows) for of_group, rows in by_group.items()}
    return Around(members, covers, {row[0]: row[1] for row in rows_of_last}, logged)


@dataclass(frozen=True, slots=True)
class LogSheet:
    """What the form of a log is made of: the group, what it measures, and its pupils of that day."""

    name: str
    minutes: int
    members: tuple[Member, ...]
    measure_name: str
    measure_kind: MeasureKind | None


def log_sheet(group_id: int, day: date) -> LogSheet:
    """What a log that was sent is read by. The group must be in sight (the guard has looked)."""
    rows = db.session.execute(_SHEET, {"group_id": group_id, "day": day}).all()
    first, members = rows[0], short_names(row for row in rows if row.id is not None)
    return LogSheet(first.group_name, first.minutes, tuple(members), first.measure_name or "", first.measure_kind)


def short_names(rows: Iterable[Any]) -> list[Member]:
    """ "Zofia S"; the whole name where two of the group would read the same."""
    people = {row.id: row for row in rows}
    short = {
        id_: f"{row.known_as or row.legal_forename} {(row.known_surname or row.legal_surname)[:1]}"
        for id_, row in people.items()
    }
    twice = {name for name in short.values() if list(short.values()).count(name) > 1}
    return [
        Member(id_, name_of(row) if short[id_] in twice else short[id_], name_of(row)) for id_, row in people.items()
    ]
