"""What can be quoted in a narrative: each record with its mark's label and the words that stand in the mark's place.

Nothing is read here but what the pack itself reads (`Records`): no other pupil's record, no restricted paper, no review
before its seal. A parent's view that was not shared is left out: the pack's copy for the family would show it to the
other parent. Quotations are the exact words, on one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from graduated.assess.rows import Reading
from graduated.db.clock import local
from graduated.ehcna.queries_asked import given_for
from graduated.ehcna.queries_narrative import followers_of, judgement_ids
from graduated.rules.costing import in_pounds
from graduated.rules.passages import has_words, said_beside_marks
from graduated.rules.references import RefKind, digest
from graduated.rules.vocabulary import ViewOf
from graduated.web.filters import long_date

if TYPE_CHECKING:
    from graduated.ehcna.records import Records


_LABEL_SAYS_ALL = frozenset({RefKind.MEASUREMENT, RefKind.COST, RefKind.YEAR_COST, RefKind.ATTENDANCE})
_SENTENCES = frozenset({RefKind.JUDGEMENT, RefKind.DOSE})


@dataclass(frozen=True, slots=True)
class Reference:
    """One record that can be quoted.

    `label` stands in the mark, `words` are read in its place, `value` is what a change is measured by. `then` is what
    may be kept as it was said once, where the record has been followed by another. `moves` is for figures that change
    by themselves from day to day. Not everything that resolves is offered: of a line of figures the first and last are.
    """

    ref: str
    kind: RefKind
    label: str
    words: str
    value: str
    on: date | None
    table: str
    row_id: int
    note: str = ""
    moves: bool = False
    offered: bool = True
    then: str = ""
    recorded_on: date | None = None  # where a correction is a record of its own: when it was written down

    @property
    def shown(self) -> str:
        """What stands below its label where it is offered: the words of a quotation; a figure's label says it all."""
        if self.kind in _LABEL_SAYS_ALL:
            return ""
        return self.words if self.kind in _SENTENCES else quoted(self.value)

    @property
    def digest(self) -> str:
        """What is kept of it when it is put in."""
        return digest(self.value)


def quoted(text: str) -> str:
    """Exact words as a quotation on one line."""
    return f"“{' '.join(text.split())}”"


def _says(text: str) -> bool:
    """Whether there are words, beside what the law may have left in their place."""
    return has_words(said_beside_marks(text))


def all_references(records: Records, *, with_costs: bool) -> dict[str, Reference]:
    """Everything of a pupil that can be quoted, by its mark (`m123`); costs only for those who may read costs."""
    follows = followers_of(records.head.pupil_id)
    found = [
        *_figures(records),
        *_views(records, follows["view"]),
        *_observations(records),
        *_reviews(records),
        *_doses(records),
        *_advice(records, follows["advice"]),
        *_attendance(records, follows["attendance"]),
        *_given(records),
    ]
    if with_costs:
        found += _costs(records)
    return {one.ref: one for one in found}


def _end_of(row_id: int, follows: dict[int, int]) -> int:
    """The row that stands now at the end of a chain of corrections."""
    while row_id in follows:
        row_id = follows[row_id]
    return row_id


def _passed_on(
    stands: dict[int, Reference], follows: dict[int, int], letter: str, then: dict[int, str]
) -> Iterator[Reference]:
    """Rows that were corrected: their marks lead to what stands now, and are not offered again."""
    for old in follows:
        now = stands.get(_end_of(old, follows))
        if now is not None:
            yield replace(now, ref=f"{letter}{old}", offered=False, then=then.get(old, ""))


def _figures(records: Records) -> Iterator[Reference]:
    stands: dict[int, Reference] = {}
    follows: dict[int, int] = {}
    then: dict[int, str] = {}
    counted = _counted(records)
    for line in records.series:
        for point in line.points:
            first, last = point is line.points[0], point is line.points[-1]
            note = "only figure" if first and last else "baseline" if first else "latest" if last else ""
            stands[point.measurement_id] = _figure(point, note, counted)
        for old in line.struck:
            then[old.measurement_id] = _figure_words(old, counted)
            if old.replaced_by_id is not None:
                follows[old.measurement_id] = old.replaced_by_id
    yield from stands.values()
    yield from _passed_on(stands, follows, RefKind.MEASUREMENT.value, then)


def _counted(records: Records) -> dict[int, str]:
    """What a measure means that says nothing by itself: the outcome of the newest plan that goes by it."""
    outcomes = [one for plan in records.evidence_plans for one in plan.outcomes if one.scale and not one.scale.says]
    return {one.scale.measure_id: one.in_plain_words or one.statement for one in outcomes if one.scale}


def _figure(point: Reading, note: str, counted: dict[int, str]) -> Reference:
    name, day = _measure_name(point), long_date(point.taken_on)
    return Reference(
        ref=f"{RefKind.MEASUREMENT.value}{point.measurement_id}",
        kind=RefKind.MEASUREMENT,
        label=f"{name}, {day}: {point.text}",
        words=_figure_words(point, counted),
        value=f"{point.text} {day}",
        on=point.taken_on,
        table="measurement",
        row_id=point.measurement_id,
        note=note,
        offered=bool(note),
        recorded_on=point.recorded_on,
    )


def _measure_name(point: Reading) -> str:
    own = point.respondent is point.scale.respondent
    return point.scale.name if own else f"{point.scale.name}, {point.respondent.inside}"


def _figure_words(point: Reading, counted: dict[int, str]) -> str:
    outcome = counted.get(point.scale.measure_id, "")
    of = f" for {quoted(outcome)}" if outcome else ""
    return f"{point.text} ({_measure_name(point)}{of}, {long_date(point.taken_on)})"


def _views(records: Records, follows: dict[int, int]) -> Iterator[Reference]:
    stands: dict[int, Reference] = {}
    then: dict[int, str] = {}
    for one in records.views_ever:
        if not _says(one.text) or (one.whose is ViewOf.PARENT and not one.shared_with_family):
            continue
        person = records.head.name if one.whose is ViewOf.PUPIL else one.adult_name or one.whose.label
        day = long_date(one.given_on)
        words = f"{quoted(one.text)} ({person}, {one.method.inside}, {day})"
        label = f"{person}, own words, {day}"
        if one.is_attempt:
            words = f"{person} was asked for views on {day} and gave none: {quoted(one.text)}"
            label = f"{person}, asked for views, {day}"
        if one.is_replaced:
            then[one.view_id] = words
            continue
        ref = f"{RefKind.VIEW.value}{one.view_id}"
        note = "asked, none given" if one.is_attempt else one.method.inside
        stands[one.view_id] = Reference(
            ref,
            RefKind.VIEW,
            label,
            words,
            one.text,
            one.given_on,
            "view",
            one.view_id,
            note,
            recorded_on=one.recorded_on,
        )
    yield from stands.values()
    yield from _passed_on(stands, follows, RefKind.VIEW.value, then)


def _observations(records: Records) -> Iterator[Reference]:
    for one in records.observations:
        if not _says(one.text):
            continue
        what, day = one.kind.label, long_date(one.seen_on)
        source = f", {one.source}" if one.source else ""
        yield Reference(
            ref=f"{RefKind.OBSERVATION.value}{one.observation_id}",
            kind=RefKind.OBSERVATION,
            label=f"{what}, {one.area.inside}, {day}",
            words=f"{quoted(one.text)} ({what.lower()}{source}, {day})",
            value=one.text,
            on=one.seen_on,
            table="observation",
            row_id=one.observation_id,
        )


def _reviews(records: Records) -> Iterator[Reference]:
    ids = judgement_ids(records.head.pupil_id)
    for review in records.reviews:
        day = f"review of {long_date(review.held_on)}" if review.held_on else f"review of cycle {review.cycle_number}"
        if _says(review.summary):
            yield Reference(
                ref=f"{RefKind.SUMMARY.value}{review.review_id}",
                kind=RefKind.SUMMARY,
                label=f"Summary, {day}",
                words=f"{quoted(review.summary)} ({day})",
                value=review.summary,
                on=review.held_on,
                table="review",
                row_id=review.review_id,
                note=f"cycle {review.cycle_number}",
            )
        for line in review.judgements:
            row_id = ids.get((review.review_id, line.outcome_id))
            if row_id is None:
                continue
            statement, why = line.stood_as or line.statement, f": {quoted(line.reason)}" if _says(line.reason) else ""
            yield Reference(
                ref=f"{RefKind.JUDGEMENT.value}{row_id}",
                kind=RefKind.JUDGEMENT,
                label=f"Outcome judged, {day}: {line.judgement.inside}",
                words=f"{quoted(statement)} was judged “{line.judgement.inside}”{why} ({day})",
                value=f"{line.judgement.value} {statement} {line.reason}",
                on=review.held_on,
                table="judgement",
                row_id=row_id,
                note=f"cycle {review.cycle_number}: {line.judgement.inside}",
            )


def _doses(records: Records) -> Iterator[Reference]:
    for plan in records.evidence_plans:
        for one in plan.provisions:
            dose = records.doses.get(one.provision_id)
            if dose is None or plan.cycle.is_paper or not (dose.planned_to_date_minutes or dose.delivered_minutes):
                continue
            moves = plan.cycle.status.is_open
            when = f" on {long_date(records.on)}" if moves else ""
            share = f"{dose.percent}%" if dose.percent is not None else "not logged"
            yield Reference(
                ref=f"{RefKind.DOSE.value}{one.provision_id}",
                kind=RefKind.DOSE,
                label=f"{one.name}, cycle {plan.cycle.number}, delivered{when}: {share}",
                words=f"{one.name}, cycle {plan.cycle.number}: {dose.sentence}{f' ({when.strip()})' if when else ''}",
                value=dose.sentence,
                on=records.on if moves else plan.cycle.ends,
                table="provision",
                row_id=one.provision_id,
                note=share,
                moves=moves,
            )


def _costs(records: Records) -> Iterator[Reference]:
    year = records.year
    if not year.has_costs:
        return
    when = f"in the twelve months to {long_date(year.to)}"
    for one in year.lines:
        if one.planned is None or not one.in_period:
            continue
        said = f"{in_pounds(one.planned.pence)} planned"
        said += f", {in_pounds(one.delivered.pence)} delivered" if one.delivered is not None else ""
        yield Reference(
            ref=f"{RefKind.COST.value}{one.provision_id}",
            kind=RefKind.COST,
            label=f"Cost of {one.name}, cycle {one.cycle_number}, {long_date(year.to)}: {in_pounds(one.planned.pence)}",
            words=f"{one.name}, cycle {one.cycle_number}: {said} {when}",
            value=said,
            on=year.to,
            table="provision",
            row_id=one.provision_id,
            note=said,
            moves=True,
        )
    said = f"{in_pounds(year.planned.pence)} planned"
    said += f", {in_pounds(year.delivered.pence)} delivered" if year.delivered is not None else ""
    pupil_id = records.head.pupil_id
    yield Reference(
        ref=f"{RefKind.YEAR_COST.value}{pupil_id}",
        kind=RefKind.YEAR_COST,
        label=f"Cost of twelve months, {long_date(year.to)}: {in_pounds(year.planned.pence)}",
        words=f"{said} {when}",
        value=said,
        on=year.to,
        table="pupil",
        row_id=pupil_id,
        note=said,
        moves=True,
    )


def _advice(records: Records, follows: dict[int, int]) -> Iterator[Reference]:
    stands: dict[int, Reference] = {}
    for involved in records.involvements:
        who = f"{involved.person}, {involved.service}" if involved.person else involved.service
        for one in involved.advice:
            if not _says(one.recommendation):
                continue
            last, day = one.done[-1] if one.done else None, long_date(one.given_on)
            done = ""
            if last is not None:
                told = " ".join(part for part in (last.text.strip(), last.effect.strip()) if part)
                done = f". {one.status.label}{f', {long_date(last.on)}'}{f': {quoted(told)}' if told else ''}"
            stands[one.advice_id] = Reference(
                ref=f"{RefKind.ADVICE.value}{one.advice_id}",
                kind=RefKind.ADVICE,
                label=f"Advice of {involved.service}, {day}",
                words=f"{quoted(one.recommendation)} ({who}, {day}){done}",
                value=one.recommendation,
                on=one.given_on,
                table="advice",
                row_id=one.advice_id,
                note=one.status.inside,
            )
    yield from stands.values()
    yield from _passed_on(stands, follows, RefKind.ADVICE.value, {})


def _attendance(records: Records, follows: dict[int, int]) -> Iterator[Reference]:
    stands: dict[int, Reference] = {}
    for one in records.attendance:
        if not one.possible:
            continue
        row_id, share = one.entry_id, one.percent
        span = f"{long_date(one.starts)} to {long_date(one.ends)}"
        absent = f"{one.authorised:,} sessions of authorised and {one.unauthorised:,} of unauthorised absence"
        stands[row_id] = Reference(
            ref=f"{RefKind.ATTENDANCE.value}{row_id}",
            kind=RefKind.ATTENDANCE,
            label=f"Attendance, {span}: {share}",
            words=f"{share} attendance, {span} ({absent}, of {one.possible:,} possible)",
            value=f"{share} {absent} {span}",
            on=one.ends,
            table="attendance",
            row_id=row_id,
            note=share,
            recorded_on=local(one.recorded_at).date(),
        )
    yield from stands.values()
    yield from _passed_on(stands, follows, RefKind.ATTENDANCE.value, {})


def _given(records: Records) -> Iterator[Reference]:
    """Who wrote what a colleague handed in: the words themselves are taken over as words, this names their source."""
    for one in given_for(records.request.request_id) if records.request else ():
        source = f"{one.writer}, {long_date(one.on)}"
        yield Reference(
            ref=f"{RefKind.GIVEN.value}{one.given_id}",
            kind=RefKind.GIVEN,
            label=source,
            words=f"({source})",
            value=one.text,
            on=one.on,
            table="narrative_given",
            row_id=one.given_id,
            offered=False,
        )
