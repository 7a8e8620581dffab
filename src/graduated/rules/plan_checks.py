"""Plan checks: the thread from need through outcome and provision to review, as a published list (design §5).

Each check is deterministic, with an id that never changes, its reason, the Code paragraph, one failing and one passing
example. A check speaks beside the field it means; it never blocks. To add one: write a function that yields findings
and put it in CHECKS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from graduated.rules.plan_facts import SOUND_OUTCOME, SOUND_PLAN, SOUND_PROVISION, OutcomeFacts, PlanFacts
from graduated.rules.vocabulary import Direction, NeedArea, Responsible

__all__ = ["CHECKS", "Check", "Finding", "PlanFacts", "check_plan", "findings_for"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: whose (an outcome's or provision's id, or None for the plan), which field, and the remedy."""

    check: str
    subject: str | None
    field: str
    sentence: str


Found = Iterator[tuple[str | None, str, str]]


@dataclass(frozen=True, slots=True)
class Check:
    """A published check. `run` yields (subject, field, sentence) for each place where it fails."""

    id: str
    title: str
    reason: str
    paragraph: str
    run: Callable[[PlanFacts], Found]
    failing: PlanFacts
    passing: PlanFacts = SOUND_PLAN


def check_plan(plan: PlanFacts) -> tuple[Finding, ...]:
    """Every finding of every check, in the order of the published list."""
    return tuple(Finding(check.id, *found) for check in CHECKS for found in check.run(plan))


def findings_for(findings: tuple[Finding, ...], subject: str | None) -> tuple[Finding, ...]:
    """The findings of one outcome or provision; None for those of the plan itself."""
    return tuple(finding for finding in findings if finding.subject == subject)


# An outcome that names what is given, not what the pupil will do (domain §5: "5 hours TA" is provision). Doing without
# help is an outcome, and so is coming to school: neither may be caught.
_READS_AS_PROVISION = re.compile(
    r"\b(will|to) (receive|have access to|be (given|supported|provided))\b"
    r"|\b\d+ (hours?|sessions?)( (a|per) \w+)? of\b"
    r"|\b\d+ hours?( (a|per) \w+)? (TA|support|1:1)\b"
    r"|(?<!without )(?<!less )(?<!no )\b(TA|1:1|one-to-one) (support|help|time)\b",
    re.IGNORECASE,
)
# "General support in class" is not accepted as provision; a named, timed one is (domain §2.4).
_VAGUE_NAMES = frozenset(
    {"support", "extra support", "general support", "in-class support", "class support", "ta support", "help", "1:1"}
)


def _no_outcome_for_area(plan: PlanFacts) -> Found:
    covered = {outcome.area for outcome in plan.outcomes}
    for area in NeedArea:
        if area in plan.areas_of_need - covered:
            yield None, "outcomes", f"No outcome is about {area.label.lower()}, an area of need on record."


def _no_criterion(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if not outcome.criterion.strip():
            yield outcome.id, "criterion", "Say how everyone will know that it is met."


def _no_date(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.by_when is None:
            yield outcome.id, "by_when", "Say by when it is to be met."
        elif outcome.by_when <= plan.plan_from:
            yield outcome.id, "by_when", "The date lies before the plan begins; give a later one."


def _outcome_is_provision(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if _READS_AS_PROVISION.search(outcome.statement):
            yield outcome.id, "statement", "This reads as what is given. Say what the pupil will do or be able to do."


def _no_baseline(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.measure and outcome.baseline is None:
            yield outcome.id, "baseline", "Add the figure to start from, so that progress can be shown."


def _target_astray(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        sentence = _target_sentence(outcome)
        if sentence:
            yield outcome.id, "target", sentence


def _target_sentence(outcome: OutcomeFacts) -> str | None:
    if outcome.measure is None or outcome.maintain or outcome.baseline is None:
        return None
    if outcome.target is None:
        return "Add a target on the measure, or mark the outcome “maintain”."
    change = outcome.target.number - outcome.baseline.number
    if change == 0:
        return "Target and baseline are the same; mark the outcome “maintain” or set another target."
    if outcome.direction is not Direction.NONE and (change > 0) is not (outcome.direction is Direction.UP):
        return f"On this measure {outcome.direction.label.lower()}, and the target lies the other way."
    return None


def _outcome_without_provision(plan: PlanFacts) -> Found:
    served = {outcome for provision in plan.provisions for outcome in provision.serves}
    for outcome in plan.outcomes:
        if outcome.id not in served:
            yield outcome.id, "provision", "No provision serves this outcome. Add one, or tick it at one that does."


def _provision_without_outcome(plan: PlanFacts) -> Found:
    known = {outcome.id for outcome in plan.outcomes}
    for provision in plan.provisions:
        if not provision.serves & known:
            yield provision.id, "serves", "Say which outcome this provision is for."


def _no_dose(plan: PlanFacts) -> Found:
    for provision in plan.provisions:
        wanted = (
            (provision.minutes > 0, "minutes"),
            (provision.times_a_week > 0, "times a week"),
            (provision.group_size > 0, "group size"),
            (bool(provision.who.strip()), "who gives it"),
        )
        missing = [name for there, name in wanted if not there]
        if missing:
            yield provision.id, "dose", f"Add {', '.join(missing)}."


def _vague_name(plan: PlanFacts) -> Found:
    for provision in plan.provisions:
        if " ".join(provision.name.lower().split()) in _VAGUE_NAMES:
            yield provision.id, "name", f"“{provision.name.strip()}” could be anything. Name what is done."


def _no_expected_impact(plan: PlanFacts) -> Found:
    for provision in plan.provisions:
        if not provision.expected_impact.strip():
            yield provision.id, "expected_impact", "Say what difference is expected by the review."


def _no_review_date(plan: PlanFacts) -> Found:
    if plan.review_due is None:
        yield None, "review_due", "Set the review date."
    elif plan.review_due <= plan.plan_from:
        yield None, "review_due", "The review date lies before the plan begins; give a later one."


def _no_pupil_views(plan: PlanFacts) -> Found:
    if not plan.pupil_views:
        yield None, "views", "Add the pupil's views, or the attempts made to gather them."


def _no_parent_views(plan: PlanFacts) -> Found:
    if not plan.parent_views:
        yield None, "views", "Add the parents' views, or the attempts made to gather them."


def _nobody_does(plan: PlanFacts) -> Found:
    for who in (Responsible.SCHOOL, Responsible.PARENT):
        if who not in plan.responsibilities:
            yield None, "responsibilities", f"Say what is agreed for: {who.label.lower()}."


def _with_outcome(**changes: object) -> PlanFacts:
    return replace(SOUND_PLAN, outcomes=(replace(SOUND_OUTCOME, **changes),))  # type: ignore[arg-type]


def _with_provision(**changes: object) -> PlanFacts:
    return replace(SOUND_PLAN, provisions=(replace(SOUND_PROVISION, **changes),))  # type: ignore[arg-type]


CHECKS: tuple[Check, ...] = (
    Check(
        "need-has-outcome",
        "Each area of need has an outcome",
        "The thread starts at the need: an area on record without an outcome is left to chance.",
        "Code 6.44, 6.48 to 6.51",
        _no_outcome_for_area,
        replace(SOUND_PLAN, areas_of_need=frozenset(NeedArea)),
    ),
    Check(
        "outcome-criterion",
        "Each outcome says how it will be known",
        "Without a criterion nobody can judge at the review whether it was met.",
        "Code 6.53 to 6.56; domain §1.3",
        _no_criterion,
        _with_outcome(criterion=" "),
    ),
    Check(
        "outcome-by-when",
        "Each outcome has a date",
        "An outcome is dated, so that a review can ask whether it came in time.",
        "Domain §1.3, §5",
        _no_date,
        _with_outcome(by_when=None),
    ),
    Check(
        "outcome-not-provision",
        "Outcomes say what the pupil will do",
        "An outcome is the difference made to the pupil, not a service or hours of help.",
        "Code chapter 9, outcomes; domain §1.3, §5",
        _outcome_is_provision,
        _with_outcome(statement="Zofia will receive 5 hours of TA support a week"),
    ),
    Check(
        "outcome-baseline",
        "Measured outcomes have a baseline",
        "Progress is the distance from where the pupil began; no baseline is a common reason for refusal.",
        "Code 6.45 to 6.47, 9.14; domain §2.6",
        _no_baseline,
        _with_outcome(baseline=None),
    ),
    Check(
        "outcome-target",
        "Targets lie on the better side of the baseline",
        "On some measures lower is better; a target on the wrong side makes progress look like loss.",
        "Code 6.48 to 6.51; domain §6",
        _target_astray,
        _with_outcome(target=SOUND_OUTCOME.baseline),
    ),
    Check(
        "outcome-has-provision",
        "Each outcome is served by provision",
        "Provision is chosen to meet the outcomes.",
        "Code 6.48 to 6.51",
        _outcome_without_provision,
        replace(SOUND_PLAN, provisions=()),
    ),
    Check(
        "provision-has-outcome",
        "Each provision serves an outcome",
        "Provision that serves no outcome cannot be judged at a review.",
        "Code 6.48 to 6.51",
        _provision_without_outcome,
        _with_provision(serves=frozenset()),
    ),
    Check(
        "provision-dose",
        "Provision says how much, how often, for how many and by whom",
        "Without the dose nothing can be logged, costed or compared.",
        "Code 6.76 to 6.78; domain §2.4, §2.5, line 14",
        _no_dose,
        _with_provision(minutes=0, who=""),
    ),
    Check(
        "provision-named",
        "Provision is named",
        "General support in class is not accepted as provision; a named and timed strategy is.",
        "Domain §2.4, §5",
        _vague_name,
        _with_provision(name="TA support"),
    ),
    Check(
        "provision-impact",
        "Provision says what is expected of it",
        "The expected impact is agreed beforehand, so that the review can hold it beside what happened.",
        "Code 6.48 to 6.51",
        _no_expected_impact,
        _with_provision(expected_impact=""),
    ),
    Check(
        "review-date",
        "The plan has a review date",
        "A clear date for review is agreed with the plan.",
        "Code 6.48 to 6.51",
        _no_review_date,
        replace(SOUND_PLAN, review_due=None),
    ),
    Check(
        "pupil-views",
        "The pupil's views are on record",
        "What the pupil says is part of assessing and of the meeting.",
        "Code 6.45 to 6.47, 6.64 to 6.71",
        _no_pupil_views,
        replace(SOUND_PLAN, pupil_views=False),
    ),
    Check(
        "parent-views",
        "The parents' views are on record",
        "The plan is agreed with parents, and starts from what they know.",
        "Code 6.45 to 6.51",
        _no_parent_views,
        replace(SOUND_PLAN, parent_views=False),
    ),
    Check(
        "who-does-what",
        "School and home each have a part",
        "Meetings agree who does what, and parents are told what to reinforce at home.",
        "Code 6.48 to 6.51, 6.64 to 6.71",
        _nobody_does,
        replace(SOUND_PLAN, responsibilities=frozenset({Responsible.SCHOOL})),
    ),
)
"""The published list; an id never changes its meaning."""
