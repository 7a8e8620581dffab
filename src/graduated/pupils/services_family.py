"""Writing about a family: adults, how each stands to the child, and who may not look."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, check_version, writes
from graduated.people import invitations
from graduated.pupils.models import Adult, Bar, FamilyLink
from graduated.rules.vocabulary import BarKind, Relationship, Role
from graduated.web.filters import long_date


@dataclass(frozen=True, slots=True)
class AdultDetails:
    """Who an adult is and how they can be reached."""

    surname: str
    forename: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    interpreter: str = ""


@dataclass(frozen=True, slots=True)
class LinkDetails:
    """How an adult stands to one child. `young_person_agrees` counts once rights have passed (design §6)."""

    relationship: Relationship
    parental_responsibility: bool
    lives_with: bool
    may_view: bool = False
    contact_withheld: bool = False
    young_person_agrees: bool | None = None


@dataclass(frozen=True, slots=True)
class NewBar:
    """Why an adult may not look: an order, or a hold, which must have an end."""

    kind: BarKind
    starts: date
    ends: date | None
    reason: str
    document_id: int | None = None


_ADULT = select(Adult).where(Adult.id == bindparam("adult_id"))
_LINK = select(FamilyLink).where(FamilyLink.id == bindparam("link_id"))
_LINK_OF = select(FamilyLink).where(
    FamilyLink.pupil_id == bindparam("pupil_id"), FamilyLink.adult_id == bindparam("adult_id")
)
_BAR = select(Bar).where(Bar.id == bindparam("bar_id"))


@writes("Adult added")
def add_adult(details: AdultDetails) -> int:
    """An adult of a family, not yet linked to a child."""
    adult = Adult(**{field.name: getattr(details, field.name).strip() for field in fields(details)})
    db.session.add(adult)
    db.session.flush()
    return adult.id


@writes("Adult's details changed")
def edit_adult(adult_id: int, details: AdultDetails, version: int | None = None) -> int:
    """Change who an adult is and how they can be reached, for every child they are linked to."""
    adult = db.session.scalars(_ADULT, {"adult_id": adult_id}).one()
    check_version(adult, version, {field.name: getattr(adult, field.name) for field in fields(details)})
    for field in fields(details):
        setattr(adult, field.name, getattr(details, field.name).strip())
    return adult.id


@writes("Adult linked to the pupil")
def link_adult(pupil_id: int, adult_id: int, details: LinkDetails) -> int:
    """Link an adult to a child; one who is linked already keeps the one link with the new details."""
    link = db.session.scalars(_LINK_OF, {"pupil_id": pupil_id, "adult_id": adult_id}).one_or_none()
    if link is None:
        link = FamilyLink(pupil_id=pupil_id, adult_id=adult_id)
        db.session.add(link)
    _fill(link, details)
    db.session.flush()
    return link.id


@writes("Family link changed")
def edit_link(family_link_id: int, details: LinkDetails, version: int | None = None) -> int:
    """Change how an adult stands to the child."""
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    check_version(link, version, {field.name: getattr(link, field.name) for field in fields(details)})
    _fill(link, details)
    return link.id


@writes("Adult added to the family")
def add_and_link(pupil_id: int, adult: AdultDetails, link: LinkDetails) -> int:
    """A new adult, linked to the child in the same act. Gives the link's id."""
    return link_adult(pupil_id, add_adult(adult), link)


@writes("Adult's details changed")
def edit_family_adult(family_link_id: int, adult: AdultDetails, link: LinkDetails, versions: int | None = None) -> int:
    """Change an adult and how they stand to the child; `versions` is the sum of both rows' versions in the form."""
    row = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    known = db.session.scalars(_ADULT, {"adult_id": row.adult_id}).one()
    if versions is not None and versions != row.version + known.version:
        raise Clash(
            {field.name: getattr(known, field.name) for field in fields(adult)}
            | {field.name: getattr(row, field.name) for field in fields(link)}
        )
    edit_adult(known.id, adult)
    return edit_link(family_link_id, link)


def _fill(link: FamilyLink, details: LinkDetails) -> None:
    for field in fields(details):
        setattr(link, field.name, getattr(details, field.name))


@writes("Sign-in offered to an adult of the family")
def invite_adult(family_link_id: int, email: str, token_hash: str) -> int:
    """A link for one adult of the family, kept by its hash; the address becomes the adult's. The invitation's id."""
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    adult = db.session.scalars(_ADULT, {"adult_id": link.adult_id}).one()
    if not adult.email:
        adult.email = email
    role = Role.YOUNG_PERSON if link.relationship is Relationship.SELF else Role.PARENT
    return invitations.invite(email, role, token_hash, adult_id=adult.id)


@writes("Adult barred from the record")
def bar(family_link_id: int, new: NewBar) -> int:
    """Bar an adult from a child's record from a date: they see exactly what a stranger sees."""
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    if new.kind is BarKind.HOLD and new.ends is None:
        raise ValueError("a safeguarding hold has an end; renew it if it is still needed then")
    row = Bar(
        pupil_id=link.pupil_id,
        family_link_id=link.id,
        **{field.name: getattr(new, field.name) for field in fields(new)},
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Bar lifted")
def lift_bar(bar_id: int, why: str) -> int:
    """End a bar as of yesterday; the row and its reason stay."""
    row = db.session.scalars(_BAR, {"bar_id": bar_id}).one()
    row.ends = today() - timedelta(days=1)
    row.reason = f"{row.reason}\nLifted on {long_date(today())}: {why.strip()}".strip()
    return row.id
