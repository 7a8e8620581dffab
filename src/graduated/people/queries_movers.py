"""Joiners, movers and leavers: who has just come, changes, goes, or has not been seen; access looked through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from graduated.access.identity import require_actor
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.people import hooks
from graduated.people.models import SignInSession, User
from graduated.people.models_devices import StaffReview
from graduated.people.queries_staff import Member, left_of, members
from graduated.rules.staffing import NEW, is_review_due, is_unseen
from graduated.school.queries import terms
from graduated.web.filters import long_date

LEFT = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Mover:
    """One person on one of the lists, with a sentence of what is so. `holds`: plans and groups still in their hands."""

    user_id: int
    name: str
    words: str
    day: date | None = None
    holds: int = 0


@dataclass(frozen=True, slots=True)
class Reviewed:
    """When access was last looked through, and by whom; `is_due` when this term has not seen it."""

    at: datetime | None
    by: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class Movers:
    """Every list of the page."""

    joining: tuple[Mover, ...]
    changing: tuple[Mover, ...]
    leaving: tuple[Mover, ...]
    left: tuple[Mover, ...]
    unseen: tuple[Mover, ...]
    reviewed: Reviewed
    people: int


_SEEN = (
    select(SignInSession.user_id, func.max(SignInSession.started_at))
    .where(SignInSession.school_id == bindparam("school_id"))
    .group_by(SignInSession.user_id)
)
_REVIEWED = (
    select(StaffReview.recorded_at, User.name)
    .outerjoin(User, User.id == StaffReview.recorded_by_id)
    .order_by(StaffReview.id.desc())
    .limit(1)
)


def movers() -> Movers:
    """Who comes, changes, goes and is not seen, as of today."""
    everybody, day = members(), today()
    here, holds = [one for one in everybody if not one.has_left], _holds()
    seen = _last_seen()
    return Movers(
        joining=tuple(found for one in here if (found := _joining(one, day))),
        changing=tuple(found for one in here for found in _changes(one, day)),
        leaving=tuple(
            _going(one, "Last day", holds)
            for one in here
            if one.last_day is not None
        ),
        left=tuple(
            _going(one, "Left; last day", holds)
            for one in everybody
            if one.has_left and one.last_day is not None and (day - one.last_day <= LEFT or holds.get(one.user_id))
        ),
        unseen=tuple(found for one in here if (found := _unseen(one, seen.get(one.user_id), day))),
        reviewed=_reviewed(day),
        people=len(here),
    )  # fmt: skip


def held_by_leavers() -> int:
    """How many running plans and groups are still in the hands of people who have left."""
    holds = _holds()
    return sum(holds[user_id] for user_id in left_of(holds)) if holds else 0


def _going(one: Member, words: str, holds: Mapping[int, int]) -> Mover:
    return Mover(one.user_id, one.name, f"{words} {long_date(one.last_day)}", one.last_day, holds.get(one.user_id, 0))


def _last_seen() -> dict[int, date]:
    """The day on which each person last came in to this school."""
    rows = db.session.execute(_SEEN, {"school_id": require_actor().school_id})
    return {row[0]: local(row[1]).date() for row in rows}


def _holds() -> dict[int, int]:
    """How many running plans and groups are in the hands of each person, as far as the person acting sees them."""
    found: dict[int, int] = {}
    for ask in hooks.in_hand:
        for user_id, count in ask().items():
            found[user_id] = found.get(user_id, 0) + count
    return found


def _joining(one: Member, day: date) -> Mover | None:
    starts = min(role.starts for role in one.roles)
    if not one.has_password:
        until = f" until {long_date(local(one.link_until).date())}" if one.link_until else ""
        words = f"Invited and not yet in; the link works{until}" if one.link_until else "Has no way in: make a new link"
        return Mover(one.user_id, one.name, words, starts)
    if day - starts > NEW:
        return None
    words = "Is in" if one.has_second_step else "Is in, without a second step"
    return Mover(one.user_id, one.name, words, starts)


def _changes(one: Member, day: date) -> list[Mover]:
    """Roles that begin on a later day, and roles that end while another goes on."""
    begins = [role for role in one.current if role.starts > day]
    ends = [role for role in one.current if role.ends is not None and one.last_day is None]
    return [
        Mover(one.user_id, one.name, f"{role.role.label} from {long_date(role.starts)}", role.starts) for role in begins
    ] + [Mover(one.user_id, one.name, f"{role.role.label} until {long_date(role.ends)}", role.ends) for role in ends]


def _unseen(one: Member, last: date | None, day: date) -> Mover | None:
    since = min(role.starts for role in one.current)
    if not one.has_password or not is_unseen(last, since, day):
        return None
    return Mover(one.user_id, one.name, f"Last signed in on {long_date(last)}" if last else "Has never signed in", last)


def _reviewed(day: date) -> Reviewed:
    row = db.session.execute(_REVIEWED).one_or_none()
    last = local(row.recorded_at).date() if row else None
    return Reviewed(
        row.recorded_at if row else None, (row.name or "") if row else "", is_review_due(last, terms(), day)
    )
