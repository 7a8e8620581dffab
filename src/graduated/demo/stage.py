"""What the telling of the stories stands on: who acts, on which day, and what is found by its name."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.clock import held
from graduated.db.session import db
from graduated.db.writing import write
from graduated.demo.calendar import SchoolCalendar, moment
from graduated.demo.people import LEADS, Cast
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.rules.calendar import academic_year_starts
from graduated.rules.vocabulary import Respondent, SenStatus, YearGroup
from graduated.school import queries as school

DEMO = "Demo school"
_PUPILS = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.year_group,
        SenStatusSpell.status,
        SenStatusSpell.starts,
    )
    .join(SenStatusSpell, SenStatusSpell.pupil_id == Pupil.id)
    .where(SenStatusSpell.ends.is_(None))
    .order_by(Pupil.id)
)


@dataclass(frozen=True, slots=True)
class Child:
    """A pupil of the roll."""

    pupil_id: int
    forename: str
    year: YearGroup
    status: SenStatus
    since: date


@dataclass
class Stage:
    """The demo while it is being made. `now` is the moment that it is dated from."""

    calendar: SchoolCalendar
    cast: Cast
    now: datetime
    begun: date
    password_hash: str
    measures: dict[str, tuple[int, Respondent]] = field(default_factory=dict)
    interventions: dict[str, int] = field(default_factory=dict)
    children: dict[str, Child] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day that the demo is dated from."""
        return self.calendar.today

    def find_names(self) -> None:
        """Look up the libraries and the roll. Where two pupils share a name, the one with SEN is meant."""
        with self.system():
            self.measures = {row.code: (row.id, row.respondent) for row in school.measures()}
            self.interventions = {row.name: row.id for row in school.interventions()}
            for row in db.session.execute(_PUPILS):
                name = f"{row.legal_forename} {row.legal_surname}"
                known = self.children.get(name)
                if known is None or known.status is SenStatus.NONE:
                    self.children[name] = Child(row.id, row.legal_forename, row.year_group, row.status, row.starts)

    @contextmanager
    def system(self) -> Iterator[None]:
        """Act as the demo itself."""
        with acting(system_actor(self.cast.school_id, DEMO)):
            yield

    @contextmanager
    def act(self, who: str, day: date, words: str, hour: int = 15, minute: int = 30) -> Iterator[None]:
        """One act of one member of staff on one day: one transaction, one entry in the audit."""
        with self.on(day, hour, minute), acting(self.cast.actor(who)), write(words):
            yield

    @contextmanager
    def on(self, day: date, hour: int = 15, minute: int = 30) -> Iterator[None]:
        """The clock at a moment of a day, never later than the moment that the demo is dated from."""
        with held(min(moment(day, hour, minute), self.now)):
            yield

    def lead(self, child: Child, day: date) -> str | None:
        """Who taught the pupil on that day; nobody here before Reception."""
        years = list(YearGroup)
        back = academic_year_starts(self.today).year - academic_year_starts(day).year
        place = years.index(child.year) - back
        return LEADS.get(years[place].value) if place >= 0 else None


def chance(*key: object) -> random.Random:
    """Chance that falls the same way each time for the same key."""
    return random.Random("|".join(str(part) for part in key))  # noqa: S311  # not for secrets
