"""Taking an entry that waited on a device: from the person who made it, once, for the day on which it happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import acting, require_actor
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.do import sheets
from graduated.do.models import DeliveredSession, GroupCover
from graduated.do.queries import GroupCard, Logged, group_of
from graduated.do.services import (
    AlreadyLogged,
    FullSignIn,
    NewPresence,
    NewSession,
    log_session,
    withdraw_session,
)
from graduated.do.waiting import Mark, TakenBack, WaitingEntry
from graduated.plan.models import Group
from graduated.rules.progress import NotAValue, parse_value
from graduated.rules.vocabulary import MeasureKind


class SomebodyElses(Exception):
    """The entry waits for another person than the one who is signed in."""


class NotTaken(Exception):
    """The entry cannot be taken; the words say why and what to do."""


class Stands(Exception):
    """Somebody has logged that session; who made this entry has to say what becomes of it."""

    def __init__(self, group: str, logged: Logged) -> None:
        super().__init__("the session is logged already")
        self.group, self.logged = group, logged


@dataclass(frozen=True, slots=True)
class Taken:
    """What was written down, or stood already because it had been sent before."""

    session_id: int
    group_id: int
    group: str


_RAN = select(Group.id, Group.staff_id).where(
    Group.starts <= bindparam("day"), or_(Group.ends.is_(None), Group.ends >= bindparam("day"))
)
_COVERED = (
    select(Group.id, Group.staff_id)
    .join(GroupCover, GroupCover.group_id == Group.id)
    .where(GroupCover.on == bindparam("day"), GroupCover.user_id == bindparam("user_id"))
)
_SENT = select(
    DeliveredSession.id,
    DeliveredSession.group_id,
    DeliveredSession.note,
    DeliveredSession.recorded_by_id,
    DeliveredSession.held_on,
).where(DeliveredSession.client_reference == bindparam("reference"))


@writes("Session logged")
def take_entry(entry: WaitingEntry) -> Taken:
    """Write down a session that was tapped on a device. Sent again, it is the entry that stands already.

    Raises SomebodyElses, NotTaken, or Stands when another entry was made for that group and day.
    """
    _only_from(entry.owner)
    if entry.on > today():
        raise NotTaken("The date lies ahead. Check the date of the device, and log the session again.")
    group_id, covered = _group_of(entry)
    sent_before = _sent(entry.reference)
    if sent_before is not None and (sent_before.recorded_by_id, sent_before.group_id) != (_me(), group_id):
        raise NotTaken("Another entry has this number. Open the group’s page and log the session again.")
    with _seeing(covered):
        card = group_of(group_id, entry.on)
        if sent_before is not None and (sent_before.note or not _has_words(entry)):
            return Taken(sent_before.id, group_id, card.name)
        if require_actor().on_device:
            _refuse_by_pin(entry, card)
        new = _session(entry, group_id, card.measure_kind)
        try:
            return Taken(log_session(group_id, new), group_id, card.name)
        except AlreadyLogged:
            logged = group_of(group_id, entry.on).logged  # read again: it may have come in while this one waited
            if logged is None:
                raise
            raise Stands(card.name, logged) from None
        except Clash:  # it arrived before, and has been corrected since: the correction stays
            return Taken(sent_before.id if sent_before else 0, group_id, card.name)
        except FullSignIn as error:
            raise NotTaken(str(error)) from error
        except ValueError as error:
            raise NotTaken(f"{error} Open the group’s page and log the session again.") from error


def _refuse_by_pin(entry: WaitingEntry, card: GroupCard) -> None:
    """What the log itself cannot see: a group of another weekday, and a figure that the group has no measure for."""
    if entry.on == today() and not card.today:
        raise NotTaken(f"{card.name} is not set for today. To log it, sign in with your email address and password.")
    if any(mark.reading for mark in entry.marks):
        raise NotTaken("No readings are written with a PIN. For that, sign in with your email address and password.")


@writes("Session entry withdrawn")
def take_back(entry: TakenBack) -> int | None:
    """Withdraw one's own entry by its reference, if it ever arrived; by PIN one of today, and others go on waiting."""
    _only_from(entry.owner)
    row = _sent(entry.reference)
    if row is None or row.recorded_by_id != _me():
        return None
    if require_actor().on_device and row.held_on != today():
        raise SomebodyElses
    with _seeing(everything=True):
        return withdraw_session(row.id)


def _only_from(owner: str) -> None:
    if owner != sheets.person_reference():
        raise SomebodyElses


def _me() -> int | None:
    return require_actor().user_id


def _sent(reference: str) -> Any:
    """What was written down under a reference, by whomever."""
    with _seeing(everything=True):
        return db.session.execute(_SENT, {"reference": reference}).first()


def _has_words(entry: WaitingEntry) -> bool:
    return bool(entry.note or any(mark.note for mark in entry.marks))


@contextmanager
def _seeing(everything: bool) -> Iterator[None]:
    """Look past the person's present sight: who covered a group on Tuesday no longer sees it on Wednesday."""
    if not everything:
        yield
        return
    with acting(replace(require_actor(), is_system=True)):
        yield


def _group_of(entry: WaitingEntry) -> tuple[int, bool]:
    """The group that a sheet stands for, and whether the person covered it on that day and sees it no longer."""
    own = db.session.execute(_RAN, {"day": entry.on}).all()
    found = next((row for row in own if sheets.sheet_reference(row.id, entry.on) == entry.sheet), None)
    covered = _covered_on(entry.on)
    if found is not None:
        people = {found.staff_id} | ({_me()} if found.id in covered else set())
        if may(actions.DEVICE_LOG, Subject(staff_ids=frozenset(one for one in people if one is not None))):
            return found.id, False
    for group_id in covered:
        if sheets.sheet_reference(group_id, entry.on) == entry.sheet:
            return group_id, True
    raise NotTaken("You no longer log this group. Tell the person who runs it, or the SENCO, what happened.")


def _covered_on(day: date) -> frozenset[int]:
    with _seeing(everything=True):
        rows = db.session.execute(_COVERED, {"day": day, "user_id": _me()})
        return frozenset(row.id for row in rows)


def _session(entry: WaitingEntry, group_id: int, kind: MeasureKind | None) -> NewSession:
    with _seeing(everything=True):
        belong = [member.pupil_id for member in group_of(group_id, entry.on).members]
    pupils = {sheets.place_reference(group_id, entry.on, pupil_id): pupil_id for pupil_id in belong}
    if any(mark.place not in pupils for mark in entry.marks):
        raise NotTaken("The group’s pupils of that day have changed since. Open the group’s page and log it again.")
    return NewSession(
        held_on=entry.on,
        minutes=entry.minutes,
        state=entry.state,
        reason=entry.reason,
        note=entry.note,
        presences=tuple(_presence(mark, pupils[mark.place], kind) for mark in entry.marks),
        client_reference=entry.reference,
        another=entry.settle == "another",
        instead_of=entry.stands if entry.settle == "instead" else None,
    )


def _presence(mark: Mark, pupil_id: int, kind: MeasureKind | None) -> NewPresence:
    value = None
    if mark.reading and mark.here and kind is not None:
        try:
            value = parse_value(mark.reading, kind)
        except NotAValue as error:
            raise NotTaken(f"A reading cannot be read: {error}") from error
    return NewPresence(
        pupil_id=pupil_id,
        present=mark.here,
        reason=mark.why,
        engagement=mark.took_part,
        note=mark.note,
        reading=value.number if value else None,
        reading_censor=value.censor if value else None,
    )
