"""The evidence pack's content, gathered from the records: nothing typed again, nothing invented (design §8)."""

from __future__ import annotations

from graduated.db.clock import local
from graduated.ehcna import content_agencies as agencies
from graduated.ehcna import content_people as people
from graduated.ehcna.content_cycles import cycles
from graduated.ehcna.content_measures import all_series
from graduated.ehcna.costs import yearly_costs
from graduated.ehcna.facts import ADULTHOOD, evidence_of
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.pack.content import PackContent, Section
from graduated.rules.calendar import plain_date
from graduated.rules.readiness import gaps

_STANDS_IN: dict[str, tuple[Section, ...]] = {
    "baselines": (Section.CYCLES, Section.MEASURES),
    "rate-of-progress": (Section.MEASURES,),
    "peers": (Section.MEASURES,),
    "areas": (Section.NEEDS,),
    "primary-need": (Section.PUPIL,),
    "reason": (Section.REASON,),
    "ordinary": (Section.CYCLES,),
    "cycles": (Section.CYCLES,),
    "outcomes": (Section.CYCLES,),
    "judgements": (Section.CYCLES,),
    "next-steps": (Section.CYCLES,),
    "provision": (Section.CYCLES, Section.PROVISION),
    "delivery": (Section.PROVISION,),
    "costs": (Section.PROVISION,),
    "professionals": (Section.PROFESSIONALS,),
    "advice": (Section.PROFESSIONALS,),
    "reports": (Section.PROFESSIONALS, Section.DOCUMENTS),
    "expected-impact": (Section.CYCLES,),
    "impact": (Section.CYCLES, Section.PROVISION),
    "beyond-school": (Section.SOUGHT,),
    "social": (Section.NEEDS,),
    "health": (Section.PUPIL,),
    "attendance": (Section.ATTENDANCE,),
    "part-time": (Section.ATTENDANCE,),
    "suspensions": (Section.ATTENDANCE,),
    "pupil-views": (Section.VIEWS, Section.CYCLES),
    "parent-views": (Section.VIEWS, Section.CYCLES),
    "profile": (Section.PUPIL,),
    "meetings": (Section.CYCLES,),
    "consent": (Section.CONSENTS,),
    "sought": (Section.SOUGHT,),
    "adulthood": (Section.SOUGHT,),
}
"""In which sections of the pack the evidence for a line of the index stands."""


def content_of(records: Records) -> PackContent:
    """Everything in the authority's copy of the pack."""
    request = records.request
    return PackContent(
        school=people.school(records),
        pupil=people.pupil(records),
        request=people.request(records),
        adults=people.adults(records),
        contacts=people.contacts(records),
        previous_requests=people.previous_requests(records),
        narratives=narratives(records),
        profile=people.profile(records),
        views=people.views(records),
        areas=agencies.areas(records),
        health=people.health(records),
        events=agencies.events(records),
        cycles=cycles(records),
        series=all_series(records),
        professionals=agencies.professionals(records),
        gaps=index_lines(records),
        consents=people.consents(records),
        costs=yearly_costs(records.year),
        attendance=agencies.attendance(records),
        sought=people.sought(records),
        provision_sought=request.more_needed if request else "",
        documents=agencies.documents(records),
        declaration=people.declaration(records),
        sections=records.profile_of_authority.sections,
    )


def index_lines(records: Records) -> tuple[pack.GapLine, ...]:
    """The evidence index: each line of Code 9.14, how far it is there, and where it stands in the pack."""
    shown = {entry.section for entry in records.profile_of_authority.sections}
    lines = gaps(evidence_of(records), records.profile_of_authority.thresholds)
    return tuple(
        pack.GapLine(
            limb=line.limb.label,
            line=line.title,
            state=line.state,
            words=line.why,
            anchors=tuple(section.value for section in _STANDS_IN.get(line.id, ()) if section in shown),
        )
        for line in lines
    )


def narratives(records: Records) -> tuple[pack.Narrative, ...]:
    """What people wrote for the sections, and what a review was summed up as."""
    written = [
        pack.Narrative(
            anchor=Section.SOUGHT.value if row.section == ADULTHOOD else row.section,
            text=f"Preparation for adulthood\n{row.text}" if row.section == ADULTHOOD else row.text,
            by=row.by,
            on=local(row.recorded_at).date(),
        )
        for row in records.narratives
        if row.text.strip()
    ]
    for review in records.reviews:
        if review.summary.strip() and review.held_on:
            written.append(
                pack.Narrative(
                    anchor=pack.cycle_anchor(review.cycle_number),
                    text=review.summary,
                    on=review.held_on,
                    sources=(f"Review of {plain_date(review.held_on)}",),
                )
            )
    return tuple(written)
