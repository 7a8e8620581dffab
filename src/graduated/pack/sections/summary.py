"""The two pages that a panel reads first: the pack in figures, and for each limb of Code 9.14 what records say most.

Nothing is weighed or worded here: each line is a figure, a date or a quotation of a record, with its page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from graduated.pack import wording
from graduated.pack.content import (
    BEYOND_SCHOOL,
    COST_TOTAL,
    HEALTH,
    PROVISION_TOTAL,
    SUSPENSIONS,
    TYPES_OF_NEED,
    Costs,
    Cycle,
    GapLine,
    MeasureSeries,
    Outcome,
    PackContent,
    Professional,
    Provision,
    Review,
    Section,
    View,
    area_anchor,
    cycle_anchor,
    logged_doses,
    measure_anchor,
    outcome_anchor,
    professional_anchor,
    review_anchor,
    view_anchor,
)
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.ways import ways
from graduated.pack.wording import day, plural
from graduated.rules.vocabulary import CycleStatus, GapState, Judgement, Limb, NeedArea, inside

_LONGEST = 140  # letters of a quotation: two lines
_LABELS = 0.27  # of the width
_SHORT = 75  # one line
_SERIES, _AREAS, _OUTCOMES, _HEALTH, _PARENTS, _PROFESSIONALS, _OTHERS = 3, 2, 3, 1, 2, 3, 3


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the summary: what it is about, what a record says, and where it stands."""

    what: str
    says: str
    anchors: tuple[str, ...]


def summary(flow: Flow, content: PackContent) -> None:
    """The pack in figures, then the records that say most, each with the page where it stands."""
    flow.heading(1, "Summary", Section.SUMMARY)
    flow.facts([(line.what, line.says, ways(flow, line.anchors)) for line in _figures(content)], _LABELS)
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
        if limb is Limb.OVER_18 and not _is_adult(content):
            flow.small(f"{limb.label}. {_adult_words(content)}")
            continue
        flow.heading(3, limb.label, listed=False)
        found = [(line.what, line.says, ways(flow, line.anchors)) for line in lines(content)]
        flow.facts(found, _LABELS)
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
    yield Line("Needs", "\n".join(needs) or wording.NOT_RECORDED, (TYPES_OF_NEED,))
    yield from _cycle_figures(content)
    if content.costs:
        yield Line("Cost to the school", _spent(content.costs), (COST_TOTAL,))
    asked = [line.state for line in content.gaps if line.limb != Limb.VIEWS.label]
    states = [(state.label, asked.count(state)) for state in GapState]
    if content.gaps:
        words = ", ".join(f"{label} {number}" for label, number in states if number)
        yield Line("Evidence for Code 9.14", words, (Section.INDEX,))


def _spent(costs: Costs) -> str:
    """A year from the school's own funds beside the threshold; how it is counted stands with the costs."""
    words = (
        f"{wording.pounds(costs.planned)} from the school’s own funds, beside {_whole(costs.threshold)} a year. "
        f"{costs.period}."
    )
    if costs.delivered is not None:
        of = costs.planned if costs.planned_logged is None else costs.planned_logged
        words += f" Where sessions are logged: {wording.pounds(costs.delivered)} of {wording.pounds(of)} delivered."
    return words


def _whole(pence: int) -> str:
    return wording.pounds(pence).removesuffix(".00")


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
        first = min(review.held_on for review in reviews)
        words = f"{plural(len(reviews), 'review')}, {with_parent} with a parent; the first on {day(first)}"
        where = next(cycle.number for cycle in cycles if any(one.held_on == first for one in cycle.reviews))
        yield Line("Reviews", words, (review_anchor(where),))
    doses = logged_doses(content)
    if doses:
        planned, delivered = sum(d.planned for d in doses), sum(d.delivered for d in doses)
        missed, unknown = sum(d.missed_minutes for d in doses), sum(d.not_recorded for d in doses)
        figures = f"{delivered:,} of {plural(planned, 'minute')} delivered{_share(delivered, planned)}, "
        figures += f"{missed:,} missed, {unknown:,} not recorded"
        yield Line("Logged provision", figures, (PROVISION_TOTAL,))


def _share(part: int, whole: int) -> str:
    return f" ({round(100 * part / whole)}%)" if whole else ""


# -- the limbs of Code 9.14 -----------------------------------------------------------------------------------------


def quoted(text: str, most: int = _LONGEST) -> str:
    """A record's own words, cut short with a mark where they are long; in quotation marks once."""
    words = " ".join(text.split())
    whole = words.startswith("“") and words.endswith("”") and words.count("“") == 1
    return f"“{shortened(words[1:-1] if whole else words, most)}”"


def shortened(text: str, most: int = _LONGEST) -> str:
    """A text in one line, cut with a mark where it is long."""
    words = " ".join(text.split())
    return words if len(words) <= most else f"{words[:most].rsplit(' ', 1)[0]} …"


def _sourced(text: str, *parts: str) -> str:
    return " ".join(part for part in (quoted(text), ", ".join(one for one in parts if one)) if part)


def _attainment(content: PackContent) -> Iterator[Line]:
    """Those on a national scale first, and of them those followed for the longest: a new test displaces none."""
    known = [series for series in content.series if series.points]
    known.sort(key=lambda one: (not one.normed, one.points[0].on - one.points[-1].on, -len(one.points), one.name))
    for series in known[:_SERIES]:
        yield Line(series.name, _change(series), (measure_anchor(series.key),))


def _change(series: MeasureSeries) -> str:
    first, last = series.points[0], series.points[-1]
    if series.ages and last is not first and series.remarks:  # the remark has both figures, in years and months
        return f"{day(first.on)} to {day(last.on)}. {series.remarks[0]}"
    words = f"{first.text} on {day(first.on)}"
    if last is not first:
        words += f", {last.text} on {day(last.on)}"
    return ". ".join((words, *series.remarks[:1]))


def _needs(content: PackContent) -> Iterator[Line]:
    difficulties = [
        (area.area, max(area.difficulties, key=lambda one: str(one.on))) for area in content.areas if area.difficulties
    ]
    for area, one in difficulties[:_AREAS]:
        yield Line(f"Difficulty: {area}", _sourced(one.text, one.source, _on(one)), (area_anchor(area),))
    strengths = [(area.area, one) for area in content.areas for one in area.strengths]
    if strengths:
        area, newest = max(strengths, key=lambda pair: str(pair[1].on))
        yield Line("Strength", _sourced(newest.text, newest.source, _on(newest)), (area_anchor(area),))


def _on(one: object) -> str:
    on = getattr(one, "on", None)
    return wording.short_day(on) if on else ""


def _action(content: PackContent) -> Iterator[Line]:
    reviews = [(review, cycle) for cycle in content.cycles for review in cycle.reviews if review.next_step]
    if reviews:
        review, cycle = max(reviews, key=lambda pair: pair[0].held_on)
        words = f"{review.next_step}, {day(review.held_on)}"
        words += f"\n{quoted(review.next_step_reason)}" if review.next_step_reason.strip() else ""
        yield Line("Last next step", words, (review_anchor(cycle.number, "step"),))
    seen = list(enumerate(content.professionals))[-_PROFESSIONALS:]
    if seen:
        words = "\n".join(_who_came(person) for _number, person in seen)
        yield Line("Professionals", words, tuple(professional_anchor(number) for number, _person in seen))
    advice = [entry.status for person in content.professionals for entry in person.advice]
    if advice:
        states = [f"{advice.count(state)} {inside(state or wording.NOT_RECORDED)}" for state in dict.fromkeys(advice)]
        words = f"{plural(len(advice), 'recommendation')}: {', '.join(states)}"
        advised = (professional_anchor(i) for i, person in enumerate(content.professionals) if person.advice)
        yield Line("Where advice stands", words, tuple(advised))


def _who_came(person: Professional) -> str:
    name = ", ".join(dict.fromkeys(part for part in (person.name, person.service) if part))
    if person.report_on:
        return f"{name}: report {day(person.report_on)}"
    return f"{name}: seen {day(person.seen_on[-1])}" if person.seen_on else name


def _more_than_usual(content: PackContent) -> Iterator[Line]:
    """What was given over and above and what it brought, outcome by outcome over all reviewed cycles."""
    helped = _helped(content)
    if not helped:
        yield from _given_in_all(content)
    for one in helped[:_OUTCOMES]:
        yield one.line()
    if others := helped[_OUTCOMES:]:
        words = "; ".join(shortened(one.newest.statement, _SHORT) for one in others[:_OTHERS])
        words += f"; and {len(others) - _OTHERS} more" if len(others) > _OTHERS else ""
        yield Line("Other outcomes", words, tuple(one.where for one in others))
    if content.provision_sought.strip():
        yield Line("Needed beyond the school", quoted(content.provision_sought), (BEYOND_SCHOOL,))


def _given_in_all(content: PackContent) -> Iterator[Line]:
    names = list(dict.fromkeys(p.name for cycle in content.cycles for p in cycle.provisions))
    if names:
        words = f"In {plural(len(content.cycles), 'cycle')}: {', '.join(names)}"
        yield Line("Given in addition", words, (Section.PROVISION,))


@dataclass(frozen=True, slots=True)
class _Helped:
    """One outcome as it went through the reviewed cycles, with what was given for it in each."""

    stages: tuple[tuple[Cycle, Outcome], ...]

    @property
    def newest(self) -> Outcome:
        return self.stages[-1][1]

    @property
    def where(self) -> str:
        return outcome_anchor(self.stages[-1][0].number, self.newest.number)

    def serving(self) -> list[Provision]:
        return [p for cycle, one in self.stages for p in cycle.provisions if one.number in p.serves]

    def weight(self) -> tuple[int, int, int]:
        """Those for which most is known to have been delivered first, then those planned for most."""
        doses = [p.dose for p in self.serving() if p.dose and p.dose.logged]
        planned = sum(p.planned_minutes or 0 for p in self.serving())
        return -sum(dose.delivered for dose in doses), -planned, -len(self.stages)

    def line(self) -> Line:
        numbers = [cycle.number for cycle, _one in self.stages]
        parts = (quoted(self._told()[-1][1].statement, _SHORT), _given(self.serving()), *self._brought())
        where = [outcome_anchor(cycle.number, one.number) for cycle, one in self._told()]
        where.append(Section.PROVISION)
        cycles = f"Cycle{'' if len(numbers) == 1 else 's'} {', '.join(map(str, numbers))}"
        return Line(cycles, "\n".join(part for part in parts if part), tuple(where))

    def _told(self) -> list[tuple[Cycle, Outcome]]:
        """The last cycle with a figure, and before it the one judged best where that was as expected or better."""
        measured = [stage for stage in self.stages if stage[1].latest] or list(self.stages)
        best = max(measured, key=lambda stage: (_rank(*stage), stage[0].number))
        return [best, measured[-1]] if best != measured[-1] and _rank(*best) >= 0 else [measured[-1]]

    def _brought(self) -> Iterator[str]:
        for cycle, one in self._told():
            yield f"Cycle {cycle.number}: {_brought(one, cycle.reviews)}"


def _rank(cycle: Cycle, outcome: Outcome) -> int:
    """How a review judged it, as a number; what no review judged comes last."""
    said = [one.judgement for review in cycle.reviews for one in review.judgements if one.outcome == outcome.number]
    ranks = {judgement.label: judgement.points for judgement in Judgement}
    return ranks.get(said[-1], -3) if said else -3


def _helped(content: PackContent) -> list[_Helped]:
    """Outcomes for which something was given in a reviewed cycle, one for each measure that they follow."""
    found: dict[str, list[tuple[Cycle, Outcome]]] = {}
    for cycle in content.cycles:
        for one in cycle.outcomes if cycle.reviews else ():
            if any(one.number in p.serves for p in cycle.provisions):
                found.setdefault(one.series or one.statement, []).append((cycle, one))
    return sorted((_Helped(tuple(stages)) for stages in found.values()), key=_Helped.weight)


def _given(serving: list[Provision]) -> str:
    """What was planned for an outcome and how much of it was delivered, in words."""
    names = ", ".join(dict.fromkeys(p.name for p in serving))
    doses = [p.dose for p in serving if p.dose and p.dose.logged]
    planned, delivered = sum(dose.planned for dose in doses), sum(dose.delivered for dose in doses)
    unlogged = sum(p.planned_minutes or 0 for p in serving if not (p.dose and p.dose.logged))
    said = [f"{delivered:,} of {plural(planned, 'planned minute')}{_share(delivered, planned)}"] if planned else []
    if unlogged:
        said.append(
            f"{unlogged:,} planned, not logged" if said else f"{plural(unlogged, 'minute')} planned, not logged"
        )
    return f"Given: {names}: {'; '.join(said)}." if said else f"Given: {names}; sessions not logged."


def _brought(outcome: Outcome, reviews: tuple[Review, ...]) -> str:
    """What came of it: the figures as they stand, and how the review judged it."""
    reached = outcome.progress.rstrip(".") if outcome.latest else "no later figure is recorded"
    said = _said_of(outcome, reviews)
    return f"{reached[:1].lower()}{reached[1:]}{f'. {said}' if said else ''}."


def _said_of(outcome: Outcome, reviews: tuple[Review, ...]) -> str:
    said = [entry.judgement for review in reviews for entry in review.judgements if entry.outcome == outcome.number]
    return f"Judged {inside(said[-1])}" if said else ""


def _wider(content: PackContent) -> Iterator[Line]:
    mine = {NeedArea.SEMH.label, NeedArea.SENSORY.label}
    noted = [(area.area, one) for area in content.areas if area.area in mine for one in area.difficulties]
    if noted:
        area, newest = max(noted, key=lambda pair: str(pair[1].on))
        yield Line("Development", _sourced(newest.text, newest.source, _on(newest)), (area_anchor(area),))
    for fact in content.health[:_HEALTH]:
        yield Line("Health", f"{fact.label}: {shortened(' · '.join(fact.text.splitlines()))}", (HEALTH,))
    record = content.attendance
    if record and record.periods:
        last = record.periods[-1]
        yield Line(
            "Attendance", record.whole or f"{last.percent}, {wording.span(last.start, last.end)}", (Section.ATTENDANCE,)
        )
    if record and record.suspensions:
        last_one = max(record.suspensions, key=lambda one: one.on)
        words = f"None recorded, as of {day(last_one.on)}" if last_one.none else f"{last_one.days}, {day(last_one.on)}"
        yield Line("Suspensions", words, (SUSPENSIONS,))


def _over_18(content: PackContent) -> Iterator[Line]:
    """Whether it is written, of an adult."""
    for line in _of_adults(content):
        yield Line(line.line, line.words, line.anchors)


def _of_adults(content: PackContent) -> list[GapLine]:
    return [line for line in content.gaps if line.limb == Limb.OVER_18.label]


def _is_adult(content: PackContent) -> bool:
    return any(line.state is not GapState.NOT_APPLICABLE for line in _of_adults(content))


def _adult_words(content: PackContent) -> str:
    """That the point does not apply, and why, in a line: nobody is to look for it."""
    return next((line.words for line in _of_adults(content)), "Nothing is recorded.")


def _views(content: PackContent) -> Iterator[Line]:
    """The newest words of the pupil and of each parent, and what was agreed to."""
    found: dict[tuple[str, str], tuple[View, str]] = {}
    stood = [(view, view_anchor(number)) for number, view in enumerate(content.views)]
    stood += [
        (view, review_anchor(cycle.number, "views"))
        for cycle in content.cycles
        for review in cycle.reviews[:1]
        for view in review.views
    ]
    for view, anchor in sorted(stood, key=lambda pair: pair[0].on):
        if view.text.strip():
            found[view.whose, view.person] = (view, anchor)
    newest = sorted(found.items(), key=lambda item: item[1][0].on, reverse=True)
    pupils = [item for item in newest if item[0][0].startswith("Pupil")]
    parents = [item for item in newest if item not in pupils]
    for (whose, person), (view, anchor) in (*pupils[:1], *parents[:_PARENTS]):
        yield Line(f"{whose}: {person}", _sourced(view.text, _on(view)), (anchor,))
    answers = [
        ", ".join(part for part in (f"{one.kind}: {inside(one.answer)}", one.who, _on(one)) if part)
        for one in content.consents
        if one.stands
    ]
    if answers:
        yield Line("Agreement", "\n".join(answers), (Section.CONSENTS,))


_LIMBS: dict[Limb, Callable[[PackContent], Iterator[Line]]] = {
    Limb.ATTAINMENT: _attainment,
    Limb.NEEDS: _needs,
    Limb.ACTION: _action,
    Limb.PROGRESS: _more_than_usual,
    Limb.WIDER: _wider,
    Limb.OVER_18: _over_18,
    Limb.VIEWS: _views,
}
