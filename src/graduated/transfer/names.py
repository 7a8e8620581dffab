"""Colleagues of another school: here they are names on records and nothing else, with no way to sign in."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.session import db
from graduated.people.models import NAMES_ONLY, Membership, User
from graduated.rules.vocabulary import Role
from graduated.transfer.reading import Bundle


def as_names(bundle: Bundle) -> dict[int, int]:
    """By their numbers in the bundle: the rows here that hold their names. One of an earlier bundle is used again."""
    ours: dict[int, int] = {}
    for old, (name, roles) in bundle.people.items():
        address = f"{bundle.urn}.{old}.{require_actor().school_id}{NAMES_ONLY}"
        known = db.session.execute(select(User.id, User.name).where(User.email == address)).first()
        if known is not None and known.name == name:
            ours[old] = known.id
            continue
        if known is not None:
            address = f"{bundle.sha256[:16]}.{address}"
        ours[old] = _name(address, name, roles, bundle)
    return ours


def _name(address: str, name: str, roles: tuple[str, ...], bundle: Bundle) -> int:
    """A closed account without a password, whose role was over before the bundle was made."""
    user = User(email=address, name=name, active=False)
    db.session.add(user)
    db.session.flush()
    before = bundle.made_at.date() - timedelta(days=1)
    told = [Role(one) for one in roles if Role(one) not in (Role.PARENT, Role.YOUNG_PERSON)] or [Role.SUPPORT]
    for role in told:
        db.session.add(Membership(user_id=user.id, role=role, starts=before, ends=before))
    db.session.flush()
    return user.id
