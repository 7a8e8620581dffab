"""The evidence pack's content, gathered from the records: nothing typed again, nothing invented (design §8)."""

from __future__ import annotations

from dataclasses import replace

from graduated.db.clock import local
from graduated.ehcna import content_agencies as agencies
from graduated.ehcna import content_people as people
from graduated.ehcna.content_cycles import cycles
from graduated.ehcna.content_measures import all_series
from graduated.ehcna.corrected import remarks_of
from graduated.ehcna.costs import yearly_costs
from graduated.ehcna.facts import ADULTHOOD
from graduated.ehcna.index import index_lines
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.pack.content import PackContent, Section
from graduated.rules.calendar import plain_date


def content_of(records: Records) -> PackContent:
    """Everything in the authority's copy of the pack."""
    request = records.request
    content = PackContent(
        school=people.school(records),
        pupil=people.pupil(records),
        request=people.request(records),
        adults=people.adults(records),
        contacts=people.contacts(records),
        previous_requests=people.previous_requests(records),
        none_earlier=request is not None and request.none_earlier,
        narratives=narratives(records),
        profile=people.profile(records),
        views=people.views(records),
        areas=agencies.areas(records),
        health=people.health(records),
        events=agencies.events(records),
        cycles=cycles(records),
        series=all_series(records),
        professionals=agencies.professionals(records),
        consents=people.consents(records),
        costs=yearly_costs(records.year),
        attendance=agencies.attendance(records),
        sought=people.sought(records),
        aspirations=people.aspirations(records),
        provision_sought=request.more_needed if request else "",
        documents=agencies.documents(records),
        declaration=people.declaration(records),
        sections=records.profile_of_authority.sections,
    )
    return replace(content, gaps=index_lines(records, content))


def narratives(records: Records) -> tuple[pack.Narrative, ...]:
    """What people wrote for the sections, and what a review was summed up as."""
    remarks = remarks_of(records)
    written = [
        pack.Narrative(
            anchor=Section.SOUGHT.value if row.section == ADULTHOOD else row.section,
            text=f"Preparation for adulthood\n{row.text}" if row.section == ADULTHOOD else row.text,
            by=row.by,
            on=local(row.recorded_at).date(),
            remarks=remarks.get(row.section, ()),
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
