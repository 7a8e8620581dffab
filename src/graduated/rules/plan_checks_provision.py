"""Plan checks of provision: is every outcome served, every provision for something, named, dosed and shown."""

from __future__ import annotations

from graduated.rules.plan_check import Check, Found, with_plan, with_provision
from graduated.rules.plan_facts import PlanFacts

OUT_OF_LESSONS = 450
"""Minutes a week outside lessons above which the plan is asked about it: over a quarter of the week; ours."""

# "General support in class" is not accepted as provision; a named, timed one is (domain §2.4).
_VAGUE_NAMES = frozenset(
    {"support", "extra support", "general support", "in-class support", "class support", "ta support", "help", "1:1"}
)


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


def _vague_name(plan: PlanFacts) -> Found:
    for provision in plan.provisions:
        if " ".join(provision.name.lower().split()) in _VAGUE_NAMES:
            yield provision.id, "name", f"“{provision.name.strip()}” could be anything. Name what is done."


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


def _no_expected_impact(plan: PlanFacts) -> Found:
    for provision in plan.provisions:
        if not provision.expected_impact.strip():
            yield provision.id, "expected_impact", "Say what difference is expected by the review."


def _nothing_shows_it(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        serving = [provision for provision in plan.provisions if outcome.id in provision.serves]
        if serving and not any(provision.logged for provision in serving):
            sentence = (
                "Nothing that serves this outcome is logged, so the review cannot say what happened. Tick it weekly."
            )
            yield outcome.id, "provision", sentence


def _long_out_of_lessons(plan: PlanFacts) -> Found:
    minutes = sum(one.minutes * one.times_a_week for one in plan.provisions if not one.in_class)
    if minutes > OUT_OF_LESSONS:
        hours = f"{minutes // 60} hours{f' {minutes % 60} minutes' if minutes % 60 else ''}"
        yield None, "provision", f"{hours} a week are outside lessons. Look at what the pupil misses in that time."


def _no_strategies(plan: PlanFacts) -> Found:
    if not plan.strategies:
        yield None, "strategies", "Say what adults do in lessons: support is more than what happens outside them."


OF_PROVISION: tuple[Check, ...] = (
    Check(
        "outcome-has-provision",
        "Each outcome is served by provision",
        "Provision is chosen to meet the outcomes.",
        "Code 6.48 to 6.51",
        _outcome_without_provision,
        "An outcome for reading, and no provision",
        with_plan(provisions=()),
        "An outcome for reading, served by precision reading",
    ),
    Check(
        "provision-has-outcome",
        "Each provision serves an outcome",
        "Provision that serves no outcome cannot be judged at a review.",
        "Code 6.48 to 6.51",
        _provision_without_outcome,
        "Precision reading, and no outcome ticked for it",
        with_provision(serves=frozenset()),
        "Precision reading, ticked for the outcome for reading",
    ),
    Check(
        "provision-named",
        "Provision is named",
        "General support in class is not accepted as provision; a named and timed strategy is.",
        "Code 6.72 to 6.78; domain §2.4, §5",
        _vague_name,
        "“TA support”",
        with_provision(name="TA support"),
        "“Precision reading”",
    ),
    Check(
        "provision-dose",
        "Provision says how much, how often, for how many and by whom",
        "Without the dose nothing can be logged, costed or compared.",
        "Code 6.76 to 6.78; domain §2.4, §2.5, line 14",
        _no_dose,
        "Four times a week, with no minutes and nobody named",
        with_provision(minutes=0, who=""),
        "15 minutes, four times a week, alone, with Mrs Tuck",
    ),
    Check(
        "provision-impact",
        "Provision says what is expected of it",
        "The expected impact is agreed beforehand, so that the review can hold it beside what happened.",
        "Code 6.48 to 6.51",
        _no_expected_impact,
        "Expected impact left empty",
        with_provision(expected_impact=""),
        "“Errors halve by the review”",
    ),
    Check(
        "provision-shown",
        "Something shows that the support happens",
        "The review asks what was given as well as what came of it; support that nobody logs leaves that open.",
        "Code 6.53 to 6.56, 6.72 to 6.75",
        _nothing_shows_it,
        "An outcome served only by support in class that is not logged",
        with_provision(in_class=True, logged=False),
        "The same support, ticked every week",
        with_provision(in_class=True),
    ),
    Check(
        "provision-in-lessons",
        "Most of the week stays in lessons",
        "The class teacher stays responsible every day; extra help does not make up for lessons missed.",
        "Code 6.19, 6.37, 6.52",
        _long_out_of_lessons,
        "An hour outside lessons, eight times a week",
        with_provision(minutes=60, times_a_week=8),
        "15 minutes outside lessons, four times a week",
    ),
    Check(
        "strategies-in-lessons",
        "The plan says what adults do in lessons",
        "All staff who work with the pupil are told the strategies, and good teaching comes first.",
        "Code 6.37, 6.48 to 6.51",
        _no_strategies,
        "No strategy",
        with_plan(strategies=0),
        "Two strategies, such as “Instructions one at a time, with a picture”",
    ),
)
