"""Reading cycles and plans: everything of a cycle as frozen values, for one pupil, in a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from graduated.assess import queries as assess
from graduated.db.clock import local, today
from graduated.db.session import db
from graduated.people.models import User
from graduated.plan import queries_subjects as subjects
from graduated.plan.models import (
    Agreement,
    AgreementAdult,
    Amendment,
    Contribution,
    Cycle,
    Group,
    Outcome,
    Place,
    Provision,
    ProvisionOutcome,
    Responsibility,
    Strategy,
)
from graduated.plan.queries_cycles import (
    current_cycle,
    cycle_of,
    cycles_by_id,
    cycles_of,
    groups_to_join,
    open_cycle_of,
)
from graduated.plan.rows import (
    GIVEN,
    AgreementRow,
    AmendmentRow,
    ContributionRow,
    CycleRow,
    OutcomeRow,
    Plan,
    ProvisionRow,
    ResponsibilityRow,
    StrategyRow,
)
from graduated.pupils.models import Adult
from graduated.rules.progress import Value, progress, when_over
from graduated.school.models import Measure

__all__ = [
    "AgreementRow",
    "AmendmentRow",
    "ContributionRow",
    "CycleRow",
    "OutcomeRow",
    "Plan",
    "ProvisionRow",
    "ResponsibilityRow",
    "StrategyRow",
    "current_cycle",
    "cycle_of",
    "cycles_of",
    "find_cycle",
    "groups_to_join",
    "open_cycle_of",
    "plan_of",
    "plans_of",
]

find_cycle = subjects.find_cycle
_IDS: Any = bindparam("cycle_ids", expanding=True)
_Earlier, _EarlierCycle = aliased(Outcome), aliased(Cycle)
_OUTCOMES = (
    select(
        Outcome.id, Outcome.cycle_id, Outcome.area, Outcome.statement, Outcome.in_plain_words, Outcome.success,
        Outcome.measure_id, Outcome.baseline, Outcome.baseline_on, Outcome.target, Outcome.maintain, Outcome.tolerance,
        Outcome.by_when, Outcome.continues_id, _EarlierCycle.number.label("continues_number"), Outcome.dropped_on,
        Outcome.version, *assess.SCALE,
    )
    .outerjoin(Measure, Measure.id == Outcome.measure_id)
    .outerjoin(_Earlier, _Earlier.id == Outcome.continues_id)
    .outerjoin(_EarlierCycle, _EarlierCycle.id == _Earlier.cycle_id)
    .where(Outcome.cycle_id.in_(_IDS))
    .order_by(Outcome.position, Outcome.id)
)  # fmt: skip
_PROVISIONS = (
    select(
        Provision.id, Provision.cycle_id, Provision.place_id, Provision.intervention_id, Provision.kind,
        Provision.name, Provision.who, Provision.staff_role, Provision.minutes, Provision.times_a_week,
        Provision.weeks, Provision.group_size, Provision.starts, Provision.ends, Provision.expected_impact,
        Provision.evidencing, Provision.runs_on, Provision.stopped_on, Provision.rate_card_id,
        Provision.one_off_pence, Provision.agency_pence, Provision.version, Place.starts.label("place_from"),
        Place.ends.label("place_until"), Group.id.label("group_id"), Group.name.label("group_name"), Group.staff_id,
        Group.weekdays, Group.at, User.name.label("staff_name"), ProvisionOutcome.outcome_id,
    )
    .outerjoin(Place, Place.id == Provision.place_id)
    .outerjoin(Group, Group.id == Place.group_id)
    .outerjoin(User, User.id == Group.staff_id)
    .outerjoin(ProvisionOutcome, ProvisionOutcome.provision_id == Provision.id)
    .where(Provision.cycle_id.in_(_IDS))
    .order_by(Provision.position, Provision.id, ProvisionOutcome.outcome_id)
)  # fmt: skip
"""A line for each outcome that a provision serves, and one for a provision that serves none."""
_STRATEGIES = (
    select(Strategy.id, Strategy.cycle_id, Strategy.kind, Strategy.text, Strategy.who, Strategy.version)
    .where(Strategy.cycle_id.in_(_IDS))
    .order_by(Strategy.position, Strategy.id)
)
_RESPONSIBILITIES = (
    select(Responsibility.id, Responsibility.cycle_id, Responsibility.who, Responsibility.text, Responsibility.version)
    .where(Responsibility.cycle_id.in_(_IDS))
    .order_by(Responsibility.who.desc(), Responsibility.position, Responsibility.id)
)
_AGREEMENTS = (
    select(
        Agreement.id, Agreement.cycle_id, Agreement.agreed_on, Agreement.method, Agreement.pupil_took_part,
        Agreement.note, User.name.label("recorder"), Adult.id.label("adult_id"), Adult.title, Adult.forename,
        Adult.surname, AgreementAdult.answered,
    )
    .outerjoin(User, User.id == Agreement.recorded_by_id)
    .outerjoin(AgreementAdult, AgreementAdult.agreement_id == Agreement.id)
    .outerjoin(Adult, Adult.id == AgreementAdult.adult_id)
    .where(Agreement.cycle_id.in_(_IDS))
    .order_by(Agreement.agreed_on, Agreement.id, Adult.surname, Adult.forename)
)  # fmt: skip
"""A line for each adult who was asked, and one for an agreement for which nobody was."""
_AMENDMENTS = (
    select(
        Amendment.id, Amendment.cycle_id, Amendment.kind, Amendment.what, Amendment.before, Amendment.after,
        Amendment.why, Amendment.who, Amendment.on, User.name.label("recorder"), Amendment.recorded_at,
    )
    .outerjoin(User, User.id == Amendment.recorded_by_id)
    .where(Amendment.cycle_id.in_(_IDS))
    .order_by(Amendment.on, Amendment.id)
)  # fmt: skip
_CONTRIBUTIONS = (
    select(
        Contribution.id, Contribution.cycle_id, Contribution.outcome_id, Contribution.for_review, Contribution.works,
        Contribution.does_not_work, Contribution.text, Contribution.details, Contribution.recorded_at,
        Contribution.recorded_by_id, User.name.label("recorder"),
    )
    .outerjoin(User, User.id == Contribution.recorded_by_id)
    .where(Contribution.cycle_id.in_(_IDS))
    .order_by(Contribution.id)
)  # fmt: skip


def plan_of(cycle_id: int, until: date | None = None) -> Plan:
    """Everything of one cycle; with a day, as if the cycle had ended then, so that no later figure is the latest."""
    cycles = cycles_by_id([cycle_id])
    if until is not None:
        cycles = [replace(one, ends=min(until, one.ends or until)) for one in cycles]
    return _plans(cycles)[0]


def plans_of(pupil_id: int) -> list[Plan]:
    """Every cycle of a pupil whole, oldest first; the number of queries does not grow with the cycles."""
    return _plans(cycles_of(pupil_id))


def measured_plans_of(pupil_id: int) -> list[Plan]:
    """The same with outcomes and provision alone, which pictures of progress are drawn from; the rest is not asked."""
    cycles = cycles_of(pupil_id)
    if not cycles:
        return []
    ids = {"cycle_ids": [one.cycle_id for one in cycles]}
    outcomes, provisions = _outcomes(cycles, ids), _provisions(ids)
    return [
        Plan(one, tuple(outcomes[one.cycle_id]), tuple(provisions[one.cycle_id]), (), (), (), (), ()) for one in cycles
    ]


def plans_by_id(cycle_ids: Sequence[int]) -> list[Plan]:
    """Some cycles, of any pupils in scope, whole; the number of queries does not grow with them."""
    return _plans(cycles_by_id(cycle_ids))


def _plans(cycles: Sequence[CycleRow]) -> list[Plan]:
    if not cycles:
        return []
    ids = {"cycle_ids": [one.cycle_id for one in cycles]}
    outcomes = _outcomes(cycles, ids)
    provisions = _provisions(ids)
    strategies = _grouped(StrategyRow(*row) for row in db.session.execute(_STRATEGIES, ids))
    responsibilities = _grouped(ResponsibilityRow(*row) for row in db.session.execute(_RESPONSIBILITIES, ids))
    agreements, amendments, contributions = _agreements(ids), _amendments(ids), _contributions(ids)
    return [
        Plan(
            cycle=one,
            outcomes=tuple(outcomes[one.cycle_id]),
            provisions=tuple(provisions[one.cycle_id]),
            strategies=tuple(strategies[one.cycle_id]),
            responsibilities=tuple(responsibilities[one.cycle_id]),
            agreements=tuple(agreements[one.cycle_id]),
            amendments=tuple(amendments[one.cycle_id]),
            contributions=tuple(contributions[one.cycle_id]),
        )
        for one in cycles
    ]


def _grouped(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.cycle_id].append(row)
    return found


def _outcomes(cycles: Sequence[CycleRow], ids: dict[str, list[int]]) -> dict[int, list[OutcomeRow]]:
    rows = db.session.execute(_OUTCOMES, ids).all()
    series = assess.series_of_pupils({one.pupil_id for one in cycles}) if any(row.measure_id for row in rows) else {}
    found: dict[int, list[OutcomeRow]] = defaultdict(list)
    by_id = {one.cycle_id: one for one in cycles}
    for row in rows:
        cycle = by_id[row.cycle_id]
        lines = series.get(cycle.pupil_id, [])
        found[row.cycle_id].append(_outcome(row, len(found[row.cycle_id]) + 1, cycle, lines))
    return found


def _outcome(row: Any, number: int, cycle: CycleRow, series: list[assess.Series]) -> OutcomeRow:
    scale = assess.scale_of(row)
    latest = _latest(row, cycle, series)
    way = None
    if scale is not None:
        way = progress(
            scale.kind,
            scale.direction,
            None if row.baseline is None else Value(row.baseline),
            None if row.target is None else Value(row.target),
            latest.value if latest else None,
            scale.error,
            (row.tolerance or scale.error or Decimal(0)) if row.maintain else None,
        )
        if cycle.ends is not None or (row.by_when is not None and row.by_when < today()):
            way = when_over(way)
    return OutcomeRow(
        outcome_id=row.id,
        cycle_id=row.cycle_id,
        number=number,
        area=row.area,
        statement=row.statement,
        in_plain_words=row.in_plain_words,
        success=row.success,
        scale=scale,
        baseline=row.baseline,
        baseline_on=row.baseline_on,
        target=row.target,
        maintain=row.maintain,
        tolerance=row.tolerance,
        by_when=row.by_when,
        continues_id=row.continues_id,
        continues_number=row.continues_number,
        dropped_on=row.dropped_on,
        latest=latest,
        progress=way,
        version=row.version,
    )


def _latest(row: Any, cycle: CycleRow, series: list[assess.Series]) -> assess.Reading | None:
    """The newest figure since the baseline and within the cycle; a baseline taken the same day is not progress."""
    line = assess.line_for(series, row.measure_id) if row.measure_id else None
    if line is None:
        return None
    since = row.baseline_on
    for reading in reversed(line.points):
        if cycle.ends is not None and reading.taken_on > cycle.ends:
            continue
        is_later = reading.taken_on > since if since is not None else reading.taken_on >= cycle.starts
        return reading if is_later else None
    return None


def _provisions(ids: dict[str, list[int]]) -> dict[int, list[ProvisionRow]]:
    lines: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_PROVISIONS, ids):
        lines[row.id].append(row)
    found: dict[int, list[ProvisionRow]] = defaultdict(list)
    for row, *_more in lines.values():
        values = row._asdict()
        values["provision_id"] = values.pop("id")
        values["weekdays"] = tuple(row.weekdays or ())
        values["staff_name"] = row.staff_name or ""
        del values["outcome_id"]
        serves = tuple(one.outcome_id for one in lines[row.id] if one.outcome_id is not None)
        found[row.cycle_id].append(ProvisionRow(**values, number=len(found[row.cycle_id]) + 1, serves=serves))
    return found


def _agreements(ids: dict[str, list[int]]) -> dict[int, list[AgreementRow]]:
    lines: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_AGREEMENTS, ids):
        lines[row.id].append(row)
    return _grouped(
        AgreementRow(
            agreement_id=row.id,
            cycle_id=row.cycle_id,
            agreed_on=row.agreed_on,
            method=row.method,
            pupil_took_part=row.pupil_took_part,
            note=row.note,
            agreed=tuple(_name(one) for one in lines[row.id] if one.adult_id is not None and one.answered),
            no_answer=tuple(_name(one) for one in lines[row.id] if one.adult_id is not None and not one.answered),
            recorded_by=row.recorder or "",
        )
        for row, *_more in lines.values()
    )


def _name(row: Any) -> str:
    return " ".join(part for part in (row.title, row.forename, row.surname) if part)


def _amendments(ids: dict[str, list[int]]) -> dict[int, list[AmendmentRow]]:
    rows = db.session.execute(_AMENDMENTS, ids)
    return _grouped(
        AmendmentRow(
            amendment_id=row.id,
            cycle_id=row.cycle_id,
            kind=row.kind,
            what=row.what,
            before=row.before,
            after=row.after,
            why=row.why,
            who=row.who,
            on=row.on,
            recorded_by=row.recorder or "",
            recorded_at=row.recorded_at,
        )
        for row in rows
    )


def _newest_forms(rows: Sequence[Any]) -> list[Any]:
    """Without the older forms that the same person gave for the same cycle: they are kept, the newest counts."""
    newest: dict[tuple[int, int | None], str] = {}
    for row in rows:
        if given := row.details.get(GIVEN):
            key = (row.cycle_id, row.recorded_by_id)
            newest[key] = max(newest.get(key, ""), given)
    return [row for row in rows if row.details.get(GIVEN) in (None, newest.get((row.cycle_id, row.recorded_by_id)))]


def _contributions(ids: dict[str, list[int]]) -> dict[int, list[ContributionRow]]:
    rows = _newest_forms(db.session.execute(_CONTRIBUTIONS, ids).all())
    return _grouped(
        ContributionRow(
            contribution_id=row.id,
            cycle_id=row.cycle_id,
            outcome_id=row.outcome_id,
            for_review=row.for_review,
            works=row.works,
            does_not_work=row.does_not_work,
            text=row.text,
            details=dict(row.details),
            on=local(row.recorded_at).date(),
            by=row.recorder or "",
            by_id=row.recorded_by_id,
        )
        for row in rows
    )
