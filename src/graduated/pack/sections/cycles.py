"""Every cycle whole: what was assessed, planned, done and reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from graduated.pack import typeset, wording
from graduated.pack.charts import dose_bar, measure_chart
from graduated.pack.content import (
    Cycle,
    Dose,
    MeasureSeries,
    Outcome,
    PackContent,
    Provision,
    Section,
    cycle_anchor,
    outcome_anchor,
    provision_anchor,
    review_anchor,
    strategies_anchor,
)
from graduated.pack.flow import Flow
from graduated.pack.line_chart import LANE, LANES
from graduated.pack.sections.common import narratives
from graduated.pack.sections.reviews import review
from graduated.pack.wording import day, joined, plural

CHART_HEIGHT = 100.0

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
             "twelfth")  # fmt: skip


def cycles(flow: Flow, content: PackContent, title: str) -> None:
    """All cycles, first to last."""
    flow.section(title, Section.CYCLES)
    narratives(flow, content, Section.CYCLES)
    if not content.cycles:
        flow.text("No cycle is recorded.")
    series = {entry.key: entry for entry in content.series}
    for i, cycle in enumerate(content.cycles):
        _cycle(flow, content, cycle, series, first=i == 0)


def _cycle(flow: Flow, content: PackContent, cycle: Cycle, series: Mapping[str, MeasureSeries], *, first: bool) -> None:
    anchor, title = cycle_anchor(cycle.number), f"Cycle {cycle.number}: {wording.span(cycle.start, cycle.end)}"
    if first:
        flow.heading(2, title, anchor)
    else:
        flow.section(title, anchor, level=2)
    if cycle.from_paper:
        entered = f" on {day(cycle.entered_on)}" if cycle.entered_on else ""
        by = f" by {cycle.entered_by}" if cycle.entered_by else ""
        flow.statement(f"Brought forward from paper. Entered{entered}{by}.", typeset.ASSESS)
    flow.facts(_head(cycle))
    narratives(flow, content, anchor)
    flow.heading(3, "Assess", listed=False)
    flow.text(cycle.assess if cycle.assess.strip() else "No assessment is recorded for this cycle.")
    if not cycle.outcomes:
        flow.heading(3, "Plan: outcomes", listed=False)
        flow.text("No outcomes are recorded.")
    for outcome in cycle.outcomes:
        _outcome(flow, cycle, outcome, series)
    plan_details(flow, cycle)
    flow.heading(3, f"Do: provision{_of(cycle)}", provision_anchor(cycle.number), listed=False)
    if not cycle.provisions:
        flow.text("No provision is recorded.")
    for provision in cycle.provisions:
        _provision(flow, provision, from_paper=cycle.from_paper)
    _amendments(flow, cycle)
    if not cycle.reviews:
        flow.heading(3, "Review", listed=False)
        due = f" The review is due on {day(cycle.review_due)}." if cycle.review_due and not cycle.end else ""
        flow.text(f"No review is recorded.{due}")
    for i, meeting in enumerate(cycle.reviews):
        review(flow, meeting, anchor="" if i else review_anchor(cycle.number))


def _head(cycle: Cycle) -> list[tuple[str, str]]:
    agreed = [
        joined((a.how, day(a.on), f"agreed by {joined(a.with_whom)}" if a.with_whom else "")) for a in cycle.agreements
    ]
    silent = [name for a in cycle.agreements for name in a.no_answer]
    rows = [
        ("Plan", cycle.plan_type),
        ("Status", cycle.status),
        ("Lead teacher", cycle.lead),
        ("Review due", day(cycle.review_due) if cycle.review_due else ""),
        ("Agreed", "\n".join(agreed)),
    ]
    return rows + ([("Asked, did not answer", joined(silent))] if silent else [])


def _of(cycle: Cycle) -> str:
    """Which cycle a heading belongs to, so that none reads like another's or like a running head."""
    if not 0 < cycle.number <= len(_ORDINALS):
        return f", cycle {cycle.number}"
    return f", {_ORDINALS[cycle.number - 1]} cycle"


def _outcome(flow: Flow, cycle: Cycle, outcome: Outcome, series: Mapping[str, MeasureSeries]) -> None:
    anchor = outcome_anchor(cycle.number, outcome.number)
    flow.heading(3, f"Plan: outcome {outcome.number}{_of(cycle)}", anchor, listed=False)
    flow.statement(outcome.statement, typeset.PLAN)
    flow.facts(outcome_facts(cycle, outcome))
    if outcome.series in series:
        line = of_outcome(outcome, series[outcome.series])
        flow.figure(measure_chart(line, typeset.WIDTH, chart_height(line, CHART_HEIGHT)))
        flow.small("Every point of this chart stands in the section on measures; baseline and target stand above.")


def chart_height(line: MeasureSeries, plot: float) -> float:
    """How high a chart is whose axes, points and lines want `plot`: what was provided meanwhile comes beneath."""
    return plot + LANE * min(len(line.interventions), LANES)


def of_outcome(outcome: Outcome, line: MeasureSeries) -> MeasureSeries:
    """The whole line of figures, with the start and the aim that this outcome had."""
    start, aim = outcome.starts_at or (None, ""), outcome.aims_at or (None, "")
    return replace(line, baseline=start[0], baseline_text=start[1], target=aim[0], target_text=aim[1])


def outcome_figures(outcome: Outcome) -> list[tuple[str, str]]:
    """Where the outcome began, where it should lead, where it stands."""
    by_when = day(outcome.by_when) if outcome.by_when else ""
    return [
        ("Baseline", outcome.baseline),
        ("Target", outcome.target),
        ("By when", by_when),
        ("Latest", outcome.latest),
    ]


def outcome_facts(cycle: Cycle, outcome: Outcome) -> list[tuple[str, str]]:
    """An outcome in words and figures, with what the last review said of it."""
    by_when = day(outcome.by_when) if outcome.by_when else ""
    rows = [
        ("Area of need", outcome.area),
        ("Met when", outcome.success_criterion),
        ("Measure", outcome.measure),
        ("Baseline", outcome.baseline),
        ("Target", " by ".join(part for part in (outcome.target, by_when) if part)),
        ("Latest", outcome.latest),
        ("Progress", outcome.progress),
    ]
    if outcome.continues_from:
        rows.append(("Carried on from", outcome.continues_from))
    judged = [entry for meeting in cycle.reviews for entry in meeting.judgements if entry.outcome == outcome.number]
    rows.append(("Judged at review", judged[-1].judgement if judged else ""))
    return rows


def plan_details(flow: Flow, cycle: Cycle) -> None:
    """Strategies and who does what."""
    flow.heading(3, f"Plan: strategies{_of(cycle)}", strategies_anchor(cycle.number), listed=False)
    if cycle.strategies:
        rows = [(entry.text, entry.kind, entry.who) for entry in cycle.strategies]
        flow.table(("What adults do", "Kind", "Who"), rows, (58, 22, 20))
    else:
        flow.text("No strategies are recorded.")
    if cycle.responsibilities:
        flow.heading(3, "Plan: who does what", listed=False)
        flow.facts((entry.who, entry.text) for entry in cycle.responsibilities)
    else:
        flow.text("Who does what is not recorded.")


def planned_words(provision: Provision) -> str:
    """15 minutes, 4 times a week, 12 weeks."""
    parts = [
        plural(provision.minutes, "minute") if provision.minutes is not None else "",
        f"{provision.times_a_week} a week" if provision.times_a_week else "",
        plural(provision.weeks, "week") if provision.weeks is not None else "",
    ]
    return joined(parts)


def _provision(flow: Flow, provision: Provision, *, from_paper: bool) -> None:
    flow.statement(provision.name, typeset.DO)
    serves = "Outcome " if len(provision.serves) == 1 else "Outcomes "
    flow.facts(
        [
            ("Who", provision.who),
            ("Kind", _kind(provision)),
            ("Planned", planned_words(provision)),
            ("Serves", serves + joined([str(n) for n in provision.serves]) if provision.serves else ""),
            ("Expected impact", provision.expected_impact),
            ("Ran", wording.span(provision.start, provision.end)),
            ("How it is evidenced", _evidenced(provision, from_paper)),
        ]
    )
    if provision.dose is None:
        if not from_paper:
            flow.small("No minutes are recorded.")
    else:
        dose(flow, provision.dose)


def _evidenced(provision: Provision, from_paper: bool) -> str:
    if provision.dose is None and from_paper:
        return joined([provision.evidencing, "as the plan was kept on paper"])
    return provision.evidencing


def _kind(provision: Provision) -> str:
    size = provision.group_size or 0
    return joined([provision.kind, "one to one" if size == 1 else f"in a group of {size}" if size else ""])


def dose(flow: Flow, minutes: Dose) -> None:
    """The bar of minutes, its figures in words, and the sentence given with it."""
    flow.figure(dose_bar(minutes, typeset.WIDTH))
    flow.small(wording.dose_words(minutes))
    if minutes.sentence and minutes.sentence != wording.dose_words(minutes):
        flow.small(minutes.sentence)
    flow.gap(4)


def _amendments(flow: Flow, cycle: Cycle) -> None:
    if not cycle.amendments:
        return
    flow.heading(3, "Amendments to the plan", listed=False)
    for entry in cycle.amendments:
        flow.text(f"{day(entry.on)}: {entry.what}", flow.styles.strong)
        flow.facts([("From", entry.was), ("To", entry.now), ("Why", entry.why), ("By", entry.by)])
