"""Tying an account to a person's account at a provider of sign-ins, and untying it."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import write, writes
from graduated.people.models import ProviderLink
from graduated.people.providers import Person

_BY_SUB = select(ProviderLink).where(ProviderLink.issuer == bindparam("issuer"), ProviderLink.sub == bindparam("sub"))
_OWN = select(ProviderLink).where(
    ProviderLink.user_id == bindparam("user_id"), ProviderLink.issuer == bindparam("issuer")
)


class NotYours(PermissionError):
    """The account at the provider is not of this person, or is another's here already."""


@writes("Single sign-on connected")
def tie(user_id: int, email: str, person: Person) -> int:
    """Tie an account here to one at a provider. Raises NotYours unless both have one e-mail address.

    Only who is signed in here, and has just proved who they are, comes here: a first sign-in ties nothing, or whoever
    runs the school's mailboxes could come into every account by making themselves its address.
    """
    if person.email != email.strip().lower():
        raise NotYours("That account has another email address than yours here, so it cannot be connected.")
    if db.session.scalars(_BY_SUB, {"issuer": person.issuer, "sub": person.sub}).one_or_none() is not None:
        raise NotYours("That account is connected already.")
    if db.session.scalars(_OWN, {"user_id": user_id, "issuer": person.issuer}).one_or_none() is not None:
        raise NotYours("Another account is connected. Disconnect it first.")
    row = ProviderLink(user_id=user_id, issuer=person.issuer, sub=person.sub)
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Single sign-on disconnected")
def untie(user_id: int, issuer: str) -> int:
    """From now on the provider's word opens nothing here."""
    row = db.session.scalars(_OWN, {"user_id": user_id, "issuer": issuer}).one_or_none()
    if row is not None:
        db.session.delete(row)
    return user_id


def note_use(person: Person) -> None:
    """When a tie was last used."""
    with write("Single sign-on used"):
        row = db.session.scalars(_BY_SUB, {"issuer": person.issuer, "sub": person.sub}).one_or_none()
        if row is not None:
            row.last_used_at = now()
