"""The roll as recorded: every pupil with the status and the needs open now, by one query whatever the size."""

from __future__ import annotations

from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import and_, select

from graduated.db.session import db
from graduated.imports.difference import KnownNeed, KnownPupil
from graduated.pupils.models import Need, Pupil, SenStatusSpell
from graduated.rules.vocabulary import SenStatus

_ROLL = (
    select(
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
        Pupil.version,
        SenStatusSpell.status,
        SenStatusSpell.starts,
        Need.type,
        Need.rank,
        Need.starts,
    )
    .outerjoin(SenStatusSpell, and_(SenStatusSpell.pupil_id == Pupil.id, SenStatusSpell.ends.is_(None)))
    .outerjoin(Need, and_(Need.pupil_id == Pupil.id, Need.ends.is_(None)))
    .order_by(Pupil.legal_surname, Pupil.legal_forename, Pupil.id, Need.rank, Need.id)
)
"""A pupil with several open needs has a row for each; of spells one at most is open."""
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
    return [_known(list(rows), today) for _number, rows in groupby(db.session.execute(_ROLL), itemgetter(0))]


def _known(rows: list[Any], today: date) -> KnownPupil:
    # By their places: to ask each of thousands of rows for a field by its name takes longer than to read it.
    (
        number, upn, surname, forename, born_on, known_as, known_surname, sex, year_group, registration_group, eal,
        pupil_premium, in_care, service_family, attendance, first_language, ethnicity, religion, admitted_on, left_on,
        address, version, status, status_start, _type, _rank, _starts,
    ) = rows[0]  # fmt: skip
    needs = tuple(KnownNeed(*row[-3:]) for row in rows if row[-3] is not None)
    return KnownPupil(
        number, upn, surname, forename, born_on, known_as, known_surname, sex, year_group, registration_group,
        status or SenStatus.NONE, status_start, needs, eal, pupil_premium, in_care, service_family, attendance,
        first_language, ethnicity, religion, admitted_on, left_on, address,
        on_roll=left_on is None or left_on > today, version=version,
    )  # fmt: skip


def visible_pupils() -> frozenset[int]:
    """The pupils that the person acting may look at."""
    return frozenset(db.session.scalars(_IDS))
