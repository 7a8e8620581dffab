"""Single events that every school knows: a plan amended, a figure put right, an addendum, a pupil who just arrived."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select

from graduated.assess.models import Measurement
from graduated.assess.services import NewMeasurement, correct_measurement
from graduated.db.session import db
from graduated.demo import concerns
from graduated.demo.lived import Life
from graduated.demo.people import BY_KEY as PEOPLE
from graduated.demo.stage import Stage
from graduated.demo.timetable import cover
from graduated.plan.services import Because, amend_dose
from graduated.pupils.services import FirstStatus, PupilRecord, add_pupil
from graduated.review.services import add_addendum
from graduated.rules.calendar import academic_year_starts
from graduated.rules.progress import Value
from graduated.rules.vocabulary import SenStatus, Sex, StatusSource, YearGroup


def tell(stage: Stage, lives: dict[str, Life]) -> None:
    """All of them."""
    _amended(stage, lives["Declan Foot"])
    _corrected(stage, lives["Otis Guppy"])
    _added(stage, lives["Zofia Szymańska"])
    _arrived(stage)
    concerns.tell(stage)
    cover(stage)


def _amended(stage: Stage, life: Life) -> None:
    given = life.given.get("Emotional literacy 1:1")
    if given is None:
        return
    cycle = life.course.cycles[-1]
    on = max(stage.calendar.shifted(stage.calendar.on_or_before(stage.today), -12), cycle.agreed or cycle.starts)
    because = Because(
        "Mrs Tuck joins for the second half of each session, as Declan agreed; ten minutes longer, so that he can "
        "show her the tadpoles first.",
        PEOPLE["legg"].name,
        on,
    )
    with stage.act("legg", on, "Dose of an agreed plan amended", 16, 0):
        amend_dose(given.provision_id, 50, 1, None, 1, because)


def _corrected(stage: Stage, life: Life) -> None:
    code = "reading-age"
    measure_id, respondent = stage.measures[code]
    row = db_row(stage, life, measure_id)
    if row is None:
        return
    new = NewMeasurement(measure_id, row.taken_on, Value(row.value), respondent, administered_by=PEOPLE["tuck"].name)
    day = stage.calendar.on_or_before(stage.today)
    with stage.act("legg", day, "Measurement corrected", 8, 40):
        why = "Mrs Tuck gave the test, not Mrs Rowsell; the figure on the sheet is one month less than was typed."
        right = NewMeasurement(
            measure_id, row.taken_on, Value(row.value - Decimal(1)), respondent, "", new.administered_by
        )
        correct_measurement(row.id, right, why)


def db_row(stage: Stage, life: Life, measure_id: int) -> Measurement | None:
    """The newest figure of a pupil on a measure."""
    with stage.system():
        return db.session.scalars(
            select(Measurement)
            .where(Measurement.pupil_id == life.pupil_id, Measurement.measure_id == measure_id)
            .order_by(Measurement.taken_on.desc(), Measurement.id.desc())
        ).first()


def _added(stage: Stage, life: Life) -> None:
    if not life.reviews:
        return
    last = life.reviews[max(life.reviews)]
    day = stage.calendar.shifted(life.course.cycles[-1].starts, 6)
    with stage.act("ansell", day, "Addendum added to a sealed review", 12, 30):
        add_addendum(
            last,
            "Mr Szymański telephoned the day after. He agrees with the next step and asks to be invited by message, as "
            "letters reach him late.",
            "He could not come, and his view belongs with the decision.",
        )


def _arrived(stage: Stage) -> None:
    """A boy from Ukraine, three weeks here, whose UPN has not come yet."""
    day = stage.calendar.shifted(stage.calendar.on_or_before(stage.today), -15)
    born = date(academic_year_starts(stage.today).year - 8, 11, 16)
    record = PupilRecord(
        "Danylo", "Kovalenko", born, YearGroup.Y3, known_as="Dania", sex=Sex.MALE, registration_group="3A", eal=True,
        pupil_premium=False, in_care=False, first_language="Ukrainian", interpreter="Ukrainian", admitted_on=day,
        previous_schools="School No. 14, Poltava; online lessons from there continue in the evenings.",
    )  # fmt: skip
    with stage.act("legg", day, "Pupil added", 9, 10):
        pupil_id = add_pupil(record, FirstStatus(SenStatus.NONE, day, StatusSource.HAND, "New arrival"))
    concerns.tell_one(stage, pupil_id, concerns.ARRIVED)
