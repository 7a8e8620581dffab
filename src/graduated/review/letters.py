"""A letter for one pupil's family: its words with the placeholders filled, and its page as a PDF."""

from __future__ import annotations

from datetime import date, time, timedelta

from graduated.access.identity import require_actor
from graduated.db.clock import local, now, today
from graduated.pack import content as pack
from graduated.pack.letter_pdf import Letter, render_letter
from graduated.plan.queries import cycles_of
from graduated.plan.rows import CycleRow
from graduated.pupils.queries import PupilHead
from graduated.request.rights import rights
from graduated.review.queries import seal_details_of
from graduated.review.queries_given import adults_to_give
from graduated.review.queries_wording import wording
from graduated.review.rows import ReviewRecord
from graduated.rules.calendar import monday_of
from graduated.rules.interpreting import Need, in_letter
from graduated.rules.letters import fill
from graduated.rules.vocabulary import LetterKind, NextStep
from graduated.school.queries import school_details
from graduated.web.filters import clock_time, long_date

EXAMPLE_PUPIL = "Rowan"
"""A pupil who does not exist, in previews."""
_DECISIONS = {
    NextStep.COME_OFF: "There was good progress, and no further concern.",
    NextStep.ANOTHER_CYCLE: "There was some progress. Support goes on with a new plan, which we would like to agree "
    "with you.",
    NextStep.SPECIALIST: "There was less progress than we hoped. Support goes on, and a specialist is to advise us.",
    NextStep.CONSIDER_EHCNA: "We have major concerns. Support goes on, and we talked about asking the local authority "
    "what more is needed.",
}
_AGREED = "There was some progress. Support goes on with a new plan, which was agreed on {day}."


def invitation(head: PupilHead, cycle: CycleRow) -> str:
    """The invitation to the next meeting of a cycle; what is not arranged yet stays as a placeholder."""
    at = cycle.meeting_at
    values = _values(head.first_name, cycle.lead_name) | {
        "date": long_date(local(at).date() if at else cycle.review_due),
        "time": clock_time(at) if at else "",
        "place": cycle.meeting_place,
    }
    needs = [Need(one.name, one.interpreter, None) for one in adults_to_give(head.pupil_id)]
    return in_letter(fill(wording(LetterKind.INVITATION).text, values), needs)


def after_review(kind: LetterKind, head: PupilHead, record: ReviewRecord, lead_name: str) -> str:
    """The letter that follows a sealed review."""
    decision = _decision(record)
    values = _values(head.first_name, lead_name) | {"date": _day(record.held_on), "decision": decision}
    return fill(wording(kind).text, values)


def support_begins(first_name: str, on: date) -> str:
    """The letter by which parents are told formally that SEN support begins (Code 6.43)."""
    return fill(wording(LetterKind.SUPPORT_BEGINS).text, _values(first_name, "") | {"date": long_date(on)})


def _decision(record: ReviewRecord) -> str:
    """What was decided; of another cycle also whether its plan was agreed in the meantime, at the meeting perhaps."""
    if record.step is None:
        return ""
    step = record.step.step
    followed = seal_details_of(record.review_id) if step is NextStep.ANOTHER_CYCLE else None
    if followed is not None and followed.next_cycle_id is not None:
        following = next((one for one in cycles_of(record.pupil_id) if one.cycle_id == followed.next_cycle_id), None)
        if following is not None and following.agreed_on is not None:
            return _AGREED.format(day=long_date(following.agreed_on))
    return _DECISIONS[step]


def example(kind: LetterKind, text: str) -> str:
    """Words filled in for a pupil who does not exist, to see how a letter will read; school and writer are real.

    What the school has no value for stays as a gap, as it does in a letter.
    """
    week = monday_of(today() + timedelta(days=14 if kind is LetterKind.INVITATION else -7))
    values = _values(EXAMPLE_PUPIL, "Miss Harcourt") | {
        "date": long_date(week + timedelta(days=1)),
        "time": clock_time(time(15, 30)),
        "place": "the library",
        "decision": _DECISIONS[NextStep.ANOTHER_CYCLE],
    }
    return fill(text, values)


def agreement_paper(kind: LetterKind, adult: str, first_name: str) -> str:
    """The words by which somebody is asked to agree to a request, in the school's own wording."""
    values = _values(first_name, "")
    return fill(wording(kind).text, values | {"adult": adult or values["adult"]})


def letter_bytes(kind: LetterKind, text: str, signers: tuple[tuple[str, str], ...] = ()) -> bytes:
    """The letter on paper; every one says at its foot that families can ask the authority themselves.

    `signers` are (as what, name) of those who are to sign it.
    """
    school = school_details()
    on_paper = Letter(
        school=pack.School(name=school.name, urn=school.urn, address=school.address, telephone=school.phone),
        subject=kind.label,
        text=text,
        moment=now(),
        authority=rights().asked_whom,
        signers=signers,
    )
    return render_letter(on_paper).pdf


def _day(day: date | None) -> str:
    return long_date(day) if day else ""


def _values(first_name: str, lead_name: str) -> dict[str, str]:
    known = rights()
    return {
        "adult": "parent or carer",
        "first_name": first_name,
        "school": school_details().name,
        "lead_teacher": lead_name,
        "authority": known.asked_whom,
        "sendiass": known.sendiass,
        "sender": require_actor().name,
    }
