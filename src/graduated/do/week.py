"""The week as its page shows it: a row for each adult or each pupil, a cell for each day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time

from graduated.do.queries_ticks import SupportLine
from graduated.do.queries_week import LooseGroup, Person, Week, WeekSession
from graduated.rules.timetable import span_words

NOBODY = Person(0, "Nobody named")


@dataclass(frozen=True, slots=True)
class Cell:
    """One session in somebody's day. `clash` and `cover` are words, empty where there is neither."""

    group_id: int
    name: str
    when: str
    with_whom: str
    state: str
    kind: str
    clash: bool
    cover: str
    is_handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Loose:
    """Sessions on no fixed day: how often, and how many were held in the week."""

    group_id: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Support:
    """Support in class: "Word mat: 10 minutes, 3 times a week", and what is known of the week."""

    name: str
    words: str
    state: str
    is_logged: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """One person's week; `days` has five entries."""

    person: Person
    days: tuple[tuple[Cell, ...], ...]
    loose: tuple[Loose, ...]
    support: tuple[Support, ...]


def by_adult(week: Week) -> tuple[WeekRow, ...]:
    """A row for each adult who takes a group or gives support in class that week, by name; nobody named comes last."""
    rows = _Rows(week, is_pupil=False)
    for one in week.sessions:
        takers = one.adults or (NOBODY,)
        for person in takers:
            others = [each.name for each in one.adults if each != person]
            cover = f"For {one.usual.name}" if one.is_covered and one.usual else ""
            rows.meet(person, one, f"with {_names(one.pupils)}", cover or _also(others))
        if one.is_covered and one.usual is not None:
            rows.meet(one.usual, one, "", f"{_and(one.adults)} takes it", is_handed_over=True)
    for group in week.loose:
        if group.pupils:
            rows.add_loose(group.usual or NOBODY, group, f"with {_names(group.pupils)}")
    by_name = {row.name: row for row in rows.people()}
    for line in week.support:
        person = by_name.get(line.who) or Person(0, line.who or NOBODY.name)
        rows.add_support(person, line, f"{line.pupil_name}: {line.name}")
    return rows.finished()


def by_pupil(week: Week) -> tuple[WeekRow, ...]:
    """A row for each pupil who is in a group or has support in class that week, by name."""
    rows = _Rows(week, is_pupil=True)
    for one in week.sessions:
        for pupil in one.pupils:
            rows.meet(pupil, one, f"with {_and(one.adults) or 'nobody named'}", "")
    for group in week.loose:
        for pupil in group.pupils:
            rows.add_loose(pupil, group, f"with {group.usual.name if group.usual else 'nobody named'}")
    for line in week.support:
        given_by = f", {line.who}" if line.who else ""
        rows.add_support(Person(line.pupil_id, line.pupil_name), line, f"{line.name}{given_by}")
    return rows.finished()


class _Rows:
    """Rows being filled."""

    def __init__(self, week: Week, *, is_pupil: bool) -> None:
        self._week = week
        self._clashing = {
            (one.overlap.who, day, each.group_id)
            for one in week.clashes
            if one.is_pupil is is_pupil
            for each in (one.overlap.first, one.overlap.second)
            for day in one.overlap.days
        }
        self._cells: dict[Person, dict[date, list[tuple[time, Cell]]]] = defaultdict(lambda: defaultdict(list))
        self._loose: dict[Person, list[Loose]] = defaultdict(list)
        self._support: dict[Person, list[Support]] = defaultdict(list)

    def people(self) -> list[Person]:
        """Who has a row so far."""
        return [*self._cells, *self._loose]

    def meet(self, who: Person, one: WeekSession, with_whom: str, cover: str, *, is_handed_over: bool = False) -> None:
        """Put a session into somebody's day."""
        cell = Cell(
            group_id=one.group_id,
            name=one.name,
            when=span_words(one.at, one.minutes),
            with_whom=with_whom,
            state=one.state,
            kind=one.kind,
            clash=not is_handed_over and (who.id, one.on, one.group_id) in self._clashing,
            cover=cover,
            is_handed_over=is_handed_over,
        )
        self._cells[who][one.on].append((one.at or time.max, cell))

    def add_loose(self, who: Person, group: LooseGroup, with_whom: str) -> None:
        """Add a group without fixed days."""
        often = f"{group.minutes} minutes, {group.times_a_week} a week, {with_whom}; held {group.held} this week"
        self._loose[who].append(Loose(group.group_id, group.name, often))

    def add_support(self, who: Person, line: SupportLine, name: str) -> None:
        """Add support in class."""
        often = f"{line.minutes} minutes, {line.times_a_week} a week"
        self._support[who].append(Support(name, often, line.state, line.is_logged))

    def finished(self) -> tuple[WeekRow, ...]:
        """The rows by name."""
        people = {*self._cells, *self._loose, *self._support}
        return tuple(
            WeekRow(
                person=person,
                days=tuple(
                    tuple(cell for _at, cell in sorted(self._cells[person][day.on], key=lambda pair: pair[0]))
                    for day in self._week.days
                ),
                loose=tuple(self._loose[person]),
                support=tuple(self._support[person]),
            )
            for person in sorted(people, key=lambda one: (one.name == NOBODY.name, one.name, one.id))
        )


def _names(people: tuple[Person, ...]) -> str:
    return ", ".join(one.name for one in people)


def _and(people: tuple[Person, ...]) -> str:
    return " and ".join(one.name for one in people)


def _also(names: list[str]) -> str:
    return f"Also {' and '.join(names)}" if names else ""
