"""Plan checks of outcomes: are they the difference to be made, can it be seen, from where to where, by when."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from graduated.rules.calendar import plain_date
from graduated.rules.plan_check import Check, Found, with_outcome
from graduated.rules.plan_facts import SOUND_OUTCOME, OutcomeFacts, PlanFacts
from graduated.rules.progress import Value
from graduated.rules.vocabulary import Direction

OLD_AFTER = timedelta(days=183)
"""How old a starting figure may be when the plan begins; ours, not the Code's."""
FAR_AFTER = timedelta(days=366)
"""How far ahead an outcome of a plan that is reviewed three times a year may lie; ours, not the Code's."""

# An outcome that names what is given, not what the pupil will do (domain §5: "5 hours TA" is provision). Doing without
# help is an outcome, and so is coming to school: neither may be caught.
_READS_AS_PROVISION = re.compile(
    r"\b(will|to) (receive|have access to|be (given|supported|provided))\b"
    r"|\b\d+ (hours?|sessions?)( (a|per) \w+)? of\b"
    r"|\b\d+ hours?( (a|per) \w+)? (TA|support|1:1)\b"
    r"|(?<!without )(?<!less )(?<!no )\b(TA|1:1|one-to-one) (support|help|time)\b",
    re.IGNORECASE,
)
# "Improves his reading" says neither how far nor what anybody would see; with a measure or a criterion it is enough.
_ONLY_BETTER = re.compile(
    r"^(\w+ )?(will |to |can )?(continues? to )?"
    r"(improves?|develops?|increases?|progress(es)?|makes? (good |better |more )?progress|gets? better|works? on)\b",
    re.IGNORECASE,
)
# How it will be looked at, and not what will be seen.
_ONLY_HOW = re.compile(
    r"^(by |through |from )?(the |his |her |their )?(class )?(teacher'?s?|staff|adult|TA|SENCO|school)?\s*"
    r"(observations?|assessments?|judge?ments?|feedback|monitoring|reviews?|discussions?|reports?|progress|improvements?"
    r"|data|tracking)( and (observations?|assessments?|feedback|discussions?))?\.?$",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"\b[A-Z]{3,}\b")
_KNOWN_TO_ALL = frozenset({"NHS", "GCSE", "BBC", "USA", "PE"})


def _reads_as_provision(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if _READS_AS_PROVISION.search(outcome.statement):
            yield outcome.id, "statement", "This reads as what is given. Say what the pupil will do or be able to do."


def _only_better(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        said = outcome.criterion.strip()
        if outcome.measure or (said and not _ONLY_HOW.match(said)) or re.search(r"\d", outcome.statement):
            continue
        if _ONLY_BETTER.match(outcome.statement.strip()):
            yield (
                outcome.id,
                "statement",
                "Better by how much? Say what will be seen, or choose a measure and a target.",
            )


def _no_criterion(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if not outcome.criterion.strip():
            yield outcome.id, "criterion", "Say how everyone will know that it is met."


def _criterion_says_only_how(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        is_measured = outcome.measure is not None and outcome.target is not None
        if not is_measured and _ONLY_HOW.match(outcome.criterion.strip()):
            yield outcome.id, "criterion", "This says who will look. Say what they will see when it is met."


def _abbreviations(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        found = [word for word in _ABBREVIATION.findall(outcome.statement) if word not in _KNOWN_TO_ALL]
        if found and not outcome.in_plain_words.strip():
            sentence = f"Families may not know “{found[0]}”. Write it out, or add words for the family."
            yield outcome.id, "statement", sentence


def _no_date(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.by_when is None:
            yield outcome.id, "by_when", "Say by when it is to be met."
        elif outcome.by_when <= plan.plan_from:
            yield outcome.id, "by_when", "The date lies before the plan begins; give a later one."


def _far_ahead(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.by_when is not None and outcome.by_when > plan.plan_from + FAR_AFTER:
            yield outcome.id, "by_when", "That is more than a year ahead. Add a nearer step on the way to it."


def _no_baseline(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.measure and outcome.baseline is None:
            yield outcome.id, "baseline", "Add the figure to start from, so that progress can be shown."


def _old_baseline(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.baseline is None:
            continue
        if outcome.baseline_on is None:
            yield outcome.id, "baseline_on", "Say on which day the figure to start from was taken."
        elif not outcome.maintain and outcome.baseline_on < plan.plan_from - OLD_AFTER:
            taken = plain_date(outcome.baseline_on)
            yield outcome.id, "baseline_on", f"The figure is from {taken}, over half a year before. Take a new one."


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
        return f"On this measure {outcome.direction.inside}, and the target lies the other way."
    return None


def _target_within_error(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.error is None or outcome.maintain or outcome.baseline is None or outcome.target is None:
            continue
        if 0 < abs(outcome.target.number - outcome.baseline.number) <= outcome.error:
            sentence = (
                f"This test cannot tell changes of {outcome.error.normalize():f} or less from chance. "
                "Set the target further off, or mark the outcome “maintain”."
            )
            yield outcome.id, "target", sentence


def _level_without_room(plan: PlanFacts) -> Found:
    for outcome in plan.outcomes:
        if outcome.maintain and outcome.measure and outcome.tolerance is None and outcome.error is None:
            yield outcome.id, "tolerance", "Say how far it may move and still count as kept."


_ERROR = Decimal(5)
OF_OUTCOMES: tuple[Check, ...] = (
    Check(
        "outcome-not-provision",
        "Outcomes say what the pupil will do",
        "An outcome is the difference made to the pupil, not a service or hours of help.",
        "Code chapter 9, outcomes; domain §1.3, §5",
        _reads_as_provision,
        "“Zofia will receive 5 hours of TA support a week”",
        with_outcome(statement="Zofia will receive 5 hours of TA support a week"),
        "“Reads a Year 4 text aloud and corrects herself”",
    ),
    Check(
        "outcome-more-than-better",
        "Outcomes say more than “better”",
        "“Improve” can never be judged at a review: nobody knows how much was hoped for.",
        "Code 6.48 to 6.51; domain §1.3",
        _only_better,
        "“Improve his reading”, with no measure and nothing else said",
        with_outcome(statement="Improve his reading", criterion="", measure=None, baseline=None, target=None),
        "“Improve his reading”, with “Reads 90 words a minute” as how everyone will know",
        with_outcome(
            statement="Improve his reading", criterion="Reads 90 words a minute", measure=None, baseline=None,
            target=None,
        ),
    ),
    Check(
        "outcome-criterion",
        "Each outcome says how it will be known",
        "Without a criterion nobody can judge at the review whether it was met.",
        "Code 6.53 to 6.56; domain §1.3",
        _no_criterion,
        "“How everyone will know” left empty",
        with_outcome(criterion=" "),
        "“Fewer than 5 errors in 100 words, three times running”",
    ),
    Check(
        "outcome-criterion-seen",
        "How it is known names what will be seen",
        "“Teacher observation” is a way of looking. Two people who look need to know what for.",
        "Code 6.53 to 6.56; domain §1.3",
        _criterion_says_only_how,
        "“Teacher observation”, with no measure",
        with_outcome(criterion="Teacher observation", measure=None, baseline=None, target=None),
        "“Asks for help unprompted in three lessons of four”",
        with_outcome(
            criterion="Asks for help unprompted in three lessons of four", measure=None, baseline=None, target=None
        ),
    ),
    Check(
        "outcome-plain",
        "Outcomes are in words that the family knows",
        "The record is given to parents, who agreed to it and are to read it at home.",
        "Code 6.53 to 6.56, 6.64 to 6.71",
        _abbreviations,
        "“Reads all CVC words in the phase”, and no words for the family",
        with_outcome(statement="Reads all CVC words in the phase"),
        "The same, with “Reads short words such as cat and pin” for the family",
        with_outcome(
            statement="Reads all CVC words in the phase", in_plain_words="Reads short words such as cat and pin"
        ),
    ),
    Check(
        "outcome-by-when",
        "Each outcome has a date",
        "An outcome is dated, so that a review can ask whether it came in time.",
        "Code 6.48 to 6.51; domain §1.3, §5",
        _no_date,
        "No date",
        with_outcome(by_when=None),
        "24 March 2027, for a plan from 14 September 2026",
    ),
    Check(
        "outcome-within-a-year",
        "Outcomes lie within a year",
        "The school reviews three times a year; an outcome years away gives these reviews nothing to judge.",
        "Code 6.64 to 6.71; domain §1.2",
        _far_ahead,
        "By 20 July 2028, for a plan from 14 September 2026",
        with_outcome(by_when=date(2028, 7, 20)),
        "24 March 2027, for a plan from 14 September 2026",
    ),
    Check(
        "outcome-baseline",
        "Measured outcomes have a baseline",
        "Progress is the distance from where the pupil began; no baseline is a common reason for refusal.",
        "Code 6.45 to 6.47, 9.14; domain §2.6",
        _no_baseline,
        "Errors in 100 words, and no figure to start from",
        with_outcome(baseline=None),
        "Errors in 100 words, from 14",
    ),
    Check(
        "outcome-baseline-dated",
        "The baseline is dated and recent",
        "Progress is counted from the day of the first figure; an old one counts months in which nothing was tried.",
        "Code 6.45 to 6.47; domain §6",
        _old_baseline,
        "From 14, taken on 12 January 2026, for a plan from 14 September 2026",
        with_outcome(baseline_on=date(2026, 1, 12)),
        "From 14, taken on 10 September 2026",
    ),
    Check(
        "outcome-target",
        "Targets lie on the better side of the baseline",
        "On some measures lower is better; a target on the wrong side makes progress look like loss.",
        "Code 6.48 to 6.51; domain §6",
        _target_astray,
        "From 14 errors, target 14 errors",
        with_outcome(target=SOUND_OUTCOME.baseline),
        "From 14 errors, target 5 errors",
    ),
    Check(
        "outcome-target-beyond-error",
        "Targets lie further off than the test’s own error",
        "A smaller change may be chance: a pupil could meet the target without having moved at all.",
        "Code 6.53 to 6.56; domain §6",
        _target_within_error,
        "A standard score from 82 to 85, on a test with an error of 5",
        with_outcome(
            direction=Direction.UP, baseline=Value(Decimal(82)), target=Value(Decimal(85)), error=_ERROR
        ),
        "A standard score from 82 to 90, on the same test",
        with_outcome(
            direction=Direction.UP, baseline=Value(Decimal(82)), target=Value(Decimal(90)), error=_ERROR
        ),
    ),
    Check(
        "outcome-level-kept",
        "An outcome that keeps a level says how far it may move",
        "Figures always move a little; without room any movement would read as lost.",
        "Code 6.53 to 6.56; domain §6",
        _level_without_room,
        "“Keep this level” of 14, with no room",
        with_outcome(maintain=True, target=None),
        "“Keep this level” of 14, within 2",
        with_outcome(maintain=True, target=None, tolerance=Decimal(2)),
    ),
)  # fmt: skip
