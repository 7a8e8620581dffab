"""The story of a pupil on one page: cycles in their order, what each review judged and decided, outcomes through them.

Drafts are left out: a story is what was agreed and what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graduated.assess.queries import series_of
from graduated.do.queries import ProvisionDose, provision_doses_of_pupils
from graduated.pack.charts import Chart
from graduated.plan.queries import plans_of
from graduated.plan.rows import OutcomeRow, Plan
from graduated.planning.queries import decisions_of
from graduated.planning.rows import DecisionRow
from graduated.pupils.queries import PupilHead, StatusSpell, status_history
from graduated.register.cycle_page import figures
from graduated.register.overview import story_of
from graduated.register.progress_page import MeasurePart, measure_parts
from graduated.register.queries_pupil import cycle_lines
from graduated.review.queries import JudgementLine, ReviewRecord, records_of, reviews_of
from graduated.rules.vocabulary import CycleStatus, Judgement, NeedArea
from graduated.web.filters import long_date

_DRAFTS = (CycleStatus.DRAFT, CycleStatus.SENT)
_KINDS = {Judgement.MUCH_LESS: "bad", Judgement.LESS: "warn"}


@dataclass(frozen=True, slots=True)
class Said:
    """What a review said of an outcome: the judgement in words and why; `kind` colours it."""

    cycle: str
    statement: str
    figures: str
    judgement: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One sealed review: `who` says with whom it was held, `step` and `reason` what was decided and why."""

    review_id: int
    held_on: date | None
    name: str
    who: str
    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One cycle of the story. `given` are (provision, what came of it) in the order of the plan."""

    cycle_id: int
    name: str
    starts: date
    ends: date | None
    status: str
    mark: str
    lead_name: str
    outcomes: tuple[Said, ...]
    given: tuple[tuple[str, str], ...]
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """One outcome followed through the cycles, the first time first; `now` is how it reads in the newest."""

    now: str
    area: NeedArea
    steps: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Everything of the page. `threads` holds what went on into another cycle; the rest stands in its own turn."""

    spells: tuple[str, ...]
    story: Chart | None
    turns: tuple[Turn, ...]
    threads: tuple[Thread, ...]
    measures: tuple[MeasurePart, ...]
    planning: tuple[DecisionRow, ...]


def history_of(head: PupilHead, on: date, *, with_reviews: bool) -> HistoryPage:
    """The story up to a day; `with_reviews` for those who may read what reviews decided.

    The number of queries does not grow with its length.
    """
    pupil_id = head.pupil_id
    plans = tuple(plan for plan in plans_of(pupil_id) if plan.cycle.status not in _DRAFTS)
    rows = reviews_of(pupil_id) if with_reviews else ()
    records = tuple(one for one in records_of(pupil_id) if one.sealed) if with_reviews else ()
    doses = provision_doses_of_pupils([pupil_id], on)
    held = tuple(one.held_on for one in rows if one.held_on is not None and one.sealed)
    said = {line.outcome_id: line for record in records if not record.interim for line in record.judgements}
    lines = [one for one in cycle_lines(pupil_id) if one.status not in _DRAFTS]
    return HistoryPage(
        spells=tuple(_spell(one) for one in reversed(status_history(pupil_id))),
        story=story_of(head, lines, rows, doses),
        turns=tuple(_turn(plan, records, doses, said, head) for plan in plans),
        threads=threads(plans, said),
        measures=measure_parts(plans, series_of(pupil_id), held, on),
        planning=decisions_of(pupil_id),
    )


def threads(plans: Sequence[Plan], said: dict[int, JudgementLine]) -> tuple[Thread, ...]:
    """Each outcome that was carried on at least once, from its first wording to its newest."""
    every = {one.outcome_id: (plan, one) for plan in plans for one in plan.outcomes}
    continued = {one.continues_id for _plan, one in every.values()}
    found = []
    for key, (_plan, newest) in every.items():
        if key in continued or newest.continues_id not in every:
            continue  # either it goes on in a later cycle, or it was never carried
        steps = []
        at: int | None = key
        while at is not None and at in every:
            plan, row = every[at]
            steps.append(_said(plan, row, said.get(at)))
            at = row.continues_id
        found.append(Thread(newest.statement, newest.area, tuple(reversed(steps))))
    return tuple(found)


def _spell(one: StatusSpell) -> str:
    until = f" to {long_date(one.ends)}" if one.ends else " until today"
    return f"{one.status.label}: {long_date(one.starts)}{until} ({one.source.inside})"


def _turn(
    plan: Plan,
    records: Sequence[ReviewRecord],
    doses: Sequence[ProvisionDose],
    said: dict[int, JudgementLine],
    head: PupilHead,
) -> Turn:
    cycle = plan.cycle
    by_id = {one.provision_id: one.dose for one in doses}
    given = ((one.name, by_id[one.provision_id].sentence) for one in plan.provisions if one.provision_id in by_id)
    return Turn(
        cycle_id=cycle.cycle_id,
        name=cycle.name,
        starts=cycle.starts,
        ends=cycle.ends,
        status=cycle.status.label,
        mark=cycle.mark,
        lead_name=cycle.lead_name,
        outcomes=tuple(_said(plan, one, said.get(one.outcome_id)) for one in plan.outcomes),
        given=() if cycle.is_paper else tuple(given),
        meetings=tuple(_meeting(one, head) for one in records if one.cycle_id == cycle.cycle_id),
    )


def _said(plan: Plan, row: OutcomeRow, line: JudgementLine | None) -> Said:
    dropped = f"Dropped on {long_date(row.dropped_on)}" if row.dropped_on else ""
    return Said(
        cycle=plan.cycle.name,
        statement=row.statement,
        figures=figures(row),
        judgement=line.judgement.label if line else dropped,
        kind=_KINDS.get(line.judgement, "good") if line else "",
        reason=line.reason if line else "",
    )


def _meeting(record: ReviewRecord, head: PupilHead) -> Meeting:
    family = [one.name for one in record.attendees if one.adult_id is not None]
    who = f"With {' and '.join(family)}" if family else "With a parent or carer"
    step = record.step
    return Meeting(
        review_id=record.review_id,
        held_on=record.held_on,
        name="Interim review" if record.interim else "Review",
        who=who if record.with_parent else f"Without a parent or carer. {record.attempts}".strip(),
        step=step.step.label_for(head.status.value) if step else "",
        reason=step.reason if step else "",
    )
