"""Support in class that is ticked week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from graduated.db.session import db
from graduated.do.models import WeeklyTick
from graduated.plan.models import Cycle, Provision
from graduated.pupils.models import Pupil
from graduated.pupils.queries import name_of
from graduated.rules.calendar import monday_of
from graduated.rules.vocabulary import CancelReason, CycleStatus, Evidencing


@dataclass(frozen=True, slots=True)
class SupportLine:
    """One pupil's support in class with what was said of one week; `happened` is None until somebody says.

    `is_logged` is false where the plan says that nobody ticks it.
    """

    provision_id: int
    pupil_id: int
    pupil_name: str
    name: str
    who: str
    minutes: int
    times_a_week: int
    happened: bool | None
    reason: str
    is_logged: bool = True

    @property
    def state(self) -> str:
        """What is known of the week, in words; what nobody logs is said to be so."""
        if not self.is_logged:
            return "Not logged"
        if self.happened is None:
            return "Not ticked yet"
        reasons = {one.value: one.label for one in CancelReason}
        why = f": {reasons[self.reason].lower()}" if self.reason in reasons else ""
        return "Happened" if self.happened else f"Did not happen{why}"


_Next = aliased(Cycle)
_SUPPORT = (
    select(
        Provision.id,
        Provision.pupil_id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Provision.name,
        Provision.who,
        Provision.minutes,
        Provision.times_a_week,
        Provision.evidencing,
    )
    .join(Cycle, Cycle.id == Provision.cycle_id)
    .join(Pupil, Pupil.id == Provision.pupil_id)
    .where(
        Provision.evidencing.in_((Evidencing.WEEKLY, Evidencing.NONE)),
        or_(Cycle.status == CycleStatus.AGREED, Provision.runs_on.is_(True)),
        Provision.starts <= bindparam("sunday"),
        or_(Provision.ends.is_(None), Provision.ends >= bindparam("monday"), Provision.runs_on.is_(True)),
        or_(Provision.stopped_on.is_(None), Provision.stopped_on >= bindparam("monday")),
        # What ran on after a review goes over to the next plan once that is agreed.
        ~exists().where(_Next.previous_id == Cycle.id, _Next.agreed_on <= bindparam("sunday")),
    )
    .order_by(Pupil.known_as, Pupil.legal_forename, Provision.position, Provision.id)
)
_TICKS = (
    select(WeeklyTick.provision_id, WeeklyTick.happened, WeeklyTick.reason)
    .where(WeeklyTick.week_of == bindparam("monday"))
    .order_by(WeeklyTick.id)
)


def weekly_support(day: date) -> tuple[SupportLine, ...]:
    """The ticked support in class of every pupil in sight in the week of a day, with the newest tick of each."""
    return tuple(line for line in support_in_class(day) if line.is_logged)


def support_in_class(day: date) -> tuple[SupportLine, ...]:
    """All support in class of the week of a day, also what is not logged."""
    monday = monday_of(day)
    ticks = {row.provision_id: row for row in db.session.execute(_TICKS, {"monday": monday})}
    lines = []
    for row in db.session.execute(_SUPPORT, {"monday": monday, "sunday": monday + timedelta(days=6)}):
        tick = ticks.get(row.id)
        lines.append(
            SupportLine(
                provision_id=row.id,
                pupil_id=row.pupil_id,
                pupil_name=name_of(row),
                name=row.name,
                who=row.who,
                minutes=row.minutes,
                times_a_week=row.times_a_week,
                happened=tick.happened if tick else None,
                reason=tick.reason if tick else "",
                is_logged=row.evidencing is Evidencing.WEEKLY,
            )
        )
    return tuple(lines)
