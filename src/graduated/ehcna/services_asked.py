"""Asking colleagues for words for a section of a request, reminding them, handing in, and settling what came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.machinery import Post
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.ehcna.models import NarrativeAsked, NarrativeGiven
from graduated.ehcna.queries_asked import Colleague, asked_words
from graduated.people.models import User
from graduated.request.models import AssessmentRequest

_ONE = select(NarrativeAsked).where(NarrativeAsked.id == bindparam("asked_id"))
_OPEN_OF_SECTION = select(NarrativeAsked).where(
    NarrativeAsked.assessment_request_id == bindparam("request_id"),
    NarrativeAsked.section == bindparam("section"),
    NarrativeAsked.closed_on.is_(None),
)
_REQUEST = select(AssessmentRequest.pupil_id).where(AssessmentRequest.id == bindparam("request_id"))
_FROM = select(NarrativeGiven.narrative_asked_id).where(NarrativeGiven.id.in_(bindparam("ids", expanding=True)))
_EMAIL = select(User.email).where(User.id == bindparam("user_id"))


class AskingRefused(ValueError):
    """What was asked for cannot be done; the words say why."""


@writes("Words asked for")
def ask_for_words(
    request_id: int, section: str, people: Collection[Colleague], question: str, answer_by: date | None
) -> int:
    """Ask each of these for words for one section; the number asked. An asking that is open still is closed by this."""
    pupil_id = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    anew = {one.user_id for one in people}
    for row in db.session.scalars(_OPEN_OF_SECTION, {"request_id": request_id, "section": section}):
        if row.user_id in anew:
            row.closed_on = today()
    db.session.add_all(
        NarrativeAsked(
            pupil_id=pupil_id,
            assessment_request_id=request_id,
            section=section,
            user_id=one.user_id,
            role=one.role,
            question=question.strip(),
            asked_on=today(),
            answer_by=answer_by,
        )
        for one in people
    )
    db.session.flush()
    return len(people)


@writes("Words handed in")
def hand_in(asked_id: int, text: str) -> int:
    """What who was asked wrote; a later one of the same asking is newer, the older is kept.

    Raises AskingRefused where nothing is waited for any more.
    """
    asked = asked_words(asked_id)
    if not asked.is_open:
        raise AskingRefused("Nothing is waited for here any more. Your words are below: give them to who asked you.")
    row = NarrativeGiven(
        pupil_id=asked.pupil_id,
        assessment_request_id=asked.request_id,
        narrative_asked_id=asked_id,
        section=asked.section,
        writer_name=require_actor().name,
        role=asked.role,
        given_on=today(),
        text=text.strip(),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Asking for words closed")
def close_asking(asked_id: int) -> int:
    """Nothing is waited for any more: what came is put aside, or what did not come is not needed."""
    row = db.session.scalars(_ONE, {"asked_id": asked_id}).one()
    row.closed_on = row.closed_on or today()
    return row.id


@writes("Reminder of words asked for")
def remind_of_words(asked_id: int) -> int:
    """Write to somebody who was asked; nothing about the child stands in the letter. Twice on one day is once."""
    asked = asked_words(asked_id)
    if not asked.is_waited_for:
        raise AskingRefused(f"Nothing is waited for from {asked.name} any more, so no reminder is written.")
    row = db.session.scalars(_ONE, {"asked_id": asked_id}).one()
    if row.reminded_on == today():
        return row.id
    address = db.session.scalar(_EMAIL, {"user_id": asked.user_id})
    if not address:
        raise AskingRefused("There is no e-mail address to write to.")
    row.reminded_on = today()
    db.session.add(
        Post(
            recipient=address,
            subject="Words that you were asked for are still wanted",
            body="You were asked to write a few words about a pupil. They are still wanted.\n\n"
            "Sign in to Graduated: your page Today has the form, one click away. It takes a few minutes.\n",
        )
    )
    return row.id


@writes("Words taken over")
def close_taken(ids: Sequence[int]) -> None:
    """Askings whose words stand in the narrative now are settled."""
    if not ids:
        return
    for asked_id in set(db.session.scalars(_FROM, {"ids": list(ids)})):
        close_asking(asked_id)
