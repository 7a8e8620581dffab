"""Who looked at one pupil's record and who changed it, to be searched by person, by day and by what was opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.audit.models import ChangeEvent
from graduated.audit.views_log import views_of
from graduated.db.session import db
from graduated.pupils.tabs import page_words
from graduated.register.queries_looking import start_of

SHOWN = 200
_READ = 5000
"""So many of each are gone through at most; who looks for older ones names the days."""
_CHANGES = (
    select(ChangeEvent.at, ChangeEvent.actor_name, ChangeEvent.act)
    .where(
        ChangeEvent.pupil_id == bindparam("pupil_id"),
        ChangeEvent.at >= bindparam("since"),
        ChangeEvent.at < bindparam("until"),
    )
    .order_by(ChangeEvent.sequence.desc())
    .limit(_READ)
)


@dataclass(frozen=True, slots=True)
class Looked:
    """One entry of who looked or changed: `changed` says that it was a change."""

    at: datetime
    name: str
    what: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: a person's whole name, days (both included), words of what was opened or done."""

    first: date
    last: date
    name: str = ""
    words: str = ""

    def fits(self, entry: Looked) -> bool:
        """Whether an entry is one of those."""
        return (not self.name or entry.name == self.name) and self.words.casefold() in entry.what.casefold()


@dataclass(frozen=True, slots=True)
class Found:
    """The newest entries that fit, how many more there are, and everybody who stands in those days."""

    entries: tuple[Looked, ...]
    more: int
    names: tuple[str, ...]


def looked_at(pupil_id: int, sought: Sought) -> Found:
    """Who looked at a pupil's record and who changed it, the newest first."""
    since, until = start_of(sought.first), start_of(sought.last + timedelta(days=1))
    seen = views_of(require_actor().school_id, pupil_id, since, until, _READ)
    every = [Looked(one.at, one.user_name, page_words(one.page), False) for one in seen]
    about = {"pupil_id": pupil_id, "since": since, "until": until}
    every += [Looked(row.at, row.actor_name, row.act, True) for row in db.session.execute(_CHANGES, about)]
    fitting = sorted(filter(sought.fits, every), key=lambda entry: entry.at, reverse=True)
    names = sorted({one.name for one in every} | ({sought.name} if sought.name else set()))
    return Found(tuple(fitting[:SHOWN]), max(0, len(fitting) - SHOWN), tuple(names))
