"""Keeping the school's own words of its letters; letters already given keep the copy that was given."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from graduated.db.session import db
from graduated.db.writing import Clash, writes
from graduated.review.errors import ReviewRefused
from graduated.review.models import LetterWording
from graduated.review.queries_wording import Wording, wording
from graduated.rules.letters import LONGEST, faults, tidy
from graduated.rules.vocabulary import LetterKind


@writes("Wording of a letter changed")
def keep_wording(kind: LetterKind, text: str, opened_with: int | None = None) -> int | None:
    """Save the school's words for a kind of letter as a row of their own. Raises Clash, or ReviewRefused.

    `opened_with` is the number of the wording that the form was opened with. Words that stand already are not kept
    again: then nothing is written, and there is no row to name.
    """
    now = _unless_newer(kind, opened_with)
    words = tidy(text)
    _refuse_what_no_letter_can_be(kind, words)
    return None if words == now.text else _add(now, LetterWording(kind=kind, text=words))


@writes("Wording of a letter put back to ours")
def go_back(kind: LetterKind, opened_with: int | None = None) -> int | None:
    """Write letters of a kind with the program's words again; the school's stay in the list. Raises Clash."""
    now = _unless_newer(kind, opened_with)
    return None if now.is_ours else _add(now, LetterWording(kind=kind, is_ours=True))


def _refuse_what_no_letter_can_be(kind: LetterKind, words: str) -> None:
    if not 0 < len(words) <= LONGEST:
        raise ReviewRefused(f"A letter has from 1 to {LONGEST:,} characters.")
    said = faults(kind, words)
    if said:
        raise ReviewRefused(" ".join(said))


def _unless_newer(kind: LetterKind, opened_with: int | None) -> Wording:
    now = wording(kind)
    if opened_with is not None and opened_with != now.number:
        raise Clash({})
    return now


def _add(now: Wording, row: LetterWording) -> int:
    row.number = now.number + 1
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody else's words took the number in the same moment
        raise Clash({}) from error
    return row.id
