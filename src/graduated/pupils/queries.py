"""Reading about a pupil: the head that stands on every page of theirs, and who their family is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.session import db
from graduated.pupils.models import Need, Pupil, SenStatusSpell
from graduated.rules.vocabulary import NeedType, SenStatus, YearGroup


@dataclass(frozen=True, slots=True)
class PupilHead:
    """What stands at the top of every page of a pupil."""

    pupil_id: int
    name: str
    first_name: str
    initials: str
    year_group: YearGroup
    registration_group: str
    status: SenStatus
    status_since: date | None
    needs: tuple[NeedType, ...]
    first_language: str
    interpreter: str
    born_on: date
    upn: str | None
    left_on: date | None
    rights_pass_on: date


_PUPIL_EXISTS = select(Pupil.id).where(Pupil.id == bindparam("pupil_id"))
_HEAD = (
    select(
        Pupil.id,
        Pupil.legal_forename,
        Pupil.legal_surname,
        Pupil.known_as,
        Pupil.known_surname,
        Pupil.year_group,
        Pupil.registration_group,
        SenStatusSpell.status,
        SenStatusSpell.starts,
        Pupil.first_language,
        Pupil.interpreter,
        Pupil.born_on,
        Pupil.upn,
        Pupil.left_on,
        Pupil.rights_pass_on,
    )
    .outerjoin(SenStatusSpell, (SenStatusSpell.pupil_id == Pupil.id) & SenStatusSpell.ends.is_(None))
    .where(Pupil.id == bindparam("pupil_id"))
)
_NEEDS = (
    select(Need.type).where(Need.pupil_id == bindparam("pupil_id"), Need.ends.is_(None)).order_by(Need.rank, Need.id)
)


@finder("pupil")
def find_pupil(pupil_id: int) -> Subject | None:
    """The pupil, when the person acting may see them at all."""
    row = db.session.execute(_PUPIL_EXISTS, {"pupil_id": pupil_id}).first()
    return Subject(pupil_id=row.id) if row else None


def display_name(forename: str, surname: str, known_as: str = "", known_surname: str = "") -> str:
    """The name that a pupil goes by."""
    return f"{known_as or forename} {known_surname or surname}"


def pupil_head(pupil_id: int) -> PupilHead:
    """The head of a pupil's pages. The pupil must be in scope (the guard has looked)."""
    row = db.session.execute(_HEAD, {"pupil_id": pupil_id}).one()
    name = display_name(row.legal_forename, row.legal_surname, row.known_as, row.known_surname)
    return PupilHead(
        pupil_id=row.id,
        name=name,
        first_name=row.known_as or row.legal_forename,
        initials="".join(part[0] for part in name.split()[:: max(1, len(name.split()) - 1)])[:2].upper(),
        year_group=row.year_group,
        registration_group=row.registration_group,
        status=row.status or SenStatus.NONE,
        status_since=row.starts,
        needs=tuple(db.session.scalars(_NEEDS, {"pupil_id": pupil_id})),
        first_language=row.first_language,
        interpreter=row.interpreter,
        born_on=row.born_on,
        upn=row.upn,
        left_on=row.left_on,
        rights_pass_on=row.rights_pass_on,
    )
