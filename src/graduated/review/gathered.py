"""When and how the views of a review were gathered, for the sitting, the record, the family's page and every pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graduated.assess.queries import ViewRow, views_of
from graduated.db.clock import local, today
from graduated.pack import content as pack
from graduated.review.rows import ReviewRecord
from graduated.rules.calendar import plain_date, short_date
from graduated.rules.gathered import Gathered, stands_as
from graduated.rules.vocabulary import ViewMethod, ViewOf, inside


@dataclass(frozen=True, slots=True)
class SaidWhen:
    """The views of pupil and parents, each in one line: "16 November 2026, conversation, asked by Carys Pugh"."""

    pupil: str
    parents: str


def recorded_for(
    views: Iterable[ViewRow], whose: ViewOf, since: date, until: date, sealed_on: date | None = None
) -> tuple[Gathered, ...]:
    """The views with which a review could begin, oldest first: those of its cycle and up to its day that are shared.

    What was entered after the day of the seal cannot have stood in it. Views that were corrected later are among
    them: their words may stand in a review as they were.
    """
    fitting = (
        one
        for one in views
        if one.whose is whose and not one.is_attempt and since <= one.given_on <= until
        if whose is ViewOf.PUPIL or one.shared_with_family
        if sealed_on is None or one.recorded_on <= sealed_on
    )
    found = (Gathered(one.adult_name, one.text, one.method, one.given_on, one.gathered_by) for one in fitting)
    return tuple(sorted(found, key=lambda one: one.on))


def gathered(
    text: str, whose: ViewOf, record: ReviewRecord, views: Iterable[ViewRow] | None = None
) -> tuple[Gathered, ...]:
    """The recorded views of which such a text of a review consists; () when it is of the meeting.

    `views` are all of the pupil with the corrected ones; they are read where they are not given.
    """
    if not text.strip():
        return ()
    known = views_of(record.pupil_id, with_replaced=True) if views is None else views
    sealed_on = local(record.seal.sealed_at).date() if record.seal else None
    return stands_as(text, recorded_for(known, whose, record.cycle_starts, record.held_on or today(), sealed_on))


def said_when(record: ReviewRecord) -> SaidWhen:
    """How and when the views in a review were gathered, a line each; "" where there are none."""
    views = views_of(record.pupil_id, with_replaced=True)
    return SaidWhen(
        pupil=line_of(record.pupil_views, gathered(record.pupil_views, ViewOf.PUPIL, record, views)),
        parents=line_of(record.parent_views, gathered(record.parent_views, ViewOf.PARENT, record, views)),
    )


def begun_with(record: ReviewRecord, pupil: str, parents: str) -> SaidWhen:
    """Where the words in the boxes of a sitting come from, while they stand as recorded; "" where they do not."""
    views = views_of(record.pupil_id, with_replaced=True) if pupil.strip() or parents.strip() else []
    return SaidWhen(
        pupil=_from(gathered(pupil, ViewOf.PUPIL, record, views)),
        parents=_from(gathered(parents, ViewOf.PARENT, record, views)),
    )


def _from(found: tuple[Gathered, ...]) -> str:
    lines = dict.fromkeys(f"{short_date(one.on)}, {inside(one.how)}" for one in found)
    return f"From {'; '.join(lines)}. Once you change the words, they stand as said at the meeting." if lines else ""


def line_of(text: str, found: tuple[Gathered, ...]) -> str:
    """How and when a text was gathered, in a line: of the meeting unless recorded views were found in it."""
    if not text.strip():
        return ""
    lines = (f"{plain_date(one.on)}, {inside(one.how)}" for one in found)
    return "; ".join(dict.fromkeys(lines)) or ViewMethod.MEETING.label


def as_evidence(
    record: ReviewRecord, names: tuple[str, str], views: Iterable[ViewRow] | None = None
) -> tuple[pack.View, ...]:
    """The views of a review as a paper takes them; `names` are the pupil, and the parents where no name is known."""
    held_on = record.held_on or record.cycle_starts
    known = views_of(record.pupil_id, with_replaced=True) if views is None else tuple(views)
    texts = (record.pupil_views, record.parent_views)
    found: list[pack.View] = []
    for whose, person, text in zip((ViewOf.PUPIL, ViewOf.PARENT), names, texts, strict=True):
        before = gathered(text, whose, record, known)
        found += (
            pack.View(whose=whose.label, person=one.person or person, how=one.how, text=one.text, on=one.on)
            for one in before
        )
        if text.strip() and not before:
            how = ViewMethod.MEETING.label
            found.append(pack.View(whose=whose.label, person=person, how=how, text=text, on=held_on))
    return tuple(found)
