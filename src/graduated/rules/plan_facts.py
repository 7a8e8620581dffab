"""A plan as its checks see it: plain facts, and one sound plan that the published examples are made from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from graduated.rules.calendar import TermDates
from graduated.rules.progress import Value
from graduated.rules.vocabulary import Direction, NeedArea, Responsible


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """One outcome; `id` is any key by which the page finds its card again; `error` is the measure's own."""

    id: str
    statement: str
    area: NeedArea | None = None
    criterion: str = ""
    by_when: date | None = None
    measure: str | None = None
    direction: Direction = Direction.UP
    baseline: Value | None = None
    baseline_on: date | None = None
    target: Value | None = None
    maintain: bool = False
    tolerance: Decimal | None = None
    error: Decimal | None = None
    in_plain_words: str = ""


@dataclass(frozen=True, slots=True)
class ProvisionFacts:
    """One provision; `serves` holds the ids of the outcomes it is for, `logged` whether anything shows it happens."""

    id: str
    name: str
    serves: frozenset[str] = frozenset()
    minutes: int = 0
    times_a_week: int = 0
    group_size: int = 0
    who: str = ""
    expected_impact: str = ""
    in_class: bool = False
    logged: bool = True


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan with what it rests on: needs on record, their areas, whether views were gathered, the school's terms.

    `has_needs` may hold without an area: some types of need belong to none of the four.
    """

    plan_from: date
    review_due: date | None = None
    reviews_a_year: int = 3
    has_needs: bool = False
    areas_of_need: frozenset[NeedArea] = frozenset()
    starting_point: str = ""
    lead: str = ""
    outcomes: tuple[OutcomeFacts, ...] = ()
    provisions: tuple[ProvisionFacts, ...] = ()
    strategies: int = 0
    responsibilities: frozenset[Responsible] = frozenset()
    pupil_views: bool = False
    parent_views: bool = False
    terms: tuple[TermDates, ...] = ()
    bank_holidays: frozenset[date] = frozenset()


SOUND_OUTCOME = OutcomeFacts(
    id="reading",
    statement="Reads a Year 4 text aloud and corrects herself",
    area=NeedArea.COGNITION,
    criterion="Fewer than 5 errors in 100 words, three times running",
    by_when=date(2027, 3, 24),
    measure="Errors in 100 words",
    direction=Direction.DOWN,
    baseline=Value(Decimal(14)),
    baseline_on=date(2026, 9, 10),
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
    has_needs=True,
    areas_of_need=frozenset({NeedArea.COGNITION}),
    starting_point="Reads by guessing from the first letter; enjoys being read to.",
    lead="Miss Vine",
    outcomes=(SOUND_OUTCOME,),
    provisions=(SOUND_PROVISION,),
    strategies=2,
    responsibilities=frozenset({Responsible.SCHOOL, Responsible.PARENT}),
    pupil_views=True,
    parent_views=True,
    terms=(
        TermDates("Autumn", "2026/27", date(2026, 9, 2), date(2026, 12, 18), date(2026, 10, 26), date(2026, 10, 30)),
        TermDates("Spring", "2026/27", date(2027, 1, 4), date(2027, 3, 25), date(2027, 2, 15), date(2027, 2, 19)),
        TermDates("Summer", "2026/27", date(2027, 4, 12), date(2027, 7, 21), date(2027, 5, 31), date(2027, 6, 4)),
    ),
)
