"""What a seal covers, and whether every seal still holds: one canonical record, one chain for each school.

The record holds ids, what was said, and the wording that was judged as it stood then, so that a change elsewhere (a
reworded outcome of a running plan) breaks nothing, while a changed judgement, attendee, reason or action does. Ticking
an action off is no change of the record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.audit.models import Tombstone
from graduated.db.session import db
from graduated.review.models import Review, Seal, SealParts
from graduated.review.queries import ReviewRecord, sealed_records
from graduated.review.rows import JudgementLine, StepLine, VerdictLine
from graduated.review.seal_parts import COVERED, Hold, NoSalt, as_it_stands, by_parts
from graduated.rules.seals import FIRST, canonical, matches
from graduated.rules.vocabulary import ReviewStatus

_SEALS = select(
    Seal.id,
    Seal.review_id,
    Seal.sequence,
    Seal.salt,
    Seal.digest,
    Seal.previous_digest,
    Seal.signer_name,
    Seal.sealed_at,
).order_by(Seal.sequence)
_SEAL_OF = _SEALS.where(Seal.review_id == bindparam("review_id"))
_PARTS = select(SealParts.review_id, SealParts.part_salts, SealParts.salt, SealParts.digest)
_PARTS_OF = _PARTS.where(SealParts.review_id == bindparam("review_id"))
_GONE = (
    select(Tombstone.review_id, Tombstone.part, Tombstone.digest)
    .where(Tombstone.review_id.is_not(None), Tombstone.part != "")
    .order_by(Tombstone.id)
)
_SEALED = select(Review.id).where(Review.status == ReviewStatus.SEALED, Review.from_paper.is_(False))


Gone = Mapping[int, Mapping[str, str]]
"""By review: the parts that went by law, each with the digest it was sealed with."""


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A seal that does not hold: the review, its place in the chain, and what is wrong in words."""

    review_id: int
    sequence: int
    what: str


def sealed_record(
    record: ReviewRecord, sequence: int, signer_name: str, sealed_at: datetime, hold: Hold = as_it_stands
) -> Mapping[str, object]:
    """All that a seal covers of one review, as `rules.seals.canonical` takes it; `hold` says how words are held."""
    return {
        **({} if hold is as_it_stands else {"form": 2}),
        "review": record.review_id,
        "pupil": record.pupil_id,
        "cycle": record.cycle_id,
        "interim": record.interim,
        "held_on": record.held_on,
        "with_parent": record.with_parent,
        "pupil_present": record.pupil_present,
        **{name: hold(name, getattr(record, name)) for name in COVERED["review"]},
        "attendees": [
            [
                *(hold(f"attendee/{one.attendee_id}/{name}", getattr(one, name)) for name in COVERED["attendee"]),
                one.adult_id,
                one.user_id,
            ]
            for one in record.attendees
        ],
        "judgements": [
            [one.outcome_id, one.judgement.value, *_judged(f"judgement/{one.outcome_id}", "reason", one, hold)]
            for one in sorted(record.judgements, key=lambda line: line.outcome_id)
        ],
        "verdicts": [
            [one.provision_id, one.verdict.value, *_judged(f"verdict/{one.provision_id}", "why", one, hold)]
            for one in sorted(record.verdicts, key=lambda line: line.provision_id)
        ],
        "step": _step(record.step, hold),
        "actions": [
            [
                one.action_id,
                *(hold(f"action/{one.action_id}/{name}", getattr(one, name)) for name in COVERED["action_item"]),
                one.by_when,
            ]
            for one in sorted(record.actions, key=lambda line: line.action_id)
        ],
        "seal": {"sequence": sequence, "signer": signer_name, "at": sealed_at},
    }


def _judged(part: str, reason: str, line: JudgementLine | VerdictLine, hold: Hold) -> list[object]:
    """The reason, and what was judged in the words that it had then; older seals were set without the latter."""
    wording = [hold(f"{part}/stood_as", line.stood_as)] if line.stood_as else []
    return [hold(f"{part}/{reason}", getattr(line, reason)), *wording]


def _step(step: StepLine | None, hold: Hold) -> Mapping[str, object] | None:
    if step is None:
        return None
    return {
        "step": step.step.value,
        "reason": hold("step/reason", step.reason),
        "suggested": step.suggested.value if step.suggested else None,
        "suggestion_reasons": hold("step/suggestion_reasons", list(step.suggestion_reasons)),
        "specialist": step.specialist.value if step.specialist else None,
        "specialist_words": hold("step/specialist_words", step.specialist_words),
        "request": step.request.value if step.request else None,
        "request_words": hold("step/request_words", step.request_words),
        "check_back_on": step.check_back_on,
        "signposted": step.signposted,
    }


def broken_seals(gone: Gone | None = None, destroyed: Collection[int] = ()) -> tuple[int, tuple[BrokenSeal, ...]]:
    """How many seals the school has, and those that do not hold, in the order of the chain.

    Found are: a record that was changed, a seal left out or put in, and a sealed review that has lost its seal. Words
    that went by law are known by their tombstones; `gone` names those of them that are believed (None: all).
    `destroyed` are reviews whose whole record went. Read it as the system: the chain runs through all pupils.
    """
    records = {record.review_id: record for record in sealed_records()}
    parts = {row.review_id: row for row in db.session.execute(_PARTS)}
    gone = parts_gone() if gone is None else gone
    rows = db.session.execute(_SEALS).all()
    broken, previous = [], (0, FIRST)
    for row in rows:
        record = records.get(row.review_id)
        if (row.sequence - 1, row.previous_digest) != previous:
            broken.append(BrokenSeal(row.review_id, row.sequence, "it does not follow on from the seal before it"))
        if row.review_id in destroyed:  # a shell: its digest holds the chain together, and tells nothing
            pass
        elif record is None:
            broken.append(BrokenSeal(row.review_id, row.sequence, "its review is no longer there, or no longer sealed"))
        else:
            wrong = _what_is_wrong(row, record, parts.get(row.review_id), gone.get(row.review_id, {}))
            if wrong:
                broken.append(BrokenSeal(row.review_id, row.sequence, wrong))
        previous = (row.sequence, row.digest)
    have = {row.review_id for row in rows}
    for review_id in db.session.scalars(_SEALED):
        if review_id not in have:
            broken.append(BrokenSeal(review_id, 0, "the review is sealed but its seal is gone"))
    return len(rows), tuple(broken)


def parts_gone() -> dict[int, dict[str, str]]:
    """By review: the parts that went by law, each with the digest it was sealed with."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in db.session.execute(_GONE):
        found[int(row.review_id or 0)].setdefault(
            row.part, row.digest
        )  # what was put right may go later: the first is the sealed one
    return found


@dataclass(frozen=True, slots=True)
class SealAsKept:
    """A seal as another installation kept it, with its parts (`part_salts` None: it was set over the whole record)."""

    sequence: int
    salt: str
    digest: str
    previous_digest: str
    signer_name: str
    sealed_at: datetime
    part_salts: Mapping[str, str] | None
    parts_salt: str
    parts_digest: str


@dataclass(frozen=True, slots=True)
class _Parts:
    part_salts: Mapping[str, str]
    salt: str
    digest: str


def what_is_wrong_with(seal: SealAsKept, record: ReviewRecord, gone: Mapping[str, str]) -> str:
    """Why a seal that another installation set does not hold over a record with its numbers of there, or ""."""
    parts = _Parts(seal.part_salts, seal.parts_salt, seal.parts_digest) if seal.part_salts is not None else None
    return _what_is_wrong(seal, record, parts, gone)


def seal_holds(record: ReviewRecord) -> bool:
    """Whether the seal of one review holds, for who is about to take something out of it by law."""
    about = {"review_id": record.review_id}
    row = db.session.execute(_SEAL_OF, about).first()
    parts = db.session.execute(_PARTS_OF, about).first()
    return row is not None and not _what_is_wrong(row, record, parts, parts_gone()[record.review_id])


def _what_is_wrong(row: Any, record: ReviewRecord, parts: Any, gone: Mapping[str, str]) -> str:
    """Why a seal does not hold, or ""."""
    changed = "the review was changed after it was sealed"
    told = (row.sequence, row.signer_name, row.sealed_at)
    if parts is None:
        found = canonical(sealed_record(record, *told))
        return "" if _matches(row.digest, found, row.salt, row.previous_digest) else changed
    if set(parts.part_salts) & set(gone):
        return "words went by law, and the salt that they could be guessed with is still there"
    try:
        found = canonical(sealed_record(record, *told, by_parts(parts.part_salts, gone)))
    except (NoSalt, ValueError):
        return f"{changed}: a part has lost its salt without a tombstone"
    if parts.digest:  # sealed as one whole: the first erasure took its salt, and the parts are chained to its digest
        return "" if not row.salt and _matches(parts.digest, found, parts.salt, row.digest) else changed
    return "" if _matches(row.digest, found, row.salt, row.previous_digest) else changed


def _matches(expected: str, found: bytes, salt: str, previous: str) -> bool:
    try:
        return matches(expected, found, bytes.fromhex(salt), previous)
    except ValueError:  # no salt, or something that is none
        return False
