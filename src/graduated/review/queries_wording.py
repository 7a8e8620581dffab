"""The words of each kind of letter: the school's own, once it has changed them, else those of the program."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.db.session import db
from graduated.people.models import User
from graduated.review.models import LetterWording
from graduated.rules.vocabulary import LetterKind

_FOLDER = Path(__file__).with_name("letters")


@dataclass(frozen=True, slots=True)
class Wording:
    """One saved wording of a kind of letter. `is_ours`: the words that come with the program; `who` may be ""."""

    kind: LetterKind
    number: int
    text: str
    is_ours: bool
    who: str = ""
    at: datetime | None = None

    @property
    def said(self) -> str:
        """Whose words they are, for a line above them."""
        return "Our wording" if self.is_ours else "Your wording"


_ROWS = select(
    LetterWording.kind,
    LetterWording.number,
    LetterWording.text,
    LetterWording.is_ours,
    LetterWording.recorded_at,
    User.name.label("who"),
).outerjoin(User, User.id == LetterWording.recorded_by_id)
_OF_KIND = _ROWS.where(LetterWording.kind == bindparam("kind")).order_by(LetterWording.number.desc())
_IN_FORCE = _OF_KIND.limit(1)
_NEWEST = (
    select(LetterWording.kind, func.max(LetterWording.number).label("number"))
    .group_by(LetterWording.kind)
    .subquery("newest")
)
_ALL_IN_FORCE = _ROWS.join(_NEWEST, (_NEWEST.c.kind == LetterWording.kind) & (_NEWEST.c.number == LetterWording.number))


@cache
def shipped(kind: LetterKind) -> str:
    """The words that a school begins with."""
    return (_FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8").strip()


def wording(kind: LetterKind) -> Wording:
    """The words with which a letter of a kind is begun now."""
    row = db.session.execute(_IN_FORCE, {"kind": kind}).first()
    return _wording(row) if row else _first(kind)


def wordings() -> tuple[Wording, ...]:
    """The words in force of every kind, in the order of the kinds."""
    found = {row.kind: _wording(row) for row in db.session.execute(_ALL_IN_FORCE)}
    return tuple(found.get(kind) or _first(kind) for kind in LetterKind)


def wordings_of(kind: LetterKind) -> tuple[Wording, ...]:
    """Every wording that was ever saved of a kind, the newest first; the words that a school begins with stand last."""
    return (*(_wording(row) for row in db.session.execute(_OF_KIND, {"kind": kind})), _first(kind))


def _first(kind: LetterKind) -> Wording:
    return Wording(kind, 0, shipped(kind), True)


def _wording(row: Any) -> Wording:
    text = shipped(row.kind) if row.is_ours else row.text
    return Wording(row.kind, row.number, text, row.is_ours, row.who or "", row.recorded_at)
