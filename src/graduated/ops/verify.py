"""`graduated verify`: audit chains, seals, packs and files of every school, held against what was recorded.

Nothing is built again and nothing is changed. A broken record never hides another: the check goes on to the end.
"""

from __future__ import annotations

import hmac

from sqlalchemy import select

from graduated.access import entry
from graduated.access.identity import acting, system_actor
from graduated.audit import chain
from graduated.audit.models import ChainHead, ChangeDetail, ChangeEvent
from graduated.db.session import db
from graduated.ops.heard import Heard
from graduated.ops.verified import Fault, Verified
from graduated.ops.verify_erased import check_orders, check_stones, files_gone, held_stones, parts_gone, reviews_gone
from graduated.ops.verify_files import Watched, check_kept, check_store, files_of, unwatched
from graduated.ops.verify_papers import check_given, check_pack_files, check_packs, check_seals, check_uploaded
from graduated.ops.verify_rows import check_rows

__all__ = ["Fault", "Verified", "verify_all"]

_EVENTS = (
    select(
        ChangeEvent.id,
        ChangeEvent.school_id,
        ChangeEvent.sequence,
        ChangeEvent.at,
        ChangeEvent.pupil_id,
        ChangeEvent.actor_id,
        ChangeEvent.actor_name,
        ChangeEvent.act,
        ChangeEvent.digest,
        ChangeEvent.previous_mac,
        ChangeEvent.mac,
        ChangeDetail.id.label("detail_id"),
        ChangeDetail.salt,
        ChangeDetail.payload,
        ChangeDetail.erased_at,
        ChangeDetail.erased_why,
        ChangeDetail.erased_authority,
    )
    .outerjoin(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
    .order_by(ChangeEvent.sequence)
    .execution_options(yield_per=1000)
)


def verify_all(watched: Watched = unwatched) -> Verified:
    """Check every school of the installation; `watched` is told of each kept file before it is read."""
    answer, known = Verified(), set[str]()
    anchored = chain.anchored()
    for school_id, name in entry.school_ids():
        answer.checked["schools"] += 1
        with acting(system_actor(school_id, "Verify")):
            heard = check_chain(answer, school_id, name, anchored.get(school_id))
            if heard.told and school_id not in anchored:
                answer.remarks.append(f"{name}: no head of its chain is anchored outside the database.")
            stones = held_stones(heard)
            check_stones(answer, name, stones, heard)
            check_orders(answer, name, heard)
            check_seals(answer, name, parts_gone(stones), reviews_gone(stones))
            check_packs(answer, name, files_gone(stones))
            check_pack_files(answer, name, files_gone(stones))
            check_given(answer, name, files_gone(stones))
            check_uploaded(answer, name, files_gone(stones))
            check_rows(answer, name, heard)
            check_kept(answer, name, watched)
            known |= files_of(answer, name)
        db.session.rollback()
    check_store(answer, known)
    return answer


def check_chain(answer: Verified, school_id: int, school: str, anchor: tuple[int, str] | None) -> Heard:
    """Walk one school's chain from its first event to its head, and hold the head against the anchor outside."""
    sequence, mac, heard = 0, "", Heard()
    anchor_met = anchor is None
    for event in db.session.execute(_EVENTS):
        answer.checked["events"] += 1
        row = f"change_event {event.id}"
        if event.sequence != sequence + 1:
            answer.fault(school, "audit", row, f"event {sequence + 1} is missing before it (it is {event.sequence})")
        elif event.previous_mac != mac:
            answer.fault(school, "audit", row, "it does not follow on from the event before it")
        if not hmac.compare_digest(_link(event).mac(chain.key()), event.mac):
            answer.fault(school, "audit", row, f"event {event.sequence} was changed after it was written")
        wrong = heard.hear(event)
        if wrong:
            answer.fault(school, "audit", row, wrong)
        sequence, mac = event.sequence, event.mac
        if anchor is not None and event.sequence == anchor[0]:
            anchor_met = True
            if event.mac != anchor[1]:
                answer.fault(school, "audit", row, "it is not the event that was anchored outside the database")
    for row, wrong in heard.settle():
        answer.fault(school, "audit", row, wrong)
    answer.checked["erased"] += heard.erased
    _check_head(answer, school_id, school, sequence, mac)
    if not anchor_met and anchor is not None:
        says = f"the chain ends at event {sequence}, but event {anchor[0]} was anchored outside: its end was cut off"
        answer.fault(school, "audit", f"change_event after {sequence}", says)
    return heard


def _link(event: object) -> chain.Link:
    return chain.Link(**{name: getattr(event, name) for name in chain.Link.__slots__})


def _check_head(answer: Verified, school_id: int, school: str, sequence: int, mac: str) -> None:
    head = db.session.execute(select(ChainHead.sequence, ChainHead.mac).where(ChainHead.school_id == school_id)).first()
    known = (head.sequence, head.mac) if head else (0, "")
    if known != (sequence, mac):
        says = f"the chain should end at event {known[0]}; the last one found is {sequence}"
        if known[0] == sequence:
            says = f"event {sequence} is not the one that the chain ended with"
        answer.fault(school, "audit", f"chain_head of event {known[0]}", says)
