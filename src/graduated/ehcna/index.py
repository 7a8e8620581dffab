"""The evidence index: each line of Code 9.14, how far it is there, and where in the pack it stands, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from graduated.ehcna.facts import evidence_of
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.pack.content import Section
from graduated.rules.readiness import gaps

Cycles = Sequence[pack.Cycle]
Measures = Sequence[pack.MeasureSeries]
Where = Callable[[Cycles, Measures], Iterator[str]]


def _plans(cycles: Cycles, _measures: Measures) -> Iterator[str]:
    yield from (pack.cycle_anchor(one.number) for one in cycles)


def _provided(cycles: Cycles, _measures: Measures) -> Iterator[str]:
    yield from (pack.provision_anchor(one.number) for one in cycles if one.provisions)


def _reviewed(cycles: Cycles, _measures: Measures) -> Iterator[str]:
    yield from (pack.review_anchor(one.number) for one in cycles if one.reviews)


def _said_at_reviews(whose: str) -> Where:
    def where(cycles: Cycles, _measures: Measures) -> Iterator[str]:
        for one in cycles:
            if any(view.whose.startswith(whose) for review in one.reviews for view in review.views):
                yield pack.review_anchor(one.number)

    return where


def _measured(_cycles: Cycles, measures: Measures) -> Iterator[str]:
    yield from (pack.measure_anchor(one.key) for one in measures if one.points)


def _followed(_cycles: Cycles, measures: Measures) -> Iterator[str]:
    yield from (pack.measure_anchor(one.key) for one in measures if len(one.points) > 1)


def _beside_norms(_cycles: Cycles, measures: Measures) -> Iterator[str]:
    yield from (pack.measure_anchor(one.key) for one in measures if one.points and one.usual)


_STANDS_IN: dict[str, tuple[Section | Where, ...]] = {
    "baselines": (_plans, _measured),
    "rate-of-progress": (_followed,),
    "peers": (_beside_norms,),
    "areas": (Section.NEEDS,),
    "primary-need": (Section.PUPIL,),
    "reason": (Section.REASON,),
    "ordinary": (_plans,),
    "cycles": (_plans,),
    "outcomes": (_plans,),
    "judgements": (_reviewed,),
    "next-steps": (_reviewed,),
    "provision": (_provided, Section.PROVISION),
    "delivery": (Section.PROVISION,),
    "costs": (Section.PROVISION,),
    "professionals": (Section.PROFESSIONALS,),
    "advice": (Section.PROFESSIONALS,),
    "reports": (Section.PROFESSIONALS, Section.DOCUMENTS),
    "expected-impact": (_provided,),
    "impact": (_reviewed, Section.PROVISION),
    "beyond-school": (Section.SOUGHT,),
    "social": (Section.NEEDS,),
    "health": (Section.PUPIL,),
    "attendance": (Section.ATTENDANCE,),
    "part-time": (Section.ATTENDANCE,),
    "suspensions": (Section.ATTENDANCE,),
    "pupil-views": (Section.VIEWS, _said_at_reviews("Pupil")),
    "parent-views": (Section.VIEWS, _said_at_reviews("Parent")),
    "profile": (Section.PUPIL,),
    "meetings": (_reviewed,),
    "consent": (Section.CONSENTS,),
    "sought": (Section.SOUGHT,),
    "adulthood": (Section.SOUGHT,),
}
"""Where in the pack the evidence for a line of the index stands: a section, or places within one."""
_WITHIN = {
    _plans: Section.CYCLES,
    _provided: Section.CYCLES,
    _reviewed: Section.CYCLES,
    _measured: Section.MEASURES,
    _followed: Section.MEASURES,
    _beside_norms: Section.MEASURES,
}


def index_lines(records: Records, cycles: Cycles, measures: Measures) -> tuple[pack.GapLine, ...]:
    """The evidence index: each line of Code 9.14, how far it is there, and where it stands in the pack."""
    shown = {entry.section for entry in records.profile_of_authority.sections}
    lines = gaps(evidence_of(records), records.profile_of_authority.thresholds)
    return tuple(
        pack.GapLine(
            limb=line.limb.label,
            line=line.title,
            state=line.state,
            words=line.why,
            anchors=tuple(_anchors(line.id, records, shown, cycles, measures)),
        )
        for line in lines
    )


def _anchors(line_id: str, records: Records, shown: set[Section], cycles: Cycles, measures: Measures) -> Iterator[str]:
    none_earlier = records.request is not None and records.request.none_earlier
    if line_id == "previous" and (none_earlier or len(records.requests) > (records.request is not None)):
        yield pack.EARLIER_REQUESTS
    for place in _STANDS_IN.get(line_id, ()):
        if isinstance(place, Section):
            if place in shown:
                yield place.value
        elif _WITHIN.get(place, Section.CYCLES) in shown:
            yield from place(cycles, measures)
