"""Words that somebody was typing into a review when somebody else sealed it: theirs to see, to add or to throw away."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from graduated.access.identity import require_actor
from graduated.review.forms import filled_sitting, rows_sent, sitting_form
from graduated.review.merging import only_mine
from graduated.review.rows import ReviewRecord
from graduated.review.sitting import table_of
from graduated.review.together import label_of, words_of
from graduated.rules.calendar import short_date
from graduated.web import drafts

WHY_NOW = "It was being typed when the review was sealed"


@dataclass(frozen=True, slots=True)
class Typed:
    """A field as a person knows it, and what they had typed into it."""

    label: str
    words: str


def place_of(review_id: int) -> str:
    """Where the sitting is written, and so where its draft is kept."""
    return url_for("review.edit", review_id=review_id)


def typed_at_the_seal(record: ReviewRecord) -> tuple[Typed, ...]:
    """What the person acting had typed and not saved when the review was sealed; of others' words nothing."""
    kept = drafts.load(place_of(record.review_id)) if record.sealed else None
    if kept is None:
        return ()
    sent, table, actor = MultiDict(kept.fields()), table_of(record), require_actor()
    form = sitting_form(table, (actor.user_id, actor.name), rows_sent(sent))(formdata=sent)
    mine = only_mine(form.opened.data, form.filled, filled_sitting(table))
    fields = [Typed(label_of(form, name), words_of(form, name)) for name in mine.names]
    return (*fields, *(Typed("Action", _promise(row)) for row in mine.promises))


def as_addendum(typed: tuple[Typed, ...]) -> str:
    """The same words as one text."""
    return "\n\n".join(f"{one.label}: {one.words}" for one in typed)


def _promise(row: Mapping[str, Any]) -> str:
    parts = (row["what"], row["who"], f"by {short_date(row['by'])}" if row["by"] else "")
    return ", ".join(str(part) for part in parts if part)


def throw_away(review_id: int) -> None:
    """The words are not wanted any more, or stand in an addendum now."""
    drafts.drop(place_of(review_id))
