"""The roll as recorded: every pupil with the status and the needs open now, by three queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

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
    spells = {pupil_id: (status, starts) for pupil_id, status, starts in db.session.execute(_SPELLS)}
    needs: dict[int, list[KnownNeed]] = defaultdict(list)
    for pupil_id, kind, rank, starts in db.session.execute(_NEEDS):
        needs[pupil_id].append(KnownNeed(kind, rank, starts))
    # By their places: to ask each of thousands of rows for a field by its name takes longer than to read it.
    return [
        _known(row, *spells.get(row[0], (SenStatus.NONE, None)), tuple(needs.get(row[0], ())), today)
        for row in db.session.execute(_PUPILS)
    ]


def _known(
    row: Any, status: SenStatus, status_start: date | None, needs: tuple[KnownNeed, ...], today: date
) -> KnownPupil:
    (
        number, upn, surname, forename, born_on, known_as, known_surname, sex, year_group, registration_group, eal,
        pupil_premium, in_care, service_family, attendance, first_language, ethnicity, religion, admitted_on, left_on,
        address,
    ) = row  # fmt: skip
    return KnownPupil(
        number, upn, surname, forename, born_on, known_as, known_surname, sex, year_group, registration_group, status,
        status_start, needs, eal, pupil_premium, in_care, service_family, attendance, first_language, ethnicity,
        religion, admitted_on, left_on, address, on_roll=left_on is None or left_on > today,
    )  # fmt: skip


def visible_pupils() -> frozenset[int]:
    """The pupils that the person acting may look at."""
    return frozenset(db.session.scalars(_IDS))
