"""A plan as its checks see it: plain facts, and one sound plan that the published examples are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.rules.progress import Value
from graduated.rules.vocabulary import Direction, NeedArea, Responsible


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """One outcome; `id` is any key by which the page finds its card again."""

    id: str
    statement: str
    area: NeedArea | None = None
    criterion: str = ""
    by_when: date | None = None
    measure: str | None = None
    direction: Direction = Direction.UP
    baseline: Value | None = None
    target: Value | None = None
    maintain: bool = False


@dataclass(frozen=True, slots=True)
class ProvisionFacts:
    """One provision; `serves` holds the ids of the outcomes it is for."""

    id: str
    name: str
    serves: frozenset[str] = frozenset()
    minutes: int = 0
    times_a_week: int = 0
    group_size: int = 0
    who: str = ""
    expected_impact: str = ""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan with what it rests on: areas of need on record, and whether views were gathered."""

    plan_from: date
    review_due: date | None = None
    areas_of_need: frozenset[NeedArea] = frozenset()
    outcomes: tuple[OutcomeFacts, ...] = ()
    provisions: tuple[ProvisionFacts, ...] = ()
    responsibilities: frozenset[Responsible] = frozenset()
    pupil_views: bool = False
    parent_views: bool = False


SOUND_OUTCOME = OutcomeFacts(
    id="reading",
    statement="Reads a Year 4 text aloud and corrects herself",
    area=NeedArea.COGNITION,
    criterion="Fewer than 5 errors in 100 words, three times running",
    by_when=date(2027, 3, 25),
    measure="Errors in 100 words",
    direction=Direction.DOWN,
    baseline=Value(Decimal(14)),
    target=Value(Decimal(5)),
)
SOUND_PROVISION = ProvisionFacts(
    id="precision",
    name="Precision reading",
    serves=frozenset({"reading"}),
    minutes=15,
    times_a_week=4,
    group_size=1,
    who="Mrs Tuck",
    expected_impact="Errors halve by the review",
)
SOUND_PLAN = PlanFacts(
    plan_from=date(2026, 9, 14),
    review_due=date(2026, 11, 24),
    areas_of_need=frozenset({NeedArea.COGNITION}),
    outcomes=(SOUND_OUTCOME,),
    provisions=(SOUND_PROVISION,),
    responsibilities=frozenset({Responsible.SCHOOL, Responsible.PARENT}),
    pupil_views=True,
    parent_views=True,
)
