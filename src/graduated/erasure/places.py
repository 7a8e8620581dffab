"""Places in records where words stand: a table, a row and a column, with the words by which people know them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import JSON, String, inspect, select

from graduated.db.base import Base
from graduated.db.session import db


class Place(NamedTuple):
    """One column of one row."""

    table: str
    row_id: int
    field: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand at a place: by what people know it, and what it says."""

    place: Place
    label: str
    words: str

    @property
    def key(self) -> str:
        """The piece in a form."""
        return "-".join((self.place.table, str(self.place.row_id), self.place.field))


_LABELS = {
    "review.attempts": "what was tried to reach the parents",
    "review.others_present": "who else came",
    "review.pupil_views": "the pupil’s views at the review",
    "review.parent_views": "the parents’ views at the review",
    "review.summary": "what was also said at the review",
    "attendee.name": "the name of somebody who came",
    "attendee.role": "as what somebody came",
    "judgement.reason": "the reason for a judgement",
    "provision_judgement.why": "the reason for a word on provision",
    "next_step.reason": "the reason for the next step",
    "next_step.specialist_words": "the words on specialist advice",
    "next_step.request_words": "the words on a request",
    "action_item.what": "something promised",
    "action_item.who": "who promised something",
    "addendum.text": "an addendum",
    "addendum.why": "why an addendum was made",
    "seal.details": "what was told at sealing",
    "view.text": "a recorded view",
    "observation.text": "a strength or difficulty",
    "concern.text": "a concern",
    "concern_note.text": "a note on a concern",
    "contribution.text": "a contribution to a plan",
    "narrative.text": "the narrative of a request",
    "paper_given.sha256": "the kept copy of a paper that was given",
    "pack_build.manifest": "a built evidence pack",
    "document.sha256": "an uploaded paper",
}
FILES = ("paper_given", "pack_build")
"""Tables whose rows stand for a kept file, which goes whole."""

_SEARCHED_NOT = {"tombstone", "seal_parts", "change_event", "change_detail", "pack_build"}


def label_of(place: Place) -> str:
    """What people call a place, as it stands within a sentence."""
    plain = f"{place.table.replace('_', ' ')}: {place.field.replace('_', ' ')}"
    return _LABELS.get(f"{place.table}.{place.field}", plain)


def place_of(key: str) -> Place | None:
    """The place that a form names, or None when it names none."""
    table, _, rest = key.partition("-")
    row_id, _, field = rest.partition("-")
    cls = classes().get(table)
    if cls is None or field not in words_of(cls) or not (row_id.isdecimal() and len(row_id) < 19):
        return None
    return Place(table, int(row_id), field)


@cache
def classes() -> dict[str, Any]:
    """Every audited class of a school by its table's name."""
    found = (mapper.class_ for mapper in Base.registry.mappers)
    return {cls.__tablename__: cls for cls in found if cls.audited and hasattr(cls, "school_id")}


@cache
def words_of(cls: Any) -> tuple[str, ...]:
    """The columns of a class that hold words: text and lists of text, no codes, no dates."""
    return tuple(one.key for one in inspect(cls).column_attrs if isinstance(one.columns[0].type, String | JSON))


def room_in(place: Place) -> int | None:
    """How many letters a column holds; None where there is no limit worth speaking of."""
    kind = inspect(classes()[place.table]).columns[place.field].type
    length = getattr(kind, "length", None)
    return length if length is not None and length < 1000 else None


def row_at(place: Place) -> Any:
    """The row of a place, in scope; None when it is not there."""
    cls = classes()[place.table]
    return db.session.scalars(select(cls).where(cls.id == place.row_id)).one_or_none()


@cache
def searched() -> tuple[tuple[Any, tuple[str, ...]], ...]:
    """(class, columns with words) of everything that may quote what stands in a pupil's record."""
    return tuple(
        (cls, words_of(cls))
        for table, cls in classes().items()
        if table not in _SEARCHED_NOT and words_of(cls) and cls.scope_by in {"pupil", "group", "by-group", "school"}
    )
