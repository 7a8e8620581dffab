"""What Today is made of: computed afresh, never stored, in a fixed number of queries for any number of pupils."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import bindparam, func, or_, select

from graduated.access import actions
from graduated.access.guards import may
from graduated.access.policy import Subject
from graduated.assess.queries_concerns import ConcernRow, open_concerns
from graduated.assess.queries_professionals import OpenAdvice, open_advice
from graduated.db.session import db
from graduated.disclosure.queries import RequestRow as InformationRow
from graduated.disclosure.queries import open_requests as open_information
from graduated.do.queries import Calendar, ProvisionDose, running_doses
from graduated.ehcna.queries_asked import AskedWords, open_asked
from graduated.erasure.queries import OrderRow, waiting_orders
from graduated.people.queries_movers import held_by_leavers
from graduated.plan.queries_cycles import LeftOpen, left_open
from graduated.planning.queries import meetings_between, owed
from graduated.planning.rows import MeetingRow, OwedRow
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.pupils.queries_bars import EndingHold, ending_holds
from graduated.pupils.queries_interpreters import meeting_needs
from graduated.pupils.queries_ways import DeadInvitation, dead_invitations
from graduated.request.queries import RequestRow, all_requests
from graduated.retention.queries import Falling, falling
from graduated.review.models import ActionItem, Review
from graduated.review.queries_asking import AskedRow, all_asked
from graduated.review.queries_due import ReviewYear, review_year
from graduated.rules.interpreting import Need
from graduated.rules.vocabulary import ReviewStatus
from graduated.school.queries import bank_holidays, terms

SILENT_DAYS = 7
"""How far back a session that nobody logged is asked for."""

SOON = timedelta(days=7)
MEETING_NEAR = timedelta(days=14)
"""How long before a planning meeting it comes up: time enough to ask families."""
_FORGOTTEN = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class DueAction:
    """Something promised at a review that is due within a week, or late."""

    action_id: int
    pupil_id: int
    pupil_name: str
    what: str
    who: str
    by_when: date


@dataclass(frozen=True, slots=True)
class Day:
    """All that Today shows, before it is put into sentences."""

    calendar: Calendar
    reviews: ReviewYear
    doses: tuple[ProvisionDose, ...]
    requests: tuple[RequestRow, ...]
    advice: tuple[OpenAdvice, ...]
    actions: tuple[DueAction, ...]
    concerns: tuple[ConcernRow, ...]
    mis_changes: int
    asked: tuple[AskedRow, ...] = ()
    meetings: tuple[MeetingRow, ...] = ()
    owed: tuple[OwedRow, ...] = ()
    by_law: tuple[OrderRow, ...] = ()
    keeping: tuple[Falling, ...] = ()
    words: tuple[AskedWords, ...] = ()
    information: tuple[InformationRow, ...] = ()
    holds: tuple[EndingHold, ...] = ()
    dead: tuple[DeadInvitation, ...] = ()
    left_open: tuple[LeftOpen, ...] = ()
    held_by_leavers: int = 0
    needs: Mapping[int, tuple[Need, ...]] = field(default_factory=dict)


_NAME = (Pupil.legal_forename, Pupil.legal_surname, Pupil.known_as, Pupil.known_surname)
_ACTIONS = (
    select(ActionItem.id, ActionItem.pupil_id, ActionItem.what, ActionItem.who, ActionItem.by_when, *_NAME)
    .join(Review, Review.id == ActionItem.review_id)
    .join(Pupil, Pupil.id == ActionItem.pupil_id)
    .where(
        Review.status == ReviewStatus.SEALED,
        ActionItem.done_on.is_(None),
        ActionItem.by_when <= bindparam("until"),
        or_(Pupil.left_on.is_(None), Pupil.left_on >= bindparam("day")),
    )
    .order_by(ActionItem.by_when, ActionItem.id)
)
_MIS = (
    select(func.count(SenStatusSpell.id))
    .join(Pupil, Pupil.id == SenStatusSpell.pupil_id)
    .where(SenStatusSpell.told_mis.is_(False), SenStatusSpell.ends.is_(None))
)


def day_of(day: date) -> Day:
    """Everything that waits on a day, of the pupils in sight; what the person may not read is not asked for."""
    calendar: Calendar = (terms(), bank_holidays())
    year = review_year(day, calendar)
    return Day(
        calendar=calendar,
        reviews=year,
        needs=meeting_needs({one.pupil_id for one in year.due if one.meeting_at is not None}),
        doses=running_doses(day, day - timedelta(days=SILENT_DAYS), calendar),
        requests=all_requests() if may(actions.REQUEST_READ, Subject()) else (),
        advice=open_advice() if may(actions.ASSESS_READ, Subject()) else (),
        actions=_due_actions(day) if may(actions.REVIEW_READ, Subject()) else (),
        concerns=open_concerns(),
        mis_changes=(db.session.scalar(_MIS) or 0) if may(actions.REGISTER_WRITE, Subject()) else 0,
        asked=all_asked(),
        meetings=meetings_between(day - _FORGOTTEN, day + MEETING_NEAR, calendar[0]),
        owed=owed(),
        by_law=waiting_orders() if may(actions.ERASE, Subject()) else (),
        keeping=falling() if may(actions.LEAVE, Subject()) else (),
        words=open_asked() if may(actions.REQUEST_CONTRIBUTE, Subject()) else (),
        information=open_information() if may(actions.DISCLOSE_DECIDE, Subject()) else (),
        holds=ending_holds() if keeps_holds() else (),
        dead=dead_invitations() if may(actions.REGISTER_WRITE, Subject()) else (),
        left_open=left_open(day) if may(actions.PLAN_AMEND, Subject()) else (),
        held_by_leavers=held_by_leavers() if may(actions.SCHOOL_WRITE, Subject()) else 0,
    )


def keeps_holds() -> bool:
    """Whether the person may renew a safeguarding hold: who keeps the register, or restricted papers."""
    return may(actions.REGISTER_WRITE, Subject()) or may(actions.RESTRICTED_WRITE, Subject())


def _due_actions(day: date) -> tuple[DueAction, ...]:
    rows = db.session.execute(_ACTIONS, {"day": day, "until": day + SOON})
    return tuple(DueAction(row.id, row.pupil_id, name_of(row), row.what, row.who, row.by_when) for row in rows)
