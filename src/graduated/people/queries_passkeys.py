"""One's own passkeys, for the page that lists them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.people.models import Passkey


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """One passkey: its name, when it was made and last used, and whether it is for another address than this."""

    id: int
    name: str
    made_at: datetime
    last_used_at: datetime | None
    elsewhere: str


_OWN = (
    select(Passkey.id, Passkey.name, Passkey.made_at, Passkey.last_used_at, Passkey.host)
    .where(Passkey.user_id == bindparam("user_id"))
    .order_by(Passkey.id)
)


def passkeys_of(actor: Actor, host: str) -> list[PasskeyRow]:
    """The passkeys of who is acting, the oldest first."""
    return [
        PasskeyRow(row.id, row.name, row.made_at, row.last_used_at, "" if row.host == host else row.host)
        for row in db.session.execute(_OWN, {"user_id": actor.user_id})
    ]
