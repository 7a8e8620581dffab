"""A support plan and a review record for parents: short, in plain words and larger type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from graduated.pack import typeset, wording
from graduated.pack.content import AreaOfNeed, Cycle, Fact, Provision, Review, School
from graduated.pack.flow import Flow
from graduated.pack.press import Furniture, Rendered, press
from graduated.pack.sections.cycles import dose, outcome_figures, planned_words
from graduated.pack.sections.reviews import next_step, review
from graduated.pack.wording import day, joined

_SCALE = 1.22


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyPaper:
    """What a plan or a review record for the family is made of.

    The caller passes what this family may see and nothing else. `meeting` is the next one in words, `contacts` who to
    talk to (school, SENDIASS), `authority` the one a family may ask itself.
    """

    school: School
    pupil: str
    cycle: Cycle
    moment: datetime
    builder: str = ""
    profile: tuple[Fact, ...] = ()
    areas: tuple[AreaOfNeed, ...] = ()
    meeting: str = ""
    contacts: tuple[Fact, ...] = ()
    authority: str = ""


def render_plan(content: FamilyPaper) -> Rendered:
    """The support plan of one cycle."""
    return _render(content, f"Support plan {content.cycle.number}", partial(_plan, content))


def render_review(content: FamilyPaper) -> Rendered:
    """The record of the reviews of one cycle: first what was decided, who does what and the next meeting."""
    return _render(content, f"Review of support plan {content.cycle.number}", partial(_review, content))


def _render(content: FamilyPaper, kind: str, write: partial[None]) -> Rendered:
    moment = content.moment if content.moment.tzinfo else content.moment.replace(tzinfo=UTC)
    furniture = Furniture(
        title=f"{kind}: {content.pupil}",
        author=content.school.name,
        subject=kind,
        running=f"{content.pupil} · {kind}",
        mark="Confidential",
        foot=f"{content.school.name} · printed {wording.moment(moment)}",
        moment=moment,
    )
    return press(furniture, write, _SCALE)


def _plan(content: FamilyPaper, flow: Flow) -> None:
    cycle = content.cycle
    flow.heading(1, f"{content.pupil}: support plan {cycle.number}")
    for agreement in cycle.agreements:
        flow.text(joined((f"Agreed on {day(agreement.on)}", *(f"with {name}" for name in agreement.with_whom))) + ".")
    if not cycle.agreements:
        flow.text(f"{cycle.status}. Not agreed yet." if cycle.status else "Not agreed yet.")
    flow.facts(
        [
            ("Lead teacher", cycle.lead),
            ("From", day(cycle.start)),
            ("We look at it again", day(cycle.review_due) if cycle.review_due else ""),
            ("Next meeting", content.meeting),
        ]
    )
    _known(content, flow)
    flow.heading(2, "What we are working on")
    if not cycle.outcomes:
        flow.text("No outcomes are recorded.")
    for outcome in cycle.outcomes:
        flow.statement(outcome.statement, typeset.PLAN)
        flow.gap(2)
        flow.labelled("We will know by", outcome.success_criterion, quiet=True)
        flow.figures([(_PLAIN.get(label, label), text) for label, text in outcome_figures(outcome)])
        for provision in cycle.provisions:
            if outcome.number in provision.serves:
                _provision(flow, provision)
        flow.gap(8)
    _unattached(flow, cycle)
    _details(flow, cycle)
    _foot(content, flow)


_PLAIN = {"Baseline": "At the start", "Target": "We hope for", "Latest": "Now"}


def _known(content: FamilyPaper, flow: Flow) -> None:
    for part in content.profile:
        flow.labelled(part.label, part.text)
    strengths = [entry for area in content.areas for entry in area.strengths]
    difficulties = [entry for area in content.areas for entry in area.difficulties]
    for title, entries in (("What goes well", strengths), ("What is hard", difficulties)):
        if entries:
            flow.heading(2, title)
        flow.points(entry.text for entry in entries)


def _provision(flow: Flow, provision: Provision) -> None:
    flow.text(provision.name, flow.styles.strong)
    group = f"a group of {provision.group_size}" if provision.group_size and provision.group_size > 1 else ""
    flow.text(" · ".join(part for part in (planned_words(provision), provision.who, group) if part))


def _unattached(flow: Flow, cycle: Cycle) -> None:
    numbers = {outcome.number for outcome in cycle.outcomes}
    rest = [provision for provision in cycle.provisions if not numbers & set(provision.serves)]
    if rest:
        flow.heading(2, "Other support")
    for provision in rest:
        _provision(flow, provision)


def _details(flow: Flow, cycle: Cycle) -> None:
    if cycle.strategies:
        flow.heading(2, "What helps in lessons")
    flow.points(entry.text for entry in cycle.strategies)
    if cycle.responsibilities:
        flow.heading(2, "Who does what")
    flow.facts((entry.who, entry.text) for entry in cycle.responsibilities)


def _foot(content: FamilyPaper, flow: Flow) -> None:
    flow.heading(2, "Questions?")
    flow.facts((fact.label, fact.text) for fact in content.contacts)
    if content.authority:
        flow.text(
            f"You can ask {content.authority} for an education, health and care needs assessment yourself, at any time."
        )


def _review(content: FamilyPaper, flow: Flow) -> None:
    cycle = content.cycle
    flow.heading(1, f"{content.pupil}: review of support plan {cycle.number}")
    if not cycle.reviews:
        flow.text("No review is recorded.")
    for meeting in cycle.reviews:
        next_step(flow, meeting, 2, "What we decided", "Who does what, by when")
    flow.heading(2, "Next meeting", listed=False)
    flow.text(content.meeting or "No date is set yet. Ask the school.")
    for meeting in cycle.reviews:
        _meeting(flow, cycle, meeting)
    _foot(content, flow)


def _meeting(flow: Flow, cycle: Cycle, meeting: Review) -> None:
    flow.heading(2, "What we were working on", listed=False)
    for outcome in cycle.outcomes:
        flow.statement(f"Outcome {outcome.number}: {outcome.statement}", typeset.PLAN)
        flow.figures([(_PLAIN.get(label, label), text) for label, text in outcome_figures(outcome)])
    flow.heading(2, "The support that was given", listed=False)
    for provision in cycle.provisions:
        _provision(flow, provision)
        if provision.dose:
            dose(flow, provision.dose)
    review(flow, meeting, level=2, with_step=False)
