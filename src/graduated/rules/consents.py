"""What an agreement is worth today: the latest answer of each person stands, and rights pass to the young person.

Who agreed, what for, when and how belongs to a request (domain §1.4 line 2, §2.5 line 6). From the last Friday in June
of the school year in which they turn 16 a young person answers for themselves (design §6); what a parent said counts
no more from then on. That somebody changed their mind is said, and no answer is ever hidden behind another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graduated.rules.vocabulary import ConsentAnswer, GapState, Word


class AgreementState(Word):
    """Where one question to one person stands."""

    NOT_ASKED = "not-asked", "Not asked yet"
    ASKED = "asked", "Asked, no answer yet"
    GIVEN = "given", "Agreed"
    REFUSED = "refused", "Did not agree"
    WITHDRAWN = "withdrawn", "Agreement withdrawn"
    PASSED_ON = "passed-on", "Counts no more"


@dataclass(frozen=True, slots=True)
class Said:
    """One answer, on a day."""

    answer: ConsentAnswer
    on: date


@dataclass(frozen=True, slots=True)
class Stands:
    """What holds now, since when, and why in words where that needs saying."""

    state: AgreementState
    on: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """One adult with parental responsibility, and the answer of theirs that stands; None while they were not asked."""

    who: str
    answer: ConsentAnswer | None = None


_PLAIN = {
    ConsentAnswer.GIVEN: AgreementState.GIVEN,
    ConsentAnswer.REFUSED: AgreementState.REFUSED,
    ConsentAnswer.ASKED: AgreementState.ASKED,
}


_LACKING = {
    None: "has not been asked",
    ConsentAnswer.ASKED: "has not answered",
    ConsentAnswer.REFUSED: "did not agree",
}


def of_each(adults: Sequence[Answered]) -> tuple[GapState, str] | None:
    """Whether everybody with parental responsibility agrees, and who does not yet (domain §2.5, line 6).

    One parent's yes stands for nobody else. None when there is nobody to count, or nobody was asked.
    """
    if all(one.answer is None for one in adults):
        return None
    lacking = [f"{one.who} {_LACKING[one.answer]}" for one in adults if one.answer is not ConsentAnswer.GIVEN]
    have = "has" if len(adults) == 1 else "have"
    said = f"{len(adults) - len(lacking)} of {len(adults)} parent{'' if len(adults) == 1 else 's'} {have} agreed"
    return (GapState.PARTIAL if lacking else GapState.PRESENT), f"{'; '.join([said, *lacking])}."


def stands(said: Sequence[Said], *, by_pupil: bool, pupil_name: str, rights_pass_on: date, today: date) -> Stands:
    """What the answers of one person to one question come to; they are given in the order in which they were recorded.

    To have been asked again after an answer does not undo the answer; only another answer does.
    """
    passed = rights_pass_on <= today and not by_pupil
    answers = [one for one in said if one.answer is not ConsentAnswer.ASKED]
    if passed:
        why = f"Since {_day(rights_pass_on)} {pupil_name} answers for themselves."
        return Stands(AgreementState.PASSED_ON, answers[-1].on if answers else None, why)
    if not said:
        return Stands(AgreementState.NOT_ASKED)
    if not answers:
        return Stands(AgreementState.ASKED, said[-1].on)
    last = answers[-1]
    earlier = next((one for one in reversed(answers[:-1]) if one.answer is ConsentAnswer.GIVEN), None)
    if last.answer is ConsentAnswer.REFUSED and earlier is not None:
        return Stands(AgreementState.WITHDRAWN, last.on, f"Agreed on {_day(earlier.on)}, and took it back.")
    again = said[-1] is not last
    return Stands(_PLAIN[last.answer], last.on, f"Asked again on {_day(said[-1].on)}." if again else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
