"""The draft as its editor shows it: outcomes and provision as cards, with what the plan checks say of each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from graduated.assess.queries import views_of
from graduated.plan.queries import plan_of
from graduated.plan.rows import ContributionRow, OutcomeRow, Plan, ProvisionRow
from graduated.pupils.queries import pupil_head
from graduated.rules.plan_checks import CHECKS, Check, check_plan
from graduated.rules.plan_facts import OutcomeFacts, PlanFacts, ProvisionFacts
from graduated.rules.progress import Value
from graduated.rules.vocabulary import ViewOf

RECENT = timedelta(days=183)
"""How old views may be and still count as asked for this plan; ours, not the Code's."""

Notes = dict[str, tuple[str, ...]]


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
        areas_of_need=frozenset(need.area for need in head.needs if need.area is not None),
        outcomes=tuple(_outcome_facts(one) for one in plan.outcomes if one.dropped_on is None),
        provisions=tuple(_provision_facts(one) for one in plan.running),
        responsibilities=frozenset(one.who for one in plan.responsibilities),
        pupil_views=ViewOf.PUPIL in recent,
        parent_views=ViewOf.PARENT in recent,
    )


def _outcome_facts(row: OutcomeRow) -> OutcomeFacts:
    scale = row.scale
    facts = OutcomeFacts(
        id=str(row.outcome_id),
        statement=row.statement,
        area=row.area,
        criterion=row.success,
        by_when=row.by_when,
        maintain=row.maintain,
    )
    if scale is None:
        return facts
    return OutcomeFacts(
        id=facts.id,
        statement=facts.statement,
        area=facts.area,
        criterion=facts.criterion,
        by_when=facts.by_when,
        maintain=facts.maintain,
        measure=scale.name,
        direction=scale.direction,
        baseline=None if row.baseline is None else Value(row.baseline),
        target=None if row.target is None else Value(row.target),
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
    )


def notes_of(plan: Plan) -> dict[str | None, Notes]:
    """What the checks say, by subject (an outcome's id, "p" and a provision's id, None for the plan) and by field."""
    found: dict[str | None, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for finding in check_plan(facts_of(plan)):
        found[finding.subject][finding.field].append(finding.sentence)
    return {
        subject: {name: tuple(sentences) for name, sentences in by_field.items()} for subject, by_field in found.items()
    }


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
        count=sum(len(sentences) for by_field in notes.values() for sentences in by_field.values()),
        stopped=tuple(one.text for key, one in carried.items() if key is None),
        said=tuple(words for words in spoken if words.outcome_id is None),
    )


def published_checks() -> tuple[Check, ...]:
    """The published list of checks, for the page that explains them."""
    return CHECKS
