"""Writing what is known. Rows are never changed: a correction, a withdrawal or a later word is a new row."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy import bindparam, select

from graduated.assess.models import Advice, AdviceAction, Involvement, Measurement, Observation, View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.rules.progress import Value, format_value
from graduated.rules.vocabulary import (
    AdviceStatus,
    MeasureKind,
    NeedArea,
    ObservationKind,
    Respondent,
    ViewMethod,
    ViewOf,
)
from graduated.school.models import Measure


class AssessRefused(ValueError):
    """What cannot be recorded so; the sentence says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class NewMeasurement:
    """One figure on one measure on one day; ages are months."""

    measure_id: int
    taken_on: date
    value: Value
    respondent: Respondent
    form: str = ""
    administered_by: str = ""
    note: str = ""
    from_paper: bool = False


@dataclass(frozen=True, slots=True)
class NewView:
    """What the pupil or one parent said; with ATTEMPTED the text says what was tried."""

    whose: ViewOf
    method: ViewMethod
    text: str
    given_on: date
    adult_id: int | None = None
    gathered_by: str = ""
    shared_with_family: bool = True
    from_paper: bool = False


@dataclass(frozen=True, slots=True)
class NewObservation:
    """A strength or a difficulty in one area of need."""

    kind: ObservationKind
    area: NeedArea
    text: str
    source: str
    seen_on: date
    from_paper: bool = False


@dataclass(frozen=True, slots=True)
class InvolvementDetails:
    """A service that was asked, came or reported."""

    service: str
    person: str = ""
    question: str = ""
    who_refers: str = ""
    refer_by: date | None = None
    referred_on: date | None = None
    seen_on: date | None = None
    reported_on: date | None = None
    closed_on: date | None = None
    parents_agree: bool | None = None
    outcome_words: str = ""
    document_id: int | None = None
    review_id: int | None = None


@dataclass(frozen=True, slots=True)
class DoneWithAdvice:
    """What was done about a recommendation, by whom, by when, and to what effect."""

    status: AdviceStatus
    on: date
    who: str = ""
    by_when: date | None = None
    text: str = ""
    effect: str = ""


_MEASURE = select(Measure.name, Measure.kind, Measure.lowest, Measure.highest).where(
    Measure.id == bindparam("measure_id")
)
_MEASUREMENT = select(Measurement).where(Measurement.id == bindparam("row_id"))
_VIEW = select(View).where(View.id == bindparam("row_id"))
_OBSERVATION = select(Observation).where(Observation.id == bindparam("row_id"))
_INVOLVEMENT = select(Involvement).where(Involvement.id == bindparam("row_id"))
_ADVICE = select(Advice).where(Advice.id == bindparam("row_id"))
_FOLLOWED = {
    model: select(model.id).where(model.replaces_id == bindparam("row_id"))
    for model in (Measurement, View, Observation)
}


def check_figure(measure_id: int, value: Value) -> None:
    """Raise AssessRefused for a figure outside the measure's range, with the range in words.

    A figure off the end of the scale ("<5:00") is measured by its own number.
    """
    row = db.session.execute(_MEASURE, {"measure_id": measure_id}).one()
    low, high = row.lowest, row.highest
    outside = (low is not None and value.number < low) or (high is not None and value.number > high)
    if not outside:
        return
    ends = [format_value(Value(end), row.kind) for end in (low, high) if end is not None]
    between = f"between {ends[0]} and {ends[1]}" if len(ends) == 2 else f"{ends[0]} or {_more(low is not None)}"
    kind = "Write an age as years:months. " if row.kind is MeasureKind.AGE else ""
    raise AssessRefused(f"{row.name} lies {between}. {kind}Check the figure.")


def _more(is_floor: bool) -> str:
    return "more" if is_floor else "less"


def _check_day(day: date, what: str) -> None:
    if day > today():
        raise AssessRefused(f"{what} cannot lie in the future.")


@writes("Measurement recorded")
def record_measurement(pupil_id: int, new: NewMeasurement) -> int:
    """Record a figure. Raises AssessRefused for a figure out of range or a date to come."""
    return _measurement(pupil_id, new).id


def _measurement(pupil_id: int, new: NewMeasurement, replaces_id: int | None = None, why: str = "") -> Measurement:
    _check_day(new.taken_on, "The date of a measurement")
    check_figure(new.measure_id, new.value)
    row = Measurement(
        pupil_id=pupil_id,
        measure_id=new.measure_id,
        taken_on=new.taken_on,
        value=new.value.number,
        censor=new.value.censor,
        form=new.form.strip(),
        administered_by=new.administered_by.strip(),
        respondent=new.respondent,
        note=new.note.strip(),
        from_paper=new.from_paper,
        replaces_id=replaces_id,
        why_replaced=why.strip(),
    )
    db.session.add(row)
    db.session.flush()
    return row


@writes("Measurement corrected")
def correct_measurement(measurement_id: int, new: NewMeasurement, why: str) -> int:
    """A correction is a new row that takes the old one's place; the old one stays, struck, with the reason."""
    old = db.session.scalars(_MEASUREMENT, {"row_id": measurement_id}).one()
    _check_not_followed(Measurement, measurement_id)
    if not why.strip():
        raise AssessRefused("Say why the figure is corrected.")
    return _measurement(old.pupil_id, new, old.id, why).id


def _check_not_followed(model: type[Measurement | View | Observation], row_id: int) -> None:
    if db.session.execute(_FOLLOWED[model], {"row_id": row_id}).first() is not None:
        raise AssessRefused("This was corrected before. Correct the newer entry instead.")


@writes("Views recorded")
def record_view(pupil_id: int, new: NewView) -> int:
    """What the pupil or one named parent said, or the attempts to ask."""
    return _view(pupil_id, new, None)


@writes("Views corrected")
def correct_view(view_id: int, new: NewView) -> int:
    """A newer wording of the same views; the older one stays."""
    old = db.session.scalars(_VIEW, {"row_id": view_id}).one()
    _check_not_followed(View, view_id)
    return _view(old.pupil_id, new, old.id)


def _view(pupil_id: int, new: NewView, replaces_id: int | None) -> int:
    _check_day(new.given_on, "The date of the views")
    if (new.whose is ViewOf.PARENT) is (new.adult_id is None):
        raise AssessRefused("Say which parent or carer; for the pupil's own views, none.")
    row = View(
        pupil_id=pupil_id,
        whose=new.whose,
        adult_id=new.adult_id,
        method=new.method,
        text=new.text.strip(),
        given_on=new.given_on,
        gathered_by=new.gathered_by.strip(),
        shared_with_family=new.shared_with_family,
        from_paper=new.from_paper,
        replaces_id=replaces_id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Strength or difficulty recorded")
def record_observation(pupil_id: int, new: NewObservation) -> int:
    """A strength or a difficulty with its source and date."""
    _check_day(new.seen_on, "The date")
    row = Observation(
        pupil_id=pupil_id,
        kind=new.kind,
        area=new.area,
        text=new.text.strip(),
        source=new.source.strip(),
        seen_on=new.seen_on,
        from_paper=new.from_paper,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Strength or difficulty withdrawn")
def withdraw_observation(observation_id: int, why: str) -> int:
    """It does not hold any more: a new row says so and why; the old one stays."""
    old = db.session.scalars(_OBSERVATION, {"row_id": observation_id}).one()
    _check_not_followed(Observation, observation_id)
    if not why.strip():
        raise AssessRefused("Say why it no longer holds.")
    row = Observation(
        pupil_id=old.pupil_id,
        kind=old.kind,
        area=old.area,
        text=why.strip(),
        source=old.source,
        seen_on=today(),
        withdrawn=True,
        replaces_id=old.id,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Professional's involvement recorded")
def add_involvement(pupil_id: int, details: InvolvementDetails) -> int:
    """A service that was asked, came or reported."""
    row = Involvement(pupil_id=pupil_id)
    _fill_involvement(row, details)
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Professional's involvement changed")
def change_involvement(involvement_id: int, details: InvolvementDetails, version: int | None = None) -> int:
    """What became of it: seen, reported, closed. Raises Clash when somebody else saved it first."""
    row = db.session.scalars(_INVOLVEMENT, {"row_id": involvement_id}).one()
    check_version(row, version, {one.name: getattr(row, one.name) for one in fields(details)})
    _fill_involvement(row, details)
    return involvement_id


def _fill_involvement(row: Involvement, details: InvolvementDetails) -> None:
    for day, what in (
        (details.referred_on, "The date of the referral"),
        (details.seen_on, "The date seen"),
        (details.reported_on, "The date of the report"),
        (details.closed_on, "The date of closing"),
    ):
        if day is not None:
            _check_day(day, what)
    for one in fields(details):
        value = getattr(details, one.name)
        setattr(row, one.name, value.strip() if isinstance(value, str) else value)


@writes("Professional's advice recorded")
def add_advice(involvement_id: int, recommendation: str, given_on: date) -> int:
    """One recommendation of a professional."""
    owner = db.session.scalars(_INVOLVEMENT, {"row_id": involvement_id}).one()
    _check_day(given_on, "The date of the advice")
    row = Advice(
        pupil_id=owner.pupil_id,
        involvement_id=involvement_id,
        recommendation=recommendation.strip(),
        given_on=given_on,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("What was done with advice recorded")
def act_on_advice(advice_id: int, done: DoneWithAdvice) -> int:
    """What was done about a recommendation; the newest row counts."""
    advice = db.session.scalars(_ADVICE, {"row_id": advice_id}).one()
    _check_day(done.on, "The date")
    if done.status is AdviceStatus.NOT_DONE and not done.text.strip():
        raise AssessRefused("Say why the advice was not followed.")
    if done.status is AdviceStatus.DONE and not done.text.strip():
        raise AssessRefused("Say what was done: that it was acted on does not show what a reader would look for.")
    row = AdviceAction(
        pupil_id=advice.pupil_id,
        advice_id=advice_id,
        status=done.status,
        who=done.who.strip(),
        by_when=done.by_when,
        text=done.text.strip(),
        effect=done.effect.strip(),
        on=done.on,
    )
    db.session.add(row)
    db.session.flush()
    return row.id
