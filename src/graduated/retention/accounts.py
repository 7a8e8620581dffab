"""What becomes of the sign-ins of a family when the record of their child is destroyed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from graduated.access.identity import require_actor
from graduated.db.clock import now, today
from graduated.db.session import db
from graduated.people.models import (
    Credential,
    Membership,
    Passkey,
    ProviderLink,
    RecoveryCode,
    SecondFactor,
    SignInSession,
)
from graduated.people.models_devices import DevicePin
from graduated.pupils.models import Adult, FamilyLink
from graduated.rules.vocabulary import Role

_KEYS: tuple[Any, ...] = (Credential, SecondFactor, RecoveryCode, Passkey, ProviderLink, DevicePin)
_FAMILY = (Role.PARENT, Role.YOUNG_PERSON)


def keys_of(user_ids: Collection[int]) -> list[Any]:
    """Every way into these accounts: password, second step, recovery codes, passkeys, a provider's link, PINs."""
    found: list[Any] = []
    for cls in _KEYS if user_ids else ():
        found += db.session.scalars(select(cls).where(cls.user_id.in_(user_ids)).order_by(cls.id)).all()
    return found


def forget_devices(user_ids: Collection[int]) -> None:
    """End every sign-in of these people, and forget from which device and address they came."""
    for row in db.session.scalars(select(SignInSession).where(SignInSession.user_id.in_(user_ids))).all():
        row.ended_at, row.device, row.address = row.ended_at or now(), "", ""


def end_family_roles(user_ids: Collection[int], going: Collection[int]) -> None:
    """Who keeps an account for another reason is a parent here no more, once no child is left; `going`: adults who go.

    Their own ways in stay: the account is theirs as a member of staff, or at another school.
    """
    left = select(Adult.user_id).join(FamilyLink, FamilyLink.adult_id == Adult.id)
    with_child = set(db.session.scalars(left.where(Adult.user_id.in_(user_ids), Adult.id.not_in(going))))
    over = set(user_ids) - with_child
    roles = select(Membership).where(Membership.user_id.in_(over), Membership.role.in_(_FAMILY))
    for row in db.session.scalars(roles).all():
        if row.ends is None or row.ends >= today():
            row.ends = max(row.starts, today()) - timedelta(days=1)
    sign_ins = select(SignInSession).where(
        SignInSession.user_id.in_(over),
        SignInSession.school_id == require_actor().school_id,
        SignInSession.hat == "family",
        SignInSession.ended_at.is_(None),
    )
    for session in db.session.scalars(sign_ins).all():
        session.ended_at = now()
