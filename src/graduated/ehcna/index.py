"""The evidence index: each line of Code 9.14, how far it is there, and on which pages of the pack its words stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graduated.assess.pictures import WITH_NORMS
from graduated.ehcna.content_measures import series_key
from graduated.ehcna.facts import evidence_of
from graduated.ehcna.records import Records
from graduated.pack import content as pack
from graduated.pack.content import PackContent, Section, section_of
from graduated.rules.readiness import gaps
from graduated.rules.vocabulary import GapState, NeedArea, StrategyKind, ViewOf

Where = Callable[[PackContent], Iterator[str]]
_NOTHING_STANDS = frozenset({GapState.MISSING, GapState.NOT_APPLICABLE})
_SOCIAL = frozenset({NeedArea.SEMH.label, NeedArea.SENSORY.label})


def _outcomes(content: PackContent) -> Iterator[str]:
    for cycle in content.cycles:
        yield from (pack.outcome_anchor(cycle.number, one.number) for one in cycle.outcomes)


def _with_baseline(content: PackContent) -> Iterator[str]:
    for cycle in content.cycles:
        yield from (pack.outcome_anchor(cycle.number, one.number) for one in cycle.outcomes if one.baseline)


def _complete(content: PackContent) -> Iterator[str]:
    yield from (pack.cycle_anchor(one.number) for one in content.cycles if one.reviews)


def _ordinary(content: PackContent) -> Iterator[str]:
    kind = StrategyKind.ORDINARY.label
    for cycle in content.cycles:
        if any(one.kind == kind for one in cycle.strategies):
            yield pack.strategies_anchor(cycle.number)


def _provided(content: PackContent) -> Iterator[str]:
    yield from (pack.provision_anchor(one.number) for one in content.cycles if one.provisions)


def _costed(content: PackContent) -> Iterator[str]:
    yield from (pack.COSTS, pack.COST_TOTAL) if content.costs else (Section.PROVISION.value,)


def _delivered(content: PackContent) -> Iterator[str]:
    """Where the total stands that the line tells of; the table when nothing is logged."""
    yield pack.PROVISION_TOTAL if pack.logged_doses(content) else Section.PROVISION.value


def _reviewed(part: str = "") -> Where:
    def where(content: PackContent) -> Iterator[str]:
        yield from (pack.review_anchor(one.number, part) for one in content.cycles if one.reviews)

    return where


def _views_of(whose: ViewOf) -> Where:
    def where(content: PackContent) -> Iterator[str]:
        for number, view in enumerate(content.views):
            if view.whose.startswith(whose.label):
                yield pack.view_anchor(number)
        for cycle in content.cycles:
            said = (view for review in cycle.reviews[:1] for view in review.views)
            if any(view.whose.startswith(whose.label) for view in said):
                yield pack.review_anchor(cycle.number, "views")

    return where


def _followed(content: PackContent) -> Iterator[str]:
    yield from (pack.measure_anchor(one.key) for one in content.series if len(one.points) > 1)


def _beside_norms(records: Records) -> Where:
    """What is compared with others of the same age, by the kind of its scale: its usual range may not be known."""
    keys = {series_key(line) for line in records.series for one in line.points if one.scale.kind in WITH_NORMS}

    def where(content: PackContent) -> Iterator[str]:
        yield from (pack.measure_anchor(one.key) for one in content.series if one.points and one.key in keys)

    return where


def _areas(content: PackContent) -> Iterator[str]:
    yield from (pack.area_anchor(one.area) for one in content.areas)


def _social(content: PackContent) -> Iterator[str]:
    yield from (pack.area_anchor(one.area) for one in content.areas if one.area in _SOCIAL)


def _professionals(content: PackContent) -> Iterator[str]:
    yield from (pack.professional_anchor(number) for number, _one in enumerate(content.professionals))


def _advised(content: PackContent) -> Iterator[str]:
    yield from (pack.professional_anchor(number) for number, one in enumerate(content.professionals) if one.advice)


def _reported(content: PackContent) -> Iterator[str]:
    yield from (pack.professional_anchor(number) for number, one in enumerate(content.professionals) if one.report_on)


def _suspended(content: PackContent) -> Iterator[str]:
    if content.attendance:
        yield pack.SUSPENSIONS


def _at(anchor: str) -> Where:
    return lambda _content: iter((anchor,))


_STANDS_AT: dict[str, tuple[Where, ...]] = {
    "baselines": (_with_baseline,),
    "rate-of-progress": (_followed,),
    "peers": (),  # known from the records alone, in `index_lines`
    "areas": (_areas,),
    "primary-need": (_at(pack.TYPES_OF_NEED),),
    "reason": (_at(Section.REASON.value),),
    "previous": (_at(pack.EARLIER_REQUESTS),),
    "ordinary": (_ordinary,),
    "cycles": (_complete,),
    "outcomes": (_outcomes,),
    "judgements": (_reviewed("judged"),),
    "next-steps": (_reviewed("step"),),
    "provision": (_provided, _at(Section.PROVISION.value)),
    "delivery": (_delivered,),
    "costs": (_costed,),
    "professionals": (_professionals,),
    "advice": (_advised,),
    "reports": (_reported, _at(Section.DOCUMENTS.value)),
    "expected-impact": (_provided,),
    "impact": (_reviewed("judged"), _at(Section.PROVISION.value)),
    "beyond-school": (_at(pack.BEYOND_SCHOOL),),
    "social": (_social,),
    "health": (_at(pack.HEALTH),),
    "attendance": (_at(Section.ATTENDANCE.value),),
    "part-time": (_at(pack.PART_TIME),),
    "suspensions": (_suspended,),
    "over-18": (_at(Section.SOUGHT.value),),
    "pupil-views": (_views_of(ViewOf.PUPIL),),
    "parent-views": (_views_of(ViewOf.PARENT),),
    "profile": (_at(pack.PROFILE),),
    "meetings": (_reviewed(),),
    "consent": (_at(Section.CONSENTS.value),),
    "sought": (_at(Section.SOUGHT.value),),
    "adulthood": (_at(Section.SOUGHT.value),),
}
"""Where in the pack the words that a line of the index speaks of stand."""


def index_lines(records: Records, content: PackContent) -> tuple[pack.GapLine, ...]:
    """The evidence index: each line of Code 9.14, how far it is there, and where its evidence stands in the pack."""
    shown = {entry.section.value for entry in records.profile_of_authority.sections} | {pack.EARLIER_REQUESTS}
    stands = _STANDS_AT | {"peers": (_beside_norms(records),)}
    lines = gaps(evidence_of(records), records.profile_of_authority.thresholds)
    return tuple(
        pack.GapLine(
            limb=line.limb.label,
            line=line.title,
            state=line.state,
            words=line.why,
            anchors=()
            if line.state in _NOTHING_STANDS
            else tuple(one for where in stands.get(line.id, ()) for one in where(content) if section_of(one) in shown),
        )
        for line in lines
    )
