"""Writing down a request for information and what happens to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.disclosure.barred import DESPITE, bars_in_force, concerning
from graduated.disclosure.models import Clarification, DisclosureBuild, InformationRequest
from graduated.rules.information import Stop, may_stop
from graduated.rules.vocabulary import InformationBy, InformationHow, InformationKind, InformationOutcome

_REQUEST = select(InformationRequest).where(InformationRequest.id == bindparam("request_id"))
_QUESTIONS = select(Clarification).where(Clarification.information_request_id == bindparam("request_id"))
_BUILD = select(DisclosureBuild.id).where(
    DisclosureBuild.information_request_id == bindparam("request_id"), DisclosureBuild.id == bindparam("build_id")
)

GIVING = frozenset({InformationOutcome.GIVEN, InformationOutcome.PART})
"""Outcomes with which something was handed over."""


class InformationRefused(Exception):
    """Why it cannot be done, in a sentence."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What was asked, when, by whom, and how the school knows that they may ask."""

    kind: InformationKind
    received_on: date
    how: InformationHow
    asked_by: InformationBy
    from_name: str
    adult_id: int | None = None
    wish: str = ""
    identity: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; `build_id` is the bundle that was given, if one was; `despite`: why, while a bar stands."""

    answered_on: date
    outcome: InformationOutcome
    words: str = ""
    build_id: int | None = None
    despite: str = ""


def _open(request_id: int) -> InformationRequest:
    row = db.session.scalars(_REQUEST, {"request_id": request_id}).one()
    if row.answered_on is not None:
        raise InformationRefused("This request is answered already.")
    return row


@writes("Request for information recorded")
def record_request(pupil_id: int, asked: NewRequest) -> int:
    """Put a request into the register; its clock runs from the day it was received."""
    row = InformationRequest(
        pupil_id=pupil_id, kind=asked.kind, received_on=asked.received_on, how=asked.how, asked_by=asked.asked_by,
        from_name=asked.from_name.strip(), adult_id=asked.adult_id, wish=asked.wish.strip(),
        identity=asked.identity.strip(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Identity of who asked for information noted")
def note_identity(request_id: int, words: str, version: int | None = None) -> int:
    """Say how the school knows who asks and that they may."""
    row = _open(request_id)
    check_version(row, version, {"identity": row.identity})
    row.identity = words.strip()
    return row.id


@writes("Clarification asked of who asked for information")
def ask_back(request_id: int, asked_on: date, question: str) -> int:
    """Put a question to who asked; the clock of a subject access request stands until it is answered."""
    row = _open(request_id)
    stops = [Stop(one.asked_on, one.answered_on) for one in db.session.scalars(_QUESTIONS, {"request_id": request_id})]
    if not may_stop(row.kind, stops):
        raise InformationRefused("The clock of this request cannot be stopped now.")
    if asked_on < row.received_on:
        raise InformationRefused("The question cannot be older than the request.")
    added = Clarification(
        pupil_id=row.pupil_id, information_request_id=row.id, asked_on=asked_on, question=question.strip()
    )
    db.session.add(added)
    db.session.flush()
    return added.id


@writes("Clarification received")
def hear_back(request_id: int, answered_on: date) -> int:
    """The answer came: the clock runs on."""
    row = _open(request_id)
    waiting = [one for one in db.session.scalars(_QUESTIONS, {"request_id": request_id}) if one.answered_on is None]
    if not waiting:
        raise InformationRefused("No question is open.")
    if answered_on < waiting[0].asked_on:
        raise InformationRefused("The answer cannot be older than the question.")
    waiting[0].answered_on = answered_on
    return row.id


@writes("Time to answer a request for information extended")
def extend(request_id: int, on: date, reason: str) -> int:
    """Two more months for a complex subject access request, with the reason that who asked is told."""
    row = _open(request_id)
    if row.kind is not InformationKind.SUBJECT_ACCESS or row.extended_on is not None:
        raise InformationRefused("The time of this request cannot be extended.")
    row.extended_on, row.extension_reason = on, reason.strip()
    return row.id


@writes("Complaint about data protection acknowledged")
def acknowledge(request_id: int, on: date) -> int:
    """The complaint was acknowledged."""
    row = _open(request_id)
    if row.kind is not InformationKind.COMPLAINT:
        raise InformationRefused("Only a complaint is acknowledged.")
    if on < row.received_on:
        raise InformationRefused("It cannot be acknowledged before it came.")
    row.acknowledged_on = on
    return row.id


@writes("Request for information answered")
def answer(request_id: int, given: Answer) -> int:
    """Record what came of a request, and which bundle was given."""
    row = _open(request_id)
    if given.answered_on < row.received_on:
        raise InformationRefused("It cannot be answered before it came.")
    if given.build_id is not None:
        about = {"request_id": request_id, "build_id": given.build_id}
        if db.session.execute(_BUILD, about).first() is None:
            raise InformationRefused("That bundle belongs to another request.")
    despite = given.despite.strip()
    bars = concerning(bars_in_force([row.pupil_id]), row.pupil_id, row.adult_id, row.asked_by)
    if bars and given.outcome in GIVING and not despite:
        raise InformationRefused(f"{bars[0].name} is barred from this record. Say why it is given all the same.")
    words = [given.words.strip(), f"{DESPITE}{despite}" if bars and despite else ""]
    row.answered_on, row.outcome, row.answer = given.answered_on, given.outcome, "\n".join(filter(None, words))
    row.given_build_id = given.build_id
    return row.id
