"""What stands before the evidence: cover, summary, reason, contents, evidence index."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby

from graduated.pack import wording
from graduated.pack.content import EARLIER_REQUESTS, PackContent, PreviousRequest, Section
from graduated.pack.flow import Flow
from graduated.pack.sections.common import narratives
from graduated.pack.ways import mail, ways
from graduated.pack.wording import day, joined

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
            ("E-mail", mail(school.email)),
            ("Built", f"{wording.moment(moment)}, by {builder}"),
            ("Manifest", " ".join(manifest_hash[i : i + 16] for i in range(0, len(manifest_hash), 16))),
        ],
        0.32,
    )
    if content.previous_requests or content.none_earlier:
        flow.heading(2, "Earlier requests", EARLIER_REQUESTS, listed=False)
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
    facts = [("Authority", request.authority), ("Asked by", request.asked_by)]
    return facts + [(label, day(on)) for label, on in dates if on]


def earlier_requests(flow: Flow, content: PackContent) -> None:
    """Who asked before, and what came of it; or that there was none."""
    if content.none_earlier and not content.previous_requests:
        flow.text("No earlier request for an assessment was made.")
    flow.facts([(f"Asked by {r.asked_by}", _earlier(r)) for r in content.previous_requests], 0.32)


def _earlier(request: PreviousRequest) -> str:
    made = f"Made {day(request.made_on)}" if request.made_on else ""
    decided = f"decided {day(request.decided_on)}" if request.decided_on else ""
    return "\n".join(
        part for part in (request.authority, joined([made, decided]), request.outcome, request.note) if part
    )


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


def index(flow: Flow, content: PackContent, title: str) -> None:
    """What Code 9.14 looks for, how far it is there, and on which pages."""
    flow.section(title, Section.INDEX)
    narratives(flow, content, Section.INDEX)
    if not content.gaps:
        flow.text("No evidence index is recorded.")
    for limb, lines in groupby(content.gaps, key=lambda line: line.limb):
        flow.heading(3, limb, listed=False)
        rows = [(f"{line.line}\n{line.words}", line.state.label, _where(flow, line.anchors)) for line in lines]
        flow.table(("What is looked for", "State", "Pages"), rows, (60, 16, 24))


def _where(flow: Flow, anchors: tuple[str, ...]) -> str:
    flow.pages_of(anchors)  # it warns of what is nowhere
    return ways(flow, anchors, none="–")
