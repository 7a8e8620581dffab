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
    provision_anchor,
    review_anchor,
)
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.sections.reviews import review
from graduated.pack.wording import day, joined, plural

CHART_HEIGHT = 150.0


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
    flow.heading(3, "Do: provision", provision_anchor(cycle.number), listed=False)
    if not cycle.provisions:
        flow.text("No provision is recorded.")
    for provision in cycle.provisions:
        _provision(flow, provision)
    _amendments(flow, cycle)
    if not cycle.reviews:
        flow.heading(3, "Review", listed=False)
        flow.text("No review is recorded.")
    for i, meeting in enumerate(cycle.reviews):
        review(flow, meeting, anchor="" if i else review_anchor(cycle.number))


def _head(cycle: Cycle) -> list[tuple[str, str]]:
    agreed = [
        joined((day(a.on), a.how, f"with {joined(a.with_whom)}" if a.with_whom else "")) for a in cycle.agreements
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


def _outcome(flow: Flow, cycle: Cycle, outcome: Outcome, series: Mapping[str, MeasureSeries]) -> None:
    flow.heading(3, f"Plan: outcome {outcome.number}", listed=False)
    flow.statement(outcome.statement, typeset.PLAN)
    flow.facts(outcome_facts(cycle, outcome))
    flow.figures(outcome_figures(outcome))
    if outcome.series in series:
        flow.figure(measure_chart(of_outcome(outcome, series[outcome.series]), typeset.WIDTH, CHART_HEIGHT))
        flow.small(f"{series[outcome.series].name}; every figure stands in the section on measures.")


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
    """An outcome in words, with what the last review said of it."""
    rows = [
        ("Area of need", outcome.area),
        ("Met when", outcome.success_criterion),
        ("Measure", outcome.measure),
        ("Progress", outcome.progress),
    ]
    if outcome.continues_from:
        rows.append(("Carried on from", outcome.continues_from))
    judged = [entry for meeting in cycle.reviews for entry in meeting.judgements if entry.outcome == outcome.number]
    rows.append(("Judged at review", judged[-1].judgement if judged else ""))
    return rows


def plan_details(flow: Flow, cycle: Cycle) -> None:
    """Strategies and who does what."""
    flow.heading(3, "Plan: strategies", listed=False)
    if not cycle.strategies:
        flow.text("No strategies are recorded.")
    for entry in cycle.strategies:
        flow.text(entry.text)
        flow.small(" · ".join(part for part in (entry.kind, entry.who) if part))
    flow.heading(3, "Plan: who does what", listed=False)
    if not cycle.responsibilities:
        flow.text("Who does what is not recorded.")
    flow.facts((entry.who, entry.text) for entry in cycle.responsibilities)


def planned_words(provision: Provision) -> str:
    """15 minutes, 4 times a week, 12 weeks."""
    parts = [
        plural(provision.minutes, "minute") if provision.minutes is not None else "",
        f"{provision.times_a_week} a week" if provision.times_a_week else "",
        plural(provision.weeks, "week") if provision.weeks is not None else "",
    ]
    return joined(parts)


def _provision(flow: Flow, provision: Provision) -> None:
    flow.statement(provision.name, typeset.DO)
    serves = "Outcome " if len(provision.serves) == 1 else "Outcomes "
    size = str(provision.group_size) if provision.group_size else ""
    flow.facts(
        [
            ("Who", provision.who),
            ("Planned", planned_words(provision)),
            ("Serves", serves + joined([str(n) for n in provision.serves]) if provision.serves else ""),
            ("Expected impact", provision.expected_impact),
            ("Ran", wording.span(provision.start, provision.end)),
        ]
    )
    flow.figures([("Kind", provision.kind), ("Group size", size), ("How it is evidenced", provision.evidencing)])
    if provision.dose is None:
        flow.text("No minutes are recorded.")
    else:
        dose(flow, provision.dose)


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
