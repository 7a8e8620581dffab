"""When everything in the stories happened, worked out from today and never by chance.

The school is told to have begun with Graduated two terms ago: a cycle that began before that day was
brought forward from paper, the others were lived. Cycles are about a third of a school year long and end where the
next begins; the present one is reviewed on the day that the story says.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from graduated.demo.calendar import SchoolCalendar
from graduated.demo.stories import Story, Turn

LONGEST = 63
"""School days of a cycle, so that there are three a year."""
SHORTEST = 30
SINCE_BEGINNING = 130
"""School days since the school began with Graduated."""
IN_SCHOOL_DAYS_ABOVE = 8
_NEAR_SUMMER = 10
_LONG_HOLIDAY = 28


@dataclass(frozen=True, slots=True)
class Dated:
    """One cycle with its days. `agreed` is None for a draft; `ends` is the review held, or None for the present one.

    `number` counts the pupil's cycles, `told` is its place in the story, from 1: the same unless early ones fell away.
    """

    number: int
    turn: Turn
    starts: date
    agreed: date | None
    ends: date | None
    due: date
    paper: bool
    told: int


@dataclass(frozen=True, slots=True)
class Course:
    """One pupil's cycles in order."""

    story: Story
    cycles: tuple[Dated, ...]


def began_here(calendar: SchoolCalendar) -> date:
    """The day on which the school began with Graduated."""
    return calendar.shifted(calendar.on_or_before(calendar.today), -SINCE_BEGINNING)


def course_of(story: Story, since: date, calendar: SchoolCalendar, begun: date) -> Course:
    """The dates of a pupil who has been on SEN support since a day."""
    last = _last_day(story, calendar)
    turns = story.turns
    first = calendar.index(since)
    # A pupil whose support began late in the roll has room for fewer cycles than the story tells: the latest count.
    room = max(0, calendar.index(last) - first)
    turns = turns[-max(1, min(len(turns), room // SHORTEST)) :]
    length = max(1, min(LONGEST - _spread(story.name) % 3, room // len(turns) if room else LONGEST))
    places = [calendar.index(last) - length * back for back in range(len(turns), 0, -1)]
    starts = [max(calendar.at(place), min(since, last)) for place in places]
    if story.state:
        starts[-1] = min(
            calendar.on_or_before(calendar.today - timedelta(days=9)), calendar.on_or_before(calendar.today)
        )
    ends = [*starts[1:], last]
    return Course(
        story, tuple(_dated(story, calendar, begun, index, turns, starts, ends) for index in range(len(turns)))
    )


def _dated(
    story: Story,
    calendar: SchoolCalendar,
    begun: date,
    index: int,
    turns: tuple[Turn, ...],
    starts: list[date],
    ends: list[date],
) -> Dated:
    turn = turns[index]
    agreed = min(_agreed(calendar, starts[index]), calendar.on_or_before(calendar.today))
    is_over = turn.step is not None
    paper = is_over and (starts[index] < begun or index < story.paper)
    return Dated(
        number=index + 1,
        turn=turn,
        starts=starts[index],
        agreed=None if story.state and not is_over else agreed,
        ends=ends[index] if is_over else None,
        due=ends[index],
        paper=paper,
        told=len(story.turns) - len(turns) + index + 1,
    )


def _agreed(calendar: SchoolCalendar, starts: date) -> date:
    """Three school days after the review; after the summer when that is near, as nobody agrees a plan in July."""
    place = calendar.index(starts) + 3
    for ahead in range(place, place + _NEAR_SUMMER):
        if (calendar.at(ahead + 1) - calendar.at(ahead)).days > _LONG_HOLIDAY:
            return calendar.at(ahead + 1 + 6)
    return calendar.at(place)


def _last_day(story: Story, calendar: SchoolCalendar) -> date:
    """When the present plan is reviewed, or when the last review was held for a pupil who came off."""
    today = calendar.today
    if story.came_off:
        return calendar.shifted(calendar.on_or_before(today), -12 * story.began)
    if story.state:
        return calendar.shifted(today, 50)
    if story.due < 0:
        return calendar.on_or_before(today + timedelta(days=story.due))
    if story.due <= IN_SCHOOL_DAYS_ABOVE:
        return calendar.on_or_before(today + timedelta(days=story.due)) if story.due else today
    return calendar.shifted(today, story.due)


def _spread(text: str) -> int:
    """A small number that is always the same for a name."""
    return sum(ord(letter) for letter in text)
