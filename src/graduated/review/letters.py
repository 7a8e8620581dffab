"""A letter for one pupil's family: its words with the placeholders filled, and its page as a PDF."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from graduated.access.identity import require_actor
from graduated.db.clock import local, now
from graduated.pack import content as pack
from graduated.pack.letter_pdf import Letter, render_letter
from graduated.plan.rows import CycleRow
from graduated.pupils.queries import PupilHead
from graduated.request.rights import rights
from graduated.review.rows import ReviewRecord
from graduated.rules.letters import fill
from graduated.rules.vocabulary import LetterKind, NextStep
from graduated.school.queries import school_details
from graduated.web.filters import clock_time, long_date

_FOLDER = Path(__file__).with_name("letters")
_DECISIONS = {
    NextStep.COME_OFF: "There was good progress, and no further concern.",
    NextStep.ANOTHER_CYCLE: "There was some progress. Support goes on with a new plan, which we would like to agree "
    "with you.",
    NextStep.SPECIALIST: "There was less progress than we hoped. Support goes on, and a specialist is to advise us.",
    NextStep.CONSIDER_EHCNA: "We have major concerns. Support goes on, and we talked about asking the local authority "
    "what more is needed.",
}


@cache
def shipped(kind: LetterKind) -> str:
    """The words that a school begins with."""
    return (_FOLDER / f"{kind.value}.txt").read_text(encoding="utf-8").strip()


def invitation(head: PupilHead, cycle: CycleRow) -> str:
    """The invitation to the next meeting of a cycle; what is not arranged yet stays as a placeholder."""
    at = cycle.meeting_at
    values = _values(head, cycle.lead_name)
    values |= {
        "date": long_date(local(at).date() if at else cycle.review_due),
        "time": clock_time(at) if at else "",
        "place": cycle.meeting_place,
    }
    return fill(shipped(LetterKind.INVITATION), values)


def after_review(kind: LetterKind, head: PupilHead, record: ReviewRecord, lead_name: str) -> str:
    """The letter that follows a sealed review."""
    decision = _DECISIONS[record.step.step] if record.step else ""
    values = _values(head, lead_name) | {"date": _day(record.held_on), "decision": decision}
    return fill(shipped(kind), values)


def letter_bytes(kind: LetterKind, text: str) -> bytes:
    """The letter on paper; every one says at its foot that families can ask the authority themselves."""
    school = school_details()
    on_paper = Letter(
        school=pack.School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        subject=kind.label,
        text=text,
        moment=now(),
        authority=rights().asked_whom,
    )
    return render_letter(on_paper).pdf


def _day(day: date | None) -> str:
    return long_date(day) if day else ""


def _values(head: PupilHead, lead_name: str) -> dict[str, str]:
    known = rights()
    return {
        "adult": "parent or carer",
        "first_name": head.first_name,
        "school": school_details().name,
        "lead_teacher": lead_name,
        "sendiass": known.sendiass,
        "sender": require_actor().name,
    }
