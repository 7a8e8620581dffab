"""Keeping a school's own authority profiles: each version is a row; one is taken into use, or offered no more."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.db.writing import writes
from graduated.school.authorities import ProfileFault, authority_codes
from graduated.school.authority_schema import AuthorityProfile, read_text
from graduated.school.models import AuthorityFile, School
from graduated.school.queries_authority import own_profile, own_profiles


def checked(text: str) -> AuthorityProfile:
    """A school's own profile from its text. Raises ProfileFault with every fault, also of a code that is taken."""
    profile = read_text(text)
    if profile.code in authority_codes():
        raise ProfileFault(f"code “{profile.code}” is of a profile that comes with the program; choose another one")
    return profile


@writes("Authority profile added")
def add_profile(text: str) -> int:
    """Keep a profile, or its next version; the same text again is the version that is there. It is not yet in use."""
    profile = checked(text)
    of_code = [one for one in own_profiles() if one.code == profile.code]
    if of_code and of_code[0].text == text:
        return of_code[0].file_id
    row = AuthorityFile(
        code=profile.code,
        number=of_code[0].number + 1 if of_code else 1,
        name=profile.name,
        text=text,
        saved_by=require_actor().name,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


class NotOffered(ValueError):
    """The profile is offered no more, perhaps since a moment ago."""


@writes("Authority profile taken into use")
def take_into_use(file_id: int) -> int:
    """Let the school follow this version; open requests keep what they were opened with. Raises NotOffered."""
    one = own_profile(file_id)
    if not one.is_offered:
        raise NotOffered("a profile that is offered no more cannot be taken into use")
    school = db.session.scalars(select(School)).one()
    school.authority, school.authority_version = one.chosen
    return school.id


@writes("Authority profile offered no more")
def withdraw_profile(file_id: int) -> int | None:
    """Offer a profile no more; its versions stay for the requests that keep them. One in use stays offered."""
    one = own_profile(file_id)
    of_code = [other for other in own_profiles() if other.code == one.code]
    if any(other.in_use for other in of_code) or of_code[0].withdrawn:
        return None
    row = AuthorityFile(
        code=one.code, number=of_code[0].number + 1, name=one.name, saved_by=require_actor().name, withdrawn=True
    )
    db.session.add(row)
    db.session.flush()
    return row.id
