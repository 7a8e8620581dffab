"""Groups that run, who is in them, and what was logged: corrections in sight, the latest row in force."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.do.models import DeliveredSession, GroupCover, Presence
from graduated.do.queries_around import Around, Logged, Member, around_of
from graduated.people.models import User
from graduated.plan.models import Group
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.timetable import time_on
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Censor, Engagement, MeasureKind, SessionState
from graduated.school.models import Intervention, Measure

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group that runs, as a list shows it. `today` is whether this is one of its days."""

    group_id: int
    name: str
    intervention: str
    staff_id: int | None
    staff_name: str
    covering: tuple[str, ...]
    weekdays: tuple[int, ...]
    at: time | None
    minutes: int
    times_a_week: int
    members: tuple[Member, ...]
    today: bool
    logged: Logged | None
    last_logged: date | None
    measure_name: str = ""
    measure_kind: MeasureKind | None = None
    logger_ids: frozenset[int] = frozenset()

    @property
    def days(self) -> str:
        """When it meets, in words: "Monday and Thursday", or how often."""
        names = [_DAYS[day] for day in self.weekdays if day < len(_DAYS)]
        if not names:
            often = {1: "Once a week", 2: "Twice a week"}
            return often.get(self.times_a_week, f"{self.times_a_week} times a week")
        if len(names) == len(_DAYS):
            return "Every day"
        if len(names) > 2:
            names = [name[:3] for name in names]
        return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@dataclass(frozen=True, slots=True)
class PresenceLine:
    """One pupil in one logged session."""

    pupil_id: int
    name: str
    present: bool
    minutes: int
    reason: AbsenceReason | None
    engagement: Engagement | None
    note: str
    reading: Decimal | None
    reading_censor: Censor | None


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One entry of a group's log. `in_force` is false once a later row replaced it."""

    session_id: int
    group_id: int
    held_on: date
    minutes: int
    state: SessionState
    reason: CancelReason | None
    note: str
    recorded_at: datetime
    recorded_by: str
    replaces_id: int | None
    in_force: bool
    presences: tuple[PresenceLine, ...]

    @property
    def here(self) -> int:
        """How many pupils were there."""
        return sum(1 for one in self.presences if one.present)

    @property
    def days_late(self) -> int:
        """How many days after it happened it was recorded, by the school's calendar."""
        return max(0, (local(self.recorded_at).date() - self.held_on).days)

    @property
    def is_late_entry(self) -> bool:
        """Whether it was recorded on a later day than it happened."""
        return self.days_late > 0


_EVERY_GROUP = (
    select(
        Group.id,
        Group.name,
        Group.staff_id,
        Group.weekdays,
        Group.at,
        Group.times,
        Group.minutes,
        Group.times_a_week,
        Intervention.name.label("intervention"),
        User.name.label("staff_name"),
        Measure.name.label("measure_name"),
        Measure.kind.label("measure_kind"),
    )
    .outerjoin(Intervention, Intervention.id == Group.intervention_id)
    .outerjoin(User, User.id == Group.staff_id)
    .outerjoin(Measure, Measure.id == Intervention.measure_id)
    .order_by(Group.at, Group.name, Group.id)
)
_GROUPS = _EVERY_GROUP.where(
    Group.starts <= bindparam("day"), or_(Group.ends.is_(None), Group.ends >= bindparam("day"))
)
_ONE_GROUP = _EVERY_GROUP.where(Group.id == bindparam("group_id"))
_GROUP_SUBJECT = (
    select(Group.id, Group.staff_id, GroupCover.user_id)
    .outerjoin(GroupCover, and_(GroupCover.group_id == Group.id, GroupCover.on == bindparam("day")))
    .where(Group.id == bindparam("group_id"))
)
_SESSION_SUBJECT = select(DeliveredSession.group_id).where(DeliveredSession.id == bindparam("session_id"))
_SESSIONS = (
    select(
        DeliveredSession.id,
        DeliveredSession.group_id,
        DeliveredSession.held_on,
        DeliveredSession.minutes,
        DeliveredSession.state,
        DeliveredSession.reason,
        DeliveredSession.note,
        DeliveredSession.recorded_at,
        DeliveredSession.replaces_id,
        User.name.label("recorder"),
    )
    .outerjoin(User, User.id == DeliveredSession.recorded_by_id)
    .where(DeliveredSession.group_id == bindparam("group_id"), DeliveredSession.held_on >= bindparam("first"))
    .order_by(DeliveredSession.held_on.desc(), DeliveredSession.id.desc())
)
_PRESENCES = (
    select(
        Presence.delivered_session_id,
        Presence.pupil_id,
        Presence.present,
        Presence.minutes,
        Presence.reason,
        Presence.engagement,
        Presence.note,
        Presence.reading,
        Presence.reading_censor,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
    )
    .join(DeliveredSession, DeliveredSession.id == Presence.delivered_session_id)
    .join(Pupil, Pupil.id == Presence.pupil_id)
    .where(DeliveredSession.group_id == bindparam("group_id"), DeliveredSession.held_on >= bindparam("first"))
    .order_by(Pupil.known_as, Pupil.legal_forename, Pupil.id)
)


@finder("group")
def find_group(group_id: int) -> Subject | None:
    """A group in sight; who runs it and who covers it today may log."""
    rows = db.session.execute(_GROUP_SUBJECT, {"group_id": group_id, "day": today()}).all()
    if not rows:
        return None
    people = {rows[0].staff_id} | {row.user_id for row in rows}
    return Subject(staff_ids=frozenset(person for person in people if person is not None))


@finder("session")
def find_session(session_id: int) -> Subject | None:
    """A logged session, by its group."""
    group_id = db.session.execute(_SESSION_SUBJECT, {"session_id": session_id}).scalar()
    return find_group(group_id) if group_id is not None else None


def groups_of_staff(user_id: int | None = None, on: date | None = None) -> tuple[GroupCard, ...]:
    """Groups running on a day: those that a person runs or covers; all in sight when nobody is named. Today's first."""
    day = on or today()
    around = around_of(day)
    cards = [_card(row, day, around) for row in db.session.execute(_GROUPS, {"day": day})]
    if user_id is not None:
        covered = {group_id for group_id, people in around.covers.items() if user_id in dict(people)}
        cards = [card for card in cards if card.staff_id == user_id or card.group_id in covered]
    return tuple(
        sorted(cards, key=lambda card: (not card.today, card.logged is not None, card.at or time.max, card.name))
    )


def group_of(group_id: int, on: date | None = None) -> GroupCard:
    """One group with the pupils whose place covers a day. The group must be in sight (the guard has looked)."""
    day = on or today()
    return _card(db.session.execute(_ONE_GROUP, {"group_id": group_id}).one(), day, around_of(day, group_id))


def session_of(session_id: int) -> SessionLine:
    """One entry of a log. It must be in sight (the guard has looked)."""
    found = db.session.execute(_SESSION_SUBJECT, {"session_id": session_id}).one()
    return next(line for line in sessions_of(found.group_id) if line.session_id == session_id)


def sessions_of(group_id: int, since: date = date.min) -> tuple[SessionLine, ...]:
    """A group's log, newest first, with what was corrected or withdrawn."""
    given = {"group_id": group_id, "first": since}
    there: dict[int, list[PresenceLine]] = defaultdict(list)
    for row in db.session.execute(_PRESENCES, given):
        there[row.delivered_session_id].append(
            PresenceLine(
                row.pupil_id,
                name_of(row),
                row.present,
                row.minutes,
                row.reason,
                row.engagement,
                row.note,
                row.reading,
                row.reading_censor,
            )
        )
    rows = db.session.execute(_SESSIONS, given).all()
    replaced = {row.replaces_id for row in rows if row.replaces_id is not None}
    return tuple(
        SessionLine(
            session_id=row.id,
            group_id=row.group_id,
            held_on=row.held_on,
            minutes=row.minutes,
            state=row.state,
            reason=row.reason,
            note=row.note,
            recorded_at=row.recorded_at,
            recorded_by=row.recorder or "",
            replaces_id=row.replaces_id,
            in_force=row.id not in replaced and row.state is not SessionState.WITHDRAWN,
            presences=tuple(there.get(row.id, ())),
        )
        for row in rows
    )


def _card(row: Any, day: date, around: Around) -> GroupCard:
    weekdays = tuple(sorted(row.weekdays or ()))
    return GroupCard(
        group_id=row.id,
        name=row.name,
        intervention=row.intervention or "",
        staff_id=row.staff_id,
        staff_name=row.staff_name or "",
        covering=tuple(name for _person, name in around.covers.get(row.id, ())),
        weekdays=weekdays,
        at=time_on(day.weekday(), row.at, row.times or {}),
        minutes=row.minutes,
        times_a_week=row.times_a_week,
        members=tuple(around.members.get(row.id, ())),
        today=day.weekday() in weekdays,
        logged=around.logged.get(row.id),
        last_logged=around.last.get(row.id),
        measure_name=row.measure_name or "",
        measure_kind=row.measure_kind,
        logger_ids=frozenset({row.staff_id} | {person for person, _ in around.covers.get(row.id, ())}) - {None},
    )
