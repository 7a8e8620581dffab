"""Plan checks: each with its published examples, and the cases between."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from graduated.rules.plan_checks import CHECKS, Check, check_plan, findings_for
from graduated.rules.plan_facts import SOUND_OUTCOME, SOUND_PLAN, SOUND_PROVISION, PlanFacts
from graduated.rules.progress import Value
from graduated.rules.vocabulary import Direction, NeedArea


def fails(plan: PlanFacts) -> list[tuple[str, str | None, str]]:
    return [(found.check, found.subject, found.field) for found in check_plan(plan)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_the_published_examples_fail_and_pass(check: Check) -> None:
    found = list(check.run(check.failing))
    assert found
    assert all(sentence.endswith(".") for _, _, sentence in found)
    assert list(check.run(check.passing)) == []


def test_the_list_is_published_with_ids_reasons_and_paragraphs() -> None:
    assert len(CHECKS) >= 8
    assert len({check.id for check in CHECKS}) == len(CHECKS)
    assert all(check.title and check.reason.endswith(".") and check.paragraph for check in CHECKS)


def test_a_sound_plan_has_no_finding() -> None:
    assert check_plan(SOUND_PLAN) == ()


def test_an_empty_plan_is_told_what_it_lacks() -> None:
    assert fails(PlanFacts(date(2026, 9, 14))) == [
        ("review-date", None, "review_due"),
        ("pupil-views", None, "views"),
        ("parent-views", None, "views"),
        ("who-does-what", None, "responsibilities"),
        ("who-does-what", None, "responsibilities"),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"by_when": date(2026, 9, 14)}, [("outcome-by-when", "reading", "by_when")]),
        ({"statement": "To have 1:1 support in maths"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Has 3 sessions a week of phonics"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Will be supported to read"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Supports a friend in class; asks for help"}, []),
        ({"statement": "5 hours TA"}, [("outcome-not-provision", "reading", "statement")]),
        ({"statement": "Reads at home for 10 minutes a day without help"}, []),
        ({"statement": "Finishes a task without 1:1 support"}, []),
        ({"statement": "Will attend every maths lesson"}, []),
        ({"measure": None, "baseline": None, "target": None}, []),
        ({"baseline": None}, [("outcome-baseline", "reading", "baseline")]),
        ({"target": None}, [("outcome-target", "reading", "target")]),
        ({"target": None, "maintain": True}, []),
        ({"target": Value(Decimal(20))}, [("outcome-target", "reading", "target")]),
        ({"target": Value(Decimal(20)), "direction": Direction.UP}, []),
        ({"target": Value(Decimal(20)), "direction": Direction.NONE}, []),
        ({"area": None}, [("need-has-outcome", None, "outcomes")]),
    ],
)
def test_outcomes(changes: dict[str, Any], expected: list[tuple[str, str | None, str]]) -> None:
    assert fails(replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, **changes),))) == expected


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
    ],
)
def test_provision(changes: dict[str, Any], expected: list[tuple[str, str | None, str]]) -> None:
    assert fails(replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, **changes),))) == expected


def test_a_review_before_the_plan_is_found() -> None:
    assert fails(replace(SOUND_PLAN, review_due=date(2026, 9, 14))) == [("review-date", None, "review_due")]


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
    assert [each.check for each in findings_for(found, "reading")] == ["outcome-criterion"]
    assert [each.check for each in findings_for(found, None)] == ["need-has-outcome"]
    assert findings_for(found, "precision") == ()
