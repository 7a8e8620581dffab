"""Professionals, attendance, outcomes sought, documents and the declaration."""

from __future__ import annotations

from graduated.pack import typeset
from graduated.pack.attendance_chart import attendance_chart
from graduated.pack.content import (
    BEYOND_SCHOOL,
    PART_TIME,
    SUSPENSIONS,
    Advice,
    PackContent,
    Professional,
    Section,
    professional_anchor,
)
from graduated.pack.flow import Flow, Named
from graduated.pack.sections.common import narratives
from graduated.pack.wording import NOT_RECORDED, day, joined, span


def professionals(flow: Flow, content: PackContent, title: str) -> None:
    """Who was involved, what they advised, and what was done with it."""
    flow.section(title, Section.PROFESSIONALS)
    narratives(flow, content, Section.PROFESSIONALS)
    if not content.professionals:
        flow.text("No involvement of a professional is recorded.")
    for number, person in enumerate(content.professionals):
        _professional(flow, person, professional_anchor(number))


def _professional(flow: Flow, person: Professional, anchor: str) -> None:
    flow.heading(2, person.name, anchor)
    flow.facts(
        [
            *([("Role", person.role)] if person.role else []),
            ("Service", person.service),
            ("Question asked", person.question),
            *([("What came of it", person.found)] if person.found else []),
            ("Referred", day(person.referred_on) if person.referred_on else ""),
            ("Seen", "\n".join(day(on) for on in person.seen_on)),
            ("Report", day(person.report_on) if person.report_on else ""),
            *([("Closed", day(person.closed_on))] if person.closed_on else []),
        ]
    )
    if not person.advice:
        flow.text("No advice is recorded.")
    for entry in person.advice:
        _advice(flow, entry)


def _advice(flow: Flow, entry: Advice) -> None:
    """What was advised and what came of it; of advice that nobody has acted on there is no more to tell."""
    told = (("Who acts", entry.who), ("What was done", entry.done), ("Effect", entry.effect))
    more = told if entry.done.strip() else [one for one in told if one[1].strip()]
    flow.facts([("Advice", entry.text), ("Where it stands", entry.status), *more])


def attendance(flow: Flow, content: PackContent, title: str) -> None:
    """Sessions attended, part-time timetable, suspensions."""
    flow.section(title, Section.ATTENDANCE)
    narratives(flow, content, Section.ATTENDANCE)
    record = content.attendance
    if record is None or not record.periods:
        flow.text("No attendance is recorded.")
    if record is None:
        return
    if len(record.periods) > 1:
        flow.small(record.whole, leads=True)
        flow.figure(attendance_chart(record.periods, typeset.WIDTH, 9.0))
    if record.periods:
        rows = [
            (p.name, span(p.start, p.end), p.percent, f"{p.possible:,}", f"{p.authorised:,}", f"{p.unauthorised:,}")
            for p in record.periods
        ]
        headings = ("Period", "Dates", "Attended", "Sessions", "Authorised absence", "Unauthorised")
        flow.table(headings, rows, (20, 31, 12, 12, 13, 15), right=(2, 3, 4, 5))
    flow.text(record.remarks)
    flow.heading(3, "Part-time timetable", PART_TIME, listed=False)
    flow.text(record.part_time or "No part-time timetable is recorded.")
    flow.heading(3, "Suspensions", SUSPENSIONS, listed=False)
    if not record.suspensions:
        flow.text("Nothing is recorded.")
    for none in (one for one in record.suspensions if one.none):
        flow.text(none.reason or none.days)
        flow.small(f"Recorded on {day(none.on)}")
    flow.facts((day(one.on), f"{one.days}\n{one.reason}") for one in record.suspensions if not one.none)


def sought(flow: Flow, content: PackContent, title: str) -> None:
    """Outcomes hoped for, aspirations, and what the school cannot provide."""
    flow.section(title, Section.SOUGHT)
    narratives(flow, content, Section.SOUGHT)
    if not content.sought:
        flow.text("No outcomes sought are recorded.")
    for entry in content.sought:
        flow.text(entry.statement)
        flow.small(" · ".join(part for part in (entry.area, entry.by_when, entry.source) if part))
    flow.labelled("Aspirations", content.aspirations)
    flow.heading(3, "Provision needed that the school cannot reasonably give", BEYOND_SCHOOL, listed=False)
    flow.text(content.provision_sought if content.provision_sought.strip() else NOT_RECORDED)


def documents(flow: Flow, content: PackContent, title: str) -> None:
    """The papers that go with the pack."""
    flow.section(title, Section.DOCUMENTS)
    narratives(flow, content, Section.DOCUMENTS)
    if not content.documents:
        flow.text("No documents are attached.")
        return
    rows = [
        (
            Named(str(d.number), f"document-{d.number}"),
            "\n".join(part for part in (d.title, joined([d.kind, d.author]), joined(d.limbs)) if part),
            day(d.on) if d.on else "",
            str(d.pages) if d.pages else "",
        )
        for d in content.documents
    ]
    flow.table(("No.", "Document", "Date", "Pages"), rows, (8, 60, 22, 10), right=(3,))


def declaration(flow: Flow, content: PackContent, title: str) -> None:
    """The authority's words, and who signs."""
    flow.section(title, Section.DECLARATION)
    narratives(flow, content, Section.DECLARATION)
    words = content.declaration
    flow.text(words.statement if words.statement.strip() else "No declaration is recorded.")
    people = (("Headteacher", words.headteacher), ("SENCO", words.senco))
    flow.facts((role, f"{name}, not signed yet" if role in words.unsigned else name) for role, name in people)
    if words.signed:
        flow.facts(("Signed", line) for line in words.signed)
    else:
        flow.signatures(people)
