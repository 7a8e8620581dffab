"""Writing about a family: adults, how each stands to the child, and how they come in."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from sqlalchemy import bindparam, select

from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, check_version, writes
from graduated.people import invitations
from graduated.people.invitations import ForFamily, Letter
from graduated.pupils.models import Adult, FamilyLink
from graduated.pupils.queries import pupil_head
from graduated.pupils.queries_family import adults_of
from graduated.pupils.services_further import ask_to_confirm, must_confirm
from graduated.rules.vocabulary import Relationship, Role

_ASKED = "interpreter_asked"


@dataclass(frozen=True, slots=True)
class AdultDetails:
    """Who an adult is and how they can be reached.

    `interpreter_asked`: whether somebody has asked of an interpreter or signing; None leaves that as it stands.
    """

    surname: str
    forename: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    language: str = ""
    interpreter: str = ""
    interpreter_asked: bool | None = None

    def texts(self) -> dict[str, str]:
        """All but whether an interpreter was asked about, each as it is kept."""
        return {field.name: getattr(self, field.name).strip() for field in fields(self) if field.name != _ASKED}


@dataclass(frozen=True, slots=True)
class LinkDetails:
    """How an adult stands to one child. What the young person says of them is kept apart (`services_rights`)."""

    relationship: Relationship
    parental_responsibility: bool
    lives_with: bool
    may_view: bool = False
    contact_withheld: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """How an adult is invited: the name they sign in with, on paper or not, and the e-mail when one is sent."""

    name: str
    printed: bool = False
    letter: Letter | None = None


class NotYet(ValueError):
    """A young person before rights have passed to them (domain §3.9)."""


class NoLook(ValueError):
    """An adult who is barred gets no way in."""


_ADULT = select(Adult).where(Adult.id == bindparam("adult_id"))
_LINK = select(FamilyLink).where(FamilyLink.id == bindparam("link_id"))
_LINK_OF = select(FamilyLink).where(
    FamilyLink.pupil_id == bindparam("pupil_id"), FamilyLink.adult_id == bindparam("adult_id")
)


@writes("Adult added")
def add_adult(details: AdultDetails) -> int:
    """An adult of a family, not yet linked to a child."""
    adult = Adult(**details.texts())
    _note_asked(adult, details)
    db.session.add(adult)
    db.session.flush()
    return adult.id


@writes("Adult's details changed")
def edit_adult(adult_id: int, details: AdultDetails, version: int | None = None) -> int:
    """Change who an adult is and how they can be reached, for every child they are linked to."""
    adult = db.session.scalars(_ADULT, {"adult_id": adult_id}).one()
    texts = details.texts()
    check_version(adult, version, {name: getattr(adult, name) for name in texts})
    for name, words in texts.items():
        setattr(adult, name, words)
    _note_asked(adult, details)
    return adult.id


def _note_asked(adult: Adult, details: AdultDetails) -> None:
    """Whether somebody has asked of an interpreter, and since when: what is needed is known, so was asked."""
    if details.interpreter_asked is False and not adult.interpreter:
        adult.interpreter_asked_on = None
    elif adult.interpreter or details.interpreter_asked:
        adult.interpreter_asked_on = adult.interpreter_asked_on or today()


@writes("Adult linked to the pupil")
def link_adult(pupil_id: int, adult_id: int, details: LinkDetails) -> int:
    """Link an adult to a child; one who is linked already keeps the one link with the new details."""
    link = db.session.scalars(_LINK_OF, {"pupil_id": pupil_id, "adult_id": adult_id}).one_or_none()
    if link is None:
        link = FamilyLink(pupil_id=pupil_id, adult_id=adult_id)
        db.session.add(link)
    _fill_or_ask(link, details)
    db.session.flush()
    return link.id


@writes("Family link changed")
def edit_link(family_link_id: int, details: LinkDetails, version: int | None = None) -> int:
    """Change how an adult stands to the child."""
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    check_version(link, version, {field.name: getattr(link, field.name) for field in fields(details)})
    _fill_or_ask(link, details)
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
            {name: getattr(known, name) for name in adult.texts()}
            | {field.name: getattr(row, field.name) for field in fields(link)}
        )
    edit_adult(known.id, adult)
    return edit_link(family_link_id, link)


def _fill_or_ask(link: FamilyLink, details: LinkDetails) -> None:
    """Fill it; who signs in for another child and may now read this one has first to say when it was born."""
    opens = details.may_view and not link.may_view
    _fill(link, replace(details, may_view=False) if opens else details)
    if opens and must_confirm(link.adult_id, link.pupil_id):
        ask_to_confirm(link)
    elif opens:
        link.may_view = True


def _fill(link: FamilyLink, details: LinkDetails) -> None:
    for field in fields(details):
        setattr(link, field.name, getattr(details, field.name))


@writes("Sign-in offered to an adult of the family")
def invite_adult(family_link_id: int, offer: Offer, token_hash: str) -> int:
    """A link for one adult and one child, kept by its hash; an address becomes the adult's. The invitation's id.

    Raises NotYet for a young person whose rights have not passed to them, NoLook for an adult who is barred, and what
    `invitations.invite` raises.
    """
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    adult = db.session.scalars(_ADULT, {"adult_id": link.adult_id}).one()
    one = next(one for one in adults_of(link.pupil_id) if one.family_link_id == link.id)
    if one.barred:
        raise NoLook(f"{one.name} is barred from the record, so no link is made.")
    itself = link.relationship is Relationship.SELF
    if itself and pupil_head(link.pupil_id).rights_pass_on > today():
        raise NotYet("Rights have not passed to the young person yet, so there is nothing for them to sign in to.")
    if not adult.email and "@" in offer.name:
        adult.email = offer.name
    return invitations.invite(
        offer.name,
        Role.YOUNG_PERSON if itself else Role.PARENT,
        token_hash,
        family=ForFamily(adult.id, link.pupil_id, offer.printed),
        letter=offer.letter,
    )


@writes("Family's sign-in renewed")
def renew_sign_in(family_link_id: int, offer: Offer, token_hash: str) -> int:
    """A parent forgot the password: it goes, and a link sets a new one, opened by this child's date of birth.

    Raises NoLook for an adult who may not read the plan, and OpensMore where the account opens more than this school's
    families: then only its owner can change its password.
    """
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    one = next(one for one in adults_of(link.pupil_id) if one.family_link_id == link.id)
    if one.user_id is None or not one.may_look:
        raise NoLook(f"{one.name} does not read the plan, so no link is made.")
    invitations.forget_password(one.user_id)
    itself = link.relationship is Relationship.SELF
    return invitations.invite(
        offer.name,
        Role.YOUNG_PERSON if itself else Role.PARENT,
        token_hash,
        family=ForFamily(link.adult_id, link.pupil_id, offer.printed),
        letter=offer.letter,
    )


@writes("Invitation withdrawn")
def withdraw_invitation(family_link_id: int) -> int:
    """No link of that adult works any more; the link's id."""
    link = db.session.scalars(_LINK, {"link_id": family_link_id}).one()
    invitations.revoke_of_adult(link.adult_id)
    return link.id
