"""Sessions and weekly ticks as they were logged: mostly held, some missed with a reason, a few never entered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from graduated.db.clock import held
from graduated.db.session import db
from graduated.demo.calendar import moment
from graduated.demo.stage import Stage, chance
from graduated.do.models import DeliveredSession, Presence
from graduated.do.services import NewPresence, NewSession, NewTick, tick_week
from graduated.rules.calendar import monday_of
from graduated.rules.vocabulary import AbsenceReason, CancelReason, Engagement, SessionState

_AWAY = 4
_CANCELLED: tuple[CancelReason, ...] = (
    CancelReason.NO_ADULT, CancelReason.NO_ADULT, CancelReason.TRIP, CancelReason.NO_ADULT, CancelReason.ROOM,
    CancelReason.OTHER,
)  # fmt: skip
_ABSENT: tuple[AbsenceReason, ...] = (
    AbsenceReason.ILL, AbsenceReason.ILL, AbsenceReason.ILL, AbsenceReason.ELSEWHERE, AbsenceReason.DECLINED,
    AbsenceReason.LATE,
)  # fmt: skip


@dataclass
class LoggedGroup:
    """A group whose sessions are logged as time goes on; `members` are places by pupil: from, until."""

    group_id: int
    key: str
    who: str
    minutes: int
    weekdays: tuple[int, ...]
    starts: date
    happens: int = 93
    neglected: bool = False
    members: dict[int, list[tuple[date, date | None]]] = field(default_factory=lambda: defaultdict(list))
    done_until: date | None = None

    def join(self, pupil_id: int, on: date) -> None:
        """A pupil comes in; one who is in already stays."""
        spells = self.members[pupil_id]
        if not spells or spells[-1][1] is not None:
            spells.append((on, None))

    def leave(self, pupil_id: int, on: date) -> None:
        """A pupil's last day in the group."""
        spells = self.members[pupil_id]
        if spells and spells[-1][1] is None:
            spells[-1] = (spells[-1][0], on)

    def there(self, day: date) -> list[int]:
        """Who has a place on that day."""
        return sorted(
            pupil_id
            for pupil_id, spells in self.members.items()
            if any(first <= day and (last is None or day <= last) for first, last in spells)
        )


def log_until(stage: Stage, group: LoggedGroup, until: date) -> int:
    """Log what has happened since the last time; how many sessions were written."""
    first = group.done_until + timedelta(days=1) if group.done_until else group.starts
    last = min(until, stage.today)
    if group.neglected:
        last = min(last, monday_of(stage.today) - timedelta(days=1))
    days = [day for day in stage.calendar.between(first, last) if day.weekday() in group.weekdays and group.there(day)]
    group.done_until = max(last, group.done_until or last)
    planned = [(day, session) for day in days if (session := _session(group, day)) is not None]
    if not planned:
        return 0
    with stage.act(group.who, planned[-1][0], "Sessions logged", 15, 5):
        _write(stage, group, planned)
    return len(planned)


def _write(stage: Stage, group: LoggedGroup, planned: list[tuple[date, NewSession]]) -> None:
    """The rows that `do.services.log_session` writes, many at a time: one by one they take half of the loading."""
    rows = [
        DeliveredSession(
            group_id=group.group_id,
            held_on=day,
            minutes=new.minutes,
            state=new.state,
            reason=new.reason,
            led_by_id=stage.cast.users[group.who],
            recorded_at=min(moment(day, 14, 40), stage.now),
        )
        for day, new in planned
    ]
    db.session.add_all(rows)
    db.session.flush()
    db.session.add_all(
        Presence(
            pupil_id=one.pupil_id,
            delivered_session_id=row.id,
            present=one.present,
            minutes=new.minutes if one.present else 0,
            reason=one.reason,
            engagement=one.engagement,
            recorded_at=row.recorded_at,
        )
        for row, (_day, new) in zip(rows, planned, strict=True)
        for one in new.presences
    )
    db.session.flush()


def _session(group: LoggedGroup, day: date) -> NewSession | None:
    """What became of one planned session; None for one that nobody entered."""
    dice = chance("session", group.key, day.toordinal() % 1461)
    roll = _spread(group.key, day)
    if roll >= 97:
        return None
    if roll >= group.happens:
        return NewSession(day, group.minutes, SessionState.CANCELLED, dice.choice(_CANCELLED))
    presences = [_presence(group, pupil_id, day) for pupil_id in group.there(day)]
    if not any(one.present for one in presences):
        return NewSession(day, group.minutes, SessionState.DELIVERED, presences=tuple(presences))
    minutes = group.minutes - 5 if roll % 23 == 0 and group.minutes > 15 else group.minutes
    return NewSession(day, minutes, presences=tuple(presences))


def _spread(key: str, day: date) -> int:
    """0 to 99, spread evenly over a group's days, so that a few weeks look like the whole."""
    return (day.toordinal() * 37 + sum(map(ord, key)) * 13) % 100


def _presence(group: LoggedGroup, pupil_id: int, day: date) -> NewPresence:
    dice = chance("presence", group.key, pupil_id, day.toordinal() % 1461)
    if dice.randrange(100) < _AWAY:
        return NewPresence(pupil_id, present=False, reason=dice.choice(_ABSENT))
    engagement = dice.choice((Engagement.HIGH, Engagement.HIGH, Engagement.SOME, Engagement.SOME, Engagement.LOW, None))
    return NewPresence(pupil_id, present=True, engagement=engagement)


def tick_weeks(stage: Stage, who: str, provisions: Iterable[tuple[int, str]], first: date, last: date) -> None:
    """Tick support in class for the weeks between two days; the running week is left for its adult to tick."""
    rows = list(provisions)
    mondays = sorted({monday_of(day) for day in stage.calendar.between(first, last)})
    mondays = [monday for monday in mondays if monday < monday_of(stage.today)]
    if not rows or not mondays:
        return
    friday = timedelta(days=4)
    with stage.act(who, mondays[-1] + friday, "Weekly support ticked", 15, 20):
        for monday in mondays:
            ticks = []
            for provision_id, key in rows:
                roll = _spread(key, monday - timedelta(days=6 * (monday.toordinal() // 7)))
                if roll < 97:
                    reason = CancelReason.NO_ADULT if roll % 2 else CancelReason.TRIP
                    ticks.append(NewTick(provision_id, roll < 91, None if roll < 91 else reason))
            if ticks:
                with held(min(moment(monday + friday, 15, 20), stage.now)):
                    tick_week(monday, tuple(ticks))
