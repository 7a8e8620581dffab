"""The statutory clock of an EHC needs assessment (domain §1.1; SEND Regulations 2014, regs 5, 8, 10 and 13).

Calendar weeks from the authority's receipt. The lawful exceptions never move a date: they stand beside it as "the
limit may lawfully not apply", with why.

Left out on purpose: the time limits for mediation and appeal after a refusal. The authority's letter must state them
(reg 5): the days that it gives are entered, and none is worked out here, so none can be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from graduated.rules.calendar import TermDates, plain_date
from graduated.rules.vocabulary import RequestBy, Word

DECISION_WEEKS = 6
ADVICE_WEEKS = 6
NO_PLAN_WEEKS = 16
FINAL_PLAN_WEEKS = 20
LEAST_CLOSURE_WEEKS = 4


class LineId(Word):
    """The lines of the clock."""

    DECISION = "decision", "Decision whether to assess"
    REPLY = "school-reply", "The school's information to the authority"
    REFUSAL = "refusal", "Mediation and appeal after a refusal"
    MEDIATION = "mediation", "Last day on which the family can ask for mediation"
    APPEAL = "appeal", "Last day on which the family can appeal"
    ADVICE = "advice", "The school's educational advice"
    NO_PLAN = "no-plan", "Decision not to issue a plan"
    FINAL_PLAN = "final-plan", "Final EHC plan"


class LimitException(Word):
    """The grounds on which a limit may lawfully not apply (regs 5(4), 10(4), 13(3); Code 9.42 to 9.43).

    The last is for advice alone (reg 8; domain §1.1).
    """

    SCHOOL_CLOSED = "school-closed", "Advice was asked of the school around a closure of four weeks or more"
    EARLY_YEARS_CLOSED = "early-years-closed", "Advice was asked of the early years provider around such a closure"
    EXCEPTIONAL = "exceptional", "Exceptional personal circumstances of the child, parent or young person"
    ABSENT = "absent", "Absence from the area for four weeks or more in a row"
    MISSED = "missed-appointment", "An appointment for the advice was missed within the six weeks"

    def fits(self, line: LineId) -> bool:
        """Whether it can be a ground for this line: a missed appointment is one for advice only."""
        return self is not LimitException.MISSED or line is LineId.ADVICE


@dataclass(frozen=True, slots=True)
class LimitNote:
    """A recorded ground for one line of the clock, in the words of who recorded it."""

    line: LineId
    ground: LimitException
    words: str = ""


@dataclass(frozen=True, slots=True)
class Milestones:
    """What has happened, each with its date; None is "not yet, as far as is known"."""

    replied: date | None = None
    decided: date | None = None
    refused: bool = False
    advice_asked: date | None = None
    advice_sent: date | None = None
    no_plan: date | None = None
    plan_issued: date | None = None
    mediation_by: date | None = None
    appeal_by: date | None = None


@dataclass(frozen=True, slots=True)
class ClockLine:
    """One limit. `on` is None where only the authority's letter gives the date.

    `passed`: the day is over and the thing is not known to be done. `note` says done, exceptions, or where to look.
    `is_done`: nothing is waited for any more.
    """

    id: LineId
    label: str
    on: date | None
    source: str
    passed: bool
    note: str
    is_done: bool = False


def clock(
    received: date,
    asked_by: RequestBy,
    today: date,
    milestones: Milestones | None = None,
    exceptions: Iterable[LimitNote] = (),
) -> tuple[ClockLine, ...]:
    """The limits that matter for this request, in order of the law.

    When the family asked, the school's own reply has to reach the authority inside the same six weeks; the authority's
    letter may ask for it sooner (domain §1.4). Once the authority has decided, nobody waits for it. After a refusal the
    later limits fall away; after a decision that no plan is issued, the final plan does.
    """
    so_far = milestones or Milestones()
    notes = tuple(exceptions)

    def line(which: LineId, on: date, source: str, done: date | None, say: str = "") -> ClockLine:
        parts = [f"Done on {plain_date(done)}." if done else "", say]
        parts += [_exception_words(note) for note in notes if note.line is which]
        note = " ".join(part for part in parts if part)
        return ClockLine(which, which.label, on, source, done is None and on < today, note, done is not None)

    decision_on = received + timedelta(weeks=DECISION_WEEKS)
    lines = [line(LineId.DECISION, decision_on, "Reg 5", so_far.decided)]
    if asked_by is not RequestBy.SCHOOL and (so_far.replied or not so_far.decided):
        say = "" if so_far.replied else "The authority's letter may ask for it sooner."
        lines.append(line(LineId.REPLY, decision_on, "Reg 5, domain §1.4", so_far.replied, say))
    if so_far.refused:
        return (*lines, *_after_refusal(so_far, today))
    if so_far.advice_asked:
        advice_on = advice_due(so_far.advice_asked)
        kept = kept_words(advice_on, so_far.advice_sent)
        lines.append(line(LineId.ADVICE, advice_on, "Regs 6(1)(b) and 8", so_far.advice_sent, kept))
    if so_far.plan_issued is None:
        lines.append(line(LineId.NO_PLAN, received + timedelta(weeks=NO_PLAN_WEEKS), "Reg 10", so_far.no_plan))
    if so_far.no_plan is None:
        plan_on = received + timedelta(weeks=FINAL_PLAN_WEEKS)
        lines.append(line(LineId.FINAL_PLAN, plan_on, "Reg 13", so_far.plan_issued))
    return tuple(lines)


def _after_refusal(so_far: Milestones, today: date) -> tuple[ClockLine, ...]:
    """The days that the refusal letter gives; where it was not read for them, that it states them."""
    source = "Reg 5; CFA 2014 s51"
    known = ((LineId.MEDIATION, so_far.mediation_by), (LineId.APPEAL, so_far.appeal_by))
    say = "As the letter says. Whether they do is the family's to decide; SENDIASS advises."
    found = [ClockLine(which, which.label, on, source, on < today, say) for which, on in known if on is not None]
    if len(found) < len(known):
        say = "The refusal letter states the time limits. Families and young people can appeal; SENDIASS advises."
        found.append(ClockLine(LineId.REFUSAL, LineId.REFUSAL.label, None, source, False, say))
    return tuple(found)


def day_words(received: date, today: date, weeks: int = DECISION_WEEKS) -> str:
    """How far a limit has run: "Day 31 of 42", or how many days it is past."""
    gone, whole = (today - received).days, weeks * 7
    if gone > whole:
        over = gone - whole
        return f"{over} day{'' if over == 1 else 's'} past the limit"
    return f"Day {max(gone, 0)} of {whole}"


def advice_due(asked_on: date) -> date:
    """The day by which the school's advice has to be with the authority: six weeks after it was asked (reg 8)."""
    return asked_on + timedelta(weeks=ADVICE_WEEKS)


def kept_words(limit: date, done: date | None) -> str:
    """Whether a limit was kept, in a sentence: "In time." or "3 days late."; nothing while it is not done."""
    if done is None:
        return ""
    late = (done - limit).days
    return "In time." if late <= 0 else f"{late} day{'' if late == 1 else 's'} late."


def closure_around(asked_on: date, terms: Iterable[TermDates]) -> tuple[date, date] | None:
    """The long closure in whose window advice was asked: first day closed and first day open; none when there is none.

    Between two terms the school is closed; of days before the first and after the last that are entered, nothing is
    known (regs 5(4), 10(4) and 13(3); Code 9.42; domain §1.1).
    """
    known = sorted(terms, key=lambda term: term.starts)
    for before, after in pairwise(known):
        closed_from, reopens_on = before.ends + timedelta(days=1), after.starts
        if closure_may_apply(asked_on, closed_from, reopens_on):
            return closed_from, reopens_on
    return None


def closure_may_apply(asked_on: date, closed_from: date, reopens_on: date) -> bool:
    """Whether a request for advice falls in the window of a long closure (regs 10(4), 13(3); domain §1.1).

    From one week before a closure of four or more weeks in a row until one week before reopening. `closed_from` is the
    first day closed, `reopens_on` the first day open.
    """
    if (reopens_on - closed_from).days < LEAST_CLOSURE_WEEKS * 7:
        return False
    week = timedelta(weeks=1)
    return closed_from - week <= asked_on <= reopens_on - week


def six_month_rule(previous_assessment: date | None, on: date) -> bool:
    """Whether an assessment lies within the six months before: then the authority need not consider (CFA s36(6)).

    Counted by calendar months; it says so, and never that a family cannot ask.
    """
    if previous_assessment is None or previous_assessment > on:
        return False
    months = (on.year - previous_assessment.year) * 12 + on.month - previous_assessment.month
    return months < 6 or (months == 6 and on.day < previous_assessment.day)


def _exception_words(note: LimitNote) -> str:
    why = f" ({note.words.strip().rstrip('.')})" if note.words.strip() else ""
    return f"The limit may lawfully not apply: {note.ground.inside}{why}."
