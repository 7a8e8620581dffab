"""What stands before the evidence: cover, summary, reason, contents, evidence index."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby

from graduated.pack import wording
from graduated.pack.content import PackContent, PreviousRequest, Section, cycle_anchor
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.wording import day, joined, plural
from graduated.rules.vocabulary import CycleStatus, GapState

CONTENTS = "contents"


def cover(flow: Flow, content: PackContent, moment: datetime, builder: str, manifest_hash: str) -> None:
    """Whose pack it is, what it is for, who made it and from which records."""
    pupil, request, school = content.pupil, content.request, content.school
    flow.gap(70)
    flow.text("SEN evidence pack", flow.styles.lead)
    flow.title(pupil.legal_name)
    if pupil.known_as and pupil.known_as != pupil.legal_name:
        flow.text(f"Known as {pupil.known_as}", flow.styles.lead)
    flow.gap(16)
    if request:
        flow.text("Request for an education, health and care needs assessment", flow.styles.strong)
        flow.facts(_request_facts(content), 0.32)
    if content.for_family:
        flow.text("Copy for the family", flow.styles.strong)
    flow.facts(
        [
            ("School", school.name),
            ("URN", school.urn),
            ("LA and establishment number", school.establishment),
            ("Phase", school.phase),
            ("Address", school.address),
            ("Telephone", school.telephone),
            ("E-mail", school.email),
            ("Built", f"{wording.moment(moment)}, by {builder}"),
            ("Manifest", " ".join(manifest_hash[i : i + 16] for i in range(0, len(manifest_hash), 16))),
        ],
        0.32,
    )
    if content.previous_requests:
        flow.heading(2, "Earlier requests", listed=False)
        earlier_requests(flow, content)
    flow.new_page()


def _request_facts(content: PackContent) -> list[tuple[str, str]]:
    request = content.request
    if request is None:
        return []
    dates = [
        ("Opened", request.opened_on),
        ("Sent", request.sent_on),
        ("Received by the authority", request.received_on),
        ("Decided", request.decided_on),
    ]
    facts = [("Authority", request.authority), ("Asked by", request.asked_by), ("Status", request.status)]
    return facts + [(label, day(on)) for label, on in dates if on]


def earlier_requests(flow: Flow, content: PackContent) -> None:
    """Who asked before, and what came of it."""
    flow.facts([(f"Asked by {r.asked_by}", _earlier(r)) for r in content.previous_requests], 0.32)


def _earlier(request: PreviousRequest) -> str:
    made = f"Made {day(request.made_on)}" if request.made_on else ""
    decided = f"decided {day(request.decided_on)}" if request.decided_on else ""
    return "\n".join(
        part for part in (request.authority, joined([made, decided]), request.outcome, request.note) if part
    )


def summary(flow: Flow, content: PackContent) -> None:
    """The pack in figures and dates, each with the page where it stands."""
    flow.heading(1, "Summary", Section.SUMMARY)
    rows = [(what, words, flow.pages_of([anchor])) for what, words, anchor in _summary_rows(content)]
    flow.table(("What", "What is recorded", "Page"), rows, (27, 62, 11), right=(2,))
    if content.cycles:
        flow.heading(2, "The cycles", listed=False)
        flow.table(
            ("Cycle", "Dates", "Outcomes", "Next step", "Page"),
            [_cycle_row(flow, content, i) for i in range(len(content.cycles))],
            (10, 34, 13, 34, 9),
            right=(2, 4),
        )
    narratives(flow, content, Section.SUMMARY)


def _cycle_row(flow: Flow, content: PackContent, i: int) -> tuple[str, ...]:
    cycle = content.cycles[i]
    step = cycle.reviews[-1].next_step if cycle.reviews else "Not reviewed"
    return (
        str(cycle.number),
        wording.span(cycle.start, cycle.end),
        str(len(cycle.outcomes)),
        step,
        flow.page(cycle_anchor(cycle.number)),
    )


def _summary_rows(content: PackContent) -> Iterator[tuple[str, str, str]]:
    pupil = content.pupil
    since = f" since {day(pupil.status_since)}" if pupil.status_since else ""
    yield "SEN status", f"{pupil.status or wording.NOT_RECORDED}{since}", Section.PUPIL
    needs = [need.label for need in sorted(pupil.needs, key=lambda need: need.rank)]
    yield "Needs", "\n".join(needs) or wording.NOT_RECORDED, Section.NEEDS
    yield from _cycle_figures(content)
    yield "Views", _view_figures(content), Section.VIEWS
    measurements = sum(len(series.points) for series in content.series)
    figures = f"{plural(len(content.series), 'measure')}, {plural(measurements, 'measurement')}"
    yield "Measures", figures, Section.MEASURES
    yield "Professionals", _advice_figures(content), Section.PROFESSIONALS
    if content.attendance and content.attendance.periods:
        last = content.attendance.periods[-1]
        yield "Attendance", content.attendance.whole or f"{last.percent} {last.name}".strip(), Section.ATTENDANCE
    if content.costs:
        costs = content.costs
        period = f"{costs.period[:1].lower()}{costs.period[1:]}"
        beside = f"{wording.pounds(costs.planned)} planned, {period}, beside {wording.pounds(costs.threshold)}"
        yield "Cost of provision", beside, Section.PROVISION
    if content.consents:
        answers = "\n".join(f"{c.kind}: {c.answer}, {c.who}" for c in content.consents)
        yield "Agreement", answers, Section.CONSENTS
    states = [(state.label, sum(1 for line in content.gaps if line.state is state)) for state in GapState]
    if content.gaps:
        yield "Evidence for Code 9.14", ", ".join(f"{label} {n}" for label, n in states if n), Section.INDEX


def _cycle_figures(content: PackContent) -> Iterator[tuple[str, str, str]]:
    cycles = content.cycles
    reviews = [review for cycle in cycles for review in cycle.reviews]
    reviewed = sum(1 for cycle in cycles if cycle.reviews or cycle.status == CycleStatus.REVIEWED.label)
    paper = sum(1 for cycle in cycles if cycle.from_paper)
    words = f"{plural(len(cycles), 'cycle')}, {reviewed} reviewed"
    yield "Cycles", words + (f", {paper} brought forward from paper" if paper else ""), Section.CYCLES
    if reviews:
        last = max(reviews, key=lambda review: review.held_on)
        with_parent = sum(1 for review in reviews if review.with_parent)
        yield "Reviews", f"{plural(len(reviews), 'review')}, {with_parent} with a parent", Section.CYCLES
        yield "Last next step", f"{last.next_step}\n{day(last.held_on)}", Section.CYCLES
    doses = [p.dose for cycle in cycles for p in cycle.provisions if p.dose and p.dose.logged]
    if doses:
        planned, delivered = sum(d.planned for d in doses), sum(d.delivered for d in doses)
        missed, unknown = sum(d.missed_minutes for d in doses), sum(d.not_recorded for d in doses)
        figures = f"{delivered:,} of {plural(planned, 'minute')} delivered, {missed:,} missed, {unknown:,} not recorded"
        yield "Logged provision", figures, Section.PROVISION


def _view_figures(content: PackContent) -> str:
    lines = []
    views = [*content.views, *(view for cycle in content.cycles for review in cycle.reviews for view in review.views)]
    for whose in dict.fromkeys(view.whose for view in views):
        given = [view.on for view in views if view.whose == whose and view.text.strip()]
        lines.append(f"{whose}: {len(given)}, last {day(max(given))}" if given else f"{whose}: asked for, none given")
    return "\n".join(lines) or wording.NOT_RECORDED


def _advice_figures(content: PackContent) -> str:
    words = f"{len(content.professionals)} involved" if content.professionals else "None recorded"
    advice = [entry.status for person in content.professionals for entry in person.advice]
    states = [f"{state or wording.NOT_RECORDED} {advice.count(state)}" for state in dict.fromkeys(advice)]
    return words + (f"\nAdvice: {', '.join(states)}" if states else "")


def reason(flow: Flow, content: PackContent, title: str) -> None:
    """The school's own words against section 36(8)."""
    flow.section(title, Section.REASON)
    request = content.request
    flow.small("Children and Families Act 2014, section 36(8)")
    flow.text(request.reason if request and request.reason.strip() else "No reason for a request is recorded.")
    if content.for_family:
        flow.text("A family can ask the authority for an assessment themselves, at any time.")
    narratives(flow, content, Section.REASON)


def contents(flow: Flow) -> None:
    """The headings with their pages; the words come before the number in the order of reading."""
    flow.new_page()
    flow.heading(1, "Contents", CONTENTS)
    flow.links((p.title, p.anchor, p.level) for p in flow.places if p.listed and p.level < 2)
    flow.new_page()


def index(flow: Flow, content: PackContent, title: str) -> None:
    """What Code 9.14 looks for, how far it is there, and on which pages."""
    flow.section(title, Section.INDEX)
    narratives(flow, content, Section.INDEX)
    if not content.gaps:
        flow.text("No evidence index is recorded.")
    for limb, lines in groupby(content.gaps, key=lambda line: line.limb):
        flow.heading(3, limb, listed=False)
        rows = [(f"{line.line}\n{line.words}", line.state.label, flow.pages_of(line.anchors) or "–") for line in lines]
        flow.table(("What is looked for", "State", "Pages"), rows, (65, 20, 15))
