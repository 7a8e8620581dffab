"""Gaps in evidence by limb of Code 9.14 (design §5, Readiness; domain §1.3, §2.5, §2.6).

Each line says what is there and, where something is missing, names what would mend it. There is no score, and nothing
here speaks of what an authority would decide: the legal test is low, and a family can ask at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from graduated.rules import readiness_judges as judge
from graduated.rules.readiness_evidence import Evidence, ReportDate, Thresholds, months_old
from graduated.rules.readiness_judges import Finding
from graduated.rules.vocabulary import GapState, Limb

__all__ = [
    "LINES",
    "Evidence",
    "GapLine",
    "Line",
    "ReportDate",
    "Thresholds",
    "by_limb",
    "gaps",
    "months_old",
    "together",
]


@dataclass(frozen=True, slots=True)
class GapLine:
    """One line for a page or a pack. `mend` is a stable key that pages map to the link which mends it."""

    id: str
    limb: Limb
    title: str
    state: GapState
    why: str
    mend: str
    source: str


@dataclass(frozen=True, slots=True)
class Line:
    """The published definition of a line: what it asks, where that stands, and what mends it."""

    id: str
    limb: Limb
    title: str
    source: str
    mend: str
    judge: Callable[[Evidence, Thresholds], Finding]


def gaps(evidence: Evidence, thresholds: Thresholds | None = None) -> tuple[GapLine, ...]:
    """Every line of the published list, in its order, judged on what is on record."""
    limits = thresholds or Thresholds()
    found = [(line, *line.judge(evidence, limits)) for line in LINES]
    return tuple(
        GapLine(line.id, line.limb, line.title, state, why, line.mend, line.source) for line, state, why in found
    )


def together(states: Iterable[GapState]) -> GapState | None:
    """Where something stands that has several parts: present when all that apply are, missing when none is there.

    None: there is no part, so the records cannot say and a person has to look.
    """
    found = set(states)
    applying = found - {GapState.NOT_APPLICABLE}
    if not found:
        return None
    if not applying:
        return GapState.NOT_APPLICABLE
    return applying.pop() if len(applying) == 1 else GapState.PARTIAL


def by_limb(lines: tuple[GapLine, ...]) -> tuple[tuple[Limb, tuple[GapLine, ...]], ...]:
    """The lines under the limb of 9.14 they belong to, limbs in the order of the Code."""
    return tuple((limb, tuple(line for line in lines if line.limb is limb)) for limb in Limb)


LINES: tuple[Line, ...] = (
    Line(
        "baselines",
        Limb.ATTAINMENT,
        "A baseline for each measured outcome",
        "Code 9.14; domain §2.5, line 16",
        "measurements",
        lambda it, limits: judge.share(
            it.outcomes_with_baseline, it.measured_outcomes, "have a baseline", "No outcome names a measure."
        ),
    ),
    Line(
        "rate-of-progress",
        Limb.ATTAINMENT,
        "Progress over time",
        "Code 9.14, 6.17; domain §2.5, line 16",
        "measurements",
        judge.trend,
    ),
    Line(
        "peers",
        Limb.ATTAINMENT,
        "Comparison with others of the same age",
        "Code 6.17; domain §2.5, line 16",
        "measurements",
        lambda it, limits: judge.flag(
            it.peer_comparisons > 0,
            f"Measurements on a national scale: {it.peer_comparisons}.",
            "No measurement is on a scale with national norms.",
        ),
    ),
    Line(
        "areas",
        Limb.NEEDS,
        "Strengths and difficulties by area of need",
        "Code 9.14, 6.27 to 6.35; domain §2.5, line 10",
        "observations",
        judge.areas,
    ),
    Line(
        "primary-need",
        Limb.NEEDS,
        "Primary need",
        "Domain §2.5, line 10; §3.1",
        "needs",
        lambda it, limits: judge.flag(it.primary_need, "Recorded.", "No primary need is recorded."),
    ),
    Line(
        "reason",
        Limb.NEEDS,
        "Reason for the request",
        "CFA 2014 s36(8); domain §2.5, line 7",
        "request-reason",
        lambda it, limits: judge.flag(bool(it.reason_text.strip()), "Written.", "No reason is written yet."),
    ),
    Line(
        "previous",
        Limb.NEEDS,
        "Earlier requests, refusals and assessments",
        "CFA 2014 s36(6); domain §2.5, line 1",
        "request-history",
        lambda it, limits: judge.flag(
            it.previous_requests_asked,
            "No earlier request; the school asked." if it.previous_requests_none else "On record.",
            "It is not recorded whether there was an earlier request.",
        ),
    ),
    Line(
        "ordinary",
        Limb.ACTION,
        "High-quality teaching and ordinarily available provision",
        "Code 6.19, 6.37; domain §2.5, line 13",
        "strategies",
        lambda it, limits: judge.flag(
            it.ordinary_strategies > 0,
            f"Strategies on record: {it.ordinary_strategies}.",
            "No ordinarily available strategy is recorded.",
        ),
    ),
    Line(
        "cycles", Limb.ACTION, "Complete cycles", "Code 6.44, 6.63, 9.14; domain §2.5, line 12", "cycles", judge.cycles
    ),
    Line(
        "outcomes",
        Limb.ACTION,
        "Outcomes with a success criterion and a date",
        "Code 9.14; domain §1.3, §2.5, line 12",
        "plan",
        lambda it, limits: judge.share(it.outcomes_with_criterion, it.outcomes, "have both", "No outcome is recorded."),
    ),
    Line(
        "judgements",
        Limb.ACTION,
        "A judgement on each outcome reviewed",
        "Code 6.53 to 6.56; domain §2.5, line 12",
        "reviews",
        lambda it, limits: judge.share(
            it.outcomes_judged, it.outcomes_to_judge, "have a judgement", "No outcome has come to a review."
        ),
    ),
    Line(
        "next-steps",
        Limb.ACTION,
        "A next step at each review",
        "Domain §2.1, §2.5, line 12",
        "reviews",
        lambda it, limits: judge.share(
            it.reviews_with_next_step, it.reviews, "have a next step", "No review is recorded."
        ),
    ),
    Line(
        "provision",
        Limb.ACTION,
        "Provision with minutes, frequency, group size and staff",
        "Code 6.48 to 6.51, 6.76 to 6.78; domain §2.5, line 14",
        "plan",
        lambda it, limits: judge.share(it.provisions_whole, it.provisions, "are complete", "No provision is recorded."),
    ),
    Line(
        "delivery",
        Limb.ACTION,
        "Provision delivered against planned",
        "Code 9.14, 6.52; domain §2.5, line 14",
        "sessions",
        judge.delivery,
    ),
    Line(
        "costs",
        Limb.ACTION,
        "Cost of provision",
        "Code 6.76 to 6.78, 6.95 to 6.99; domain §2.4, §2.5, line 15",
        "costs",
        lambda it, limits: judge.share(it.provisions_costed, it.provisions, "have a cost", "No provision is recorded."),
    ),
    Line(
        "professionals",
        Limb.ACTION,
        "Professionals involved",
        "Code 6.58 to 6.62; domain §2.5, line 19",
        "professionals",
        lambda it, limits: judge.flag(
            it.involvements > 0, f"On record: {it.involvements}.", "No outside professional's involvement is recorded."
        ),
    ),
    Line(
        "advice",
        Limb.ACTION,
        "What was done with each recommendation",
        "Code 6.58 to 6.62; domain §2.5, line 19",
        "advice",
        judge.advice,
    ),
    Line("reports", Limb.ACTION, "Recent reports", "Domain §2.2, §2.5, line 19", "documents", judge.reports),
    Line(
        "expected-impact",
        Limb.PROGRESS,
        "Expected impact of each provision",
        "Code 6.48 to 6.51",
        "plan",
        lambda it, limits: judge.share(
            it.provisions_with_impact, it.provisions, "say what was expected", "No provision is recorded."
        ),
    ),
    Line(
        "impact",
        Limb.PROGRESS,
        "Progress set beside the support given",
        "Code 9.14, fourth limb; domain §1.3, §2.6",
        "reviews",
        judge.impact,
    ),
    Line(
        "beyond-school",
        Limb.PROGRESS,
        "What is needed beyond what the school can provide",
        "Domain §2.5, line 22",
        "request-beyond",
        lambda it, limits: judge.flag(bool(it.beyond_school_text.strip()), "Written.", "Nothing is written yet."),
    ),
    Line(
        "social",
        Limb.WIDER,
        "Physical, emotional and social development",
        "Code 9.14, fifth limb",
        "observations",
        lambda it, limits: judge.flag(
            it.social_observations > 0, f"On record: {it.social_observations}.", "Nothing is recorded."
        ),
    ),
    Line(
        "health",
        Limb.WIDER,
        "Health",
        "Code 9.14, fifth limb; domain §2.5, line 20",
        "health",
        lambda it, limits: judge.said_none(
            it.health_recorded,
            it.nothing_of_health_on,
            "Nothing is recorded; “nothing known” can be recorded too.",
            it,
            limits,
        ),
    ),
    Line("attendance", Limb.WIDER, "Attendance", "Domain §2.2, §2.5, line 17", "attendance", judge.attendance),
    Line("part-time", Limb.WIDER, "Part-time timetable", "Domain §2.5, line 17; §3.11", "part-time", judge.part_time),
    Line(
        "suspensions",
        Limb.WIDER,
        "Suspensions",
        "Domain §2.5, line 18",
        "suspensions",
        lambda it, limits: judge.said_none(
            it.suspensions_recorded,
            it.suspensions_none_on,
            "Nothing is recorded; “none” can be recorded too.",
            it,
            limits,
        ),
    ),
    Line(
        "over-18",
        Limb.OVER_18,
        "More time to finish education or training",
        "Code 9.14, sixth limb; domain §1.3",
        "request-outcomes",
        judge.over_18,
    ),
    Line(
        "pupil-views",
        Limb.VIEWS,
        "The pupil's views",
        "Code 6.53 to 6.56; domain §2.5, line 9",
        "views-pupil",
        lambda it, limits: judge.views(it.pupil_views, it.pupil_attempts, "pupil", it, limits),
    ),
    Line(
        "parent-views",
        Limb.VIEWS,
        "The parents' views",
        "Code 6.45 to 6.47; domain §2.5, line 8",
        "views-parent",
        lambda it, limits: judge.views(it.parent_views, it.parent_attempts, "parents", it, limits),
    ),
    Line("profile", Limb.VIEWS, "One-page profile", "Domain §2.5, line 9", "profile", judge.profile),
    Line("meetings", Limb.VIEWS, "Meetings with parents", "Code 6.64 to 6.71; seed 004", "reviews", judge.meetings),
    Line("consent", Limb.VIEWS, "Knowledge and agreement", "Domain §1.4, §2.5, line 6", "consent", judge.consent),
    Line(
        "sought",
        Limb.VIEWS,
        "Outcomes sought",
        "Domain §2.5, line 21",
        "request-outcomes",
        lambda it, limits: judge.flag(
            it.outcomes_sought > 0, f"Written: {it.outcomes_sought}.", "None is written yet."
        ),
    ),
    Line(
        "adulthood",
        Limb.VIEWS,
        "Preparation for adulthood",
        "Reg 6(1)(g); domain §2.5, line 21",
        "request-outcomes",
        judge.adulthood,
    ),
)
"""The published list, in the order of Code 9.14."""
