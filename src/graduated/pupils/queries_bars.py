"""Bars and what became of them, and the holds that run out soon or ran out a moment ago."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Adult, Bar, BarChange, FamilyLink, Pupil
from graduated.pupils.queries import name_of
from graduated.pupils.queries_family import adult_name
from graduated.rules.bars import WARNS_FOR, HoldState, at_its_end, may_look, state_of
from graduated.rules.vocabulary import BarAct, BarKind, Relationship
from graduated.web.filters import long_date


@dataclass(frozen=True, slots=True)
class Change:
    """A bar renewed or ended: by whom, on which day, until when, and why."""

    act: BarAct
    on: date
    by: str
    was: date | None
    ends: date | None
    why: str


@dataclass(frozen=True, slots=True)
class BarStory:
    """A bar from its entering on; `is_over` when it bars nobody any more."""

    bar_id: int
    kind: BarKind
    starts: date
    ends: date | None
    reason: str
    entered_on: date
    entered_by: str
    document_id: int | None
    changes: tuple[Change, ...]
    is_over: bool


@dataclass(frozen=True, slots=True)
class EndingHold:
    """A safeguarding hold that runs out within two weeks, or ran out within two; `words` say what its end means."""

    bar_id: int
    pupil_id: int
    pupil_name: str
    adult_name: str
    ends: date
    state: HoldState
    words: str


_OTHER = aliased(Bar)
_STORIES = (
    select(Bar.id, Bar.family_link_id, Bar.kind, Bar.starts, Bar.ends, Bar.reason, Bar.document_id, Bar.recorded_at,
           User.name)
    .outerjoin(User, User.id == Bar.recorded_by_id)
    .where(Bar.pupil_id == bindparam("pupil_id"))
    .order_by(Bar.starts, Bar.id)
)  # fmt: skip
_CHANGES = (
    select(BarChange.bar_id, BarChange.act, BarChange.recorded_at, User.name, BarChange.was, BarChange.ends,
           BarChange.why)
    .outerjoin(User, User.id == BarChange.recorded_by_id)
    .where(BarChange.pupil_id == bindparam("pupil_id"))
    .order_by(BarChange.id)
)  # fmt: skip
_ENDING: Any = (
    select(
        Bar.id, Bar.family_link_id, Bar.pupil_id, Bar.ends, Adult.title, Adult.forename, Adult.surname,
        FamilyLink.may_view, FamilyLink.relationship, FamilyLink.young_person_agrees, Pupil.rights_pass_on,
        Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname,
    )
    .join(FamilyLink, FamilyLink.id == Bar.family_link_id)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .join(Pupil, Pupil.id == Bar.pupil_id)
    .where(
        Bar.kind == BarKind.HOLD,
        Bar.starts <= bindparam("day"),
        Bar.ends.between(bindparam("since"), bindparam("until")),
        Bar.id.not_in(select(BarChange.bar_id).where(BarChange.act == BarAct.ENDED)),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(Bar.ends, Bar.id)
)  # fmt: skip
_OTHERS = select(_OTHER.id, _OTHER.family_link_id, _OTHER.starts, _OTHER.ends).where(
    _OTHER.family_link_id.in_(bindparam("links", expanding=True)),
    or_(_OTHER.ends.is_(None), _OTHER.ends >= bindparam("day")),
)


def stories_of(pupil_id: int) -> dict[int, tuple[BarStory, ...]]:
    """Every bar of a pupil's family by its link, the oldest first; what became of each, the newest first."""
    day, given = today(), {"pupil_id": pupil_id}
    changes: dict[int, list[Change]] = defaultdict(list)
    for made in db.session.execute(_CHANGES, given):
        on = local(made.recorded_at).date()
        changes[made.bar_id].append(Change(made.act, on, made.name or "", made.was, made.ends, made.why))
    found: dict[int, list[BarStory]] = defaultdict(list)
    for row in db.session.execute(_STORIES, given):
        found[row.family_link_id].append(
            BarStory(
                row.id, row.kind, row.starts, row.ends, row.reason, local(row.recorded_at).date(), row.name or "",
                row.document_id, tuple(reversed(changes[row.id])), row.ends is not None and row.ends < day,
            )
        )  # fmt: skip
    return {link_id: tuple(stories) for link_id, stories in found.items()}


def ending_holds() -> tuple[EndingHold, ...]:
    """Holds that run out within two weeks, and those that ran out within two and left nobody barred; two queries."""
    day = today()
    given = {"day": day, "since": day - WARNS_FOR, "until": day + WARNS_FOR}
    rows = db.session.execute(_ENDING, given).all()
    if not rows:
        return ()
    others: dict[int, list[Any]] = defaultdict(list)
    for other in db.session.execute(_OTHERS, {"links": sorted({row.family_link_id for row in rows}), "day": day}):
        others[other.family_link_id].append(other)
    found = (_ending(row, [one for one in others[row.family_link_id] if one.id != row.id], day) for row in rows)
    return tuple(one for one in found if one is not None)


def _ending(row: Any, others: list[Any], day: date) -> EndingHold | None:
    after = max(row.ends + timedelta(days=1), day)
    covered = any(one.starts <= after and (one.ends is None or one.ends >= after) for one in others)
    state, name, child = state_of(row.ends, day), adult_name(row.title, row.forename, row.surname), name_of(row)
    if state is HoldState.RAN_OUT and covered:
        return None
    reads = may_look(
        may_view=row.may_view,
        barred=False,
        rights_passed=row.rights_pass_on <= after,
        is_pupil=row.relationship is Relationship.SELF,
        agrees=row.young_person_agrees,
    )
    first = row.known_as or row.legal_forename
    if state is HoldState.RAN_OUT:
        words = f"{name} may read {first}’s plan again." if reads else f"{name} is not set to read {first}’s plan."
    else:
        words = at_its_end(name, first, long_date(row.ends), long_date(after), reads_then=reads, another_bar=covered)
    return EndingHold(row.id, row.pupil_id, child, name, row.ends, state, words)
