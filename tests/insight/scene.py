"""A spring term of one intervention: who had it, what was logged, what was measured, what it cost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlalchemy import select

from graduated.assess.models import Measurement
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.do.models import DeliveredSession, Presence
from graduated.plan.models import Cycle, Group, Outcome, Place, Provision, ProvisionOutcome
from graduated.pupils import services as pupils
from graduated.rules.vocabulary import (
    CancelReason,
    CycleStatus,
    NeedArea,
    NeedType,
    Respondent,
    Role,
    SenStatus,
    SessionState,
    StatusSource,
    YearGroup,
)
from graduated.school.models import Intervention, Measure, Rate, RateCard
from tests.support.world import World

YEAR = today().year + 1
BEGAN = date(YEAR, 1, 12)
NOW = datetime(YEAR, 3, 25, 12, 0, tzinfo=UTC)
RATE = Decimal("18.0000")


def rates() -> None:
    """£18 an hour for support staff."""
    with write("Rates"):
        card = RateCard(source="Dorset Council rates", valid_from=date(YEAR - 2, 9, 1))
        db.session.add(card)
        db.session.flush()
        db.session.add(Rate(rate_card_id=card.id, role=Role.SUPPORT, label="TA", pounds_an_hour=RATE))


def pupil(number: int, world: World, year: YearGroup = YearGroup.Y4) -> int:
    """One more pupil on SEN support."""
    record = pupils.PupilRecord(f"Pupil{number}", "Another", date(YEAR - 9, 5, 4), year, registration_group="4B")
    status = pupils.FirstStatus(SenStatus.SUPPORT, BEGAN, StatusSource.HAND, "", (NeedType.ASD,))
    return pupils.add_pupil(record, status)


def group(world: World, name: str = "Talk partners", pupils_in_it: int = 1) -> int:
    """A Monday group of an hour by the teaching assistant, in the library under that name."""
    with write("Group"):
        kind = Intervention(name=name, purpose="Talk", areas=[])
        db.session.add(kind)
        db.session.flush()
        row = Group(
            intervention_id=kind.id, name=name, staff_id=world.users["ta"], staff_role=Role.SUPPORT, starts=BEGAN,
            weekdays=[0], at=time(9, 30), minutes=60, times_a_week=1,
        )  # fmt: skip
        db.session.add(row)
        db.session.flush()
    return row.id


def provide(pupil_id: int, group_id: int, size: int = 1, measure: str | None = None) -> int:
    """An agreed plan of six weeks in the group, for an outcome on a measure; gives the provision's id."""
    with write("Plan"):
        cycle = Cycle(
            pupil_id=pupil_id, number=1, status=CycleStatus.AGREED, starts=BEGAN, agreed_on=BEGAN, sent_on=BEGAN,
            review_due=date(YEAR, 3, 27),
        )  # fmt: skip
        place = Place(pupil_id=pupil_id, group_id=group_id, starts=BEGAN)
        db.session.add_all([cycle, place])
        db.session.flush()
        given = Provision(
            pupil_id=pupil_id, cycle_id=cycle.id, place_id=place.id, name="Talk", minutes=60, times_a_week=1,
            group_size=size, staff_role=Role.SUPPORT, starts=BEGAN, ends=BEGAN + timedelta(weeks=10),
        )  # fmt: skip
        measured = db.session.scalar(select(Measure.id).where(Measure.code == measure)) if measure else None
        outcome = Outcome(
            pupil_id=pupil_id, cycle_id=cycle.id, area=NeedArea.COMMUNICATION, statement="Speaks up in lessons",
            measure_id=measured,
        )  # fmt: skip
        db.session.add_all([given, outcome])
        db.session.flush()
        db.session.add(ProvisionOutcome(pupil_id=pupil_id, provision_id=given.id, outcome_id=outcome.id))
    return given.id


def log(group_id: int, members: list[int], weeks: int, cancelled: int = 0) -> None:
    """The first Mondays' sessions, but for half-term's: held, then cancelled."""
    first = BEGAN + timedelta(days=-BEGAN.weekday() % 7)
    mondays = [first + timedelta(weeks=week) for week in range(10)]
    mondays = [day for day in mondays if not date(YEAR, 2, 11) <= day <= date(YEAR, 2, 19)]
    with write("Logged"):
        for week in range(weeks + cancelled):
            held = week < weeks
            row = DeliveredSession(
                group_id=group_id, held_on=mondays[week], minutes=60,
                state=SessionState.DELIVERED if held else SessionState.CANCELLED,
                reason=None if held else CancelReason.NO_ADULT,
            )  # fmt: skip
            db.session.add(row)
            db.session.flush()
            for pupil_id in members if held else []:
                db.session.add(Presence(pupil_id=pupil_id, delivered_session_id=row.id, present=True, minutes=60))


def figure(pupil_id: int, code: str, on: date, value: int, respondent: Respondent = Respondent.TEACHER) -> None:
    """One figure."""
    with write("Figure"):
        measure_id = db.session.scalars(select(Measure.id).where(Measure.code == code)).one()
        db.session.add(
            Measurement(
                pupil_id=pupil_id, measure_id=measure_id, taken_on=on, value=Decimal(value), respondent=respondent
            )
        )
