"""Days and a time for each pupil's own sessions, so that the week of the demo school could really be worked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from itertools import combinations

from sqlalchemy import bindparam, or_, select

from graduated.db.session import db
from graduated.demo.groups import BY_KEY, GROUPS
from graduated.demo.stage import Stage
from graduated.do.services import cover_group
from graduated.plan.models import Group, Place

Slot = tuple[tuple[int, ...], time]
_Busy = tuple[tuple[int, ...], int, int]

_LESSONS = ((9 * 60 + 5, 10 * 60 + 30), (10 * 60 + 45, 12 * 60), (13 * 60, 15 * 60 + 10))
_STEP = 5
_NAMED = select(Group.id).where(Group.name == bindparam("name"), Group.ends.is_(None))
_COLUMNS = (Group.id, Group.name, Group.weekdays, Group.at, Group.minutes)
_RUNS = (
    or_(Group.ends.is_(None), Group.ends >= bindparam("day")),
    or_(Place.ends.is_(None), Place.ends >= bindparam("day")),
)
_OF_ADULT = (
    select(*_COLUMNS).join(Place, Place.group_id == Group.id).where(Group.staff_id == bindparam("user_id"), *_RUNS)
)
_OF_PUPIL = (
    select(*_COLUMNS).join(Place, Place.group_id == Group.id).where(Place.pupil_id == bindparam("pupil_id"), *_RUNS)
)


def slot(
    who: str, user_id: int, pupil_id: int, name: str, minutes: int, times: int, day: date, shared: Iterable[str] = ()
) -> Slot:
    """When an adult has time for a pupil: as before if it runs already, else the first that is free for both.

    `shared` are keys of the groups that the pupil is in now or later. When nothing is free, a clash is left to be seen.
    """
    of_pupil = db.session.execute(_OF_PUPIL, {"pupil_id": pupil_id, "day": day}).all()
    before = next((row for row in of_pupil if row.name == name and row.at is not None), None)
    if before is not None and len(before.weekdays) == times:
        return tuple(before.weekdays), before.at
    of_adult = db.session.execute(_OF_ADULT, {"user_id": user_id, "day": day}).all()
    busy = [_busy(row.weekdays, row.at, row.minutes) for row in (*of_pupil, *of_adult) if row.at is not None]
    busy += [_busy(one.weekdays, one.at, one.minutes) for one in GROUPS if one.who == who]
    busy += [_busy(BY_KEY[key].weekdays, BY_KEY[key].at, BY_KEY[key].minutes) for key in shared]
    turn = sum(map(ord, name)) + pupil_id
    for start in _starts(minutes):
        for days in _patterns(times, turn):
            if not any(set(days) & set(on) and start < ends and begins < start + minutes for on, begins, ends in busy):
                return days, time(start // 60, start % 60)
    return _patterns(times, turn)[0], time(9 + turn % 3, 5)


def cover(stage: Stage) -> None:
    """Jo Hiscock is on a course next Wednesday; Sheila Tuck takes a group, and the week shows what that runs into."""
    days = stage.calendar.between(stage.today + timedelta(days=1), stage.today + timedelta(days=9))
    wednesday = next((day for day in days if day.weekday() == 2), None)
    if wednesday is None:
        return
    with stage.act("legg", stage.calendar.on_or_before(stage.today), "Group covered for a day", 8, 10):
        group_id = db.session.scalar(_NAMED, {"name": BY_KEY["lang1"].name})
        if group_id is not None:
            cover_group(group_id, stage.cast.users["tuck"], wednesday)


def _busy(weekdays: Iterable[int], at: time, minutes: int) -> _Busy:
    begins = at.hour * 60 + at.minute
    return tuple(weekdays), begins, begins + minutes


def _starts(minutes: int) -> Iterator[int]:
    for first, last in _LESSONS:
        yield from range(first, last - minutes + 1, _STEP)


def _patterns(times: int, turn: int) -> list[tuple[int, ...]]:
    """The weekdays that so many sessions can stand on, the evenly spread ones first, another first for each pupil."""
    found = sorted(combinations(range(5), min(times, 5)), key=lambda days: sum(1 for day in days if day + 1 in days))
    turn %= max(1, len(found))
    return found[turn:] + found[:turn] if times in (1, 4) else found
