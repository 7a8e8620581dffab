"""The draft as its editor shows it: outcomes and provision as cards, with what the plan checks say of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from graduated.assess.queries import views_of
from graduated.plan.queries import plan_of
from graduated.plan.rows import ContributionRow, OutcomeRow, Plan, ProvisionRow
from graduated.pupils.queries import pupil_head
from graduated.rules.plan_checks import check_plan
from graduated.rules.plan_facts import OutcomeFacts, PlanFacts, ProvisionFacts
from graduated.rules.progress import Value
from graduated.rules.reviews import REVIEWS_A_YEAR
from graduated.rules.vocabulary import Direction, Evidencing, ProvisionKind, ViewOf
from graduated.school.queries import bank_holidays, terms

RECENT = timedelta(days=183)
"""How old views may be and still count as asked for this plan; ours, not the Code's."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a check says beside a field; `check` is its id on the page that explains it."""

    check: str
    sentence: str


Notes = dict[str, tuple[Note, ...]]


@dataclass(frozen=True, slots=True)
class OutcomeCard:
    """An outcome with what the checks say of it, by field."""

    row: OutcomeRow
    provisions: tuple[ProvisionRow, ...]
    notes: Notes
    said: tuple[ContributionRow, ...]


@dataclass(frozen=True, slots=True)
class ProvisionCard:
    """A provision with what the checks say of it, and what the last review said."""

    row: ProvisionRow
    serves: tuple[OutcomeRow, ...]
    notes: Notes
    last_review: str


@dataclass(frozen=True, slots=True)
class Board:
    """Everything of a draft. `notes` are of the plan itself; `count` is how many things the checks found."""

    plan: Plan
    outcomes: tuple[OutcomeCard, ...]
    provisions: tuple[ProvisionCard, ...]
    notes: Notes
    count: int
    stopped: tuple[str, ...]
    said: tuple[ContributionRow, ...] = field(default=())


def facts_of(plan: Plan) -> PlanFacts:
    """A plan as its checks see it."""
    cycle = plan.cycle
    head = pupil_head(cycle.pupil_id)
    recent = [row.whose for row in views_of(cycle.pupil_id) if row.given_on >= cycle.starts - RECENT]
    return PlanFacts(
        plan_from=cycle.starts,
        review_due=cycle.review_due,
        reviews_a_year=REVIEWS_A_YEAR[cycle.plan_type],
        has_needs=bool(head.needs),
        areas_of_need=frozenset(need.area for need in head.needs if need.area is not None),
        starting_point=cycle.assess_summary,
        lead=cycle.lead_name,
        outcomes=tuple(_outcome_facts(one) for one in plan.outcomes if one.dropped_on is None),
        provisions=tuple(_provision_facts(one) for one in plan.running),
        strategies=len(plan.strategies),
        responsibilities=frozenset(one.who for one in plan.responsibilities),
        pupil_views=ViewOf.PUPIL in recent,
        parent_views=ViewOf.PARENT in recent,
        terms=terms(),
        bank_holidays=bank_holidays(),
    )


def _outcome_facts(row: OutcomeRow) -> OutcomeFacts:
    scale = row.scale
    return OutcomeFacts(
        id=str(row.outcome_id),
        statement=row.statement,
        area=row.area,
        criterion=row.success,
        by_when=row.by_when,
        measure=scale.name if scale else None,
        direction=scale.direction if scale else Direction.NONE,
        baseline=Value(row.baseline) if scale and row.baseline is not None else None,
        baseline_on=row.baseline_on,
        target=Value(row.target) if scale and row.target is not None else None,
        maintain=row.maintain,
        tolerance=row.tolerance,
        error=scale.error if scale else None,
        in_plain_words=row.in_plain_words,
    )


def _provision_facts(row: ProvisionRow) -> ProvisionFacts:
    return ProvisionFacts(
        id=f"p{row.provision_id}",
        name=row.name,
        serves=frozenset(str(one) for one in row.serves),
        minutes=row.minutes,
        times_a_week=row.times_a_week,
        group_size=row.group_size,
        who=row.by,
        expected_impact=row.expected_impact,
        in_class=row.kind is ProvisionKind.IN_CLASS,
        logged=row.evidencing is not Evidencing.NONE,
    )


def notes_of(plan: Plan) -> dict[str | None, Notes]:
    """What the checks say, by subject (an outcome's id, "p" and a provision's id, None for the plan) and by field."""
    return notes_from(facts_of(plan))


def notes_from(facts: PlanFacts) -> dict[str | None, Notes]:
    """The same from facts, which may hold what is being typed and not saved yet."""
    found: dict[str | None, dict[str, list[Note]]] = defaultdict(lambda: defaultdict(list))
    for finding in check_plan(facts):
        found[finding.subject][finding.field].append(Note(finding.check, finding.sentence))
    return {subject: {name: tuple(notes) for name, notes in by_field.items()} for subject, by_field in found.items()}


def board_of(cycle_id: int) -> Board:
    """The editor's view of a cycle."""
    plan = plan_of(cycle_id)
    notes = notes_of(plan)
    carried = {one.details.get("provision_id"): one for one in plan.contributions if "carried" in one.details}
    by_id = {one.outcome_id: one for one in plan.outcomes}
    spoken = tuple(one for one in plan.contributions if "carried" not in one.details and not one.for_review)
    return Board(
        plan=plan,
        outcomes=tuple(
            OutcomeCard(
                one,
                plan.serving(one.outcome_id),
                notes.get(str(one.outcome_id), {}),
                tuple(words for words in spoken if words.outcome_id == one.outcome_id),
            )
            for one in plan.outcomes
        ),
        provisions=tuple(
            ProvisionCard(
                one,
                tuple(by_id[outcome] for outcome in one.serves if outcome in by_id),
                notes.get(f"p{one.provision_id}", {}),
                carried[one.provision_id].text if one.provision_id in carried else "",
            )
            for one in plan.provisions
        ),
        notes=notes.get(None, {}),
        count=sum(len(said) for by_field in notes.values() for said in by_field.values()),
        stopped=tuple(one.text for key, one in carried.items() if key is None),
        said=tuple(words for words in spoken if words.outcome_id is None),
    )
