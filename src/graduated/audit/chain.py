"""The chain of changes: the last act before a commit, one event for each pupil that the act touched.

Each event's MAC (HMAC-SHA-256, key outside the database) covers the previous MAC and a salted digest of what
changed. The contents and the salt lie in a side table, so that what the law requires to be erased can go while
the chain still verifies. The head is also written to a small file outside the database.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from graduated.access.identity import require_actor
from graduated.audit.capture import CHANGES, ERASING
from graduated.audit.models import ChainHead, ChangeDetail, ChangeEvent
from graduated.db.clock import now
from graduated.db.numbering import past_session, write_all
from graduated.db.trouble import note
from graduated.db.writing import Writing

log = logging.getLogger("graduated.audit")

_MAC = 64
_PAYLOAD = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), check_circular=False)
_PARTS = json.JSONEncoder(ensure_ascii=False, check_circular=False)
_key: list[bytes] = []
_anchor: list[Path] = []


def configure(key: bytes, home: Path) -> None:
    """The secret of the MACs, and the folder where the chain's heads are anchored."""
    _key[:] = [key]
    _anchor[:] = [home / "audit-anchor.log"]


def digest(payload: Any, salt: str) -> str:
    """The salted digest of what changed."""
    return hashlib.sha256(f"{salt}\n{_PAYLOAD.encode(payload)}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """What one MAC covers."""

    school_id: int
    sequence: int
    at: datetime
    pupil_id: int | None
    actor_id: int | None
    actor_name: str
    act: str
    digest: str
    previous_mac: str

    def mac(self, key: bytes) -> str:
        """The link's MAC under a key."""
        parts = [
            self.school_id,
            self.sequence,
            self.at.isoformat(timespec="microseconds"),
            self.pupil_id,
            self.actor_id,
            self.actor_name,
            self.act,
            self.digest,
            self.previous_mac,
        ]
        return hmac.digest(key, _PARTS.encode(parts).encode(), "sha256").hex()


def append(session: Session, writing: Writing) -> None:
    """Write the act's events at the end of the school's chain, within the act's own transaction."""
    changes: list[dict[str, Any]] = session.info.pop(CHANGES, [])
    session.info.pop(ERASING, None)
    if not changes:
        return
    actor, at = require_actor(), now()
    heads: dict[int, tuple[int, str]] = {}
    events: list[dict[str, Any]] = []
    contents: list[dict[str, Any]] = []
    for (school_id, pupil_id), payload in _grouped(changes, actor.school_id).items():
        sequence, before = heads.get(school_id) or _head(session, school_id)
        salt = secrets.token_hex(16)
        told = digest(payload, salt)
        link = Link(school_id, sequence + 1, at, pupil_id, actor.user_id, actor.name, writing.act, told, before)
        mac = link.mac(_key[0])
        events.append({**{name: getattr(link, name) for name in Link.__slots__}, "mac": mac})
        detail = {"school_id": school_id, "salt": salt, "payload": payload}
        contents.append({**detail, "of_school": school_id, "in_chain": link.sequence})
        heads[school_id] = (link.sequence, mac)
        writing.notes["chain_head"] = (school_id, link.sequence, mac)
    for school_id, (sequence, mac) in heads.items():
        past_session(session, _MOVE, {"of_school": school_id, "to": sequence, "with_mac": mac})
    # All events by one statement, then all details by another: a roll of 2,000 pupils is two, not 8,000.
    write_all(session, ChangeEvent, events)
    write_all(session, ChangeDetail, contents, event_id=_OF_CHAIN)


_HEAD = select(ChainHead.sequence, ChainHead.mac).where(ChainHead.school_id == bindparam("of_school")).with_for_update()
_MOVE = (
    update(ChainHead)
    .where(ChainHead.school_id == bindparam("of_school"))
    .values(sequence=bindparam("to"), mac=bindparam("with_mac"))
)

_OF_CHAIN = (
    select(ChangeEvent.id)
    .where(ChangeEvent.school_id == bindparam("of_school"), ChangeEvent.sequence == bindparam("in_chain"))
    .scalar_subquery()
)
"""The number of the event of which a detail is, known by its place in the chain."""


def _head(session: Session, school_id: int) -> tuple[int, str]:
    """The end of a school's chain, locked until the commit."""
    known = past_session(session, _HEAD, {"of_school": school_id}).first()
    if known is not None:
        return known.sequence, known.mac
    write_all(session, ChainHead, [{"school_id": school_id, "sequence": 0, "mac": ""}])
    return 0, ""


def _grouped(changes: Iterable[dict[str, Any]], own: int) -> dict[tuple[int, int | None], list[Any]]:
    grouped: dict[tuple[int, int | None], list[Any]] = {}
    for change in changes:
        body = [change["table"], change["id"], change["what"], change["columns"]]
        grouped.setdefault((change["school"] or own, change["pupil"]), []).append(body)
    return grouped


def anchor(writing: Writing) -> None:
    """After the commit, note the chain's head outside the database, so that a cut tail is found.

    The act is kept by now, so a disc without room for this line must not tell anybody that it was not: the next act
    notes a later head.
    """
    head = writing.notes.get("chain_head")
    if head is None or not _anchor:
        return
    try:
        note(_anchor[0], f"{head[0]} {head[1]} {head[2]}")
    except OSError as error:
        log.error("the head of the audit chain could not be noted outside the database: %s", error.strerror)


def anchored() -> dict[int, tuple[int, str]]:
    """The last head of each school that the file outside the database knows."""
    heads: dict[int, tuple[int, str]] = {}
    if _anchor and _anchor[0].exists():
        for line in _anchor[0].read_text("ascii").splitlines():
            parts = line.split()
            if len(parts) == 3 and len(parts[2]) == _MAC:  # else it was cut off when the disc was full
                heads[int(parts[0])] = (int(parts[1]), parts[2])
    return heads


def key() -> bytes:
    """The secret of the MACs, for verifying."""
    return _key[0]
