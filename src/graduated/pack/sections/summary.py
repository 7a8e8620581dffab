"""The two pages that a panel reads first: the pack in figures, and for each limb of Code 9.14 what records say most.

Nothing is weighed or worded here: each line is a figure, a date or a quotation of a record, with its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graduated.pack import wording
from graduated.pack.content import (
    COSTS,
    Cycle,
    MeasureSeries,
    Outcome,
    PackContent,
    Review,
    Section,
    View,
    cycle_anchor,
    measure_anchor,
    review_anchor,
)
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.ways import ways
from graduated.pack.wording import day, plural
from graduated.rules.vocabulary import CycleStatus, GapState, Limb, NeedArea

_LONGEST = 170  # letters of a quotation: two lines
_SERIES, _AREAS, _OUTCOMES, _HEALTH, _PARENTS = 3, 2, 2, 1, 2


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what it is about, what a record says, and where it stands."""

    what: str
    says: str
    anchors: tuple[str, ...]


def summary(flow: Flow, content: PackContent) -> None:
    """The pack in figures, then the records that say most, each with the page where it stands."""
    flow.heading(1, "Summary", Section.SUMMARY)
    flow.facts([(line.what, line.says, ways(flow, line.anchors)) for line in _figures(content)], 0.27)
    if content.cycles:
        flow.heading(2, "The cycles", listed=False)
        flow.table(
            ("Cycle", "Dates", "Outcomes", "Next step", "Page"),
            [_cycle_row(flow, cycle) for cycle in content.cycles],
            (8, 27, 11, 46, 8),
            right=(2, 4),
        )
    narratives(flow, content, Section.SUMMARY)
    flow.heading(2, "What the records say, by Code 9.14", listed=False)
    for limb, lines in _LIMBS.items():
        flow.heading(3, limb.label, listed=False)
        found = [(line.what, line.says, ways(flow, line.anchors)) for line in lines(content)]
        flow.facts(found, 0.27)
        if not found:
            flow.text("Nothing is recorded.")


def _cycle_row(flow: Flow, cycle: Cycle) -> tuple[str, ...]:
    step = cycle.reviews[-1].next_step if cycle.reviews else "Not reviewed"
    return (
        str(cycle.number),
        wording.span(cycle.start, cycle.end),
        str(len(cycle.outcomes)),
        step,
        ways(flow, [cycle_anchor(cycle.number)]),
    )


def _figures(content: PackContent) -> Iterator[Line]:
    pupil = content.pupil
    since = f" since {day(pupil.status_since)}" if pupil.status_since else ""
    yield Line("SEN status", f"{pupil.status or wording.NOT_RECORDED}{since}", (Section.PUPIL,))
    needs = [need.label for need in sorted(pupil.needs, key=lambda need: need.rank)]
    yield Line("Needs", "\n".join(needs) or wording.NOT_RECORDED, (Section.PUPIL,))
    yield from _cycle_figures(content)
    measurements = sum(len(series.points) for series in content.series)
    figures = f"{plural(len(content.series), 'measure')}, {plural(measurements, 'measurement')}"
    yield Line("Measures", figures, (Section.MEASURES,))
    if content.costs:
        costs = content.costs
        period = f"{costs.period[:1].lower()}{costs.period[1:]}"
        beside = f"{wording.pounds(costs.planned)} planned, {period}, beside {wording.pounds(costs.threshold)}"
        yield Line("Cost of provision", beside, (COSTS,))
    states = [(state.label, sum(1 for line in content.gaps if line.state is state)) for state in GapState]
    if content.gaps:
        words = ", ".join(f"{label} {number}" for label, number in states if number)
        yield Line("Evidence for Code 9.14", words, (Section.INDEX,))


def _cycle_figures(content: PackContent) -> Iterator[Line]:
    cycles = content.cycles
    reviews = [review for cycle in cycles for review in cycle.reviews]
    reviewed = sum(1 for cycle in cycles if cycle.reviews or cycle.status == CycleStatus.REVIEWED.label)
    paper = sum(1 for cycle in cycles if cycle.from_paper)
    words = f"{plural(len(cycles), 'cycle')}, {reviewed} reviewed"
    words += f", {paper} brought forward from paper" if paper else ""
    yield Line("Cycles", words, (Section.CHRONOLOGY,))
    if reviews:
        with_parent = sum(1 for review in reviews if review.with_parent)
        words = f"{plural(len(reviews), 'review')}, {with_parent} with a parent"
        yield Line(
            "Reviews",
            words,
            tuple(review_anchor(cycle.number) for cycle in [one for one in cycles if one.reviews][-1:]),
        )
    doses = [p.dose for cycle in cycles for p in cycle.provisions if p.dose and p.dose.logged]
    if doses:
        planned, delivered = sum(d.planned for d in doses), sum(d.delivered for d in doses)
        missed, unknown = sum(d.missed_minutes for d in doses), sum(d.not_recorded for d in doses)
        figures = f"{delivered:,} of {plural(planned, 'minute')} delivered, {missed:,} missed, {unknown:,} not recorded"
        yield Line("Logged provision", figures, (Section.PROVISION,))


# -- the limbs of Code 9.14 -----------------------------------------------------------------------------------------


def quoted(text: str) -> str:
    """A record's own words, cut short with a mark where they are long."""
    words = " ".join(text.split())
    if len(words) > _LONGEST:
        words = f"{words[:_LONGEST].rsplit(' ', 1)[0]} …"
    return f"“{words}”"


def _sourced(text: str, *parts: str) -> str:
    return " ".join(part for part in (quoted(text), ", ".join(one for one in parts if one)) if part)


def _attainment(content: PackContent) -> Iterator[Line]:
    """Those beside national norms first, then those measured most often."""
    known = [series for series in content.series if series.points]
    known.sort(key=lambda series: (series.usual is None, -len(series.points), series.name))
    for series in known[:_SERIES]:
        yield Line(series.name, _change(series), (measure_anchor(series.key),))


def _change(series: MeasureSeries) -> str:
    first, last = series.points[0], series.points[-1]
    words = f"{first.text} on {day(first.on)}"
    if last is not first:
        words += f", {last.text} on {day(last.on)}"
    return ". ".join((words, *series.remarks[:1]))


def _needs(content: PackContent) -> Iterator[Line]:
    difficulties = [
        (area.area, max(area.difficulties, key=lambda one: str(one.on))) for area in content.areas if area.difficulties
    ]
    for area, one in difficulties[:_AREAS]:
        yield Line(f"Difficulty: {area}", _sourced(one.text, one.source, _on(one)), (Section.NEEDS,))
    strengths = [one for area in content.areas for one in area.strengths]
    if strengths:
        newest = max(strengths, key=lambda one: str(one.on))
        yield Line("Strength", _sourced(newest.text, newest.source, _on(newest)), (Section.NEEDS,))


def _on(one: object) -> str:
    on = getattr(one, "on", None)
    return day(on) if on else ""


def _action(content: PackContent) -> Iterator[Line]:
    reviews = [(review, cycle) for cycle in content.cycles for review in cycle.reviews if review.next_step]
    if reviews:
        review, cycle = max(reviews, key=lambda pair: pair[0].held_on)
        words = f"{review.next_step}, {day(review.held_on)}"
        words += f"\n{quoted(review.next_step_reason)}" if review.next_step_reason.strip() else ""
        yield Line("Last next step", words, (review_anchor(cycle.number),))
    for person in content.professionals[-1:]:
        dates = [f"seen {day(person.seen_on[-1])}"] if person.seen_on else []
        dates += [f"report {day(person.report_on)}"] if person.report_on else []
        name = ", ".join(dict.fromkeys(part for part in (person.name, person.service) if part))
        yield Line(
            "Professional", "\n".join(part for part in (name, ", ".join(dates)) if part), (Section.PROFESSIONALS,)
        )
    advice = [entry.status for person in content.professionals for entry in person.advice]
    if advice:
        states = [f"{state or wording.NOT_RECORDED} {advice.count(state)}" for state in dict.fromkeys(advice)]
        yield Line("Where advice stands", ", ".join(states), (Section.PROFESSIONALS,))


def _more_than_usual(content: PackContent) -> Iterator[Line]:
    """What the last review said of the outcomes, beside what was given for them."""
    reviewed = [cycle for cycle in content.cycles if cycle.reviews and cycle.outcomes]
    for cycle in reviewed[-1:]:
        for outcome in cycle.outcomes[:_OUTCOMES]:
            reached = outcome.progress if outcome.latest else ""
            told = " · ".join(part for part in (reached, _said_of(outcome, cycle.reviews)) if part)
            words = "\n".join(part for part in (quoted(outcome.statement), told, _given(outcome, cycle)) if part)
            where = (cycle_anchor(cycle.number), review_anchor(cycle.number))
            yield Line(f"Cycle {cycle.number}, outcome {outcome.number}", words, where)
    if content.provision_sought.strip():
        yield Line("Needed beyond the school", quoted(content.provision_sought), (Section.SOUGHT,))


def _given(outcome: Outcome, cycle: Cycle) -> str:
    """Minutes delivered beside minutes planned, of the provision that served an outcome."""
    doses = [p.dose for p in cycle.provisions if outcome.number in p.serves and p.dose and p.dose.logged]
    planned, delivered = sum(dose.planned for dose in doses), sum(dose.delivered for dose in doses)
    return f"{delivered:,} of {plural(planned, 'minute')} delivered" if planned else ""


def _said_of(outcome: Outcome, reviews: tuple[Review, ...]) -> str:
    said = [entry.judgement for review in reviews for entry in review.judgements if entry.outcome == outcome.number]
    return f"Judged: {said[-1]}" if said else ""


def _wider(content: PackContent) -> Iterator[Line]:
    mine = {NeedArea.SEMH.label, NeedArea.SENSORY.label}
    noted = [one for area in content.areas if area.area in mine for one in area.difficulties]
    if noted:
        newest = max(noted, key=lambda one: str(one.on))
        yield Line("Development", _sourced(newest.text, newest.source, _on(newest)), (Section.NEEDS,))
    for fact in content.health[:_HEALTH]:
        yield Line(fact.label, quoted(fact.text), (Section.PUPIL,))
    record = content.attendance
    if record and record.periods:
        last = record.periods[-1]
        yield Line(
            "Attendance", record.whole or f"{last.percent}, {wording.span(last.start, last.end)}", (Section.ATTENDANCE,)
        )
    if record and record.suspensions:
        newest_one = max(record.suspensions, key=lambda one: one.on)
        yield Line("Suspensions", f"{newest_one.days}, {day(newest_one.on)}", (Section.ATTENDANCE,))


def _views(content: PackContent) -> Iterator[Line]:
    """The newest words of the pupil and of each parent, and what was agreed to."""
    found: dict[tuple[str, str], tuple[View, str]] = {}
    stood = [(view, str(Section.VIEWS)) for view in content.views]
    stood += [
        (view, review_anchor(cycle.number))
        for cycle in content.cycles
        for review in cycle.reviews
        for view in review.views
    ]
    for view, anchor in sorted(stood, key=lambda pair: pair[0].on):
        if view.text.strip():
            found[view.whose, view.person] = (view, anchor)
    newest = sorted(found.items(), key=lambda item: item[1][0].on, reverse=True)
    pupils = [item for item in newest if item[0][0].startswith("Pupil")]
    parents = [item for item in newest if item not in pupils]
    for (whose, person), (view, anchor) in (*pupils[:1], *parents[:_PARENTS]):
        yield Line(f"{whose}: {person}", _sourced(view.text, day(view.on)), (anchor,))
    answers = [f"{one.kind}: {one.answer}, {one.who}, {_on(one)}" for one in content.consents if one.stands]
    if answers:
        yield Line("Agreement", "\n".join(answers), (Section.CONSENTS,))


_LIMBS: dict[Limb, Callable[[PackContent], Iterator[Line]]] = {
    Limb.ATTAINMENT: _attainment,
    Limb.NEEDS: _needs,
    Limb.ACTION: _action,
    Limb.PROGRESS: _more_than_usual,
    Limb.WIDER: _wider,
    Limb.VIEWS: _views,
}
