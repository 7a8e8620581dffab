"""A believable story of one pupil: cycles with reviews, provision with sessions, figures, a profile."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from sqlalchemy import select

from graduated.assess.models import Involvement, Measurement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, Presence
from graduated.plan.models import Cycle, Group, Outcome, Place, Provision, ProvisionOutcome, Strategy
from graduated.pupils.models import Profile
from graduated.review.models import NextStepTaken, OutcomeJudgement, Review
from graduated.rules.vocabulary import (
    AbsenceReason,
    CancelReason,
    CycleOrigin,
    CycleStatus,
    Judgement,
    NeedArea,
    NextStep,
    Respondent,
    ReviewStatus,
    SessionState,
)
from graduated.school.models import Intervention, Measure

LONG = timedelta(days=110)
STEPS = (NextStep.ANOTHER_CYCLE, NextStep.SPECIALIST)


def tell(
    pupil_id: int,
    lead_id: int,
    *,
    closed: int = 3,
    sessions: int = 20,
    judged: tuple[tuple[Judgement, str], ...] = (),
) -> int:
    """Write the story: `closed` reviewed cycles (the first from paper) and one agreed; the agreed cycle's id.

    With `judged` each review judges the first outcome so, in turn, and the outcome is carried into the next cycle.
    """
    with write("Story told"):
        measure = db.session.scalars(select(Measure).where(Measure.code.is_not(None)).order_by(Measure.id)).first()
        programme = db.session.scalars(select(Intervention).order_by(Intervention.name)).first()
        assert measure is not None and programme is not None
        start = today() - LONG * closed - timedelta(days=45)
        previous, groups = None, []
        for number in range(1, closed + 2):
            cycle = _cycle(pupil_id, lead_id, number, start, previous, is_last=number == closed + 1)
            groups.append(_provided(pupil_id, lead_id, cycle, measure, programme.id, start, number))
            if cycle.status is CycleStatus.REVIEWED:
                _reviewed(pupil_id, cycle, STEPS[number % 2], judged[(number - 1) % len(judged)] if judged else None)
            previous, start = cycle.id, start + LONG
        if judged:
            _carried(pupil_id)
        _figures(pupil_id, measure.id, closed)
        _sessions(pupil_id, groups[-1], sessions)
        db.session.add(Involvement(pupil_id=pupil_id, service="Educational psychologist", seen_on=today() - LONG))
        db.session.add(
            Profile(
                pupil_id=pupil_id, number=1, written_on=today() - LONG,
                my_words="Show me what it looks like and let me start with a friend.",
                helps_me="Instructions one at a time, with a picture\nWords of the topic before the lesson\n"
                "Time to answer: count to ten\nRead aloud only when she offers",
            )
        )  # fmt: skip
    return cycle.id


def _cycle(pupil_id: int, lead_id: int, number: int, start: date, previous: int | None, *, is_last: bool) -> Cycle:
    cycle = Cycle(
        pupil_id=pupil_id, number=number, previous_id=previous, starts=start, lead_id=lead_id,
        status=CycleStatus.AGREED if is_last else CycleStatus.REVIEWED,
        origin=CycleOrigin.PAPER if number == 1 else CycleOrigin.LIVED,
        ends=None if is_last else start + LONG - timedelta(days=1),
        review_due=today() + timedelta(days=12) if is_last else start + LONG - timedelta(days=1),
        agreed_on=start, sent_on=start,
        meeting_at=datetime.combine(today() + timedelta(days=12), time(15, 30), UTC) if is_last else None,
        meeting_place="Room 2" if is_last else "",
    )  # fmt: skip
    db.session.add(cycle)
    db.session.flush()
    db.session.add(Strategy(pupil_id=pupil_id, cycle_id=cycle.id, text="Words of the topic before the lesson"))
    return cycle


def _provided(
    pupil_id: int, lead_id: int, cycle: Cycle, measure: Measure, programme_id: int, start: date, number: int
) -> Group:
    outcomes = [
        Outcome(pupil_id=pupil_id, cycle_id=cycle.id, position=0, area=NeedArea.COGNITION, measure_id=measure.id,
                statement="Zofia reads a Year 4 text aloud with fewer than 5 errors in 100 words",
                baseline=Decimal(70 + 2 * number), baseline_on=start, target=Decimal(88)),
        Outcome(pupil_id=pupil_id, cycle_id=cycle.id, position=1, area=NeedArea.COMMUNICATION,
                statement="Zofia asks an adult or friend for help in class at least three times a day",
                success="Seen in three lessons of a week"),
    ]  # fmt: skip
    group = Group(intervention_id=programme_id, name="Precision reading", staff_id=lead_id, starts=start,
                  weekdays=[0, 1, 2, 3], minutes=15, times_a_week=4)  # fmt: skip
    db.session.add_all([*outcomes, group])
    db.session.flush()
    place = Place(pupil_id=pupil_id, group_id=group.id, starts=start)
    db.session.add(place)
    db.session.flush()
    provisions = [
        Provision(pupil_id=pupil_id, cycle_id=cycle.id, place_id=place.id, name="Precision reading 1:1", minutes=15,
                  times_a_week=4, starts=start, ends=cycle.ends, position=0),
        Provision(pupil_id=pupil_id, cycle_id=cycle.id, name=("Talk group", "Phonics catch-up")[number % 2],
                  minutes=30, times_a_week=2, group_size=6, starts=start, ends=cycle.ends, position=1),
    ]  # fmt: skip
    db.session.add_all(provisions)
    db.session.flush()
    for outcome, provision in zip(outcomes, provisions, strict=True):
        db.session.add(ProvisionOutcome(pupil_id=pupil_id, provision_id=provision.id, outcome_id=outcome.id))
    return group


def _carried(pupil_id: int) -> None:
    for earlier, later in pairwise(_first_outcomes(pupil_id)):
        later.continues_id = earlier.id


def _first_outcomes(pupil_id: int) -> list[Outcome]:
    of_pupil = select(Outcome).where(Outcome.pupil_id == pupil_id, Outcome.position == 0)
    return list(db.session.scalars(of_pupil.order_by(Outcome.cycle_id)))


def _reviewed(pupil_id: int, cycle: Cycle, step: NextStep, judged: tuple[Judgement, str] | None) -> None:
    review = Review(pupil_id=pupil_id, cycle_id=cycle.id, held_on=cycle.ends, with_parent=True,
                    from_paper=cycle.origin is CycleOrigin.PAPER)  # fmt: skip
    db.session.add(review)
    db.session.flush()
    if judged:
        outcome_id = _first_outcomes(pupil_id)[-1].id
        db.session.add(
            OutcomeJudgement(pupil_id=pupil_id, review_id=review.id, outcome_id=outcome_id, judgement=judged[0],
                             reason=judged[1])
        )  # fmt: skip
        db.session.flush()
    review.status = ReviewStatus.SEALED
    db.session.flush()
    db.session.add(NextStepTaken(pupil_id=pupil_id, review_id=review.id, step=step, reason="Steady steps"))


def _figures(pupil_id: int, measure_id: int, closed: int) -> None:
    for number in range(2 * closed + 2):
        db.session.add(
            Measurement(pupil_id=pupil_id, measure_id=measure_id, respondent=Respondent.TEST,
                        taken_on=today() - timedelta(days=(2 * closed + 1 - number) * 52 + 4),
                        value=Decimal(74 + 2 * number), administered_by="Ms Vine")
        )  # fmt: skip


def _sessions(pupil_id: int, group: Group, sessions: int) -> None:
    day = today() - timedelta(days=1)
    for number in range(sessions):
        while day.weekday() > 3:
            day -= timedelta(days=1)
        cancelled = number % 9 == 4
        held = DeliveredSession(
            group_id=group.id, held_on=day, minutes=15,
            state=SessionState.CANCELLED if cancelled else SessionState.DELIVERED,
            reason=CancelReason.NO_ADULT if cancelled else None,
        )  # fmt: skip
        db.session.add(held)
        db.session.flush()
        if not cancelled:
            there = number % 7 != 3
            db.session.add(
                Presence(pupil_id=pupil_id, delivered_session_id=held.id, present=there, minutes=15 if there else 0,
                         reason=None if there else AbsenceReason.ILL)
            )  # fmt: skip
        day -= timedelta(days=1)
    db.session.flush()
