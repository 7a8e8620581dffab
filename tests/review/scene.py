"""A pupil in an agreed cycle with two outcomes, a group and support in class, on a Tuesday in November."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from graduated.assess.models import Measurement
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.services import NewPresence, NewSession, log_session
from graduated.plan import services as plan
from graduated.plan.queries import plan_of
from graduated.plan.services import AgreementDetails, CycleFrame, OutcomeDetails, ProvisionDetails
from graduated.review.deciding import Decision
from graduated.review.services import Attending, Sitting, save_review, seal_review, start_review
from graduated.rules.vocabulary import (
    AgreementMethod,
    Direction,
    Evidencing,
    Judgement,
    MeasureKind,
    NeedArea,
    NextStep,
    PlanType,
    ProvisionKind,
    ProvisionVerdict,
    RequestPath,
    Respondent,
    SpecialistPath,
)
from graduated.school.models import Measure
from graduated.school.queries import measures
from tests.support.world import World


def tuesday_in_november() -> date:
    """The last Tuesday but some of a November that lies ahead or is now: a school day in the world's terms."""
    real = date.today()  # noqa: DTZ011  # only to stay within the terms that the world was built with
    day = date(real.year if real <= date(real.year, 11, 20) else real.year + 1, 11, 20)
    return day + timedelta(days=(1 - day.weekday()) % 7)


TODAY = tuesday_in_november()
NOW = datetime.combine(TODAY, time(15, 30), UTC)
STARTS = TODAY - timedelta(days=70)  # a Tuesday in September

REFERRAL: dict[str, Any] = {
    "specialist": SpecialistPath.REFER,
    "service": "Speech and language therapy",
    "question": "Is word finding what holds her back?",
    "who_refers": "Hannah Legg",
    "refer_by": TODAY + timedelta(days=14),
    "parents_agree": True,
}
PATHS: dict[NextStep, dict[str, Any]] = {
    NextStep.COME_OFF: {},
    NextStep.ANOTHER_CYCLE: {},
    NextStep.SPECIALIST: REFERRAL,
    NextStep.CONSIDER_EHCNA: {"request": RequestPath.OPEN, "signposted": True},
}


@dataclass
class Scene:
    """Ids of one agreed plan."""

    pupil_id: int
    cycle_id: int
    reads: int
    asks: int
    precision: int
    in_class: int
    group_id: int
    adult_id: int | None


def errors_measure() -> int:
    """Errors in 100 words: a count that should go down."""
    known = next((one.id for one in measures(include_retired=True) if one.code == "scene-errors"), None)
    if known is not None:
        return known
    with write("Measure added"):
        row = Measure(
            code="scene-errors",
            name="Errors in 100 words",
            kind=MeasureKind.COUNT,
            direction=Direction.DOWN,
            respondent=Respondent.TEACHER,
        )
        db.session.add(row)
    return row.id


def set_scene(
    world: World, pupil: str = "zofia", adult: str = "parent", plan_type: PlanType = PlanType.SEN_SUPPORT
) -> Scene:
    """An agreed plan for a pupil, led by the lead teacher; the teaching assistant runs the group."""
    pupil_id = world.pupils[pupil]
    errors_id = errors_measure()
    cycle_id = plan.open_cycle(
        pupil_id,
        CycleFrame(STARTS, TODAY, lead_id=world.users["lead"], plan_type=plan_type, assess_summary="Guesses words"),
    )
    reads = plan.add_outcome(
        cycle_id,
        OutcomeDetails(
            NeedArea.COGNITION,
            "Reads a Year 4 text aloud with fewer than 5 errors in 100 words",
            measure_id=errors_id,
            baseline=Decimal(14),
            baseline_on=STARTS,
            target=Decimal(5),
            by_when=TODAY + timedelta(days=120),
        ),
    )
    asks = plan.add_outcome(
        cycle_id, OutcomeDetails(NeedArea.COMMUNICATION, "Asks for help at least three times a day", by_when=TODAY)
    )
    precision = plan.add_provision(
        cycle_id,
        ProvisionDetails(
            name="Precision reading",
            staff_id=world.users["ta"],
            minutes=15,
            times_a_week=2,
            weekdays=(1, 3),
            at=time(13, 30),
            serves=(reads,),
        ),
    )
    in_class = plan.add_provision(
        cycle_id,
        ProvisionDetails(
            name="Word mat and check-ins",
            kind=ProvisionKind.IN_CLASS,
            evidencing=Evidencing.WEEKLY,
            minutes=10,
            times_a_week=3,
            serves=(asks,),
        ),
    )
    adult_id = world.adults.get(adult)
    plan.agree(
        cycle_id,
        AgreementDetails(STARTS, AgreementMethod.MEETING, agreed_ids=(adult_id,) if adult_id else ()),
    )
    group_id = next(one.group_id for one in plan_of(cycle_id).provisions if one.group_id is not None)
    return Scene(pupil_id, cycle_id, reads, asks, precision, in_class, group_id, adult_id)


def measure(scene: Scene, value: int, on: date = TODAY) -> None:
    """A figure on the measure of the first outcome."""
    scale = next(one.scale for one in plan_of(scene.cycle_id).outcomes if one.scale is not None)
    with write("Measured"):
        db.session.add(
            Measurement(
                pupil_id=scene.pupil_id,
                measure_id=scale.measure_id,
                taken_on=on,
                value=Decimal(value),
                respondent=Respondent.TEACHER,
            )
        )


def log(scene: Scene, *days: date, minutes: int = 15) -> list[int]:
    """Sessions of the group that the pupil was in."""
    return [
        log_session(scene.group_id, NewSession(day, minutes, presences=(NewPresence(scene.pupil_id, True),)))
        for day in days
    ]


def said(scene: Scene, step: NextStep, **more: object) -> Sitting:
    """A sitting in which everything was said, ending in a step."""
    judgements = more.pop("judgements", (Judgement.MORE, Judgement.LESS))
    verdicts = more.pop("verdicts", (ProvisionVerdict.CONTINUE, ProvisionVerdict.CHANGE))
    attending = (Attending("Anna Szymańska", "Mother", adult_id=scene.adult_id),) if scene.adult_id else ()
    return Sitting(
        held_on=TODAY,
        with_parent=bool(scene.adult_id),
        attempts="" if scene.adult_id else "Rang on 3 and 10 November, wrote on 12 November.",
        pupil_present=True,
        pupil_views="I like the reading graph.",
        parent_views="She reads at home now.",
        attending=(*attending, Attending("Mrs Kowalska", "interpreter")),
        judgements=(
            (scene.reads, judgements[0], "Corrects herself in most lines."),  # type: ignore[index]
            (scene.asks, judgements[1], "Asks when she is prompted."),  # type: ignore[index]
        ),
        verdicts=(
            (scene.precision, verdicts[0], "It works."),  # type: ignore[index]
            (scene.in_class, verdicts[1], "Too many adults at once."),  # type: ignore[index]
        ),
        decision=Decision(step=step, reason="It was talked through with the family.", **more),  # type: ignore[arg-type]
    )


def written(scene: Scene, step: NextStep, interim: bool = False, **more: object) -> int:
    """A review that could be sealed; gives its id."""
    review_id = start_review(scene.cycle_id, interim)
    save_review(review_id, said(scene, step, **more))
    return review_id


def sealed(scene: Scene, step: NextStep, interim: bool = False, **more: Any) -> int:
    """A review sealed with a step and what its path asks for; gives its id."""
    review_id = written(scene, step, interim, **{**PATHS[step], **more})
    return seal_review(review_id)
