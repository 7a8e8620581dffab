"""Reading across the school: all provision of a school year, with its dose and its cost.

The number of queries does not grow with pupils or provision. Cycles brought forward from paper are left out, as
nothing of them was logged here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.do.queries_costs import ProvisionCost, costs_of_provisions
from graduated.do.queries_costs import together as cost_together
from graduated.insight.rows import Given, MapLine, Period, ProvisionMap
from graduated.people.models import User
from graduated.plan.models import Cycle, Group, Place, Provision
from graduated.pupils.models import Need, Pupil
from graduated.pupils.queries import name_of
from graduated.rules.calendar import academic_year, academic_year_starts
from graduated.rules.dosage import together
from graduated.rules.vocabulary import CycleOrigin, CycleStatus, NeedType, YearGroup
from graduated.school.models import Intervention

_HELD = (CycleStatus.AGREED, CycleStatus.REVIEWED, CycleStatus.LEFT, CycleStatus.PLAN_ISSUED)
_PROVISIONS: Any = (
    select(
        Provision.id,
        Provision.pupil_id,
        Provision.cycle_id,
        Provision.name,
        Provision.who,
        Provision.staff_role,
        Provision.group_size,
        Provision.starts,
        Intervention.name.label("own_kind"),
        Group.intervention_id.label("group_kind_id"),
        User.name.label("staff_name"),
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
    )
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .join(Pupil, Pupil.id == Provision.pupil_id)
    .outerjoin(Intervention, Intervention.id == Provision.intervention_id)
    .outerjoin(Place, Place.id == Provision.place_id)
    .outerjoin(Group, Group.id == Place.group_id)
    .outerjoin(User, User.id == Group.staff_id)
    .where(Cycle.status.in_(_HELD), Cycle.origin != CycleOrigin.PAPER)
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Provision.id)
)
_KINDS = select(Intervention.id, Intervention.name)
_NEEDS = select(Need.pupil_id, Need.type).where(Need.ends.is_(None)).order_by(Need.pupil_id, Need.rank, Need.id)
_FIRST = select(Provision.starts).join(Cycle, Cycle.id == Provision.cycle_id).where(
    Cycle.status.in_(_HELD), Cycle.origin != CycleOrigin.PAPER
).order_by(Provision.starts).limit(1)  # fmt: skip

BY: dict[str, tuple[str, Callable[[Given], str]]] = {
    "intervention": ("Intervention", lambda one: one.intervention),
    "year": ("Year group", lambda one: one.year_group.label),
    "need": ("Primary need", lambda one: one.need.label if one.need else "No need recorded"),
    "adult": ("Adult", lambda one: one.adult),
}
_YEARS = {year.label: place for place, year in enumerate(YearGroup)}


def years() -> tuple[str, ...]:
    """The school years of which there is anything to show, this one first."""
    now = academic_year_starts(today())
    first = db.session.scalars(_FIRST).first() or now
    began = min(academic_year_starts(first), now)
    return tuple(academic_year(date(year, 9, 1)) for year in range(now.year, began.year - 1, -1))


def period_of(year: str) -> Period:
    """The school year asked for, up to today; this one when none or another is asked for."""
    chosen = year if year in years() else academic_year(today())
    starts = date(int(chosen[:4]), 9, 1)
    ends = date(starts.year + 1, 8, 31)
    return Period(chosen, starts - timedelta(days=1), min(ends, today()), is_over=ends < today())


def given_in(period: Period) -> tuple[Given, ...]:
    """Every provision that ran in the period, with the dose and the cost of the period alone."""
    rows = db.session.execute(_PROVISIONS).all()
    pupil_ids = sorted({row.pupil_id for row in rows})
    costs = {one.provision_id: one for one in costs_of_provisions(pupil_ids, period.to, period.since)}
    kinds = {row.id: row.name for row in db.session.execute(_KINDS)}
    needs: dict[int, NeedType] = {}
    for pupil_id, need in db.session.execute(_NEEDS):
        needs.setdefault(pupil_id, need)
    return tuple(
        Given(
            provision_id=row.id,
            pupil_id=row.pupil_id,
            pupil_name=name_of(row),
            cycle_id=row.cycle_id,
            year_group=row.year_group,
            need=needs.get(row.pupil_id),
            intervention=row.own_kind or kinds.get(row.group_kind_id) or row.name,
            adult=_adult(row),
            group_size=max(1, row.group_size),
            starts=costs[row.id].starts,
            ends=costs[row.id].ends,
            dose=costs[row.id].dose,
            cost=costs[row.id],
        )
        for row in rows
        if _runs_in(costs[row.id], period)
    )


def _adult(row: Any) -> str:
    if row.staff_name or row.who:
        return row.staff_name or row.who  # type: ignore[no-any-return]
    return f"{row.staff_role.label}, nobody named" if row.staff_role else "Nobody named"


def _runs_in(one: ProvisionCost, period: Period) -> bool:
    return one.starts <= period.to and (one.ends is None or one.ends > period.since)


def provision_map(period: Period, by: str) -> ProvisionMap:
    """The map of a period by intervention, year group, need or adult; the largest first, years in their order."""
    given = given_in(period)
    key = BY[by][1]
    parts: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        parts[key(one)].append(one)
    lines = [_line(label, part) for label, part in parts.items()]
    if by == "year":
        lines.sort(key=lambda line: _YEARS[line.label])
    else:
        lines.sort(key=lambda line: (-line.dose.planned_to_date_minutes - line.unlogged, line.label))
    return ProvisionMap(period, by, tuple(lines), _line("All", given))


def _line(label: str, given: Iterable[Given]) -> MapLine:
    part = tuple(given)
    costs = [one.cost for one in part]
    logged = [one for one in part if one.dose.logged]
    return MapLine(
        label=label,
        pupils=tuple(dict.fromkeys((one.pupil_id, one.pupil_name) for one in part)),
        dose=together(one.dose for one in part),
        unlogged=sum(one.dose.planned_to_date_minutes for one in part if not one.dose.logged),
        staff_planned=_shared((one.dose.planned_to_date_minutes, one.group_size) for one in part),
        staff_delivered=_shared((one.dose.delivered_minutes, one.group_size) for one in logged),
        cost_planned=cost_together(costs, delivered=False),
        cost_delivered=cost_together(costs),
        not_costed=sum(1 for one in costs if not one.is_costed),
    )


def _shared(minutes: Iterable[tuple[int, int]]) -> Decimal:
    """Staff minutes: a pupil's minutes are the share of a group's."""
    return sum((Decimal(one) / size for one, size in minutes), Decimal(0))
