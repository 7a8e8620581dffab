"""The roll as recorded: every pupil with the status and the needs open now, by three queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import select

from graduated.db.session import db
from graduated.imports.difference import KnownNeed, KnownPupil
from graduated.pupils.models import Need, Pupil, SenStatusSpell
from graduated.rules.vocabulary import SenStatus

_PUPILS = select(
    Pupil.id,
    Pupil.upn,
    Pupil.legal_surname,
    Pupil.legal_forename,
    Pupil.born_on,
    Pupil.known_as,
    Pupil.known_surname,
    Pupil.sex,
    Pupil.year_group,
    Pupil.registration_group,
    Pupil.eal,
    Pupil.pupil_premium,
    Pupil.in_care,
    Pupil.service_family,
    Pupil.attendance_percent,
    Pupil.first_language,
    Pupil.ethnicity,
    Pupil.religion,
    Pupil.admitted_on,
    Pupil.left_on,
    Pupil.address,
).order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id)
_SPELLS = select(SenStatusSpell.pupil_id, SenStatusSpell.status, SenStatusSpell.starts).where(
    SenStatusSpell.ends.is_(None)
)
_NEEDS = (
    select(Need.pupil_id, Need.type, Need.rank, Need.starts).where(Need.ends.is_(None)).order_by(Need.rank, Need.id)
)
_IDS = select(Pupil.id)

# Fields of an import whose column has another name.
COLUMN_OF = {
    "date_of_birth": "born_on",
    "attendance": "attendance_percent",
    "admission_date": "admitted_on",
    "leaving_date": "left_on",
}


def known_pupils(today: date) -> list[KnownPupil]:
    """Every pupil of the school that the person acting may see, leavers included (`on_roll` False from that day)."""
    spells = {row.pupil_id: row for row in db.session.execute(_SPELLS)}
    needs: dict[int, list[KnownNeed]] = defaultdict(list)
    for pupil_id, kind, rank, starts in db.session.execute(_NEEDS):
        needs[pupil_id].append(KnownNeed(kind, rank, starts))
    return [
        KnownPupil(
            id=row.id,
            upn=row.upn,
            legal_surname=row.legal_surname,
            legal_forename=row.legal_forename,
            date_of_birth=row.born_on,
            known_as=row.known_as,
            known_surname=row.known_surname,
            sex=row.sex,
            year_group=row.year_group,
            registration_group=row.registration_group,
            status=spells[row.id].status if row.id in spells else SenStatus.NONE,
            status_start=spells[row.id].starts if row.id in spells else None,
            needs=tuple(needs[row.id]),
            eal=row.eal,
            pupil_premium=row.pupil_premium,
            in_care=row.in_care,
            service_family=row.service_family,
            attendance=row.attendance_percent,
            first_language=row.first_language,
            ethnicity=row.ethnicity,
            religion=row.religion,
            admission_date=row.admitted_on,
            leaving_date=row.left_on,
            address=row.address,
            on_roll=row.left_on is None or row.left_on > today,
        )
        for row in db.session.execute(_PUPILS)
    ]


def visible_pupils() -> frozenset[int]:
    """The pupils that the person acting may look at."""
    return frozenset(db.session.scalars(_IDS))
