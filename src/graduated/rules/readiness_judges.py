"""How each line of the gaps is judged: from what is on record to a state and the sentence that explains it.

Every judge takes the evidence and the authority's thresholds and returns (state, why). No judge gives a score.
"""

from __future__ import annotations

from datetime import date

from graduated.rules.calendar import plain_date
from graduated.rules.consents import Answered, of_each
from graduated.rules.professionals import report_age
from graduated.rules.readiness_evidence import Evidence, Thresholds, months_old
from graduated.rules.vocabulary import ConsentAnswer, GapState, YearGroup

Finding = tuple[GapState, str]

PRESENT, PARTIAL, MISSING, NOT_APPLICABLE = (
    GapState.PRESENT,
    GapState.PARTIAL,
    GapState.MISSING,
    GapState.NOT_APPLICABLE,
)
ADULT = 18
FROM_YEAR_9 = frozenset(list(YearGroup)[list(YearGroup).index(YearGroup.Y9) : -1])


def share(done: int, whole: int, what: str, none: str) -> Finding:
    """Present when all, partial when some; `none` is said when there is nothing to count."""
    if whole == 0:
        return MISSING, none
    words = f"{done} of {whole} {what}."
    return (PRESENT if done >= whole else PARTIAL if done else MISSING), words


def flag(there: bool, yes: str, no: str) -> Finding:
    """Present or missing; there is no between."""
    return (PRESENT, yes) if there else (MISSING, no)


def views(dates: tuple[date, ...], attempts: int, whose: str, it: Evidence, limits: Thresholds) -> Finding:
    """Views of this last year; older ones or recorded attempts are partial (domain §2.2, Kent; §2.5, lines 8 and 9)."""
    if not dates:
        if attempts:
            times = "once" if attempts == 1 else f"{attempts} times"
            return PARTIAL, f"Asked for {times}, none given; the attempts are shown."
        return MISSING, f"No views of the {whose} are recorded."
    last = max(dates)
    if months_old(last, it.today) < limits.views_months:
        return PRESENT, f"Last recorded on {plain_date(last)}."
    return PARTIAL, f"Last recorded on {plain_date(last)}, {limits.views_months} months ago or more."


def trend(it: Evidence, limits: Thresholds) -> Finding:
    """A later figure on the measure of each outcome (Code 9.14, first limb)."""
    if it.measured_outcomes == 0 and it.measurement_dates:
        return PARTIAL, f"Measurements on record: {len(it.measurement_dates)}, none tied to an outcome."
    return share(
        it.outcomes_measured_since,
        it.measured_outcomes,
        "measured outcomes have a later figure than the baseline",
        "No outcome has been measured.",
    )


def areas(it: Evidence, limits: Thresholds) -> Finding:
    """Each area of need described, with strengths and difficulties both (domain §2.5, lines 10 and 26)."""
    if not it.areas_described:
        return MISSING, "No strength or difficulty is recorded in any area of need."
    absent = sorted(area.label for area in it.areas_of_need - it.areas_described)
    if absent:
        return PARTIAL, f"Nothing is described under {', '.join(absent)}."
    if not (it.strengths and it.difficulties):
        lacking = "strengths" if not it.strengths else "difficulties"
        return PARTIAL, f"No {lacking} are recorded, so the picture is one-sided."
    return (
        PRESENT,
        f"Strengths: {it.strengths}. Difficulties: {it.difficulties}. Areas: {len(it.areas_described)}.",
    )


def cycles(it: Evidence, limits: Thresholds) -> Finding:
    """Two complete cycles are the commonest expectation, three are stronger (domain §2.5, line 12)."""
    whole = it.cycles_lived + it.cycles_paper
    if whole == 0:
        return MISSING, "No cycle has been completed with a review."
    words = f"{whole} complete: {it.cycles_lived} recorded here, {it.cycles_paper} brought forward from paper."
    if whole < limits.cycles:
        return PARTIAL, f"{words} {limits.cycles} are most often expected; this is policy, not law."
    if whole < limits.stronger_cycles:
        words += f" {limits.stronger_cycles} are stronger."
    return PRESENT, words


def delivery(it: Evidence, limits: Thresholds) -> Finding:
    """Planned and delivered; minutes that nobody recorded leave it partial (domain §2.5, line 14)."""
    state, words = share(
        it.provisions_logged, it.provisions, "provisions have a record of delivery", "No provision is recorded."
    )
    if it.provisions_logged < it.provisions:
        words = f"{words[:-1]}{_without_log(it)}."
    if it.planned_minutes == 0:
        return state, words
    words += f" {it.delivered_minutes:,} of {it.planned_minutes:,} planned minutes delivered"
    words += f", {it.not_recorded_minutes} not recorded." if it.not_recorded_minutes else "."
    return (PARTIAL if state is PRESENT and it.not_recorded_minutes else state), words


def _without_log(it: Evidence) -> str:
    """Why provision has no record of its sessions: paper has no log, and support in class may not be logged."""
    told = ((it.provisions_paper, "brought forward from paper"), (it.provisions_unlogged, "not logged by session"))
    said = [f"{number} {words}" for number, words in told if number]
    return f"; {', '.join(said)}" if said else ""


def advice(it: Evidence, limits: Thresholds) -> Finding:
    """What was done with each recommendation (domain §2.5, line 19)."""
    if it.involvements == 0 and it.advice == 0:
        return NOT_APPLICABLE, "No professional has been involved, so there is no advice to act on."
    return share(
        it.advice_settled,
        it.advice,
        "recommendations are planned, acted on, or not done with a reason",
        "Professionals were involved, but none of their recommendations is recorded.",
    )


def reports(it: Evidence, limits: Thresholds) -> Finding:
    """Flagged at 12 and at 18 months; diagnosis letters do not age (domain §2.5, line 19)."""
    if not it.reports:
        return MISSING, "No professional's report is recorded."
    ageing = [report for report in it.reports if not report.diagnosis]
    if not ageing:
        return PARTIAL, "Only diagnosis letters; no report with recommendations."
    last = max(ageing, key=lambda report: report.on)
    age, said = report_age(last, it.today, limits), f"The newest report is of {plain_date(last.on)}"
    return (PARTIAL, f"{said}, {age.words}.") if age.is_old else (PRESENT, f"{said}.")


def impact(it: Evidence, limits: Thresholds) -> Finding:
    """Progress beside the support that it took (Code 9.14, fourth limb)."""
    if it.outcomes_measured_since and it.provisions_logged:
        if it.provisions_judged >= it.provisions_to_judge > 0:
            return PRESENT, "Measured progress stands beside what was delivered, and each provision was judged."
        return PARTIAL, f"{it.provisions_judged} of {it.provisions_to_judge} provisions were judged at a review."
    if it.outcomes_measured_since or it.provisions_logged:
        lacking = "record of delivery" if it.outcomes_measured_since else "measured progress"
        return PARTIAL, f"There is no {lacking} to set beside the rest."
    return MISSING, "Neither progress nor delivery is on record."


def attendance(it: Evidence, limits: Thresholds) -> Finding:
    """Twelve months, unless the authority says otherwise (domain §2.5, line 17)."""
    return share(
        min(it.attendance_months, limits.attendance_months),
        limits.attendance_months,
        "months of attendance are recorded",
        "No attendance is asked for.",
    )


def said_none(there: bool, none_on: date | None, no: str, it: Evidence, limits: Thresholds) -> Finding:
    """On record; a "none" ages like attendance, as it says nothing of the days after it (domain §2.5, lines 17, 18)."""
    if none_on is None or months_old(none_on, it.today) < limits.attendance_months:
        return flag(there, "On record.", no)
    return PARTIAL, f"That there was none is of {plain_date(none_on)}, {limits.attendance_months} months ago or more."


def part_time(it: Evidence, limits: Thresholds) -> Finding:
    """Exceptional, time-limited and reviewed (domain §3.11)."""
    if not it.part_time:
        return NOT_APPLICABLE, "The pupil is not on a part-time timetable."
    if it.part_time_review_passed is not None:
        return PARTIAL, f"Its review was due on {plain_date(it.part_time_review_passed)}: say what came of it."
    if it.part_time_complete:
        return PRESENT, "Reason, hours and review date are recorded."
    return PARTIAL, "A part-time timetable needs its reason, hours and review date."


def consent(it: Evidence, limits: Thresholds) -> Finding:
    """Who knows and agrees, to the request and to the sharing of what is on record (domain §2.5, line 6; §3.9).

    Present only when both are agreed; the sentence says which of the two is lacking, and with whom.
    """
    state, words = _agreed(it, it.consent, it.parents)
    shared, said = _agreed(it, it.sharing, it.parents_on_sharing)
    if state is MISSING and shared is MISSING:
        who = "The young person" if it.young_person else "Parents"
        return MISSING, f"{who}: knowledge of the request and agreement to it are not recorded."
    both = PRESENT if state is shared is PRESENT else PARTIAL
    return both, f"The request: {words} Sharing with the authority: {said}"


def _agreed(it: Evidence, answer: ConsentAnswer | None, parents: tuple[Answered, ...]) -> Finding:
    """How one question stands: each parent is counted, or the young person answers for themselves.

    What somebody without parental responsibility said is told only where nobody who has it was asked; a no always is.
    """
    counted = None if it.young_person else of_each(parents)
    if counted is not None:
        state, words = counted
        if answer is ConsentAnswer.REFUSED and all(one.answer is not answer for one in parents):
            return PARTIAL, f"{words} Somebody else who was asked did not agree."
        return state, words
    if answer is None:
        return MISSING, "not asked yet."
    who = "the young person " if it.young_person else ""
    return (PRESENT if answer is ConsentAnswer.GIVEN else PARTIAL), f"{who}{answer.inside}."


def meetings(it: Evidence, limits: Thresholds) -> Finding:
    """Three in the last twelve months (Code 6.64 to 6.71)."""
    held = sum(1 for on in it.meetings_with_parents if on <= it.today and months_old(on, it.today) < 12)
    return share(
        min(held, limits.meetings), limits.meetings, "meetings with parents in the last 12 months", "None is asked for."
    )


def profile(it: Evidence, limits: Thresholds) -> Finding:
    """The one-page profile and its age (domain §2.5, line 9)."""
    if it.profile_on is None:
        return MISSING, "There is no one-page profile."
    said = f"Last written on {plain_date(it.profile_on)}"
    if months_old(it.profile_on, it.today) < limits.views_months:
        return PRESENT, f"{said}."
    return PARTIAL, f"{said}, {limits.views_months} months ago or more."


def over_18(it: Evidence, limits: Thresholds) -> Finding:
    """Whether a young person over 18 needs longer than others to finish (Code 9.14, sixth limb); of no one younger."""
    if it.age is None or it.age < ADULT:
        return NOT_APPLICABLE, f"Does not apply{'' if it.age is None else f': the pupil is {it.age}'}."
    return flag(
        bool(it.adulthood_text.strip()),
        "Written, under preparation for adulthood.",
        "Nothing is written on preparation for adulthood, where it can be said.",
    )


def adulthood(it: Evidence, limits: Thresholds) -> Finding:
    """From year 9 (reg 6(1)(g))."""
    if it.year_group not in FROM_YEAR_9 and not it.young_person:
        return NOT_APPLICABLE, "Asked for from year 9."
    return flag(bool(it.adulthood_text.strip()), "Written.", "Nothing is written on preparation for adulthood.")
