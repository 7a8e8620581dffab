"""Who looked at whose record, over the whole school; and looking at many children in a short time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.audit import refusals, views_log
from graduated.db.clock import local, now
from graduated.db.session import db
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.pupils.tabs import page_words
from graduated.rules.looking import MANY, WITHIN, Looked, spells

SPELLS_OF = timedelta(days=30)
PAGE = 100
_NAMES = select(Pupil.id, Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname).where(
    Pupil.id.in_(bindparam("ids", expanding=True))
)


@dataclass(frozen=True, slots=True)
class Seen:
    """One look as the page shows it. `pupil` is empty for who may not read that child's record."""

    at: datetime
    who: str
    pupil: str
    pupil_id: int
    page: str


@dataclass(frozen=True, slots=True)
class Unusual:
    """Somebody who looked at many children's records in a short time."""

    who: str
    user_id: int
    began: datetime
    ended: datetime
    children: int

    @property
    def day(self) -> date:
        """The day on which it was, here."""
        return local(self.began).date()


@dataclass(frozen=True, slots=True)
class Knocked:
    """Somebody who asked for pages of a record that were not shown: which, how often, and when last."""

    who: str
    page: str
    why: str
    times: int
    at: datetime


_WHY = {
    403: "May read it and not change it",
    404: "Not theirs to see",
    303: "No longer works here",
    401: "No longer works here",
}
_NOT_SHOWN = {403: "Not part of their work", 404: "Not theirs to see, or not there"}


@dataclass(frozen=True, slots=True)
class Tried:
    """A try to change something that was refused: by whom, when, what, and why it was refused."""

    at: datetime
    who: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Looks:
    """A page of looks; `before` leads to the older ones, when there are any."""

    rows: tuple[Seen, ...]
    before: int


def names_in_sight(ids: Iterable[int]) -> dict[int, str]:
    """The names of those pupils whose records the person acting may read."""
    return {row.id: name_of(row) for row in db.session.execute(_NAMES, {"ids": sorted(set(ids))})}


def looks(first: date, last: date, user_id: int | None = None, before: int = 0) -> Looks:
    """What was looked at from one day to another, the newest first."""
    found = views_log.looks_between(
        require_actor().school_id, start_of(first), start_of(last + timedelta(days=1)), user_id=user_id, before=before,
        limit=PAGE + 1,
    )  # fmt: skip
    names = names_in_sight(one.pupil_id for one in found)
    rows = tuple(
        Seen(one.at, one.user_name, names.get(one.pupil_id, ""), one.pupil_id, page_words(one.page))
        for one in found[:PAGE]
    )
    return Looks(rows, found[PAGE - 1].id if len(found) > PAGE else 0)


def start_of(day: date) -> datetime:
    """The first moment of a day, as clocks here have it, in UTC."""
    zone = local(datetime.combine(day, time(12), UTC)).tzinfo
    return datetime.combine(day, time(), zone).astimezone(UTC)


def unusual() -> tuple[Unusual, ...]:
    """Looking at many children in a short time within thirty days, the newest first."""
    school, since = require_actor().school_id, now() - SPELLS_OF
    found = []
    for user_id, day in views_log.busy_days(school, since, MANY):
        # A spell may begin before midnight and end after it.
        noon = datetime.combine(date.fromisoformat(day), time(12), UTC)
        rows = views_log.looks_between(
            school, noon - timedelta(hours=12) - WITHIN, noon + timedelta(hours=12) + WITHIN, user_id=user_id,
            limit=5000,
        )  # fmt: skip
        rows.reverse()
        for one in spells([Looked(row.pupil_id, row.at) for row in rows]):
            found.append(Unusual(rows[-1].user_name, user_id, one.began, one.ended, len(one.pupil_ids)))
    return tuple(sorted(dict.fromkeys(found), key=lambda one: one.began, reverse=True))


def refused() -> tuple[Tried, ...]:
    """Tries to change something that were refused within thirty days, the newest first."""
    rows = refusals.refused_since(require_actor().school_id, now() - SPELLS_OF)
    return tuple(Tried(row.at, row.user_name, page_words(row.route), _WHY[row.status]) for row in rows)


def looks_refused() -> tuple[Knocked, ...]:
    """Looks at records that were refused within thirty days, by person and page, the newest first."""
    rows = refusals.looks_refused_since(require_actor().school_id, now() - SPELLS_OF)
    return tuple(
        Knocked(row.user_name, page_words(row.route), _NOT_SHOWN.get(row.status, ""), row.times, row.at) for row in rows
    )
