"""What the form of a sitting is made of: what a save reads, and the look whether somebody else has saved meanwhile.

It is the part of the table (`sitting`) that has fields: no figures, no doses, no suggestion, of this one cycle alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import bindparam, select

from graduated.db.session import db
from graduated.people.models import User
from graduated.plan.models import Cycle, Group, Outcome, Place, Provision
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import FamilyAdult, adults_of, name_of, staff_of
from graduated.review.deciding import Decision
from graduated.review.models import Review
from graduated.review.queries import ActionLine, ReviewRecord, open_review_of
from graduated.rules.vocabulary import SenStatus


class Whose(Protocol):
    """Of whom a review is, as far as its form and its consequences speak of them."""

    @property
    def name(self) -> str:
        """The name that the pupil goes by."""

    @property
    def first_name(self) -> str:
        """The first of it."""

    @property
    def status(self) -> SenStatus:
        """Where the register has them."""


class Fielded(Protocol):
    """What has a field in the form: the whole table, or the sheet of it."""

    @property
    def record(self) -> ReviewRecord:
        """The review as it is saved."""

    @property
    def decision(self) -> Decision:
        """The next step as it is thought over."""

    @property
    def head(self) -> Whose:
        """Of whom the review is."""

    @property
    def lead_id(self) -> int | None:
        """Who leads the plan."""

    @property
    def judged(self) -> tuple[tuple[int, str], ...]:
        """(id, statement) of each outcome that is judged."""

    @property
    def supplied(self) -> tuple[tuple[int, str], ...]:
        """(id, name) of each provision of which it is said what becomes of it."""

    @property
    def adults(self) -> tuple[FamilyAdult, ...]:
        """Who of the family may have come."""

    @property
    def staff(self) -> tuple[tuple[int, str], ...]:
        """(id, name) of who of the school may have come."""

    @property
    def earlier_actions(self) -> tuple[ActionLine, ...]:
        """What was promised before and may be done."""


@dataclass(frozen=True, slots=True)
class Pupilled:
    """Of whom a sheet is."""

    name: str
    first_name: str
    status: SenStatus


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands in a form of a sitting, read in a fixed number of queries."""

    record: ReviewRecord
    decision: Decision
    head: Pupilled
    lead_id: int | None
    judged: tuple[tuple[int, str], ...]
    supplied: tuple[tuple[int, str], ...]
    adults: tuple[FamilyAdult, ...]
    staff: tuple[tuple[int, str], ...]
    earlier_actions: tuple[ActionLine, ...]


_ABOUT = (
    select(
        Review.decision,
        User.name.label("lead_name"),
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        SenStatusSpell.status,
    )
    .join(Cycle, Cycle.id == Review.cycle_id)
    .join(Pupil, Pupil.id == Review.pupil_id)
    .outerjoin(User, User.id == Cycle.lead_id)
    .outerjoin(SenStatusSpell, (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None))
    .where(Review.id == bindparam("review_id"))
)
_JUDGED = (
    select(Outcome.id, Outcome.statement)
    .where(Outcome.cycle_id == bindparam("cycle_id"), Outcome.dropped_on.is_(None))
    .order_by(Outcome.position, Outcome.id)
)
_SUPPLIED = (
    select(Provision.id, Provision.name, Provision.stopped_on, Group.staff_id, User.name.label("staff_name"))
    .outerjoin(Place, Place.id == Provision.place_id)
    .outerjoin(Group, Group.id == Place.group_id)
    .outerjoin(User, User.id == Group.staff_id)
    .where(Provision.cycle_id == bindparam("cycle_id"))
    .order_by(Provision.position, Provision.id)
)


def sheet_of(review_id: int) -> Sheet:
    """What the form of this review is made of. It must be in sight (the guard has looked)."""
    record, promised = open_review_of(review_id)
    about = db.session.execute(_ABOUT, {"review_id": review_id}).one()
    provisions = db.session.execute(_SUPPLIED, {"cycle_id": record.cycle_id}).all()
    return Sheet(
        record=record,
        decision=Decision.read(about.decision or {}),
        head=Pupilled(name_of(about), about.known_as or about.legal_forename, about.status or SenStatus.NONE),
        lead_id=record.lead_id,
        judged=tuple((row.id, row.statement) for row in db.session.execute(_JUDGED, {"cycle_id": record.cycle_id})),
        supplied=tuple((row.id, row.name) for row in provisions if row.stopped_on is None),
        adults=tuple(one for one in adults_of(record.pupil_id) if not one.barred),
        staff=staff_there(
            record.pupil_id,
            (record.lead_id, about.lead_name or ""),
            ((row.staff_id, row.staff_name or "") for row in provisions),
        ),
        earlier_actions=promised,
    )


def staff_there(
    pupil_id: int, lead: tuple[int | None, str], runners: Iterable[tuple[int | None, str]]
) -> tuple[tuple[int, str], ...]:
    """Who of the school may have come: who works with the pupil now, who leads, who runs a group."""
    found = {one.user_id: one.name for one in staff_of(pupil_id) if one.now}
    if lead[0] is not None:
        found.setdefault(lead[0], lead[1])
    for user_id, name in runners:
        if user_id is not None and name:
            found.setdefault(user_id, name)
    return tuple(sorted(found.items(), key=lambda pair: pair[1]))
