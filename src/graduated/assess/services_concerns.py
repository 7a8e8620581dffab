"""Writing a concern: raised, added to, met about, and ended. What was said is kept row by row and never changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.assess.models import Concern, ConcernAction, ConcernNote
from graduated.assess.services import AssessRefused
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.pupils.queries import open_spell
from graduated.pupils.services import ParentsTold, StatusRefused, set_status
from graduated.rules.calendar import plain_date
from graduated.rules.concerns import ENDS, OPEN
from graduated.rules.vocabulary import (
    ConcernBy,
    ConcernNoteKind,
    ConcernStatus,
    NeedArea,
    SenStatus,
    StatusSource,
)


@dataclass(frozen=True, slots=True)
class NewConcern:
    """Whose concern, when, in which area (none: not sure yet), what is seen, the evidence, what teaching has tried."""

    raised_as: ConcernBy
    raised_by: str
    raised_on: date
    text: str
    area: NeedArea | None = None
    evidence: str = ""
    tried: str = ""
    document_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Agreed:
    """One line of a plan of action."""

    what: str
    who: str
    by_when: date | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The meeting with class teacher, SENCO and parents: who was there, what was said, what was agreed, and the date
    on which it is looked at again."""

    met_on: date
    who: str
    said: str
    review_on: date
    actions: tuple[Agreed, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a concern ends: why, from or until which day, and for SEN support how the parents were told."""

    status: ConcernStatus
    on: date
    why: str
    until: date | None = None
    told: ParentsTold | None = None


_CONCERN = select(Concern).where(Concern.id == bindparam("concern_id"))
_ACTION = select(ConcernAction).where(ConcernAction.id == bindparam("action_id"))


def _add(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)


def _note(concern: Concern, kind: ConcernNoteKind, on: date, **words: Any) -> int:
    return _add(ConcernNote(pupil_id=concern.pupil_id, concern_id=concern.id, kind=kind, on=on, **words))


def _papers(concern: Concern, document_ids: Iterable[int], on: date) -> None:
    for document_id in document_ids:
        _note(concern, ConcernNoteKind.EVIDENCE, on, document_id=document_id)


def _open(concern_id: int, version: int | None = None) -> Concern:
    concern = db.session.scalars(_CONCERN, {"concern_id": concern_id}).one()
    check_version(concern, version, {"status": concern.status, "review_on": concern.review_on})
    if concern.status not in OPEN:
        raise AssessRefused("This concern has ended. Raise a new one, and it will stand beside this.")
    return concern


@writes("Concern raised")
def raise_concern(pupil_id: int, new: NewConcern) -> int:
    """Record a concern, one's own or a parent's or the pupil's. Raises AssessRefused for a day to come."""
    if new.raised_on > today():
        raise AssessRefused("The day on which a concern was raised cannot lie in the future.")
    concern = Concern(
        pupil_id=pupil_id,
        raised_as=new.raised_as,
        raised_by=new.raised_by.strip() or require_actor().name,
        raised_on=new.raised_on,
        area=new.area,
        text=new.text.strip(),
        evidence=new.evidence.strip(),
        tried=new.tried.strip(),
        status=ConcernStatus.RAISED,
    )
    _add(concern)
    _papers(concern, new.document_ids, new.raised_on)
    return concern.id


@writes("Added to a concern")
def add_to_concern(
    concern_id: int, kind: ConcernNoteKind, on: date, who: str, text: str, document_ids: tuple[int, ...] = ()
) -> int:
    """Evidence or words that came later; earlier rows stay as they are."""
    concern = _open(concern_id)
    if text.strip():
        _note(concern, kind, on, who=who.strip(), text=text.strip())
    _papers(concern, document_ids, on)
    return concern_id


@writes("Meeting about a concern recorded")
def meet_about(concern_id: int, meeting: Meeting, version: int | None = None) -> int:
    """Record the meeting, its plan of action and the review date; a later meeting adds to what was agreed before."""
    concern = _open(concern_id, version)
    if meeting.met_on > today():
        raise AssessRefused("A meeting is recorded once it was held.")
    if meeting.review_on <= meeting.met_on:
        raise AssessRefused("The review date comes after the meeting.")
    _note(concern, ConcernNoteKind.MEETING, meeting.met_on, who=meeting.who.strip(), text=meeting.said.strip())
    for one in meeting.actions:
        _add(
            ConcernAction(
                pupil_id=concern.pupil_id, concern_id=concern_id, what=one.what.strip(), who=one.who.strip(),
                by_when=one.by_when,
            )
        )  # fmt: skip
    concern.met_on, concern.review_on = meeting.met_on, meeting.review_on
    concern.agreed = "\n".join([*filter(None, [concern.agreed]), *(one.what.strip() for one in meeting.actions)])
    concern.status = ConcernStatus.AGREED
    db.session.flush()
    return concern_id


@writes("Action of a concern done")
def do_concern_action(action_id: int, on: date, text: str) -> int:
    """Say that an agreed action was done, and what came of it. Gives the concern's id.

    A concern that has ended asks for nothing any more: what was not done by then stays so in its history. One that is
    watched has not ended.
    """
    action = db.session.scalars(_ACTION, {"action_id": action_id}).one()
    if action.done_on is not None:
        raise AssessRefused(f"This was done on {plain_date(action.done_on)} already.")
    concern = _open(action.concern_id)
    action.done_on = on
    words = f"{action.what}. {text.strip()}" if text.strip() else action.what
    _note(concern, ConcernNoteKind.DONE, on, who=action.who, text=words)
    return concern.id


@writes("Concern ended")
def end_concern(concern_id: int, ending: Ending, version: int | None = None) -> int:
    """Nothing further, watching until a day, or SEN support: then the register starts in the same act.

    SEN support needs a meeting held before, and how the parents are told formally (Code 6.43, 6.48). Raises
    AssessRefused with what is missing.
    """
    concern = _open(concern_id, version)
    _check(concern, ending)
    if ending.status is ConcernStatus.WATCHING:
        concern.review_on = ending.until
    else:
        concern.ended_on, concern.review_on = ending.on, None
    if ending.status is ConcernStatus.SEN_SUPPORT:
        _start_support(concern, ending)
    concern.status, concern.ended_why = ending.status, ending.why.strip()
    _note(concern, ConcernNoteKind.ENDED, ending.on, who=require_actor().name, text=_how(ending))
    return concern_id


def _start_support(concern: Concern, ending: Ending) -> None:
    spell = open_spell(concern.pupil_id)
    if spell is not None and spell.status is SenStatus.PLAN:
        raise AssessRefused("There is an EHC plan, so the register stays E. End the concern as nothing further.")
    reason = f"Concern of {plain_date(concern.raised_on)}: {ending.why.strip()}"
    try:
        set_status(concern.pupil_id, SenStatus.SUPPORT, ending.on, StatusSource.CONCERN, reason, told=ending.told)
    except StatusRefused as refused:
        raise AssessRefused(str(refused)) from refused


def _check(concern: Concern, ending: Ending) -> None:
    if ending.status not in ENDS:
        raise AssessRefused("Choose how the concern ends.")
    if not ending.why.strip():
        raise AssessRefused("Say why.")
    if ending.status is ConcernStatus.WATCHING:
        if ending.until is None or ending.until <= ending.on:
            raise AssessRefused("Say until which day it is watched; it comes back on that day.")
        return
    if ending.on > today():
        raise AssessRefused("The day lies in the future. Record the end once it was decided.")
    if ending.on < concern.raised_on:
        raise AssessRefused("That day lies before the concern was raised. Give a later one.")
    if ending.status is ConcernStatus.SEN_SUPPORT:
        _check_support(concern, ending)


def _check_support(concern: Concern, ending: Ending) -> None:
    if concern.met_on is None:
        raise AssessRefused("Record the meeting first: SEN support begins from what school and parents met about.")
    if ending.on < concern.met_on:
        raise AssessRefused(
            "SEN support cannot begin before the meeting about the concern. Give its day or a later one."
        )
    if ending.told is None or not ending.told.how.strip() or ending.told.on is None:
        raise AssessRefused("Say how and when the parents were told, or will be: they must be told formally.")


def _how(ending: Ending) -> str:
    words = ending.status.label
    if ending.until is not None and ending.status is ConcernStatus.WATCHING:
        words += f" until {plain_date(ending.until)}"
    if ending.told is not None and ending.told.on is not None:
        words += f" from {plain_date(ending.on)}. Parents told {plain_date(ending.told.on)}: {ending.told.how.strip()}"
    return f"{words}. {ending.why.strip()}"
