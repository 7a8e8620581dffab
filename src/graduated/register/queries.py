"""Reading the register: one row for each pupil on roll, whatever their number always the same few queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache, partial
from typing import Any

from sqlalchemy import String, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from graduated.access.identity import require_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle, Strategy
from graduated.pupils.models import Assignment, Need, Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.review.models import Review
from graduated.rules import reviews
from graduated.rules.calendar import short_date
from graduated.rules.vocabulary import CycleStatus, NeedType, ReviewStatus, SenStatus, YearGroup
from graduated.school.queries import bank_holidays, terms

OPEN = (CycleStatus.DRAFT, CycleStatus.SENT, CycleStatus.AGREED)
SEN = (SenStatus.SUPPORT, SenStatus.PLAN)


@dataclass(frozen=True, slots=True)
class Due:
    """When the next review of a pupil is due, in words.

    `state`: late, soon, later, held (it only waits for its seal), draft (no plan agreed), none.
    """

    on: date | None
    words: str
    state: str


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of the register. `strategies` is filled only for those who have the short row."""

    pupil_id: int
    name: str
    sort_name: str
    year_group: YearGroup
    registration_group: str
    upn: str
    status: SenStatus
    status_since: date | None
    needs: tuple[NeedType, ...]
    due: Due
    lead_name: str
    cycle_number: int | None
    strategies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pupils on roll have which SEN status, and what there is to filter by."""

    by_status: dict[SenStatus, int]
    years: tuple[YearGroup, ...]
    groups: tuple[str, ...]

    @property
    def words(self) -> str:
        """The counts as a line: "39 on SEN support · 8 with EHC plans · 163 others"."""
        support, plan, others = (self.by_status.get(status, 0) for status in (*SEN, SenStatus.NONE))
        return (
            f"{support} on SEN support · {plan} with {'an EHC plan' if plan == 1 else 'EHC plans'} · "
            f"{others} other{'' if others == 1 else 's'}"
        )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the register is narrowed to; nothing in it means no narrowing but to K and E."""

    statuses: tuple[SenStatus, ...] = SEN
    year: YearGroup | None = None
    group: str = ""
    need: NeedType | None = None
    name: str = ""
    mine: bool = False


_ON_ROLL = or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day"))
_YEAR = bindparam("year", type_=String)
_GROUP = bindparam("group", type_=String)
_NEED = bindparam("need", type_=String)
_MINE = bindparam("mine", type_=String)
_STATUS: Any = func.coalesce(SenStatusSpell.status, SenStatus.NONE.value)
_OPEN_SPELL = (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None)
_ASSIGNED = select(Assignment.pupil_id).where(
    Assignment.user_id == bindparam("user_id"),
    Assignment.starts <= bindparam("day"),
    or_(Assignment.ends.is_(None), Assignment.ends >= bindparam("day")),
)
_LED = select(Cycle.pupil_id).where(Cycle.lead_id == bindparam("user_id"), Cycle.status.in_(OPEN))
_WITH_NEED = aliased(Need)
_ROWS: Any = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
        Pupil.registration_group,
        Pupil.upn,
        SenStatusSpell.status,
        SenStatusSpell.starts,
    )
    .outerjoin(SenStatusSpell, _OPEN_SPELL)
    .where(
        _ON_ROLL,
        _STATUS.in_(bindparam("statuses", expanding=True)),
        or_(_YEAR.is_(None), Pupil.year_group == bindparam("year_word")),
        or_(_GROUP.is_(None), Pupil.registration_group == _GROUP),
        or_(
            _NEED.is_(None),
            Pupil.id.in_(
                select(_WITH_NEED.pupil_id).where(_WITH_NEED.type == bindparam("need_word"), _WITH_NEED.ends.is_(None))
            ),
        ),
        or_(_MINE.is_(None), Pupil.id.in_(_ASSIGNED), Pupil.id.in_(_LED)),
    )
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
)
_NEEDS = select(Need.pupil_id, Need.type).where(Need.ends.is_(None)).order_by(Need.pupil_id, Need.rank, Need.id)
_CYCLES = (
    select(Cycle.pupil_id, Cycle.number, Cycle.status, Cycle.starts, Cycle.review_due, Review.held_on, User.name)
    .outerjoin(User, User.id == Cycle.lead_id)
    .outerjoin(
        Review,
        and_(Review.cycle_id == Cycle.id, Review.status == ReviewStatus.OPEN, Review.ready_by != ""),
    )
    .where(Cycle.status.in_(OPEN))
    .order_by(Cycle.pupil_id, Cycle.number)
)
_COUNTS = (
    select(SenStatusSpell.status, Pupil.year_group, Pupil.registration_group, func.count())
    .select_from(Pupil)
    .outerjoin(SenStatusSpell, _OPEN_SPELL)
    .where(_ON_ROLL)
    .group_by(SenStatusSpell.status, Pupil.year_group, Pupil.registration_group)
)
_STRATEGIES = (
    select(Strategy.pupil_id, Strategy.text)
    .join(Cycle, Cycle.id == Strategy.cycle_id)
    .where(Cycle.status == CycleStatus.AGREED)
    .order_by(Strategy.pupil_id, Strategy.position, Strategy.id)
)
SOON = 21
"""Days before a review is due from which the register says so in colour; ours, not the Code's."""


def counts() -> Counts:
    """Pupils on roll by SEN status, and the years and classes that there are; of those in sight."""
    by_status: dict[SenStatus, int] = defaultdict(int)
    years: set[YearGroup] = set()
    groups: set[str] = set()
    for status, year, group, number in db.session.execute(_COUNTS, {"day": today()}):
        by_status[status or SenStatus.NONE] += number
        years.add(year)
        groups.add(group)
    ordered = tuple(year for year in YearGroup if year in years)
    return Counts(dict(by_status), ordered, tuple(sorted(group for group in groups if group)))


def register_rows(wanted: Wanted, *, with_plans: bool = True, with_strategies: bool = False) -> list[RegisterRow]:
    """The register narrowed as wanted, by name. The number of queries does not grow with the rows."""
    found = [row for row in db.session.execute(_ROWS, _given(wanted)) if _has_name(row, wanted.name)]
    needs: dict[int, list[NeedType]] = defaultdict(list)
    for pupil_id, kind in db.session.execute(_NEEDS):
        needs[pupil_id].append(kind)
    cycles = {row.pupil_id: row for row in db.session.execute(_CYCLES)} if with_plans else {}
    strategies: dict[int, list[str]] = defaultdict(list)
    if with_strategies:
        for pupil_id, text in db.session.execute(_STRATEGIES):
            strategies[pupil_id].append(text)
    calendar = (terms(), bank_holidays()) if with_plans else ((), frozenset())
    due_of = cache(partial(_due, dates=calendar[0], holidays=calendar[1]))  # many plans began on one day
    return [
        RegisterRow(
            pupil_id=row.id,
            name=name_of(row),
            sort_name=f"{row.known_surname or row.legal_surname} {row.known_as or row.legal_forename}".casefold(),
            year_group=row.year_group,
            registration_group=row.registration_group,
            upn=row.upn or "",
            status=row.status or SenStatus.NONE,
            status_since=row.starts,
            needs=tuple(needs[row.id]),
            due=due_of(*cycles[row.id][2:6]) if row.id in cycles else _UNPLANNED[row.status in SEN],
            lead_name=(cycles[row.id].name or "") if row.id in cycles else "",
            cycle_number=cycles[row.id].number if row.id in cycles else None,
            strategies=tuple(strategies[row.id]),
        )
        for row in found
    ]


def _given(wanted: Wanted) -> dict[str, Any]:
    return {
        "day": today(),
        "statuses": [status.value for status in wanted.statuses],
        "year": wanted.year.value if wanted.year else None,
        "year_word": wanted.year,
        "group": wanted.group or None,
        "need": wanted.need.value if wanted.need else None,
        "need_word": wanted.need,
        "mine": "mine" if wanted.mine else None,
        "user_id": require_actor().user_id,
    }


def _has_name(row: Any, words: str) -> bool:
    """Whether every word looked for stands in one of the pupil's names, whatever its case (SQLite folds only ASCII)."""
    names = f"{row.known_as} {row.legal_forename} {row.known_surname} {row.legal_surname} {row.upn or ''}".casefold()
    return all(word in names for word in words.casefold().split())


_UNPLANNED = {True: Due(None, "No plan yet", "none"), False: Due(None, "", "none")}
"""Of a pupil without a plan, by whether there ought to be one."""


def _due(
    status: CycleStatus, starts: date, review_due: date | None, held_on: date | None, dates: Any, holidays: Any
) -> Due:
    due = reviews.due_date(review_due, starts, dates, holidays)
    if status is not CycleStatus.AGREED:
        words = "Sent, not agreed yet" if status is CycleStatus.SENT else "Draft, not agreed yet"
        return Due(due, words, "draft")
    if due is None:
        return Due(None, "No review date", "none")
    if held_on is not None:
        return Due(due, f"Held {short_date(held_on, today())}, not sealed", "held")
    late = (today() - due).days
    state = "late" if late > 0 else "soon" if late >= -SOON else "later"
    return Due(due, reviews.due_words(due, today()), state)
