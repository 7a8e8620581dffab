"""What was gained while an intervention ran: figures at its start and at its end, and what reviews said.

For each pupil the spells of one intervention in the period are taken as one; `rules.impact.ends_of` says which two
figures count. These are the school's own records: no other pupils are compared, so nothing here says what caused what.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from graduated.assess.models import Measurement
from graduated.assess.rows import PERSONAL
from graduated.db.session import db
from graduated.do.queries_costs import together as cost_together
from graduated.insight.queries import given_in
from graduated.insight.rows import Given, ImpactLine, MeasureLine, Period
from graduated.plan.models import Outcome, ProvisionOutcome
from graduated.review.models import OutcomeJudgement, Review
from graduated.rules.calendar import TermDates, school_weeks_between
from graduated.rules.dosage import together
from graduated.rules.impact import Impact, Moved, Ran, Way, ends_of, impact, moved
from graduated.rules.progress import AgeTest, Value
from graduated.rules.vocabulary import MeasureKind, Respondent, ReviewStatus
from graduated.school.models import Measure
from graduated.school.queries import bank_holidays, terms

NO_PAIR = "No figure at the start and at the end."

_Newer = aliased(Measurement)
_SERVED: Any = (
    select(ProvisionOutcome.provision_id, Outcome.id, Outcome.pupil_id, Measure.id.label("measure_id"), Measure.code)
    .join(Outcome, Outcome.id == ProvisionOutcome.outcome_id)
    .outerjoin(Measure, Measure.id == Outcome.measure_id)
)
_MEASURES = select(Measure.id, Measure.name, Measure.kind, Measure.direction, Measure.respondent, Measure.error)
_FIGURES: Any = (
    select(
        Measurement.pupil_id,
        Measurement.measure_id,
        Measurement.respondent,
        Measurement.taken_on,
        Measurement.value,
        Measurement.censor,
    )
    .where(
        Measurement.measure_id.in_(bindparam("measure_ids", expanding=True)),
        ~exists().where(_Newer.replaces_id == Measurement.id),
    )
    .order_by(Measurement.taken_on, Measurement.id)
)
_JUDGED: Any = (
    select(OutcomeJudgement.outcome_id, OutcomeJudgement.pupil_id, OutcomeJudgement.judgement, Review.held_on)
    .join(Review, Review.id == OutcomeJudgement.review_id)
    .where(Review.status == ReviewStatus.SEALED)
    .order_by(Review.held_on, Review.id)
)


@dataclass(frozen=True, slots=True)
class _Spell:
    """One intervention for one pupil on one measure, from its first day to its last."""

    pupil_id: int
    starts: date
    ends: date | None


@dataclass(frozen=True, slots=True)
class _Known:
    """Everything that the lines are made of, read once."""

    served: dict[int, list[Any]]
    measures: dict[int, Any]
    figures: dict[tuple[int, int], dict[Respondent, list[Any]]]
    judged: dict[int, Any]
    calendar: tuple[TermDates, ...]
    holidays: frozenset[date]
    period: Period


def impact_lines(period: Period) -> tuple[ImpactLine, ...]:
    """Every intervention of the period, that of most pupils first, with cost beside what was gained."""
    parts: dict[str, list[Given]] = defaultdict(list)
    for one in given_in(period):
        parts[one.intervention].append(one)
    known = _read(period)
    lines = [_line(name, part, known) for name, part in parts.items()]
    return tuple(sorted(lines, key=lambda line: (-line.pupils, line.intervention)))


def _read(period: Period) -> _Known:
    served: dict[int, list[Any]] = defaultdict(list)
    for row in db.session.execute(_SERVED):
        served[row.provision_id].append(row)
    measure_ids = {row.measure_id for rows in served.values() for row in rows if row.measure_id is not None}
    figures: dict[tuple[int, int], dict[Respondent, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for row in db.session.execute(_FIGURES, {"measure_ids": sorted(measure_ids)}):
        figures[row.pupil_id, row.measure_id][row.respondent].append(row)
    return _Known(
        served=served,
        measures={row.id: row for row in db.session.execute(_MEASURES)},
        figures=figures,
        judged={row.outcome_id: row for row in db.session.execute(_JUDGED)},
        calendar=terms(),
        holidays=bank_holidays(),
        period=period,
    )


def _line(name: str, given: list[Given], known: _Known) -> ImpactLine:
    outcomes = {row.id for one in given for row in known.served.get(one.provision_id, ())}
    judged = [known.judged[outcome_id] for outcome_id in outcomes if outcome_id in known.judged]
    return ImpactLine(
        intervention=name,
        pupils=len({one.pupil_id for one in given}),
        percent=together(one.dose for one in given).percent,
        cost=cost_together(one.cost for one in given),
        judged=len(judged),
        judged_well=sum(1 for row in judged if row.judgement.points >= 0),
        judged_pupils=len({row.pupil_id for row in judged}),
        measures=tuple(_measures(given, known)),
    )


def _measures(given: list[Given], known: _Known) -> Iterable[MeasureLine]:
    """A line for each measure by each respondent; figures that mean something for one pupil only are left alone."""
    spells: dict[int, dict[int, _Spell]] = defaultdict(dict)
    for one in given:
        for row in known.served.get(one.provision_id, ()):
            if row.measure_id is not None and row.code not in PERSONAL:
                mine = spells[row.measure_id]
                mine[one.pupil_id] = _longer(mine.get(one.pupil_id), one)
    for measure_id, of_pupils in sorted(spells.items(), key=lambda item: str(known.measures[item[0]].name)):
        measure = known.measures[measure_id]
        moves: dict[Respondent, list[Moved]] = defaultdict(list)
        for spell in of_pupils.values():
            respondent, move = _moved(spell, measure, known)
            moves[respondent].append(move)
        for respondent, mine_moved in sorted(moves.items(), key=lambda item: item[0].value):
            found = impact(measure.kind, mine_moved, error_known=measure.error is not None)
            yield MeasureLine(f"{measure.name}, {respondent.inside}", found, _notes(found, measure))


def _longer(spell: _Spell | None, one: Given) -> _Spell:
    if spell is None:
        return _Spell(one.pupil_id, one.starts, one.ends)
    ends = None if spell.ends is None or one.ends is None else max(spell.ends, one.ends)
    return _Spell(one.pupil_id, min(spell.starts, one.starts), ends)


def _moved(spell: _Spell, measure: Any, known: _Known) -> tuple[Respondent, Moved]:
    lines = known.figures.get((spell.pupil_id, measure.id), {})
    respondent = _respondent(lines, measure.respondent)
    figures = lines.get(respondent, [])
    places = ends_of([row.taken_on for row in figures], spell.starts, spell.ends, known.period.to)
    if places is None:
        return respondent, Moved(spell.pupil_id, Way.UNKNOWN, reason=NO_PAIR)
    pair = (figures[place] for place in places)
    first, last = (AgeTest(row.taken_on, Value(row.value, row.censor), measure.name, measure.kind) for row in pair)
    weeks = school_weeks_between(first.on, last.on, known.calendar, known.holidays)
    return respondent, moved(
        spell.pupil_id, measure.direction, measure.error, first, last, Ran(spell.starts, spell.ends, weeks)
    )


def _respondent(lines: dict[Respondent, list[Any]], own: Respondent) -> Respondent:
    """The measure's own respondent where they answered, or else whoever answered last (as outcomes are followed)."""
    if own in lines or not lines:
        return own
    return max(lines, key=lambda one: lines[one][-1].taken_on)


def _notes(found: Impact, measure: Any) -> str:
    """Of how many pupils nothing can be said and why; and that a score without a known error may move by chance."""
    notes = [f"{number} left out: {reason[:1].lower()}{reason[1:]}" for reason, number in found.left_out]
    if measure.kind is MeasureKind.STANDARD and measure.error is None and found.better + found.worse:
        notes.append("The test's error is not recorded, so a small change may be chance.")
    return " ".join(notes)
