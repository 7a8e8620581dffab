"""Reading what is known of a pupil: figures on measures, views, strengths and difficulties, professionals' advice.

A row that was followed by a correction is kept and shown struck; only the newest row of a chain counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import BindParameter, bindparam, select

from graduated.access.guards import finder
from graduated.access.once import read_once
from graduated.access.policy import Subject
from graduated.assess.models import Advice, AdviceAction, Involvement, Measurement, Observation, View
from graduated.assess.rows import (
    AdviceRow,
    DoneRow,
    InvolvementRow,
    ObservationRow,
    Reading,
    Scale,
    Series,
    ViewRow,
)
from graduated.db.clock import local
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Adult, Document
from graduated.rules.progress import Value
from graduated.rules.vocabulary import Respondent
from graduated.school.models import Measure

__all__ = [
    "SCALE",
    "AdviceRow",
    "DoneRow",
    "InvolvementRow",
    "ObservationRow",
    "Reading",
    "Scale",
    "Series",
    "ViewRow",
    "find_advice",
    "find_involvement",
    "find_measurement",
    "find_observation",
    "find_view",
    "involvements_of",
    "lead_lookup",
    "lead_of",
    "line_for",
    "observations_of",
    "reading_of",
    "readings_of",
    "scale_of",
    "scales",
    "series_of",
    "series_of_pupils",
    "views_of",
]

lead_lookup: list[Callable[[int], int | None]] = []
"""Who leads the pupil's open cycle; the plan floor fills it, so that a lead teacher may write here (design §6)."""


SCALE: tuple[Any, ...] = tuple(
    (Measure.id if name == "measure_id" else getattr(Measure, name)).label(f"scale_{name}") for name in Scale.__slots__
)
"""The columns of a measure, for whoever reads one together with something else: the last of its row (`scale_of`)."""
_PUPIL: BindParameter[int] = bindparam("pupil_id")
_READINGS = (
    select(
        Measurement.id.label("measurement_id"), Measurement.pupil_id, Measurement.taken_on, Measurement.value,
        Measurement.censor, Measurement.form, Measurement.administered_by, Measurement.respondent.label("who_answered"),
        Measurement.note.label("words"), Measurement.from_paper, Measurement.recorded_at, Measurement.replaces_id,
        Measurement.why_replaced, Measurement.recorded_by_id, User.name.label("recorder"), *SCALE,
    )
    .join(Measure, Measure.id == Measurement.measure_id)
    .outerjoin(User, User.id == Measurement.recorded_by_id)
)  # fmt: skip
_READINGS_OF = _READINGS.where(Measurement.pupil_id == _PUPIL).order_by(
    Measure.name, Measurement.taken_on, Measurement.id
)
_READINGS_OF_PUPILS = _READINGS.where(Measurement.pupil_id.in_(bindparam("pupil_ids", expanding=True))).order_by(
    Measure.name, Measurement.taken_on, Measurement.id
)
_READING = _READINGS.where(Measurement.id == bindparam("measurement_id"))
_FOLLOWED = select(Measurement.id).where(Measurement.replaces_id == bindparam("measurement_id"))
_SCALES = select(*SCALE).where(Measure.id.in_(bindparam("measure_ids", expanding=True)))
_VIEWS = (
    select(
        View.id, View.pupil_id, View.whose, View.adult_id, View.method, View.text, View.given_on, View.gathered_by,
        View.shared_with_family, View.from_paper, View.recorded_at, View.recorded_by_id, View.replaces_id,
        Adult.forename, Adult.surname, User.name.label("recorder"),
    )
    .outerjoin(Adult, Adult.id == View.adult_id)
    .outerjoin(User, User.id == View.recorded_by_id)
    .where(View.pupil_id == _PUPIL)
    .order_by(View.given_on.desc(), View.id.desc())
)  # fmt: skip
_OBSERVATIONS = (
    select(
        Observation.id, Observation.pupil_id, Observation.kind, Observation.area, Observation.text, Observation.source,
        Observation.seen_on, Observation.from_paper, Observation.recorded_at, Observation.recorded_by_id,
        Observation.withdrawn, Observation.replaces_id, User.name.label("recorder"),
    )
    .outerjoin(User, User.id == Observation.recorded_by_id)
    .where(Observation.pupil_id == _PUPIL)
    .order_by(Observation.seen_on.desc(), Observation.id.desc())
)  # fmt: skip
_INVOLVEMENTS = (
    select(
        Involvement.id, Involvement.pupil_id, Involvement.service, Involvement.person, Involvement.question,
        Involvement.who_refers, Involvement.refer_by, Involvement.referred_on, Involvement.seen_on,
        Involvement.reported_on, Involvement.closed_on, Involvement.parents_agree, Involvement.outcome_words,
        Involvement.document_id, Document.kind.label("document_kind"), Involvement.review_id, Involvement.version,
    )
    .outerjoin(Document, Document.id == Involvement.document_id)
    .where(Involvement.pupil_id == _PUPIL)
    .order_by(Involvement.recorded_at.desc(), Involvement.id.desc())
)  # fmt: skip
_ADVICE = (
    select(Advice.id, Advice.involvement_id, Advice.recommendation, Advice.given_on, Advice.replaces_id)
    .where(Advice.pupil_id == _PUPIL)
    .order_by(Advice.given_on, Advice.id)
)
_DONE = (
    select(
        AdviceAction.advice_id, AdviceAction.status, AdviceAction.who, AdviceAction.by_when, AdviceAction.text,
        AdviceAction.effect, AdviceAction.on, User.name.label("recorder"),
    )
    .outerjoin(User, User.id == AdviceAction.recorded_by_id)
    .where(AdviceAction.pupil_id == _PUPIL)
    .order_by(AdviceAction.id)
)  # fmt: skip


def scales(measure_ids: set[int]) -> dict[int, Scale]:
    """Measures by id, retired ones too."""
    if not measure_ids:
        return {}
    rows = db.session.execute(_SCALES, {"measure_ids": sorted(measure_ids)})
    return {row.scale_measure_id: Scale(*row) for row in rows}


def scale_of(row: Any) -> Scale | None:
    """The measure of a row that ends with the columns of one; none where nothing is measured."""
    values = row[-len(SCALE) :]
    return None if values[0] is None else Scale(*values)


def readings_of(pupil_id: int) -> list[Reading]:
    """Every figure ever recorded of a pupil, the corrected ones too, by measure and date."""
    return _readings(db.session.execute(_READINGS_OF, {"pupil_id": pupil_id}).all())


def _readings(rows: Sequence[Any]) -> list[Reading]:
    followed = {row.replaces_id: row for row in rows if row.replaces_id is not None}
    known: dict[int, Scale] = {}
    return [_reading(row, followed.get(row.measurement_id), known) for row in rows]


def reading_of(measurement_id: int) -> Reading:
    """One figure, which must be in scope."""
    row = db.session.execute(_READING, {"measurement_id": measurement_id}).one()
    later = db.session.execute(_FOLLOWED, {"measurement_id": measurement_id}).first()
    found = _reading(row, None, {})
    if later is None:
        return found
    return Reading(**{name: getattr(found, name) for name in Reading.__slots__} | {"replaced_by_id": later.id})


def series_of(pupil_id: int) -> list[Series]:
    """The pupil's figures as lines: one for each measure and respondent, without what was corrected."""
    return series_of_pupils([pupil_id]).get(pupil_id, [])


def series_of_pupils(pupil_ids: Collection[int]) -> dict[int, list[Series]]:
    """The lines of several pupils, read at once; pupils without a figure have none."""
    return {pupil_id: list(lines) for pupil_id, lines in _lines_of(tuple(sorted(pupil_ids)))}


@read_once
def _lines_of(pupil_ids: tuple[int, ...]) -> tuple[tuple[int, tuple[Series, ...]], ...]:
    found: dict[int, list[Reading]] = defaultdict(list)
    for reading in _readings(db.session.execute(_READINGS_OF_PUPILS, {"pupil_ids": list(pupil_ids)}).all()):
        found[reading.pupil_id].append(reading)
    return tuple((pupil_id, tuple(_series(readings))) for pupil_id, readings in found.items())


def _series(found: Iterable[Reading]) -> list[Series]:
    lines: dict[tuple[int, Respondent], list[Reading]] = defaultdict(list)
    for reading in found:
        lines[reading.scale.measure_id, reading.respondent].append(reading)
    return [
        Series(
            readings[0].scale,
            respondent,
            tuple(one for one in readings if one.replaced_by_id is None),
            tuple(one for one in readings if one.replaced_by_id is not None),
        )
        for (_measure, respondent), readings in lines.items()
    ]


def line_for(series: list[Series], measure_id: int) -> Series | None:
    """The line that an outcome on this measure is followed by: the measure's own respondent, or else the newest."""
    lines = [one for one in series if one.scale.measure_id == measure_id and one.points]
    own = [one for one in lines if one.respondent is one.scale.respondent]
    return max(own or lines, key=lambda one: one.points[-1].taken_on, default=None)


def views_of(pupil_id: int, *, with_replaced: bool = False) -> list[ViewRow]:
    """Views of the pupil and of each parent, newest first; those that were corrected only when asked for."""
    rows = db.session.execute(_VIEWS, {"pupil_id": pupil_id}).all()
    followed = {row.replaces_id for row in rows}
    found = [
        ViewRow(
            view_id=row.id,
            pupil_id=row.pupil_id,
            whose=row.whose,
            adult_id=row.adult_id,
            adult_name=f"{row.forename or ''} {row.surname or ''}".strip(),
            method=row.method,
            text=row.text,
            given_on=row.given_on,
            gathered_by=row.gathered_by,
            shared_with_family=row.shared_with_family,
            from_paper=row.from_paper,
            recorded_on=local(row.recorded_at).date(),
            recorded_by=row.recorder or "",
            recorded_by_id=row.recorded_by_id,
            is_replaced=row.id in followed,
        )
        for row in rows
    ]
    return [one for one in found if with_replaced or not one.is_replaced]


def observations_of(pupil_id: int, *, with_withdrawn: bool = False) -> list[ObservationRow]:
    """Strengths and difficulties, newest first; what was withdrawn only when asked for."""
    rows = db.session.execute(_OBSERVATIONS, {"pupil_id": pupil_id}).all()
    withdrawn = {row.replaces_id: row for row in rows if row.withdrawn}
    found = [
        ObservationRow(
            observation_id=row.id,
            pupil_id=row.pupil_id,
            kind=row.kind,
            area=row.area,
            text=row.text,
            source=row.source,
            seen_on=row.seen_on,
            from_paper=row.from_paper,
            recorded_on=local(row.recorded_at).date(),
            recorded_by=row.recorder or "",
            recorded_by_id=row.recorded_by_id,
            withdrawn_on=withdrawn[row.id].seen_on if row.id in withdrawn else None,
            withdrawn_because=withdrawn[row.id].text if row.id in withdrawn else "",
        )
        for row in rows
        if not row.withdrawn
    ]
    return [one for one in found if with_withdrawn or one.withdrawn_on is None]


def involvements_of(pupil_id: int) -> list[InvolvementRow]:
    """Services involved with the pupil, newest first, each with its advice and what was done with it."""
    done: dict[int, list[DoneRow]] = defaultdict(list)
    for row in db.session.execute(_DONE, {"pupil_id": pupil_id}):
        done[row.advice_id].append(
            DoneRow(row.status, row.who, row.by_when, row.text, row.effect, row.on, row.recorder or "")
        )
    given = db.session.execute(_ADVICE, {"pupil_id": pupil_id}).all()
    followed = {row.replaces_id for row in given}
    advice: dict[int, list[AdviceRow]] = defaultdict(list)
    for one in given:
        if one.id not in followed:
            advice[one.involvement_id].append(
                AdviceRow(one.id, one.involvement_id, one.recommendation, one.given_on, tuple(done[one.id]))
            )
    return [
        InvolvementRow(**_named(row, "id", "involvement_id"), advice=tuple(advice[row.id]))
        for row in db.session.execute(_INVOLVEMENTS, {"pupil_id": pupil_id})
    ]


def _named(row: Any, was: str, name: str) -> dict[str, Any]:
    return {name if key == was else key: value for key, value in row._mapping.items()}


def _reading(row: Any, later: Any, known: dict[int, Scale]) -> Reading:
    """One figure; `known` keeps the measures met so far, of which each is made once."""
    scale = known.get(row.scale_measure_id)
    if scale is None:
        scale = known[row.scale_measure_id] = Scale(*row[-len(SCALE) :])
    return Reading(
        measurement_id=row.measurement_id,
        pupil_id=row.pupil_id,
        scale=scale,
        taken_on=row.taken_on,
        value=Value(row.value, row.censor),
        form=row.form,
        administered_by=row.administered_by,
        respondent=row.who_answered,
        note=row.words,
        from_paper=row.from_paper,
        recorded_on=local(row.recorded_at).date(),
        recorded_by=row.recorder or "",
        recorded_by_id=row.recorded_by_id,
        replaces_id=row.replaces_id,
        why_replaced=row.why_replaced,
        replaced_by_id=getattr(later, "measurement_id", None),
        why_struck=getattr(later, "why_replaced", ""),
    )


def lead_of(pupil_id: int) -> int | None:
    """Who leads the pupil's open cycle, if anybody does."""
    return next((lead for find in lead_lookup if (lead := find(pupil_id)) is not None), None)


_OWNERS = {
    kind: select(model.pupil_id).where(model.id == bindparam("row_id"))
    for kind, model in (
        ("measurement", Measurement),
        ("view", View),
        ("observation", Observation),
        ("involvement", Involvement),
        ("advice", Advice),
    )
}


def _find(kind: str, row_id: int) -> Subject | None:
    pupil_id = db.session.scalar(_OWNERS[kind], {"row_id": row_id})
    return Subject(pupil_id=pupil_id, lead_id=lead_of(pupil_id)) if pupil_id is not None else None


@finder("measurement")
def find_measurement(measurement_id: int) -> Subject | None:
    """A figure, when the person acting may see its pupil."""
    return _find("measurement", measurement_id)


@finder("view")
def find_view(view_id: int) -> Subject | None:
    """Somebody's views, when the person acting may see the pupil."""
    return _find("view", view_id)


@finder("observation")
def find_observation(observation_id: int) -> Subject | None:
    """A strength or difficulty, when the person acting may see the pupil."""
    return _find("observation", observation_id)


@finder("involvement")
def find_involvement(involvement_id: int) -> Subject | None:
    """A service's involvement, when the person acting may see the pupil."""
    return _find("involvement", involvement_id)


@finder("advice")
def find_advice(advice_id: int) -> Subject | None:
    """A recommendation, when the person acting may see the pupil."""
    return _find("advice", advice_id)
