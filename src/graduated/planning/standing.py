"""Whose answer to a pupil being named counts today: the adults who may be given the pupil's papers (`rules.papers`)."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.planning.models import PlanningItem
from graduated.pupils.models import Bar, FamilyLink, Pupil
from graduated.pupils.queries_family import FamilyAdult
from graduated.review.queries_given import adults_to_give
from graduated.rules.papers import may_be_given
from graduated.rules.vocabulary import Relationship

_BARRED = FamilyLink.id.in_(
    select(Bar.family_link_id).where(
        Bar.starts <= bindparam("day"), or_(Bar.ends.is_(None), Bar.ends >= bindparam("day"))
    )
)
_FAMILIES = (
    select(
        FamilyLink.pupil_id, FamilyLink.adult_id, FamilyLink.relationship, FamilyLink.young_person_agrees,
        Pupil.rights_pass_on, _BARRED.label("barred"),
    )
    .join(Pupil, Pupil.id == FamilyLink.pupil_id)
    .join(PlanningItem, PlanningItem.pupil_id == FamilyLink.pupil_id)
    .where(PlanningItem.meeting_id == bindparam("meeting_id"))
)  # fmt: skip


def answering_at(meeting_id: int) -> dict[int, frozenset[int]]:
    """For each pupil of a meeting the adults whose answer counts today; one query for any number of pupils."""
    day = today()
    found: dict[int, set[int]] = defaultdict(set)
    for row in db.session.execute(_FAMILIES, {"meeting_id": meeting_id, "day": day}):
        if may_be_given(
            barred=row.barred,
            rights_passed=row.rights_pass_on <= day,
            is_pupil=row.relationship is Relationship.SELF,
            agrees=row.young_person_agrees,
        ):
            found[row.pupil_id].add(row.adult_id)
    return {pupil_id: frozenset(adults) for pupil_id, adults in found.items()}


def adults_to_ask(pupil_id: int) -> tuple[FamilyAdult, ...]:
    """The adults who can be asked today; the young person answers as themselves, not as an adult of the family."""
    return tuple(one for one in adults_to_give(pupil_id) if one.relationship is not Relationship.SELF)
