"""Gaps in evidence: every line with a case of each state it can take."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graduated.rules.consents import Answered
from graduated.rules.readiness import (
    LINES,
    Evidence,
    GapLine,
    ReportDate,
    Thresholds,
    by_limb,
    gaps,
    months_old,
    together,
)
from graduated.rules.vocabulary import ConsentAnswer, GapState, Limb, NeedArea, YearGroup

TODAY = date(2026, 11, 21)
RECENT, LAST_YEAR, OLD = date(2026, 10, 1), date(2025, 11, 21), date(2025, 5, 21)
PRESENT, PARTIAL, MISSING, NOT_APPLICABLE = GapState
EMPTY = Evidence(TODAY)
WHOLE = Evidence(
    TODAY,
    year_group=YearGroup.Y9,
    age=18,
    measured_outcomes=4,
    outcomes_with_baseline=4,
    outcomes_measured_since=4,
    measurement_dates=(RECENT,),
    peer_comparisons=2,
    areas_of_need=frozenset({NeedArea.COMMUNICATION, NeedArea.COGNITION}),
    areas_described=frozenset({NeedArea.COMMUNICATION, NeedArea.COGNITION, NeedArea.SEMH}),
    strengths=3,
    difficulties=4,
    primary_need=True,
    reason_text="The school's own resources no longer meet his needs.",
    beyond_school_text="Daily speech and language therapy.",
    previous_requests_asked=True,
    ordinary_strategies=5,
    cycles_lived=2,
    cycles_paper=1,
    outcomes=5,
    outcomes_with_criterion=5,
    outcomes_to_judge=4,
    outcomes_judged=4,
    reviews=3,
    reviews_with_next_step=3,
    provisions=4,
    provisions_whole=4,
    provisions_logged=4,
    provisions_costed=4,
    provisions_with_impact=4,
    provisions_to_judge=3,
    provisions_judged=3,
    planned_minutes=900,
    delivered_minutes=800,
    involvements=2,
    advice=3,
    advice_settled=3,
    reports=(ReportDate(RECENT),),
    attendance_months=14,
    suspensions_recorded=True,
    part_time=True,
    part_time_complete=True,
    health_recorded=True,
    social_observations=2,
    pupil_views=(OLD, RECENT),
    parent_views=(RECENT,),
    meetings_with_parents=(RECENT, date(2026, 3, 1), date(2026, 6, 1), OLD),
    profile_on=RECENT,
    consent=ConsentAnswer.GIVEN,
    sharing=ConsentAnswer.GIVEN,
    outcomes_sought=3,
    adulthood_text="College, and travelling alone.",
)


ONE_OF_TWO = (Answered("Mrs Khan", ConsentAnswer.GIVEN), Answered("Mr Smith", ConsentAnswer.ASKED))
BOTH = (Answered("Mrs Khan", ConsentAnswer.GIVEN), Answered("Mr Smith", ConsentAnswer.GIVEN))
NO_OF_ONE = Answered("Mr Smith", ConsentAnswer.REFUSED)


def line(it: Evidence, which: str, thresholds: Thresholds | None = None) -> GapLine:
    return next(each for each in gaps(it, thresholds) if each.id == which)


def test_the_list_is_published_whole_under_every_limb() -> None:
    assert len(LINES) >= 18
    assert len({each.id for each in LINES}) == len(LINES)
    assert {each.limb for each in LINES} == set(Limb)
    assert all(each.title and each.source and each.mend for each in LINES)
    assert [each.limb for each in LINES] == sorted((each.limb for each in LINES), key=list(Limb).index)


def test_nothing_on_record_is_missing_or_not_applicable_and_says_why() -> None:
    states = {each.id: each.state for each in gaps(EMPTY)}
    assert {which for which, state in states.items() if state is NOT_APPLICABLE} == {
        "advice",
        "part-time",
        "adulthood",
        "over-18",
    }
    assert set(states.values()) == {MISSING, NOT_APPLICABLE}
    assert all(each.why.endswith(".") for each in gaps(EMPTY))


def test_a_whole_record_has_no_gap() -> None:
    assert {each.state for each in gaps(WHOLE)} == {PRESENT}


def test_lines_are_grouped_by_limb_without_loss() -> None:
    grouped = by_limb(gaps(WHOLE))
    assert [limb for limb, _ in grouped] == list(Limb)
    assert sum(len(lines) for _, lines in grouped) == len(LINES)


@pytest.mark.parametrize(
    ("which", "changes", "state", "says"),
    [
        ("baselines", {"outcomes_with_baseline": 3}, PARTIAL, "3 of 4 have a baseline."),
        ("baselines", {"outcomes_with_baseline": 0}, MISSING, "0 of 4"),
        ("rate-of-progress", {"outcomes_measured_since": 1}, PARTIAL, "1 of 4"),
        ("rate-of-progress", {"measured_outcomes": 0}, PARTIAL, "none tied to an outcome"),
        ("areas", {"areas_described": frozenset({NeedArea.SEMH})}, PARTIAL, "under Cognition and learning, Communic"),
        ("areas", {"strengths": 0}, PARTIAL, "No strengths are recorded"),
        ("areas", {"difficulties": 0}, PARTIAL, "No difficulties are recorded"),
        ("reason", {"reason_text": "  "}, MISSING, "No reason"),
        ("previous", {}, PRESENT, "On record."),
        (
            "previous",
            {"previous_requests_none": True},
            PRESENT,
            "No earlier request; the school asked.",
        ),
        ("previous", {"previous_requests_asked": False, "previous_requests_none": True}, MISSING, "not recorded"),
        ("cycles", {"cycles_lived": 0}, PARTIAL, "0 recorded here, 1 brought forward from paper. 2 are most often"),
        ("cycles", {"cycles_lived": 1}, PRESENT, "3 are stronger"),
        ("cycles", {}, PRESENT, "3 complete: 2 recorded here, 1 brought forward from paper."),
        ("outcomes", {"outcomes_with_criterion": 2}, PARTIAL, "2 of 5"),
        ("judgements", {"outcomes_judged": 2}, PARTIAL, "2 of 4"),
        ("next-steps", {"reviews_with_next_step": 2}, PARTIAL, "2 of 3"),
        ("provision", {"provisions_whole": 1}, PARTIAL, "1 of 4"),
        ("delivery", {}, PRESENT, "800 of 900 planned minutes delivered."),
        ("delivery", {"not_recorded_minutes": 60}, PARTIAL, "delivered, 60 not recorded."),
        ("delivery", {"planned_minutes": 0}, PRESENT, "4 of 4 provisions have a record of delivery."),
        ("delivery", {"provisions_logged": 3}, PARTIAL, "3 of 4 provisions have a record of delivery. 800 of 900 pl"),
        ("delivery", {"provisions_logged": 1, "provisions_paper": 3}, PARTIAL, "1 of 4 provisions have a record of"),
        ("delivery", {"provisions_logged": 1, "provisions_paper": 3}, PARTIAL, "; 3 brought forward from paper. 800"),
        ("delivery", {"provisions_logged": 3, "provisions_unlogged": 1}, PARTIAL, "delivery; 1 not logged by session."),
        (
            "delivery",
            {"provisions_logged": 0, "provisions_paper": 3, "provisions_unlogged": 1, "planned_minutes": 0},
            MISSING,
            "0 of 4 provisions have a record of delivery; 3 brought forward from paper, 1 not logged by session.",
        ),
        ("delivery", {"provisions_logged": 0, "not_recorded_minutes": 900}, MISSING, "900 not recorded"),
        ("costs", {"provisions_costed": 1}, PARTIAL, "1 of 4"),
        ("advice", {"advice_settled": 1}, PARTIAL, "1 of 3"),
        ("advice", {"advice": 0}, MISSING, "none of their recommendations"),
        ("advice", {"involvements": 0}, PRESENT, "3 of 3"),
        ("reports", {"reports": (ReportDate(OLD, diagnosis=True),)}, PARTIAL, "Only diagnosis letters"),
        ("reports", {"reports": (ReportDate(OLD), ReportDate(date(2025, 11, 22)))}, PRESENT, "22 Nov 2025."),
        ("reports", {"reports": (ReportDate(LAST_YEAR),)}, PARTIAL, "12 months old or more"),
        ("reports", {"reports": (ReportDate(OLD),)}, PARTIAL, "18 months old or more"),
        ("expected-impact", {"provisions_with_impact": 1}, PARTIAL, "1 of 4"),
        ("impact", {"provisions_judged": 2}, PARTIAL, "2 of 3 provisions"),
        ("impact", {"provisions_to_judge": 0, "provisions_judged": 0}, PARTIAL, "0 of 0 provisions"),
        ("impact", {"provisions_logged": 0}, PARTIAL, "no record of delivery"),
        ("impact", {"outcomes_measured_since": 0}, PARTIAL, "no measured progress"),
        ("attendance", {"attendance_months": 5}, PARTIAL, "5 of 12 months"),
        ("suspensions", {"suspensions_none_on": date(2025, 11, 22)}, PRESENT, "On record."),
        ("suspensions", {"suspensions_none_on": LAST_YEAR}, PARTIAL, "is of 21 Nov 2025, 12 months ago or more."),
        ("health", {"nothing_of_health_on": RECENT}, PRESENT, "On record."),
        ("health", {"nothing_of_health_on": OLD}, PARTIAL, "That there was none is of 21 May 2025, 12 months ago"),
        ("part-time", {"part_time_complete": False}, PARTIAL, "reason, hours and review date"),
        ("part-time", {"part_time_review_passed": RECENT}, PARTIAL, "due on 1 Oct 2026: say what came"),
        ("pupil-views", {"pupil_views": (LAST_YEAR,)}, PARTIAL, "21 Nov 2025, 12 months ago or more."),
        ("pupil-views", {"pupil_views": (), "pupil_attempts": 1}, PARTIAL, "Asked for once"),
        ("parent-views", {"parent_views": (), "parent_attempts": 3}, PARTIAL, "Asked for 3 times"),
        ("parent-views", {"parent_views": ()}, MISSING, "No views of the parents"),
        ("profile", {"profile_on": LAST_YEAR}, PARTIAL, "12 months ago or more"),
        ("meetings", {"meetings_with_parents": (RECENT, LAST_YEAR, date(2026, 12, 1))}, PARTIAL, "1 of 3 meetings"),
        ("consent", {"consent": ConsentAnswer.ASKED}, PARTIAL, "The request: asked, no answer yet. Sharing with"),
        ("consent", {"consent": ConsentAnswer.REFUSED}, PARTIAL, "The request: did not agree."),
        ("consent", {"parents": ONE_OF_TWO}, PARTIAL, "1 of 2 parents have agreed; Mr Smith has not answered."),
        (
            "consent",
            {"parents": ONE_OF_TWO[:1], "parents_on_sharing": ONE_OF_TWO[:1]},
            PRESENT,
            "The request: 1 of 1 parent has agreed. Sharing with the authority: 1 of 1 parent has agreed.",
        ),
        (
            "consent",
            {"parents": BOTH, "parents_on_sharing": ONE_OF_TWO},
            PARTIAL,
            "2 of 2 parents have agreed. Sharing with the authority: 1 of 2 parents have agreed; Mr Smith has not",
        ),
        ("consent", {"parents": BOTH, "sharing": None}, PARTIAL, "Sharing with the authority: not asked yet."),
        (
            "consent",
            {"consent": None, "parents_on_sharing": ONE_OF_TWO[:1]},
            PARTIAL,
            "The request: not asked yet. Sharing with the authority: 1 of 1 parent has agreed.",
        ),
        ("consent", {"consent": None, "sharing": None}, MISSING, "Parents: knowledge of the request"),
        (
            "consent",
            {"parents": ONE_OF_TWO[:1], "consent": ConsentAnswer.REFUSED},
            PARTIAL,
            "1 of 1 parent has agreed. Somebody else who was asked did not agree.",
        ),
        (
            "consent",
            {"parents": (NO_OF_ONE,), "consent": ConsentAnswer.REFUSED},
            PARTIAL,
            "0 of 1 parent has agreed; Mr Smith did not agree.",
        ),
        ("consent", {"young_person": True, "parents": ONE_OF_TWO}, PRESENT, "The request: the young person agreed."),
        ("consent", {"young_person": True, "sharing": None}, PARTIAL, "authority: not asked yet."),
        ("over-18", {"age": 9}, NOT_APPLICABLE, "Does not apply: the pupil is 9."),
        ("over-18", {"age": None}, NOT_APPLICABLE, "Does not apply."),
        ("over-18", {"adulthood_text": " "}, MISSING, "Nothing is written on preparation for adulthood"),
        ("adulthood", {"year_group": YearGroup.Y8}, NOT_APPLICABLE, "from year 9"),
        ("adulthood", {"year_group": YearGroup.X}, NOT_APPLICABLE, "from year 9"),
        ("adulthood", {"adulthood_text": ""}, MISSING, "Nothing is written"),
        ("adulthood", {"year_group": None, "young_person": True}, PRESENT, "Written"),
    ],
)
def test_each_line_says_what_is_there(which: str, changes: dict[str, Any], state: GapState, says: str) -> None:
    found = line(replace(WHOLE, **changes), which)
    assert found.state is state
    assert says in found.why


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ("present present", GapState.PRESENT),
        ("present not-applicable", GapState.PRESENT),
        ("missing missing", GapState.MISSING),
        ("missing not-applicable", GapState.MISSING),
        ("present missing", GapState.PARTIAL),
        ("present partial", GapState.PARTIAL),
        ("partial", GapState.PARTIAL),
        ("not-applicable", GapState.NOT_APPLICABLE),
    ],
)
def test_what_has_several_parts_is_there_when_all_that_apply_are(states: str, whole: GapState) -> None:
    assert together(GapState(said) for said in states.split()) is whole


def test_what_no_record_speaks_of_is_not_guessed() -> None:
    assert together([]) is None


def test_an_authority_sets_its_own_thresholds() -> None:
    strict = Thresholds(cycles=4, report_months=1, attendance_months=18)
    assert line(WHOLE, "cycles", strict).state is PARTIAL
    assert line(WHOLE, "reports", strict).state is PARTIAL
    assert line(WHOLE, "attendance", strict).why == "14 of 18 months of attendance are recorded."


@pytest.mark.parametrize(
    ("on", "months"),
    [(RECENT, 1), (LAST_YEAR, 12), (date(2025, 11, 22), 11), (TODAY, 0), (date(2027, 1, 1), 0)],
)
def test_ages_are_whole_calendar_months(on: date, months: int) -> None:
    assert months_old(on, TODAY) == months


ANY: dict[str, st.SearchStrategy[Any]] = {
    each.name: st.integers(0, 4) if each.type == "int" else st.booleans()
    for each in fields(Evidence)
    if each.type in ("int", "bool")
}


@given(st.builds(Evidence, today=st.just(TODAY), **ANY))
def test_every_line_always_has_a_reason_and_a_mend_and_never_a_score(it: Evidence) -> None:
    for found in gaps(it):
        assert found.why.endswith(".")
        assert found.mend
        assert "%" not in found.why
