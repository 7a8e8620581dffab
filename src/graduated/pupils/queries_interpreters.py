"""Who of a family needs an interpreter or signing at a meeting, and whom nobody has asked; one query for any number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, or_, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.pupils.models import Adult, Bar, FamilyLink
from graduated.pupils.queries_family import adult_name
from graduated.rules.interpreting import Need

_NEEDS = (
    select(FamilyLink.pupil_id, Adult.title, Adult.forename, Adult.surname, Adult.interpreter,
           Adult.interpreter_asked_on)
    .join(Adult, Adult.id == FamilyLink.adult_id)
    .where(
        FamilyLink.pupil_id.in_(bindparam("pupil_ids", expanding=True)),
        or_(FamilyLink.parental_responsibility, FamilyLink.lives_with),
        FamilyLink.id.not_in(
            select(Bar.family_link_id).where(
                Bar.starts <= bindparam("day"), or_(Bar.ends.is_(None), Bar.ends >= bindparam("day"))
            )
        ),
    )
    .order_by(FamilyLink.pupil_id, FamilyLink.parental_responsibility.desc(), Adult.surname, FamilyLink.id)
)  # fmt: skip


def meeting_needs(pupil_ids: Collection[int]) -> dict[int, tuple[Need, ...]]:
    """By pupil, the adults who may come to a meeting: with parental responsibility or at home, and not barred."""
    found: dict[int, list[Need]] = defaultdict(list)
    if pupil_ids:
        for row in db.session.execute(_NEEDS, {"pupil_ids": sorted(pupil_ids), "day": today()}):
            name = adult_name(row.title, row.forename, row.surname)
            found[row.pupil_id].append(Need(name, row.interpreter, row.interpreter_asked_on))
    return {pupil_id: tuple(needs) for pupil_id, needs in found.items()}


def needs_of(pupil_id: int) -> tuple[Need, ...]:
    """The same of one pupil."""
    return meeting_needs([pupil_id]).get(pupil_id, ())
