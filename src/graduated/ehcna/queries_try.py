"""Whom a profile can be tried on: pupils on SEN support that the person acting may see."""

from __future__ import annotations

from sqlalchemy import select

from graduated.db.session import db
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.pupils.queries import name_of
from graduated.rules.vocabulary import SenStatus

_ON_SUPPORT = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
    )
    .join(SenStatusSpell, SenStatusSpell.pupil_id == Pupil.id)
    .where(SenStatusSpell.ends.is_(None), SenStatusSpell.status == SenStatus.SUPPORT)
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
)


def pupils_on_support() -> tuple[tuple[int, str], ...]:
    """(pupil's id, name and year) by surname."""
    return tuple((row.id, f"{name_of(row)}, {row.year_group.label}") for row in db.session.execute(_ON_SUPPORT))
