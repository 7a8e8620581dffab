"""The audit's contents: what was written at a place goes from every entry; the chain over the entries stays whole."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, or_, select

from graduated.audit.chain import digest
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.clock import now
from graduated.db.session import db
from graduated.erasure.finding import Found, own_sessions
from graduated.erasure.places import PROSE, Place
from graduated.rules.passages import GONE, hollow, without

_DETAILS = (
    select(ChangeDetail, ChangeEvent.pupil_id)
    .join(ChangeEvent, ChangeEvent.id == ChangeDetail.event_id)
    .where(or_(ChangeEvent.pupil_id == bindparam("pupil_id"), ChangeEvent.pupil_id.is_(None)))
    .order_by(ChangeEvent.sequence)
)
_SESSIONS = "delivered_session"


def hollowed(found: Found, silent: Collection[Place], authority: str, order_id: int) -> dict[str, str]:
    """Take the words out of the audit's contents; gives the digest of each entry's contents as they stand since.

    The entry itself, its place in the chain and its digest stay; the salt that the old contents could be guessed with
    goes. What an entry says of other columns stays, so that verify still holds every row against it.
    """
    digests: dict[str, str] = {}
    sessions = own_sessions(found.pupil_id)
    for detail, pupil_id in db.session.execute(_DETAILS, {"pupil_id": found.pupil_id}):
        if detail.payload is None:
            continue
        payload = [
            _without(change, found, silent, order_id) if pupil_id or _is_session(change, sessions) else change
            for change in detail.payload
        ]
        if payload == detail.payload:
            continue
        detail.payload, detail.salt = payload, secrets.token_hex(16)
        detail.erased_at, detail.erased_why = now(), why_erased(order_id)
        detail.erased_authority = authority[:120]
        digests[str(detail.id)] = digest(payload, detail.salt)
    return digests


def _is_session(change: list[Any], sessions: Collection[int]) -> bool:
    """Of entries that name no pupil only those about sessions of the pupil's own groups."""
    return change[0] == _SESSIONS and change[1] in sessions


def _without(change: list[Any], found: Found, silent: Collection[Place], order_id: int) -> list[Any]:
    table, row_id, what, columns = change
    is_own_order = (table, row_id) == ("erasure_order", order_id)
    kept = {}
    for name, pair in columns.items():
        if Place(table, row_id, name) in silent:
            kept[name] = hollow(pair)
        elif found.sought is not None and name in PROSE.get(table, ()) and not is_own_order:
            kept[name] = [without(value, found.sought, GONE, GONE) for value in pair]
        else:
            kept[name] = pair
    return [table, row_id, what, kept]


def why_erased(order_id: int) -> str:
    """What stands with the contents of an event from which words went, by the order of its act."""
    return f"Erased or put right by law: order {order_id}"
