"""What a page is about decides between rows of one kin only; a guard of another kin is a mistake that is refused."""

from __future__ import annotations

import pytest

from graduated.access import actions
from graduated.access.policy import Action, Area, Subject, is_at_odds


@pytest.mark.parametrize(
    ("action", "area", "at_odds"),
    [
        (actions.PLAN_READ, None, False),
        (actions.PLAN_READ, Area.PLAN_DRAFT, False),
        (actions.PLAN_READ, Area.PLAN_AGREED, False),
        (actions.REVIEW_WRITE, Area.REVIEW_SEALED, False),
        (actions.REVIEW_WRITE, Area.PLAN_AGREED, True),
        (actions.PLAN_READ, Area.REVIEW_OPEN, True),
        (actions.ASSESS_READ, Area.RESTRICTED, False),
        (actions.ASSESS_READ, Area.PLAN_AGREED, True),
        (actions.COST_WRITE, Area.PLAN_AGREED, False),
        (actions.CLASS_CARD, Area.PLAN_AGREED, False),
        (actions.REGISTER_READ, Area.REVIEW_SEALED, False),
    ],
)
def test_a_plan_and_a_review_are_never_guarded_for_each_other(action: Action, area: Area | None, at_odds: bool) -> None:
    assert is_at_odds(action, Subject(1, area=area)) is at_odds
