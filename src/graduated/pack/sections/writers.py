"""Which writer writes which section: one table for the pack and for the copy-out sheet."""

from __future__ import annotations

from collections.abc import Callable

from graduated.pack.content import PackContent, Section
from graduated.pack.flow import Flow
from graduated.pack.sections import agencies, cycles, front, measures, needs, people

Writer = Callable[[Flow, PackContent, str], None]
"""Writes one section of the content under a title."""

WRITERS: dict[Section, Writer] = {
    Section.REASON: front.reason,
    Section.INDEX: front.index,
    Section.PUPIL: people.pupil,
    Section.FAMILY: people.family,
    Section.VIEWS: people.all_views,
    Section.NEEDS: needs.needs,
    Section.CYCLES: cycles.cycles,
    Section.MEASURES: measures.measures,
    Section.PROVISION: measures.provision_map,
    Section.PROFESSIONALS: agencies.professionals,
    Section.ATTENDANCE: agencies.attendance,
    Section.SOUGHT: agencies.sought,
    Section.CONSENTS: people.consents,
    Section.DOCUMENTS: agencies.documents,
    Section.DECLARATION: agencies.declaration,
}
"""The chronology is not among them: its picture wants to know the day."""
