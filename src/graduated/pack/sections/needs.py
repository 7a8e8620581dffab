"""Needs and strengths by area, and the chronology with its ribbon."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from graduated.pack.charts import Chart, Dot, RibbonCycle, ribbon
from graduated.pack.content import Observation, PackContent, Section, Span, area_anchor
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.typeset import WIDTH
from graduated.pack.wording import day

_BREAK = timedelta(days=84)  # a summer, with room: provision of one name with no longer gap is drawn as one bar


def needs(flow: Flow, content: PackContent, title: str) -> None:
    """Strengths and difficulties in each area, with source and date."""
    flow.section(title, Section.NEEDS)
    narratives(flow, content, Section.NEEDS)
    if not content.areas:
        flow.text("No strengths or difficulties are recorded.")
    for area in content.areas:
        flow.heading(2, area.area, area_anchor(area.area), listed=False)
        _observations(flow, "Strengths", area.strengths, "No strengths are recorded in this area.")
        _observations(flow, "Difficulties", area.difficulties, "No difficulties are recorded in this area.")


def _observations(flow: Flow, label: str, entries: tuple[Observation, ...], none: str) -> None:
    flow.heading(3, label, listed=False)
    if not entries:
        flow.text(none)
    for entry in entries:
        flow.text(entry.text)
        flow.small(" · ".join(part for part in (entry.source, day(entry.on) if entry.on else "") if part))


def chronology(flow: Flow, content: PackContent, title: str, today: date) -> None:
    """The story in one picture, and every event with its date."""
    flow.section(title, Section.CHRONOLOGY)
    narratives(flow, content, Section.CHRONOLOGY)
    if content.cycles:
        flow.figure(ribbon_of(content, today, WIDTH))
        flow.small(
            "Bars are cycles, with a broken edge when brought forward from paper; the line at the end of each is the "
            "review, its next step beneath. Then what was provided; agencies and the steps of a request are dots."
        )
    if not content.events:
        flow.text("No events are recorded.")
        return
    rows = [(day(event.on), event.kind, f"{event.text}\n{event.source}") for event in content.events]
    flow.table(("Date", "What", "Record"), rows, (21, 21, 58))


def ribbon_of(content: PackContent, today: date, width: float, size: float = 9.0) -> Chart:
    """The ribbon of a pupil's whole story up to a day."""
    cycles = [
        RibbonCycle(
            name=f"Cycle {cycle.number}",
            start=cycle.start,
            end=cycle.end,
            words=cycle.reviews[-1].next_step.split(":")[0] if cycle.reviews else "",
            step=cycle.reviews[-1].step if cycle.reviews else None,
            from_paper=cycle.from_paper,
        )
        for cycle in content.cycles
    ]
    spans = [
        Span(name=p.name, start=p.start or cycle.start, end=p.end or cycle.end)
        for cycle in content.cycles
        for p in cycle.provisions
    ]
    dots = [Dot(on=on, name=_agency(p.role, p.service, p.name)) for p in content.professionals for on in p.seen_on]
    asked = list(_requests(content))
    starts = [cycle.start for cycle in content.cycles] + [dot.on for dot in (*dots, *asked)]
    begin = min(starts, default=today).replace(day=1)
    return ribbon(cycles, merged(spans), dots, begin, today, width, size, asked)


def _requests(content: PackContent) -> Iterator[Dot]:
    for earlier in content.previous_requests:
        for on, what in ((earlier.made_on, "Earlier request made"), (earlier.decided_on, earlier.outcome)):
            if on:
                yield Dot(on=on, name=what)
    request = content.request
    if request:
        for on, what in (
            (request.opened_on, "Request opened"),
            (request.sent_on, "Request sent"),
            (request.received_on, "Request received"),
            (request.decided_on, request.status),
        ):
            if on:
                yield Dot(on=on, name=what)


def _agency(role: str, service: str, name: str) -> str:
    return role or service or name


def merged(spans: Iterable[Span]) -> list[Span]:
    """Provision that went on from cycle to cycle as one span."""
    out: list[Span] = []
    for item in sorted(spans, key=lambda entry: (entry.name, entry.start)):
        last = out[-1] if out and out[-1].name == item.name else None
        if last and (last.end is None or item.start - last.end <= _BREAK):
            ends = [last.end, item.end]
            out[-1] = Span(name=item.name, start=last.start, end=max(e for e in ends if e) if all(ends) else None)
        else:
            out.append(item)
    return out
