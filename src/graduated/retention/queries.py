"""What falls due, what is held, what waits for a second person, and the log."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import today
from graduated.db.session import db
from graduated.erasure import hooks
from graduated.erasure.finding import as_system
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.retention.models import Destruction, DestructionOrder, LegalHold, RetentionPeriod
from graduated.rules.retention import SHORTEST, Due, Kept, RecordClass, due, is_due, is_held
from graduated.rules.vocabulary import OrderState, SenStatus
from graduated.transfer.models import TransferReceipt

AHEAD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Hold:
    """One hold; `stands` while it keeps the record."""

    hold_id: int
    pupil_id: int
    reason: str
    placed_by: str
    starts: date
    until: date | None
    ended_on: date | None
    ended_by: str
    ended_why: str
    version: int
    stands: bool


@dataclass(frozen=True, slots=True)
class Falling:
    """A record that is due, or will be within a year."""

    pupil_id: int
    name: str
    record_class: RecordClass
    on: date
    is_due: bool
    is_held: bool
    order_id: int | None


@dataclass(frozen=True, slots=True)
class Order:
    """A record that somebody asked to destroy."""

    order_id: int
    pupil_id: int
    record_class: RecordClass
    due_on: date
    state: OrderState
    asked_by: str
    asked_by_id: int | None
    asked_at: datetime
    decided_by: str
    declined_why: str
    version: int


_PERIODS = select(RetentionPeriod.record_class, RetentionPeriod.length)
_LEFT = (
    select(Pupil.id, Pupil.legal_surname, Pupil.legal_forename, Pupil.known_as, Pupil.known_surname, Pupil.born_on,
           Pupil.left_on,
           exists().where(SenStatusSpell.pupil_id == Pupil.id, SenStatusSpell.status != SenStatus.NONE).label("ever"))
    .where(
        Pupil.left_on.is_not(None),
        Pupil.left_on <= bindparam("day"),
        ~exists().where(DestructionOrder.pupil_id == Pupil.id, DestructionOrder.state == OrderState.DONE),
    )
    .order_by(Pupil.id)
)  # fmt: skip
_LEFT_ONE = _LEFT.where(Pupil.id == bindparam("pupil_id"))
_RECEIPTS = select(TransferReceipt.pupil_id, func.max(TransferReceipt.received_on)).group_by(TransferReceipt.pupil_id)
_HOLDS = select(
    LegalHold.id, LegalHold.pupil_id, LegalHold.reason, LegalHold.placed_by, LegalHold.starts, LegalHold.until,
    LegalHold.ended_on, LegalHold.ended_by, LegalHold.ended_why, LegalHold.version,
).order_by(LegalHold.id.desc())  # fmt: skip
_HOLDS_OF = _HOLDS.where(LegalHold.pupil_id == bindparam("pupil_id"))
_HOLD_ONE = _HOLDS.where(LegalHold.id == bindparam("hold_id"))
_ORDERS = select(
    DestructionOrder.id, DestructionOrder.pupil_id, DestructionOrder.record_class, DestructionOrder.due_on,
    DestructionOrder.state, DestructionOrder.asked_by, DestructionOrder.recorded_by_id, DestructionOrder.recorded_at,
    DestructionOrder.decided_by, DestructionOrder.declined_why, DestructionOrder.version,
).order_by(DestructionOrder.id.desc())  # fmt: skip
_WAITING = _ORDERS.where(DestructionOrder.state == OrderState.ASKED)
_ORDER_ONE = _ORDERS.where(DestructionOrder.id == bindparam("order_id"))
_LOG = select(
    Destruction.initials, Destruction.born_in, Destruction.record_class, Destruction.due_on, Destruction.authority,
    Destruction.asked_by, Destruction.carried_out_by, Destruction.at, Destruction.rows, Destruction.files,
    Destruction.upn_sha256,
).order_by(Destruction.id.desc())  # fmt: skip


def lengths() -> dict[RecordClass, int]:
    """How long this school keeps each class: what it chose, or the guidance."""
    chosen = {row.record_class: row.length for row in db.session.execute(_PERIODS)}
    return {which: max(chosen.get(which, 0), shortest) for which, shortest in SHORTEST.items()}


def _due(rows: Sequence[Any]) -> list[tuple[Any, Due | None]]:
    if not rows:
        return []
    received: dict[int, date] = {row[0]: row[1] for row in db.session.execute(_RECEIPTS)}
    chosen = lengths()
    return [
        (row, due(Kept(row.born_on, row.left_on, bool(row.ever), _after(received.get(row.id), row.left_on)), chosen))
        for row in rows
    ]


def _after(received_on: date | None, left_on: date) -> date | None:
    """The receipt, unless the pupil came back and left again long after it."""
    return received_on if received_on is not None and received_on >= left_on - timedelta(days=60) else None


def due_of(pupil_id: int) -> Due | None:
    """When one record falls due; None while the pupil is here, or when it is gone."""
    found = _due(db.session.execute(_LEFT_ONE, {"day": today(), "pupil_id": pupil_id}).all())
    return found[0][1] if found else None


def falling() -> tuple[Falling, ...]:
    """Records that are due, and those that will be within a year; the earliest first."""
    day = today()
    held = {one.pupil_id for one in holds() if one.stands}
    asked = {one.pupil_id: one.order_id for one in waiting()}
    found = [
        Falling(row.id, name_of(row), one.record_class, one.on, is_due(one, day), row.id in held, asked.get(row.id))
        for row, one in _due(db.session.execute(_LEFT, {"day": day}).all())
        if one is not None and one.on <= day + AHEAD
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.name)))


def holds() -> tuple[Hold, ...]:
    """Every hold, the newest first."""
    return tuple(_hold(row) for row in db.session.execute(_HOLDS))


def holds_of(pupil_id: int) -> tuple[Hold, ...]:
    """The holds on one record, the newest first."""
    return tuple(_hold(row) for row in db.session.execute(_HOLDS_OF, {"pupil_id": pupil_id}))


def hold_of(hold_id: int) -> Hold:
    """One hold."""
    return _hold(db.session.execute(_HOLD_ONE, {"hold_id": hold_id}).one())


def _hold(row: Any) -> Hold:
    values = (*row, is_held(row.until, row.ended_on, today()))
    return Hold(*values)


def held_since(pupil_id: int) -> date | None:
    """Since when a hold stands on a record, whoever looks; nothing while none does."""
    with as_system():
        return min((one.starts for one in holds_of(pupil_id) if one.stands), default=None)


def waiting() -> tuple[Order, ...]:
    """What waits for a second person."""
    return tuple(Order(*row) for row in db.session.execute(_WAITING))


def order_of(order_id: int) -> Order:
    """One of them."""
    return Order(*db.session.execute(_ORDER_ONE, {"order_id": order_id}).one())


def log() -> tuple[Any, ...]:
    """The destruction log, the newest first; no child is named."""
    return tuple(db.session.execute(_LOG))


def fingerprint(counts: Mapping[str, int], emptied: Mapping[str, int], files: int) -> str:
    """What a person was shown of what would go, to be compared when they say yes."""
    return hashlib.sha256(json.dumps([sorted(counts.items()), sorted(emptied.items()), files]).encode()).hexdigest()


@finder("legal_hold")
def find_hold(hold_id: int) -> Subject | None:
    """A hold of this school."""
    found = db.session.execute(_HOLD_ONE, {"hold_id": hold_id}).first()
    return Subject(pupil_id=found.pupil_id) if found is not None else None


@finder("destruction_order")
def find_order(order_id: int) -> Subject | None:
    """A destruction that was asked for in this school."""
    found = db.session.execute(_ORDER_ONE, {"order_id": order_id}).first()
    return Subject(pupil_id=found.pupil_id) if found is not None else None


hooks.once(hooks.since, held_since)
