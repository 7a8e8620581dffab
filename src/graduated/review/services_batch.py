"""Sealing several reviews one after the other: each is a transaction of its own, so that none waits for another."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from graduated.db.writing import Clash, form_key
from graduated.review.services_seal import seal_review


@dataclass(frozen=True, slots=True)
class SealedOrNot:
    """What became of one review: sealed, or the reason why it is not."""

    review_id: int
    refused: str = ""


def seal_each(wanted: Iterable[tuple[int, int]], sent_key: str | None) -> tuple[SealedOrNot, ...]:
    """Seal reviews, each (id, version as it was read); one that cannot be sealed keeps no other from it.

    `sent_key` is that of the form which named them all: each review has its own key made of it, so the same form
    sent twice finds each sealed as it was the first time.
    """
    return tuple(_seal(review_id, version, sent_key) for review_id, version in wanted)


def _seal(review_id: int, version: int, sent_key: str | None) -> SealedOrNot:
    form_key.set(_key_of(review_id, sent_key))
    try:
        seal_review(review_id, version)
    except Clash:
        return SealedOrNot(review_id, "Somebody changed it since this page was opened. Read what follows again.")
    except ValueError as error:  # refusals of the review, of the plan and of the register are sentences
        return SealedOrNot(review_id, str(error))
    finally:
        form_key.set(None)
    return SealedOrNot(review_id)


def _key_of(review_id: int, sent_key: str | None) -> str | None:
    if sent_key is None:
        return None
    return hashlib.sha256(f"{sent_key}:{review_id}".encode()).hexdigest()[:64]
