"""Writing planning meetings: the meeting, its agenda, what families say, what was decided (which is never changed)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.identity import require_actor
from graduated.assess.queries import involvements_of
from graduated.assess.rows import InvolvementRow
from graduated.assess.services import InvolvementDetails, add_involvement, change_involvement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.planning.facts import proposals_for
from graduated.planning.models import PlanningConsent, PlanningDecision, PlanningDone, PlanningItem, PlanningMeeting
from graduated.planning.queries import decision_of, item_of, meeting_of
from graduated.planning.rows import Guest, ItemRow, MeetingRow
from graduated.planning.standing import adults_to_ask
from graduated.rules.calendar import plain_date
from graduated.rules.planning import opens_involvement, same_service, why_not_decided
from graduated.rules.vocabulary import AgendaGroup, ConsentAnswer, Decided, PlanningStatus, SignedHow, inside


class PlanningRefused(ValueError):
    """What was asked cannot be done; the message says why and what to do instead."""


@dataclass(frozen=True, slots=True)
class NewMeeting:
    """With whom, when, and what the school asks for as a whole (training, say); that names no pupil."""

    guests: tuple[Guest, ...]
    on: date
    school_ask: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A pupil put on the agenda, with why."""

    pupil_id: int
    group: AgendaGroup = AgendaGroup.BY_HAND
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """What one adult, or the young person (no adult), said to the pupil being named."""

    adult_id: int | None
    answer: ConsentAnswer
    on: date
    signed_how: SignedHow | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """That the meeting took place: the day, who was there, what concerns the school as a whole."""

    on: date
    present: str
    school_notes: str = ""


@dataclass(frozen=True, slots=True)
class Deciding:
    """One decision: what, with which service, a note for staff, who, by when, and whether the family reads it."""

    decided: Decided
    service: str
    note: str = ""
    who: str = ""
    by_when: date | None = None
    shared_with_family: bool = True


_MEETING = select(PlanningMeeting).where(PlanningMeeting.id == bindparam("row_id"))
_ITEM = select(PlanningItem).where(PlanningItem.id == bindparam("row_id"))
_ITEMS = select(PlanningItem).where(PlanningItem.meeting_id == bindparam("row_id"))
_DONE = select(PlanningDone.id).where(PlanningDone.decision_id == bindparam("row_id"))


def _one(statement: Any, row_id: int) -> Any:
    return db.session.scalars(statement, {"row_id": row_id}).one()


def _add(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)


def _planned(meeting_id: int) -> Any:
    meeting = _one(_MEETING, meeting_id)
    if meeting.status is not PlanningStatus.PLANNED:
        raise PlanningRefused(f"This meeting is {meeting.status.inside}; its agenda stands as it is.")
    return meeting


@writes("Planning meeting arranged")
def start_meeting(new: NewMeeting) -> int:
    """Arrange a meeting with one service or several."""
    if not new.guests:
        raise PlanningRefused("Say which service comes.")
    row = PlanningMeeting(status=PlanningStatus.PLANNED)
    _fill(row, new)
    return _add(row)


@writes("Planning meeting changed")
def change_meeting(meeting_id: int, new: NewMeeting, version: int | None = None) -> int:
    """Move a planned meeting, or change who comes and what the school asks."""
    row = _planned(meeting_id)
    check_version(row, version, {"on": row.on, "school_ask": row.school_ask})
    _fill(row, new)
    return meeting_id


def _fill(row: Any, new: NewMeeting) -> None:
    row.guests = [[one.service.strip(), one.person.strip()] for one in new.guests]
    row.on, row.school_ask = new.on, new.school_ask.strip()


@writes("Planning meeting called off")
def call_off(meeting_id: int) -> int:
    """The meeting does not take place; its agenda is kept. Refused once something was decided."""
    meeting = _planned(meeting_id)
    decided = select(PlanningDecision.id).join(PlanningItem, PlanningItem.id == PlanningDecision.item_id)
    if db.session.scalars(decided.where(PlanningItem.meeting_id == meeting_id)).first() is not None:
        raise PlanningRefused("Something was decided at this meeting, so it cannot be called off.")
    meeting.status = PlanningStatus.CALLED_OFF
    return meeting_id


@writes("Pupils put on the agenda of a planning meeting")
def put_on(meeting_id: int, chosen: Iterable[Chosen]) -> int:
    """Put pupils on the agenda, each once; one who was taken off comes back with the same question."""
    if _one(_MEETING, meeting_id).status is PlanningStatus.CALLED_OFF:
        raise PlanningRefused("This meeting was called off.")
    there = {item.pupil_id: item for item in db.session.scalars(_ITEMS, {"row_id": meeting_id})}
    for one in chosen:
        item = there.get(one.pupil_id)
        if item is None:
            item = there[one.pupil_id] = PlanningItem(pupil_id=one.pupil_id, meeting_id=meeting_id)
            db.session.add(item)
        item.on_agenda, item.group, item.reasons = True, one.group, list(one.reasons)
    db.session.flush()
    return meeting_id


@writes("Pupil taken off the agenda of a planning meeting")
def take_off(item_id: int) -> int:
    """Take a pupil off the agenda of a meeting that is not held yet. Gives the meeting's id."""
    item = _one(_ITEM, item_id)
    _planned(item.meeting_id)
    if item_of(item_id)[1].decisions:
        raise PlanningRefused("Something was decided for this pupil already, so they stay on the agenda.")
    item.on_agenda = False
    return int(item.meeting_id)


@writes("Question for a planning meeting written")
def ask(item_id: int, question: str, version: int | None = None) -> int:
    """What the school wants to ask about a pupil."""
    item = _one(_ITEM, item_id)
    _planned(item.meeting_id)
    check_version(item, version, {"question": item.question})
    item.question = question.strip()
    return item_id


@writes("Agreement to be named at a planning meeting recorded")
def record_answer(item_id: int, answered: Answered) -> int:
    """Add one person's answer; an earlier one is kept, and the newest counts.

    Refused of an adult who is none of the pupil's, or may not be given the pupil's papers today.
    """
    item = _one(_ITEM, item_id)
    if answered.on > today():
        raise PlanningRefused("The day lies in the future. Record the answer once it was given.")
    if answered.adult_id is None and not item_of(item_id)[1].rights_passed:
        raise PlanningRefused("The pupil is not yet of the age to answer alone; record what a parent or carer said.")
    family = {one.adult_id for one in adults_to_ask(item.pupil_id)}
    if answered.adult_id is not None and answered.adult_id not in family:
        raise PlanningRefused("This adult cannot be asked about this pupil today. Choose somebody on the page.")
    signed = answered.signed_how if answered.answer is ConsentAnswer.GIVEN else None
    return _add(
        PlanningConsent(
            pupil_id=item.pupil_id, item_id=item_id, adult_id=answered.adult_id, answer=answered.answer,
            signed_how=signed, given_on=answered.on,
        )
    )  # fmt: skip


@writes("Planning meeting held")
def hold(meeting_id: int, held: Held, version: int | None = None) -> int:
    """Say that the meeting took place. The agenda then stands, with the reasons as they are on this day."""
    meeting = _planned(meeting_id)
    check_version(meeting, version, {"on": meeting.on, "school_ask": meeting.school_ask})
    if held.on > today():
        raise PlanningRefused("A meeting is recorded once it was held.")
    reasons = {one.pupil_id: one.words for one in proposals_for(meeting_of(meeting_id))}
    for item in db.session.scalars(_ITEMS, {"row_id": meeting_id}).all():
        if item.on_agenda and item.group is not AgendaGroup.BY_HAND and item.pupil_id in reasons:
            item.reasons = list(reasons[item.pupil_id])
    meeting.status, meeting.on = PlanningStatus.HELD, held.on
    meeting.present, meeting.school_notes = held.present.strip(), held.school_notes.strip()
    return meeting_id


@writes("Decision of a planning meeting recorded")
def decide(item_id: int, deciding: Deciding) -> int:
    """Record one decision for one pupil, and what follows: an involvement begins, goes on or is closed."""
    meeting, item = item_of(item_id)
    _check(meeting, item, deciding)
    return _record(meeting, item, deciding, _involvement(meeting, item, deciding))


@writes("Decision of a planning meeting corrected")
def correct(decision_id: int, deciding: Deciding, why: str) -> int:
    """A new decision stands for the old one, which is kept. What the old one started is not undone by this."""
    meeting, item, old = decision_of(decision_id)
    if old.is_replaced:
        raise PlanningRefused("This decision was corrected already. Correct the newest one.")
    if not why.strip():
        raise PlanningRefused("Say why it is corrected.")
    _check(meeting, item, deciding)
    involvement_id = _involvement(meeting, item, deciding) or old.involvement_id
    return _record(meeting, item, deciding, involvement_id, replaces_id=decision_id, why_replaced=why.strip())


@writes("Decision of a planning meeting carried out")
def carry_out(decision_id: int, on: date, text: str) -> int:
    """Say that what was decided is done, and what came of it."""
    old = decision_of(decision_id)[2]
    if on > today():
        raise PlanningRefused("The day lies in the future. Record it once it is done.")
    if old.is_replaced or db.session.scalars(_DONE, {"row_id": decision_id}).first() is not None:
        raise PlanningRefused("This is recorded as done already, or was corrected since.")
    return _add(PlanningDone(pupil_id=old.pupil_id, decision_id=decision_id, on=on, text=text.strip()))


def _check(meeting: MeetingRow, item: ItemRow, deciding: Deciding) -> None:
    if meeting.status is PlanningStatus.CALLED_OFF or not item.on_agenda:
        raise PlanningRefused("This pupil is not on the agenda of a meeting that takes place.")
    if meeting.on > today():
        raise PlanningRefused(f"The meeting is on {plain_date(meeting.on)}. Record what it decides once it is held.")
    if deciding.service not in meeting.services:
        raise PlanningRefused("Choose one of the services that came.")
    refused = why_not_decided(deciding.decided, item.naming)
    if refused:
        raise PlanningRefused(refused)


def _record(meeting: MeetingRow, item: ItemRow, deciding: Deciding, involvement_id: int | None, **more: Any) -> int:
    return _add(
        PlanningDecision(
            pupil_id=item.pupil_id, item_id=item.item_id, decided=deciding.decided, decided_on=meeting.on,
            service=deciding.service, note=deciding.note.strip(), who=deciding.who.strip(), by_when=deciding.by_when,
            by_name=item.by_name, shared_with_family=deciding.shared_with_family, involvement_id=involvement_id, **more,
        )
    )  # fmt: skip


def _involvement(meeting: MeetingRow, item: ItemRow, deciding: Deciding) -> int | None:
    """The involvement that the decision lands on: one that runs, closed or taken up; or a new one."""
    running = [
        one
        for one in involvements_of(item.pupil_id)
        if one.closed_on is None and same_service(one.service, deciding.service)
    ]
    if deciding.decided is Decided.CLOSE:
        if not running:
            raise PlanningRefused(f"No involvement of {inside(deciding.service)} is open, so there is none to close.")
        for one in running:
            change_involvement(one.involvement_id, _details(one, closed_on=meeting.on))
        return running[-1].involvement_id
    if running:
        return running[-1].involvement_id
    if not opens_involvement(deciding.decided, item.naming):
        return None
    person = next((one.person for one in meeting.guests if one.service == deciding.service), "")
    details = InvolvementDetails(
        service=deciding.service, person=person, question=item.question,  # never the note: this goes outside
        who_refers=require_actor().name, referred_on=meeting.on, parents_agree=True if item.by_name else None,
    )  # fmt: skip
    return add_involvement(item.pupil_id, details)


def _details(row: InvolvementRow, **changes: Any) -> InvolvementDetails:
    same = {one.name: getattr(row, one.name) for one in fields(InvolvementDetails)}
    return InvolvementDetails(**{**same, **changes})
