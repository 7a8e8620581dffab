"""One week of the whole timetable: who meets whom on which day, what became of it, and who is in two places.

The number of queries is the same for four groups and for forty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.models import IN_FORCE, DeliveredSession, GroupCover, Presence
from graduated.do.queries_around import Logged
from graduated.do.queries_ticks import SupportLine, support_in_class
from graduated.people.models import User
from graduated.plan.models import Group, Place
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.calendar import TermDates, monday_of
from graduated.rules.timetable import Booking, Overlap, Span, clashes, closed_words, covers, meeting_days, time_on
from graduated.rules.vocabulary import SessionState
from graduated.school.queries import bank_holidays, terms

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Person:
    """An adult or a pupil of the week."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One of the five days; `closed` says why there is no school, empty on a school day."""

    on: date
    closed: str


@dataclass(frozen=True, slots=True)
class WeekSession:
    """A session of a group in the week. `state` is what is known of it in words; `kind` is held, off (did not happen),
    silent (its day is over and nobody wrote anything) or empty (to come).

    `at` is None without a fixed time. `adults` take it that day; `usual` runs the group on other days.
    """

    group_id: int
    name: str
    on: date
    at: time | None
    minutes: int
    usual: Person | None
    adults: tuple[Person, ...]
    pupils: tuple[Person, ...]
    state: str
    kind: str = ""

    @property
    def is_covered(self) -> bool:
        """Whether somebody else takes it that day."""
        return bool(self.adults) and self.usual not in self.adults


@dataclass(frozen=True, slots=True)
class LooseGroup:
    """A group that runs in the week on no fixed day."""

    group_id: int
    name: str
    minutes: int
    times_a_week: int
    usual: Person | None
    pupils: tuple[Person, ...]
    held: int


@dataclass(frozen=True, slots=True)
class PersonClash:
    """One person in two places, in words."""

    name: str
    is_pupil: bool
    overlap: Overlap


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Friday of one week, as far as the person acting sees it."""

    monday: date
    days: tuple[WeekDay, ...]
    sessions: tuple[WeekSession, ...]
    loose: tuple[LooseGroup, ...]
    support: tuple[SupportLine, ...]
    clashes: tuple[PersonClash, ...]

    def clashes_of_group(self, group_id: int) -> tuple[PersonClash, ...]:
        """The clashes that one group has a part in."""
        return tuple(
            one for one in self.clashes if group_id in (one.overlap.first.group_id, one.overlap.second.group_id)
        )


_GROUPS = (
    select(
        Group.id,
        Group.name,
        Group.staff_id,
        Group.starts,
        Group.ends,
        Group.weekdays,
        Group.at,
        Group.times,
        Group.minutes,
        Group.times_a_week,
        User.name.label("staff_name"),
    )
    .outerjoin(User, User.id == Group.staff_id)
    .where(Group.starts <= bindparam("friday"), or_(Group.ends.is_(None), Group.ends >= bindparam("monday")))
    .order_by(Group.name, Group.id)
)
_PLACES = (
    select(
        Place.group_id,
        Place.starts,
        Place.ends,
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
    )
    .join(Pupil, Pupil.id == Place.pupil_id)
    .where(Place.starts <= bindparam("friday"), or_(Place.ends.is_(None), Place.ends >= bindparam("monday")))
    .order_by(Pupil.known_as, Pupil.legal_forename, Pupil.id)
)
_COVERS = (
    select(GroupCover.group_id, GroupCover.on, User.id, User.name)
    .join(User, User.id == GroupCover.user_id)
    .where(GroupCover.on >= bindparam("monday"), GroupCover.on <= bindparam("friday"))
    .order_by(User.name, User.id)
)
_OF_THE_WEEK = (
    DeliveredSession.held_on >= bindparam("monday"),
    DeliveredSession.held_on <= bindparam("friday"),
    *IN_FORCE,
)
_LOGGED = (
    select(
        DeliveredSession.id,
        DeliveredSession.group_id,
        DeliveredSession.held_on,
        DeliveredSession.minutes,
        DeliveredSession.state,
        DeliveredSession.reason,
    )
    .where(*_OF_THE_WEEK)
    .order_by(DeliveredSession.id)
)
_COUNTS = (
    select(Presence.delivered_session_id, Presence.present, func.count())
    .join(DeliveredSession, DeliveredSession.id == Presence.delivered_session_id)
    .where(*_OF_THE_WEEK)
    .group_by(Presence.delivered_session_id, Presence.present)
)


def week_of(day: date) -> Week:
    """The week of a day. Sessions are in order of day and time."""
    monday = monday_of(day)
    calendar, closed = terms(), bank_holidays()
    known = _read(monday, calendar, closed)
    sessions = tuple(
        sorted(
            (one for group in known.groups for one in _sessions(group, known)),
            key=lambda one: (one.on, one.at or time.max, one.name, one.group_id),
        )
    )
    return Week(
        monday=monday,
        days=tuple(
            WeekDay(each, closed_words(each, calendar, closed))
            for each in (monday + timedelta(days=number) for number in range(5))
        ),
        sessions=sessions,
        loose=tuple(_loose(group, known) for group in known.groups if not group.weekdays),
        support=support_in_class(monday),
        clashes=_clashes(sessions),
    )


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything read of one week."""

    monday: date
    groups: tuple[Any, ...]
    places: dict[int, list[tuple[Person, Span]]]
    covers: dict[tuple[int, date], list[Person]]
    logged: dict[int, list[Any]]
    counts: dict[tuple[int, bool], int]
    calendar: tuple[TermDates, ...]
    closed: frozenset[date]


def _read(monday: date, calendar: tuple[TermDates, ...], closed: frozenset[date]) -> _Known:
    given = {"monday": monday, "friday": monday + timedelta(days=4)}
    places: dict[int, list[tuple[Person, Span]]] = defaultdict(list)
    for row in db.session.execute(_PLACES, given):
        name = name_of(row)
        places[row.group_id].append((Person(row.id, name), (row.starts, row.ends)))
    taken: dict[tuple[int, date], list[Person]] = defaultdict(list)
    for group_id, on, user_id, name in db.session.execute(_COVERS, given):
        taken[group_id, on].append(Person(user_id, name))
    logged: dict[int, list[Any]] = defaultdict(list)
    for entry in db.session.execute(_LOGGED, given):
        logged[entry.group_id].append(entry)
    return _Known(
        monday=monday,
        groups=tuple(db.session.execute(_GROUPS, given)),
        places=places,
        covers=taken,
        logged=logged,
        counts={(row[0], row[1]): row[2] for row in db.session.execute(_COUNTS, given)},
        calendar=calendar,
        closed=closed,
    )


def _sessions(group: Any, known: _Known) -> Iterator[WeekSession]:
    """The sessions expected of a group with fixed days, and those that were held on another day."""
    usual = Person(group.staff_id, group.staff_name or "") if group.staff_id is not None else None
    runs = (group.starts, group.ends)
    entries = {entry.held_on: entry for entry in known.logged.get(group.id, ())}
    expected = meeting_days(group.weekdays or (), runs, known.monday, known.calendar, known.closed)
    for on in sorted({*expected, *entries}):
        pupils = _there(group.id, on, known)
        entry = entries.get(on)
        if not pupils and entry is None:
            continue  # a group that nobody is in is expected nowhere
        covering = tuple(known.covers.get((group.id, on), ()))
        state, kind = _state(entry, on, known)
        yield WeekSession(
            group_id=group.id,
            name=group.name,
            on=on,
            at=time_on(on.weekday(), group.at, group.times or {}) if on in expected else None,
            minutes=group.minutes if entry is None else entry.minutes,
            usual=usual,
            adults=covering or ((usual,) if usual is not None else ()),
            pupils=pupils,
            state=state,
            kind=kind,
        )


def _there(group_id: int, on: date, known: _Known) -> tuple[Person, ...]:
    found = (person for person, span in known.places.get(group_id, ()) if covers(span, on))
    return tuple(dict.fromkeys(found))


def _state(entry: Any, on: date, known: _Known) -> tuple[str, str]:
    """What is known of a session, and of which kind that is: to come, held, off or silent."""
    if entry is None:
        return ("To come", "") if on >= today() else ("Not recorded", "silent")
    here, away = (known.counts.get((entry.id, present), 0) for present in (True, False))
    said = Logged(entry.id, entry.state, entry.reason, here, away).words
    return said, "off" if entry.state is SessionState.CANCELLED else "held"


def _loose(group: Any, known: _Known) -> LooseGroup:
    there = [person for person, span in known.places.get(group.id, ())]
    held = [entry for entry in known.logged.get(group.id, ()) if entry.state is SessionState.DELIVERED]
    return LooseGroup(
        group_id=group.id,
        name=group.name,
        minutes=group.minutes,
        times_a_week=group.times_a_week,
        usual=Person(group.staff_id, group.staff_name or "") if group.staff_id is not None else None,
        pupils=tuple(dict.fromkeys(there)),
        held=len(held),
    )


def _clashes(sessions: tuple[WeekSession, ...]) -> tuple[PersonClash, ...]:
    """Adults first, then pupils; a session that is known not to have happened keeps nobody anywhere."""
    expected = [one for one in sessions if one.pupils and one.kind != "off"]
    found: list[PersonClash] = []
    for is_pupil in (False, True):
        names: dict[int, str] = {}
        booked = []
        for one in expected:
            for person in one.pupils if is_pupil else one.adults:
                names[person.id] = person.name
                booked.append(Booking(person.id, one.group_id, one.name, one.on, one.at, one.minutes))
        found += [PersonClash(names[one.who], is_pupil, one) for one in clashes(booked)]
    return tuple(found)
