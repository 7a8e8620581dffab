"""Attendance, a part-time timetable, suspensions: by half-term for some pupils, by school year for the rest."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.demo.stage import Child, Stage, chance
from graduated.demo.stories import Story
from graduated.pupils.models import Attendance, PartTime, Pupil, Suspension
from graduated.rules.calendar import academic_year_starts
from graduated.rules.vocabulary import YearGroup

NONE_SUSPENDED = ("Zofia Szymańska", "Zachary Foot")
"""Pupils with a request, for whom it was looked up that there was no suspension."""
_TOLD: dict[str, tuple[int, ...]] = {
    "Maisie Fry": (80, 83, 81, 79, 85, 86, 88, 87, 88, 88, 89, 90),
    "Leo Bartlett": (95, 94, 95, 94, 93, 91, 88, 88, 89, 90, 90, 91),
}
"""Per cent by half-term, last year's six first, where the story tells of it."""
_PART_TIME = {
    "Maisie Fry": (
        Decimal("29.5"),
        "On Mondays Maisie cannot come in for long. She comes for the morning and goes home at 12.15; "
        "work for the afternoon goes with her.",
        "Until 1.30 after four whole Monday mornings, then the whole day. Looked at with Mrs Fry each half-term.",
    )
}
_DAY = timedelta(days=1)
_PERCENT = select(Pupil.attendance_percent).where(Pupil.id == bindparam("pupil_id"))


def attendance(stage: Stage, children: list[tuple[Story, Child]]) -> None:
    """Last school year, for those who were here, and this one to date, all in one act."""
    first = date(academic_year_starts(stage.today).year - 1, 9, 1)
    with stage.act("legg", stage.calendar.on_or_before(stage.today), "Attendance entered from the register", 8, 20):
        for story, child in children:
            begins = academic_year_starts(stage.today) if child.year is YearGroup.R else first
            for number, (starts, ends) in enumerate(_periods(stage, story, begins)):
                _period(stage, child, starts, ends, _percent(story, child, number))
            _suspensions(stage, story, child)
            if story.name in _PART_TIME:
                _part_time(stage, child, *_PART_TIME[story.name])
        db.session.flush()


def _periods(stage: Stage, story: Story, begins: date) -> Iterator[tuple[date, date]]:
    """Half-terms for pupils of whom there is more to tell; else school years. The last ends on the last school day."""
    if not (story.health or story.agencies or story.suspension or story.attendance_note or _asks(story)):
        this = academic_year_starts(stage.today)
        if begins < this:
            yield begins, this - _DAY
        yield this, stage.calendar.on_or_before(stage.today)
        return
    for term in stage.calendar.terms:
        halves = [(term.starts, term.ends)]
        if term.half_term_starts and term.half_term_ends:
            halves = [(term.starts, term.half_term_starts - _DAY), (term.half_term_ends + _DAY, term.ends)]
        for starts, ends in halves:
            days = stage.calendar.between(starts, min(ends, stage.today))
            if days and begins <= starts:
                yield days[0], days[-1]


def _asks(story: Story) -> bool:
    return any(turn.request for turn in story.turns)


def _percent(story: Story, child: Child, number: int) -> Decimal:
    """What the roll says, a little more or less from one half-term to the next; or what the story tells."""
    told = _TOLD.get(story.name)
    if told is not None:
        return Decimal(told[min(number, len(told) - 1)])
    usual = db.session.scalar(_PERCENT, {"pupil_id": child.pupil_id}) or Decimal(95)
    return min(Decimal(100), usual + chance("attendance", story.name, number).randint(-25, 25) / Decimal(10))


def _period(stage: Stage, child: Child, starts: date, ends: date, percent: Decimal) -> None:
    possible = 2 * len(stage.calendar.between(starts, ends))
    missed = int((possible * (100 - percent) / 100).quantize(Decimal(1), ROUND_HALF_UP))
    unauthorised = missed // 6
    if possible:
        db.session.add(
            Attendance(
                pupil_id=child.pupil_id, starts=starts, ends=ends, possible=possible,
                authorised=missed - unauthorised, unauthorised=unauthorised,
            )
        )  # fmt: skip


def _suspensions(stage: Stage, story: Story, child: Child) -> None:
    if story.name in NONE_SUSPENDED:
        none, day = "None since admission.", stage.calendar.on_or_before(stage.today)
        db.session.add(Suspension(pupil_id=child.pupil_id, starts=day, days=Decimal(0), reason=none))
    if story.suspension:
        days, reason = story.suspension
        on = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), -110)
        db.session.add(Suspension(pupil_id=child.pupil_id, starts=on, days=Decimal(days), reason=reason))


def _part_time(stage: Stage, child: Child, hours: Decimal, reason: str, way_back: str) -> None:
    school_day = stage.calendar.on_or_before(stage.today)
    db.session.add(
        PartTime(
            pupil_id=child.pupil_id,
            starts=stage.calendar.shifted(school_day, -25),
            hours=hours,
            reason=reason,
            review_on=stage.calendar.shifted(school_day, 8),
            way_back=way_back,
            parents_agree=True,
        )
    )
