"""Plan checks: each with its published examples, and the cases between."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from graduated.rules.plan_checks import CHECKS, STAGES, Check, check_plan
from graduated.rules.plan_facts import SOUND_OUTCOME, SOUND_PLAN, SOUND_PROVISION, PlanFacts
from graduated.rules.progress import Value
from graduated.rules.sources import law_only
from graduated.rules.vocabulary import Direction, NeedArea

UNMEASURED: dict[str, Any] = {"measure": None, "baseline": None, "target": None}


def fails(plan: PlanFacts) -> list[tuple[str, str | None, str]]:
    return [(found.check, found.subject, found.field) for found in check_plan(plan)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_published_examples_fail_and_pass(check: Check) -> None:
    found = list(check.run(check.failing))
    assert found
    assert all(sentence.endswith(".") for _, _, sentence in found)
    assert list(check.run(check.passing)) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_passing_example_passes_every_other_check_too(check: Check) -> None:
    assert check_plan(check.passing) == ()


def test_the_list_is_published_with_ids_reasons_and_paragraphs() -> None:
    assert len(CHECKS) >= 22
    assert len({check.id for check in CHECKS}) == len(CHECKS) == sum(len(checks) for _stage, checks in STAGES)
    assert all(check.title and check.reason.endswith(".") for check in CHECKS)
    assert all(law_only(check.paragraph).startswith("Code ") for check in CHECKS)
    assert len({check.fails_on for check in CHECKS}) == len(CHECKS)
    assert all(check.passes_on for check in CHECKS)


def test_a_sound_plan_has_no_finding() -> None:
    assert check_plan(SOUND_PLAN) == ()


def test_an_empty_plan_is_told_what_it_lacks() -> None:
    assert fails(PlanFacts(date(2026, 9, 14))) == [
        ("need-on-record", None, "needs"),
        ("starting-point", None, "assess_summary"),
        ("strategies-in-lessons", None, "strategies"),
        ("review-date", None, "review_due"),
        ("lead-teacher", None, "lead_id"),
        ("pupil-views", None, "views"),
        ("parent-views", None, "views"),
        ("who-does-what", None, "responsibilities"),
        ("who-does-what", None, "responsibilities"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"by_when": date(2026, 9, 14)}, [("outcome-by-when", "reading", "by_when")]),
        ({"by_when": date(2027, 9, 15)}, []),
        ({"by_when": date(2027, 9, 16)}, [("outcome-within-a-year", "reading", "by_when")]),
        ({"statement": "To have 1:1 support in maths"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Has 3 sessions a week of phonics"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Will be supported to read"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Supports a friend in class; asks for help"}, []),
        ({"statement": "5 hours TA"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Reads at home for 10 minutes a day without help"}, []),
        ({"statement": "Finishes a task without 1:1 support"}, []),
        ({"statement": "Will attend every maths lesson"}, []),
        (UNMEASURED, []),
        ({"baseline": None}, [("outcome-baseline", "reading", "baseline")]),
        ({"baseline_on": None}, [("outcome-baseline-dated", "reading", "baseline_on")]),
        ({"baseline_on": date(2026, 3, 15)}, []),
        ({"baseline_on": date(2026, 3, 14)}, [("outcome-baseline-dated", "reading", "baseline_on")]),
        ({"baseline_on": date(2025, 9, 1), "maintain": True, "tolerance": Decimal(1)}, []),
        ({"target": None}, [("outcome-target", "reading", "target")]),
        ({"target": None, "maintain": True, "tolerance": Decimal(2)}, []),
        ({"target": None, "maintain": True, "error": Decimal(2)}, []),
        ({"target": None, "maintain": True}, [("outcome-level-kept", "reading", "tolerance")]),
        ({**UNMEASURED, "maintain": True}, []),
        ({"target": Value(Decimal(20))}, [("outcome-target", "reading", "target")]),
        ({"target": Value(Decimal(20)), "direction": Direction.UP}, []),
        ({"target": Value(Decimal(20)), "direction": Direction.NONE}, []),
        ({"error": Decimal("9.0")}, [("outcome-target-beyond-error", "reading", "target")]),
        ({"error": Decimal("8.9")}, []),
        ({"error": Decimal(9), "target": None}, [("outcome-target", "reading", "target")]),
        ({"area": None}, [("need-has-outcome", None, "outcomes")]),
    ],
)
def test_outcomes(changes: dict[str, Any], expected: list[tuple[str, str | None, str]]) -> None:
    assert fails(replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, **changes),))) == expected


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [
        ("To improve his behaviour", True),
        ("Zofia will develop social skills", True),
        ("Make good progress in maths", True),
        ("Continue to improve handwriting", True),
        ("Improve spelling from 4 to 8 words of 10", False),
        ("Improvises on the drum with two friends", False),
        ("Joins a game and stays in it until it ends", False),
        ("Increasingly asks for help", False),
    ],
)
def test_better_alone_is_no_outcome(statement: str, is_found: bool) -> None:
    found = fails(
        replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, statement=statement, criterion="", **UNMEASURED),))
    )
    assert (("outcome-more-than-better", "reading", "statement") in found) is is_found
    told = replace(SOUND_OUTCOME, statement=statement, criterion="Plays a whole game at lunch", **UNMEASURED)
    assert fails(replace(SOUND_PLAN, outcomes=(told,))) == []
    measured = replace(SOUND_OUTCOME, statement=statement)
    assert fails(replace(SOUND_PLAN, outcomes=(measured,))) == []


@pytest.mark.parametrize(
    ("criterion", "is_found"),
    [
        ("teacher observation", True),
        ("Staff feedback and observations.", True),
        ("By the class teacher's assessment", True),
        ("Monitoring", True),
        ("Teacher observes three turns in a row", False),
        ("Observation at lunch: plays with two others", False),
        ("Reports a worry to an adult", False),
    ],
)
def test_a_way_of_looking_is_no_criterion(criterion: str, is_found: bool) -> None:
    outcome = replace(SOUND_OUTCOME, criterion=criterion, **UNMEASURED)
    found = fails(replace(SOUND_PLAN, outcomes=(outcome,)))
    assert found == ([("outcome-criterion-seen", "reading", "criterion")] if is_found else [])
    assert fails(replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, criterion=criterion),))) == []


@pytest.mark.parametrize(
    ("statement", "is_found"),
    [("Takes part in PE and NHS visits", False), ("Uses her AAC device", True), ("Is on time at 9 am", False)],
)
def test_abbreviations_are_asked_about_unless_the_family_has_words_of_its_own(statement: str, is_found: bool) -> None:
    outcome = replace(SOUND_OUTCOME, statement=statement)
    assert bool(fails(replace(SOUND_PLAN, outcomes=(outcome,)))) is is_found
    assert fails(replace(SOUND_PLAN, outcomes=(replace(outcome, in_plain_words="Uses her talker"),))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {"serves": frozenset({"gone"})},
            [("outcome-has-provision", "reading", "provision"), ("provision-has-outcome", "precision", "serves")],
        ),
        ({"times_a_week": 0}, [("provision-dose", "precision", "dose")]),
        ({"group_size": 0}, [("provision-dose", "precision", "dose")]),
        ({"name": " In-class  Support "}, [("provision-named", "precision", "name")]),
        ({"name": "Talk support group"}, []),
        ({"minutes": 90, "times_a_week": 5}, []),
        ({"minutes": 91, "times_a_week": 5}, [("provision-in-lessons", None, "provision")]),
        ({"minutes": 91, "times_a_week": 5, "in_class": True}, []),
        ({"logged": False}, [("provision-shown", "reading", "provision")]),
    ],
)
def test_provision(changes: dict[str, Any], expected: list[tuple[str, str | None, str]]) -> None:
    assert fails(replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, **changes),))) == expected


def test_support_that_is_not_logged_may_stand_beside_what_is() -> None:
    quiet = replace(SOUND_PROVISION, id="mat", name="Word mat", in_class=True, logged=False)
    assert fails(replace(SOUND_PLAN, provisions=(SOUND_PROVISION, quiet))) == []


def test_time_outside_lessons_is_said_in_hours() -> None:
    for minutes, words in ((120, "10 hours a week"), (123, "10 hours 15 minutes a week")):
        plan = replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, minutes=minutes, times_a_week=5),))
        assert check_plan(plan)[0].sentence.startswith(words)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"review_due": date(2026, 9, 14)}, ["review-date"]),
        ({"review_due": date(2026, 11, 22)}, ["review-in-term"]),
        ({"review_due": date(2026, 12, 18), "bank_holidays": frozenset({date(2026, 12, 18)})}, ["review-in-term"]),
        ({"review_due": date(2027, 3, 25)}, []),
        ({"review_due": date(2027, 4, 12)}, ["review-by-next-term"]),
        ({"review_due": date(2027, 4, 12), "reviews_a_year": 1}, []),
        (
            {"review_due": date(2027, 9, 8), "plan_from": date(2027, 4, 19)},
            ["outcome-by-when", "outcome-baseline-dated"],
        ),
        ({"review_due": date(2026, 11, 22), "terms": ()}, []),
        ({"areas_of_need": frozenset()}, []),
    ],
)
def test_the_review(changes: dict[str, Any], expected: list[str]) -> None:
    assert [check for check, _subject, _field in fails(replace(SOUND_PLAN, **changes))] == expected


def test_missing_parts_of_a_dose_are_listed() -> None:
    plan = replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, minutes=0, who=""),))
    assert check_plan(plan)[0].sentence == "Add minutes, who gives it."


def test_findings_stand_beside_what_they_speak_of() -> None:
    plan = replace(
        SOUND_PLAN,
        areas_of_need=frozenset({NeedArea.COGNITION, NeedArea.SEMH}),
        outcomes=(replace(SOUND_OUTCOME, criterion=""),),
    )
    found = check_plan(plan)
    assert [each.check for each in found if each.subject == "reading"] == ["outcome-criterion"]
    assert [each.check for each in found if each.subject is None] == ["need-has-outcome"]
    assert not [each for each in found if each.subject == "precision"]
