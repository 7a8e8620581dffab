"""What stands against destroying a record that is due: somebody waits for something out of it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.disclosure.models import InformationRequest
from graduated.erasure.finding import as_system
from graduated.erasure.models import ErasureOrder
from graduated.request.models import AssessmentRequest
from graduated.request.queries import RUNNING
from graduated.rules.retention import RecordClass
from graduated.rules.vocabulary import OrderState, RequestStatus
from graduated.transfer.models import TransferOut, TransferReceipt
from graduated.web.filters import long_date

_ASKED = (
    select(InformationRequest.kind, InformationRequest.received_on)
    .where(InformationRequest.pupil_id == bindparam("pupil_id"), InformationRequest.answered_on.is_(None))
    .order_by(InformationRequest.received_on, InformationRequest.id)
)
_REQUESTS = (
    select(
        AssessmentRequest.status,
        AssessmentRequest.opened_on,
        AssessmentRequest.mediation_by,
        AssessmentRequest.appeal_by,
    )
    .where(AssessmentRequest.pupil_id == bindparam("pupil_id"))
    .order_by(AssessmentRequest.id)
)
_BY_LAW = select(ErasureOrder.id).where(
    ErasureOrder.pupil_id == bindparam("pupil_id"), ErasureOrder.state == OrderState.ASKED
)
_LAST_SENT = (
    select(TransferOut.to_school, TransferOut.recorded_at, TransferReceipt.id.label("receipt"))
    .outerjoin(TransferReceipt, TransferReceipt.transfer_out_id == TransferOut.id)
    .where(TransferOut.pupil_id == bindparam("pupil_id"))
    .order_by(TransferOut.id.desc())
    .limit(1)
)


def against(pupil_id: int, record_class: RecordClass | None) -> tuple[str, ...]:
    """Sentences that say what somebody still waits for, and how to settle it; none when nothing is open.

    What somebody asked to be given is not destroyed before they have their answer (Data Protection Act 2018, section
    173); a request that is under way is a reason to keep a record that was handed on (domain §3.5). Looked up as the
    system: whoever decides need not be able to read it.
    """
    about = {"pupil_id": pupil_id}
    with as_system():
        asked = db.session.execute(_ASKED, about).all()
        requests = db.session.execute(_REQUESTS, about).all()
        by_law = db.session.scalars(_BY_LAW, about).first()
        sent = db.session.execute(_LAST_SENT, about).first()
    found = [
        f"{row.kind.label} of {long_date(row.received_on)}: it is not answered yet. Answer it first, as nothing is "
        "destroyed that somebody has asked for."
        for row in asked
    ]
    found += [words for row in requests if (words := _of_request(*row))]
    if by_law is not None:
        found.append("Words of this record wait to be erased or put right by law. Decide on that first.")
    if record_class is RecordClass.TRANSFERRED and sent is not None and sent.receipt is None:
        found.append(
            f"The record was put together for {sent.to_school} after the last receipt, and that school has not said "
            "that it has it. Enter its receipt first."
        )
    return tuple(found)


def _of_request(status: RequestStatus, opened_on: date, mediation_by: date | None, appeal_by: date | None) -> str:
    last_day = max((day for day in (mediation_by, appeal_by) if day is not None), default=None)
    if status in RUNNING:
        return (
            f"The request for an EHC needs assessment of {long_date(opened_on)} is under way ({status.inside}). "
            "Record first how it ended."
        )
    if status is RequestStatus.REFUSED and last_day is not None and last_day >= today():
        return (
            f"The assessment was refused, and the family may turn to mediation or the tribunal until "
            f"{long_date(last_day)}. Keep the record until then."
        )
    return ""
