"""The educational advice on the desk: what has come since the request, what is lacking, what can be brought over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from graduated.db.clock import local
from graduated.ehcna.page_parts import section_titles
from graduated.ehcna.queries import BuildRow, builds_of
from graduated.ehcna.queries_chosen import sent_of
from graduated.ehcna.queries_narrative import narratives_of, version_days
from graduated.ehcna.records import Records
from graduated.ehcna.reference_words import Reference
from graduated.request.queries import RequestRow
from graduated.rules.advice import AdviceSection, Brought, Lacking, Own, brought_words, is_new, lacking, sections_for
from graduated.rules.references import RefKind
from graduated.rules.vocabulary import BuildKind, NeedArea

_NOT_NEWS = frozenset({RefKind.COST, RefKind.YEAR_COST, RefKind.DOSE, RefKind.GIVEN})


@dataclass(frozen=True, slots=True)
class Source:
    """Words of the request that can be brought over: from where, which version of which day, and as they were typed."""

    key: str
    title: str
    version: int
    on: date | None
    text: str


def sent_records(row: RequestRow) -> frozenset[tuple[str, int]] | None:
    """(table, row) of every record of the pack that the authority has: the one it was given, so far as that is
    recorded, else the last that was built by the day it went.

    None where no pack of that time is kept.
    """
    if row.went_on is None:
        return None
    given = {one.build_id for one in sent_of(row.request_id)}
    for built in builds_of(row.request_id):
        if built.build_id in given:
            return _listed(built)
    for built in builds_of(row.request_id):
        if local(built.built_at).date() <= row.went_on:
            return _listed(built)
    return None


def _listed(built: BuildRow) -> frozenset[tuple[str, int]]:
    return frozenset((str(one["table"]), int(one["id"])) for one in built.manifest.get("records", ()))


def new_since(records: Records, found: Mapping[str, Reference]) -> tuple[Reference, ...]:
    """What has come since the request went, the newest first; figures that move by themselves are no news."""
    row = records.request
    if row is None or row.went_on is None:
        return ()
    sent, told = sent_records(row), {}
    for one in found.values():
        key = (one.table, one.row_id)
        if one.kind not in _NOT_NEWS and key not in told and is_new(key, one.on, sent, row.went_on):
            told[key] = one
    dated = sorted(told.values(), key=lambda one: one.ref)
    return tuple(sorted(dated, key=lambda one: (one.on is not None, one.on), reverse=True))


def sources_for(section: str, row: RequestRow, titles: Mapping[str, str]) -> tuple[Source, ...]:
    """What of the request speaks of the same as a section of the advice, and has words; `titles` are the pack's."""
    wanted = AdviceSection(section).brought_from
    own = {Own.REASON: row.reason, Own.MORE: row.more_needed, Own.SOUGHT: row.outcomes_sought}
    found = {
        one.value: Source(one.value, one.label, row.version, None, text) for one, text in own.items() if text.strip()
    }
    days = version_days(row.request_id)
    for written in narratives_of(row.request_id):
        versions = [number for name, number in days if name == written.section]
        if written.typed.strip() and written.section in wanted:
            title = titles.get(written.section, written.section)
            on = local(written.recorded_at).date()
            found[written.section] = Source(written.section, title, max(versions, default=0), on, written.typed)
    return tuple(found[key] for key in wanted if key in found)


def brought_lines(brought: Iterable[Brought], request_id: int, titles: Mapping[str, str]) -> tuple[str, ...]:
    """Where the words of a section came from, a line each."""
    told = list(brought)
    days = version_days(request_id) if told else {}
    own = {one.value: one.label for one in Own}
    return tuple(
        brought_words(
            own.get(one.section) or titles.get(one.section, one.section), one.on, days.get((one.section, one.version))
        )
        for one in told
    )


def areas_on_record(records: Records) -> frozenset[NeedArea]:
    """Areas of need of which something is on record: a strength, a difficulty, an outcome of a plan."""
    areas = {one.area for one in records.observations}
    return frozenset(areas | {outcome.area for plan in records.evidence_plans for outcome in plan.outcomes})


def lacking_of(records: Records, to_look_at: Iterable[str], signed: bool) -> tuple[Lacking, ...]:
    """What to look at before the advice is built."""
    return lacking(
        sections_for(records.head.year_group, records.has_rights),
        {row.section: row.text for row in records.narratives},
        areas_on_record(records),
        frozenset(to_look_at),
        signed,
    )


def titles_of_request(records: Records) -> dict[str, str]:
    """The headings of the request's sections, whichever document is read."""
    return section_titles(replace(records, kind=BuildKind.REQUEST))
