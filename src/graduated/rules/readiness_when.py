"""By when a gap in evidence could be closed, and until when what is there counts as recent (design §5, Readiness).

Only what the records can tell: a day that lies with a family or with a service is not guessed, it is said in words.
None of these days is one that a request has to wait for: the law asks for no number of cycles, and families can ask
at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from graduated.rules.calendar import plain_date
from graduated.rules.readiness import GapLine
from graduated.rules.readiness_evidence import Evidence, Thresholds, months_old
from graduated.rules.vocabulary import Closes, GapState

_SHORTEST_CYCLE = timedelta(weeks=6)
"""A cycle begun nearer than this to the end of term looks to the next one (design §5: at least 6 school weeks)."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is planned: whether a cycle is agreed and running, when its review is due, when terms end, who came when.

    `terms_end` are the last school days of this term and of those to come, as far as they are entered.
    """

    is_running: bool = False
    review_due: date | None = None
    terms_end: tuple[date, ...] = ()
    admitted: date | None = None


@dataclass(frozen=True, slots=True)
class Closing:
    """How a gap can close. `on` is the earliest day, where one can be said."""

    waits_for: Closes
    words: str
    on: date | None = None


def turns(on: date, months: int) -> date:
    """The first day on which something of `on` is that many whole months old, as `months_old` counts."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    try:
        return date(year, month + 1, on.day)
    except ValueError:  # the month has no such day
        year, month = divmod(year * 12 + month + 1, 12)
        return date(year, month + 1, 1)


def reviews_ahead(ahead: Ahead, today: date) -> tuple[date, ...]:
    """The earliest days on which reviews can be held: the running cycle's, then one at the end of each term after it.

    The running cycle's is the day it is due, today when that is past. Without a running cycle the first is at the end
    of this term, of the next one when this one has less than six weeks left (design §5: due dates).
    """
    first: tuple[date, ...] = ()
    after = today + _SHORTEST_CYCLE
    if ahead.is_running and ahead.review_due:
        first = (max(ahead.review_due, today),)
        after = first[0] + _SHORTEST_CYCLE
    return first + tuple(day for day in sorted(ahead.terms_end) if day >= after)


def closing(line: GapLine, it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing | None:
    """How this gap can close and when at the earliest; none for what is there or does not apply."""
    if line.state in (GapState.PRESENT, GapState.NOT_APPLICABLE):
        return None
    by_hand = _BY_LINE.get(line.id)
    return by_hand(it, ahead, limits) if by_hand else _SAID.get(line.id, _WRITTEN)


def _running(it: Evidence, ahead: Ahead) -> str:
    if not ahead.is_running:
        return "No cycle is running."
    if ahead.review_due is None:
        return "The running cycle has no day for its review yet."
    was = "was" if ahead.review_due < it.today else "is"
    return f"The running cycle’s review {was} due on {plain_date(ahead.review_due)}."


def _cycles(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """A missing cycle is there when its review is held; cycles on paper can be brought forward (Code 6.44)."""
    lacking = limits.cycles - it.cycles_lived - it.cycles_paper
    days = reviews_ahead(ahead, it.today)
    words = f"{_running(it, ahead)} {_of_cycles(lacking, ahead, days)} Earlier cycles on paper can be entered today."
    return Closing(Closes.DATE, words, days[lacking - 1] if len(days) >= lacking else None)


def _of_cycles(lacking: int, ahead: Ahead, days: tuple[date, ...]) -> str:
    if len(days) < lacking:
        return "The terms to come are not entered that far, so no day can be said."
    day = plain_date(days[lacking - 1])
    if ahead.is_running and ahead.review_due:
        if lacking == 1:
            return "With that review the number is reached."
        more = "one more cycle" if lacking == 2 else f"{lacking - 1} more cycles"
        return f"With {more}, each to the end of a term, the number is reached on {day} at the earliest."
    runs = "One agreed now" if lacking == 1 else f"{lacking}, one after the other,"
    return f"{runs} and reviewed at the end of term would be there on {day} at the earliest."


def _meetings(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """Three within twelve months: those to come are counted, those that grow old are not (Code 6.64 to 6.71)."""
    days = reviews_ahead(ahead, it.today)
    for number, day in enumerate(days, 1):
        still = sum(1 for on in it.meetings_with_parents if on <= it.today and months_old(on, day) < 12)
        coming = sum(1 for other in days[:number] if months_old(other, day) < 12)
        if still + coming >= limits.meetings:
            words = f"{_running(it, ahead)} If parents come to each review, on {plain_date(day)} at the earliest."
            return Closing(Closes.DATE, words, day)
    words = f"{_running(it, ahead)} The terms to come are not entered that far, so no day can be said."
    return Closing(Closes.DATE, words)


def _at_a_review(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """What only a review can say; a sealed review stays as it is (Code 6.53 to 6.56)."""
    days = reviews_ahead(ahead, it.today)
    if ahead.is_running and ahead.review_due:
        return Closing(Closes.DATE, f"At the next review. {_running(it, ahead)}", days[0])
    return Closing(Closes.DATE, f"At the next review. {_running(it, ahead)}")


def _measured_again(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """A later figure of a cycle that is over cannot be taken now: nobody is asked to date one back (Code 6.17)."""
    if it.outcomes_measured_since == it.measured_outcomes:
        return Closing(Closes.NOW, "As soon as each measure is taken again.")
    over = "a cycle that is over: only a figure that was taken then can be entered."
    if not it.outcomes_still_to_measure:
        return Closing(Closes.PAST, f"Lacking in {over}")
    later = it.measured_outcomes - it.outcomes_measured_since > it.outcomes_still_to_measure
    words = "As soon as each measure of the running cycle is taken again."
    return Closing(Closes.NOW, f"{words} Some are lacking in {over}" if later else words)


def _attendance(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """Months at this school can be entered at any time; those before are the school's before (domain §2.5, line 17)."""
    whole = turns(ahead.admitted, limits.attendance_months) if ahead.admitted else it.today
    if ahead.admitted is None or whole <= it.today:
        return Closing(Closes.NOW, "Today: take the file from the information system, or enter the months by hand.")
    words = (
        f"The pupil came on {plain_date(ahead.admitted)}, so {limits.attendance_months} months at this school are "
        f"there on {plain_date(whole)} at the earliest. The school before can be asked for its figures today."
    )
    return Closing(Closes.DATE, words, whole)


def _parent_views(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    return Closing(Closes.OTHERS, "When the parents answer. Ask today; what was tried counts too, once it is recorded.")


def _consent(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    who = "the young person has" if it.young_person else "the family has"
    return Closing(Closes.OTHERS, f"When {who} answered. Ask today; nobody else can set the day.")


def _reports(it: Evidence, ahead: Ahead, limits: Thresholds) -> Closing:
    """When advice can be renewed is not ours to guess; one that is in a drawer can be attached today."""
    words = (
        "When the service can come and write: the day is theirs. Ask today; a report that lies here can be attached."
    )
    return Closing(Closes.OTHERS, words)


_BY_LINE: dict[str, Callable[[Evidence, Ahead, Thresholds], Closing]] = {
    "cycles": _cycles,
    "meetings": _meetings,
    "judgements": _at_a_review,
    "next-steps": _at_a_review,
    "impact": _at_a_review,
    "rate-of-progress": _measured_again,
    "attendance": _attendance,
    "parent-views": _parent_views,
    "consent": _consent,
    "reports": _reports,
}
_WRITTEN = Closing(Closes.NOW, "Today: it only has to be written down.")
"""Of every line that says nothing else: the reason, needs, strategies, outcomes sought and their like."""
_SAID: dict[str, Closing] = {
    "baselines": Closing(
        Closes.NOW, "As soon as each measure is taken. The figure keeps its own date, so a late one is seen to be late."
    ),
    "peers": Closing(Closes.NOW, "As soon as a test with national norms is taken."),
    "areas": Closing(Closes.NOW, "Today: strengths and difficulties that people know of can be written down."),
    "previous": Closing(Closes.NOW, "Today: say what there was, or that there was none."),
    "outcomes": Closing(Closes.NOW, "Today, by amending the plan that runs, or with the next plan."),
    "provision": Closing(Closes.NOW, "Today, by amending the plan that runs, or with the next plan."),
    "delivery": Closing(
        Closes.NOW, "Today, where somebody knows: sessions can be entered late. Those to come as they are held."
    ),
    "costs": Closing(Closes.NOW, "Today: with a rate card of the school and who delivers each provision."),
    "professionals": Closing(
        Closes.OTHERS, "When a service can come: the day is theirs. Parents’ agreement can be asked for today."
    ),
    "advice": Closing(Closes.NOW, "Today: say of each recommendation what was done with it, or why not."),
    "expected-impact": Closing(Closes.NOW, "Today, by amending the plan that runs, or with the next plan."),
    "social": Closing(Closes.NOW, "Today: what people have seen can be written down."),
    "health": Closing(Closes.NOW, "Today: write what is known, or that nothing is known."),
    "suspensions": Closing(Closes.NOW, "Today: enter them, or that there was none."),
    "pupil-views": Closing(Closes.NOW, "Today: ask, and record what the pupil said or showed, or what was tried."),
    "profile": Closing(Closes.NOW, "Today, with the pupil."),
}


def recent_until(line: GapLine, it: Evidence, limits: Thresholds) -> date | None:
    """The first day on which what is there no longer counts as recent; none for what does not grow old.

    A line that is not present has no such day, and a diagnosis does not age (domain §2.5, lines 8, 9 and 19).
    """
    if line.state is not GapState.PRESENT:
        return None
    if line.id == "reports":
        return turns(max(report.on for report in it.reports if not report.diagnosis), limits.report_months)
    if line.id == "profile" and it.profile_on:
        return turns(it.profile_on, limits.views_months)
    if line.id in ("pupil-views", "parent-views"):
        given = it.pupil_views if line.id == "pupil-views" else it.parent_views
        return turns(max(given), limits.views_months)
    if line.id == "meetings":
        held = sorted((on for on in it.meetings_with_parents if on <= it.today), reverse=True)
        return turns(held[limits.meetings - 1], 12)
    return None
