"""What a young person said about who may read on, and that everybody was told before rights passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.pupils.models import FamilyLink, LookAgreement, Pupil, RightsNotice
from graduated.rules.rights_pass import NOTICE
from graduated.rules.vocabulary import AskedHow, GivenHow, Relationship


@dataclass(frozen=True, slots=True)
class SaidOfAdult:
    """A young person's answer whether an adult may read the plan: when and how they were asked."""

    agrees: bool
    asked_on: date
    how: AskedHow
    words: str = ""


_LINK = select(FamilyLink).where(FamilyLink.id == bindparam("link_id"))


@writes("Young person asked who may read")
def record_agreement(family_link_id: int, said: SaidOfAdult) -> int:
    """Keep the answer; it acts at once where rights have passed, and each later one in its place. The link's id.

    Raises ValueError for the young person's own link, and more than a term before rights pass.
    """
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    if link.relationship is Relationship.SELF:
        raise ValueError("A young person needs nobody's agreement to read their own plan")
    passes_on = db.session.scalars(select(Pupil.rights_pass_on).where(Pupil.id == link.pupil_id)).one()
    if passes_on > today() + NOTICE:  # an answer of a child of nine would act by itself years later
        raise ValueError("It is too early to ask the young person")
    db.session.add(
        LookAgreement(
            pupil_id=link.pupil_id, family_link_id=link.id, agrees=said.agrees, asked_on=said.asked_on, how=said.how,
            words=said.words.strip(),
        )
    )  # fmt: skip
    link.young_person_agrees = said.agrees
    return link.id


@writes("Family told that rights pass")
def record_notice(pupil_id: int, given_on: date, how: GivenHow, told: str) -> int:
    """Keep that family and young person were told beforehand."""
    row = RightsNotice(pupil_id=pupil_id, given_on=given_on, how=how, told=told[:200])
    db.session.add(row)
    db.session.flush()
    return row.id
