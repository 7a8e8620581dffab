"""Keeping and destroying: periods, holds, asking, and carrying out by a second person."""

from __future__ import annotations

import hashlib
from datetime import date

from sqlalchemy import bindparam, select

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.identity import require_actor
from graduated.access.policy import Subject
from graduated.audit.capture import WHOLE
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.db.writing import Clash, check_version, writes
from graduated.erasure.after import clean_after
from graduated.erasure.authority import with_authority
from graduated.erasure.finding import as_system
from graduated.erasure.models import ErasureOrder
from graduated.pupils.models import Pupil
from graduated.retention.destroying import Reach, destroy, reach_of
from graduated.retention.models import Destruction, DestructionOrder, LegalHold, RetentionPeriod
from graduated.retention.queries import due_of, fingerprint, holds_of
from graduated.retention.standing import against
from graduated.rules.erasure import may_carry_out
from graduated.rules.retention import Due, RecordClass, is_due, wrong_length
from graduated.rules.vocabulary import ByLaw, OrderState, Role

_ORDER = select(DestructionOrder).where(DestructionOrder.id == bindparam("order_id"))
_HOLD = select(LegalHold).where(LegalHold.id == bindparam("hold_id"))
_OPEN = select(DestructionOrder.id).where(
    DestructionOrder.pupil_id == bindparam("pupil_id"), DestructionOrder.state == OrderState.ASKED
)
SCHEDULE = "The school’s retention schedule"


class RetentionRefused(ValueError):
    """It cannot be done as it stands; the words say why."""


@writes("Period of keeping records changed")
def keep_for(record_class: RecordClass, length: int) -> int:
    """Keep a class of records longer (years, or days once handed on). Raises RetentionRefused."""
    wrong = wrong_length(record_class, length)
    if wrong:
        raise RetentionRefused(wrong)
    row = db.session.scalars(select(RetentionPeriod).where(RetentionPeriod.record_class == record_class)).one_or_none()
    if row is None:
        row = RetentionPeriod(record_class=record_class, length=length)
        db.session.add(row)
    row.length = length
    db.session.flush()
    return row.id


@writes("Record held")
def hold(pupil_id: int, reason: str, until: date | None) -> int:
    """Keep a record whatever its age, until a day or until the hold is ended."""
    row = LegalHold(
        pupil_id=pupil_id, reason=reason.strip(), placed_by=require_actor().name, starts=today(), until=until
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Hold on a record ended")
def end_hold(hold_id: int, why: str, version: int | None = None) -> int:
    """End a hold, with the reason."""
    row = db.session.scalars(_HOLD, {"hold_id": hold_id}).one()
    check_version(row, version)
    if row.ended_on is not None:
        raise RetentionRefused("This hold is ended already.")
    row.ended_on, row.ended_by, row.ended_why = today(), require_actor().name, why.strip()
    db.session.flush()
    return row.id


@writes("Destruction of a record asked for")
def ask(pupil_id: int) -> int:
    """Ask that a record that is due is destroyed. Gives the order's id; nothing changes yet."""
    found = _refuse(pupil_id)
    if db.session.scalars(_OPEN, {"pupil_id": pupil_id}).first():
        raise RetentionRefused("This is asked for already, and waits for a second person.")
    row = DestructionOrder(
        pupil_id=pupil_id, record_class=found.record_class, due_on=found.on, asked_by=require_actor().name
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def _refuse(pupil_id: int) -> Due:
    """Since when the record is due. Raises RetentionRefused for what is not due, is held, or is waited for."""
    found = due_of(pupil_id)
    if found is None or not is_due(found, today()):
        raise RetentionRefused("This record is not due to be destroyed.")
    if any(one.stands for one in holds_of(pupil_id)):
        raise RetentionRefused("This record is held. End the hold first, with its reason.")
    waited_for = against(pupil_id, found.record_class)
    if waited_for:
        raise RetentionRefused(" ".join(waited_for))
    return found


@writes("Destruction of a record declined")
def decline(order_id: int, why: str, version: int | None = None) -> int:
    """Keep the record after all, with a reason."""
    order = _waiting(order_id, version)
    order.state, order.declined_why = OrderState.DECLINED, why.strip()
    order.decided_by, order.decided_at = require_actor().name, now()
    db.session.flush()
    return order_id


def _waiting(order_id: int, version: int | None) -> DestructionOrder:
    order = db.session.scalars(_ORDER, {"order_id": order_id}).one()
    check_version(order, version)
    if order.state is not OrderState.ASKED:
        raise RetentionRefused(f"This is {order.state.inside} already.")
    return order


@writes("Record destroyed")
def carry_out(order_id: int, version: int | None = None, seen: str | None = None) -> int:
    """Destroy it, for good. `seen` is what the person was shown; when something else would go by now, it is a Clash.

    Raises RetentionRefused when the same person asked, when neither of the two has the head's authority, when the
    record is held or no longer due, or when somebody still waits for something out of it.
    """
    order = _waiting(order_id, version)
    actor, has_authority = require_actor(), may(actions.ERASE_AUTHORISE, Subject())
    refused = may_carry_out(
        same_person=order.recorded_by_id == actor.user_id,
        asker_has_authority=order.recorded_by_id in with_authority([order.recorded_by_id]),
        decider_has_authority=has_authority,
    )
    if refused:
        raise RetentionRefused(refused)
    _refuse(order.pupil_id)
    order.state, order.decided_by, order.decided_at = OrderState.DONE, actor.name, now()
    authority = f"{actor.name if has_authority else order.asked_by}, {Role.HEAD.inside}"
    reason = f"Kept as long as it has to be: {order.record_class.inside}, due on {order.due_on.isoformat()}"
    law = ErasureOrder(
        pupil_id=order.pupil_id, table_name="pupil", row_id=order.pupil_id, field=WHOLE, kind=ByLaw.ERASE,
        reason=reason, advised_by=SCHEDULE, state=OrderState.DONE, asked_by=order.asked_by, decided_by=actor.name,
        decided_at=order.decided_at,
    )  # fmt: skip
    db.session.add(law)
    db.session.flush()
    with as_system():
        found = reach_of(order.pupil_id)
        if seen is not None and fingerprint(found.counts, found.emptied, len(found.files)) != seen:
            raise Clash({})
        db.session.add(_line(order, found, authority, actor.name))
        names = {"surname": "destroyed", "forename": f"Record {order.pupil_id}"}
        destroy(found, law, authority, actor.name, names)
        clean_after(found.files)
    return order_id


def _line(order: DestructionOrder, found: Reach, authority: str, by: str) -> Destruction:
    pupil: Pupil = found.pupil
    return Destruction(
        initials=f"{pupil.legal_forename[:1]}{pupil.legal_surname[:1]}".upper(),
        upn_sha256=hashlib.sha256(pupil.upn.encode()).hexdigest() if pupil.upn else "",
        born_in=pupil.born_on.year,
        record_class=order.record_class,
        due_on=order.due_on,
        authority=authority,
        asked_by=order.asked_by,
        carried_out_by=by,
        at=now(),
        rows=sum(found.counts.values()),
        files=len(found.files),
        counts=dict(sorted(found.counts.items())),
    )
