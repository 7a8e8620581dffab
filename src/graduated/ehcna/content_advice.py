"""The educational advice's content: the words as written, what is new since the request, the records behind them."""

from __future__ import annotations

from dataclasses import replace

from graduated.db.clock import local
from graduated.ehcna import content_agencies as agencies
from graduated.ehcna import content_people as people
from graduated.ehcna.advice import areas_on_record, brought_lines, new_since, titles_of_request
from graduated.ehcna.content import narratives
from graduated.ehcna.content_cycles import cycles
from graduated.ehcna.content_measures import all_series
from graduated.ehcna.family_reads import left_out_for
from graduated.ehcna.page_parts import sections_of
from graduated.ehcna.records import Records
from graduated.ehcna.references import references_of
from graduated.pack.advice import AdviceContent, AdvicePart, NewRecord
from graduated.pack.content import PackContent
from graduated.rules.advice import STATEMENT, AdviceSection
from graduated.rules.clock import advice_due
from graduated.rules.vocabulary import NeedArea


def advice_of(records: Records) -> AdviceContent:
    """Everything in the authority's copy of the advice. The records have to be those that are read for advice."""
    row = records.request
    asked = row.advice_asked_on if row else None
    return AdviceContent(
        base=_base(records),
        parts=_parts(records),
        asked_on=asked,
        asked_by=row.advice_asked_by if row else "",
        due=advice_due(asked) if asked else None,
        since=row.went_on if row else None,
        since_words=row.went_words if row else "",
        new=tuple(
            NewRecord(on=one.on, what=one.kind.label, words=one.words)
            for one in new_since(records, references_of(records))
        ),
    )


def _parts(records: Records) -> tuple[AdvicePart, ...]:
    """The sections as they were written, for every copy alike."""
    row, titles, areas = records.request, titles_of_request(records), areas_on_record(records)
    return tuple(
        AdvicePart(
            anchor=one.key,
            title=one.title,
            text=one.text,
            by=one.by,
            on=local(one.on).date() if one.on else None,
            brought=brought_lines(one.brought, row.request_id, titles) if row else (),
            empty=_empty(one.key, areas),
        )
        for one in sections_of(records)
    )


def _empty(section: str, areas: frozenset[NeedArea]) -> str:
    """What stands in a section without words: of an area of need, whether anything is on record."""
    area = AdviceSection(section).area
    return "Nothing is on record in this area." if area is not None and area not in areas else "Nothing is written."


def advice_for(records: Records, adult_id: int) -> AdviceContent:
    """The copy for one adult of the family: what the pack leaves out for them is left out here."""
    told = advice_of(left_out_for(records, adult_id))
    base = replace(told.base, for_family=True, contacts=())
    return replace(told, base=base, parts=_parts(records))


def _base(records: Records) -> PackContent:
    """Who it is about, and the records that are printed behind the words; of the cycles the latest."""
    return PackContent(
        school=people.school(records),
        pupil=people.pupil(records),
        request=people.request(records),
        narratives=tuple(one for one in narratives(records) if not one.anchor.startswith("advice-")),
        views=people.views(records),
        cycles=cycles(records)[-1:],
        series=all_series(records),
        professionals=agencies.professionals(records),
        attendance=agencies.attendance(records),
        declaration=people.declaration(records, STATEMENT, one_is_enough=True),
    )
