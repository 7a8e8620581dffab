"""What a seal covers, and whether every seal still holds: one canonical record, one chain for each school.

The record holds ids and what was said, so that a lawful change elsewhere (a reworded outcome of a running plan) breaks
nothing, while a changed judgement, attendee, reason or action does. Ticking an action off is no change of the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from graduated.db.session import db
from graduated.review.models import Review, Seal
from graduated.review.queries import ReviewRecord, sealed_records
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
_SEALED = select(Review.id).where(Review.status == ReviewStatus.SEALED, Review.from_paper.is_(False))


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A seal that does not hold: the review, its place in the chain, and what is wrong in words."""

    review_id: int
    sequence: int
    what: str


def sealed_record(record: ReviewRecord, sequence: int, signer_name: str, sealed_at: datetime) -> Mapping[str, object]:
    """All that a seal covers of one review, as `rules.seals.canonical` takes it."""
    step = record.step
    return {
        "review": record.review_id,
        "pupil": record.pupil_id,
        "cycle": record.cycle_id,
        "interim": record.interim,
        "held_on": record.held_on,
        "with_parent": record.with_parent,
        "pupil_present": record.pupil_present,
        "attempts": record.attempts,
        "others_present": record.others_present,
        "pupil_views": record.pupil_views,
        "parent_views": record.parent_views,
        "summary": record.summary,
        "attendees": [[one.name, one.role, one.adult_id, one.user_id] for one in record.attendees],
        "judgements": [
            [one.outcome_id, one.judgement.value, one.reason]
            for one in sorted(record.judgements, key=lambda line: line.outcome_id)
        ],
        "verdicts": [
            [one.provision_id, one.verdict.value, one.why]
            for one in sorted(record.verdicts, key=lambda line: line.provision_id)
        ],
        "step": None
        if step is None
        else {
            "step": step.step.value,
            "reason": step.reason,
            "suggested": step.suggested.value if step.suggested else None,
            "suggestion_reasons": list(step.suggestion_reasons),
            "specialist": step.specialist.value if step.specialist else None,
            "specialist_words": step.specialist_words,
            "request": step.request.value if step.request else None,
            "request_words": step.request_words,
            "check_back_on": step.check_back_on,
            "signposted": step.signposted,
        },
        "actions": [
            [one.action_id, one.what, one.who, one.by_when]
            for one in sorted(record.actions, key=lambda line: line.action_id)
        ],
        "seal": {"sequence": sequence, "signer": signer_name, "at": sealed_at},
    }


def broken_seals() -> tuple[int, tuple[BrokenSeal, ...]]:
    """How many seals the school has, and those that do not hold, in the order of the chain.

    Found are: a record that was changed, a seal left out or put in, and a sealed review that has lost its seal.
    Read it as the system: the chain runs through all pupils of the school.
    """
    records = {record.review_id: record for record in sealed_records()}
    rows = db.session.execute(_SEALS).all()
    broken, previous = [], (0, FIRST)
    for row in rows:
        record = records.get(row.review_id)
        if (row.sequence - 1, row.previous_digest) != previous:
            broken.append(BrokenSeal(row.review_id, row.sequence, "it does not follow on from the seal before it"))
        if record is None:
            broken.append(BrokenSeal(row.review_id, row.sequence, "its review is no longer there, or no longer sealed"))
        elif not _holds(row, record):
            broken.append(BrokenSeal(row.review_id, row.sequence, "the review was changed after it was sealed"))
        previous = (row.sequence, row.digest)
    have = {row.review_id for row in rows}
    for review_id in db.session.scalars(_SEALED):
        if review_id not in have:
            broken.append(BrokenSeal(review_id, 0, "the review is sealed but its seal is gone"))
    return len(rows), tuple(broken)


def _holds(row: Any, record: ReviewRecord) -> bool:
    found = canonical(sealed_record(record, row.sequence, row.signer_name, row.sealed_at))
    return matches(row.digest, found, bytes.fromhex(row.salt), row.previous_digest)
