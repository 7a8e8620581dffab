"""Reading a pupil's cycles in order, each as one row, and the groups that a pupil may join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from graduated.access.once import read_once
from graduated.db.clock import local
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle, Group
from graduated.plan.rows import CycleRow, GroupRow
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.vocabulary import CycleStatus

_IDS: Any = bindparam("cycle_ids", expanding=True)
_Lead, _Recorder = aliased(User), aliased(User)
_CYCLES = (
    select(
        Cycle.id, Cycle.pupil_id, Cycle.number, Cycle.previous_id, Cycle.plan_type, Cycle.origin, Cycle.status,
        Cycle.starts, Cycle.ends, Cycle.review_due, Cycle.meeting_at, Cycle.meeting_place, Cycle.lead_id,
        _Lead.name.label("lead_name"), Cycle.assess_summary, Cycle.sent_on, Cycle.agreed_on, Cycle.scan_id,
        Cycle.version, Cycle.recorded_at, _Recorder.name.label("recorder"),
    )
    .outerjoin(_Lead, _Lead.id == Cycle.lead_id)
    .outerjoin(_Recorder, _Recorder.id == Cycle.recorded_by_id)
)  # fmt: skip
_CYCLES_OF = _CYCLES.where(Cycle.pupil_id == bindparam("pupil_id")).order_by(Cycle.starts, Cycle.number)
_CYCLES_BY_ID = _CYCLES.where(Cycle.id.in_(_IDS)).order_by(Cycle.starts, Cycle.number)
_LEFT_OPEN = (
    select(
        Cycle.id, Cycle.pupil_id, Cycle.number, Pupil.left_on, Pupil.legal_forename, Pupil.legal_surname,
        Pupil.known_as, Pupil.known_surname,
    )
    .join(Pupil, Pupil.id == Cycle.pupil_id)
    .where(
        Pupil.left_on < bindparam("day"),
        Cycle.status.in_([CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED]),
    )
    .order_by(Pupil.left_on, Cycle.id)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A plan that is still open though its pupil has left."""

    cycle_id: int
    pupil_id: int
    cycle_number: int
    left_on: date
    pupil_name: str


def left_open(day: date) -> tuple[LeftOpen, ...]:
    """Open plans of pupils whose last day lies behind, those who left first at the beginning."""
    rows = db.session.execute(_LEFT_OPEN, {"day": day})
    return tuple(
        LeftOpen(row.id, row.pupil_id, row.number, row.left_on, name_of(row)) for row in rows if row.left_on is not None
    )


def cycles_of(pupil_id: int) -> list[CycleRow]:
    """Every cycle of a pupil in the order in which they began, those brought forward from paper too."""
    return _cycles(db.session.execute(_CYCLES_OF, {"pupil_id": pupil_id}).all())


def cycle_of(cycle_id: int) -> CycleRow:
    """One cycle, which must be in scope."""
    return cycles_by_id([cycle_id])[0]


def current_cycle(pupil_id: int) -> CycleRow | None:
    """The cycle that a pupil is in: the agreed one, or else the draft; none when all are closed."""
    return _current(cycles_of(pupil_id))


def open_cycle_of(cycles: Sequence[CycleRow]) -> CycleRow | None:
    """Of cycles already read, the one that the pupil is in."""
    return _current(cycles)


def _current(cycles: Sequence[CycleRow]) -> CycleRow | None:
    opened = [one for one in cycles if one.status.is_open]
    agreed = [one for one in opened if one.status is CycleStatus.AGREED]
    found = agreed or opened
    return found[-1] if found else None


def cycles_by_id(cycle_ids: Sequence[int]) -> list[CycleRow]:
    """Some cycles, which must be in scope."""
    return list(_by_id(tuple(cycle_ids)))


@read_once
def _by_id(cycle_ids: tuple[int, ...]) -> tuple[CycleRow, ...]:
    return tuple(_cycles(db.session.execute(_CYCLES_BY_ID, {"cycle_ids": list(cycle_ids)}).all()))


def _cycles(rows: Sequence[Any]) -> list[CycleRow]:
    return [
        CycleRow(
            cycle_id=row.id,
            pupil_id=row.pupil_id,
            number=row.number,
            previous_id=row.previous_id,
            plan_type=row.plan_type,
            origin=row.origin,
            status=row.status,
            starts=row.starts,
            ends=row.ends,
            review_due=row.review_due,
            meeting_at=row.meeting_at,
            meeting_place=row.meeting_place,
            lead_id=row.lead_id,
            lead_name=row.lead_name or "",
            assess_summary=row.assess_summary,
            sent_on=row.sent_on,
            agreed_on=row.agreed_on,
            scan_id=row.scan_id,
            version=row.version,
            entered_on=local(row.recorded_at).date(),
            entered_by=row.recorder or "",
        )
        for row in rows
    ]


_GROUPS = (
    select(
        Group.id, Group.name, Group.intervention_id, Group.staff_id, Group.staff_role, Group.minutes,
        Group.times_a_week, Group.weekdays, Group.at, User.name.label("staff_name"),
    )
    .outerjoin(User, User.id == Group.staff_id)
    .where((Group.ends.is_(None)) | (Group.ends >= bindparam("day")))
    .order_by(Group.name, Group.id)
)  # fmt: skip


def groups_to_join(day: date) -> list[GroupRow]:
    """Groups that run or will run, for a pupil to join."""
    return [GroupRow(**row._asdict()) for row in db.session.execute(_GROUPS, {"day": day})]
