"""Two shared devices of the demo school, one with a PIN of Mrs Tuck; who goes, access looked through."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select

from graduated.access.identity import acting
from graduated.db.session import db
from graduated.demo.stage import Stage
from graduated.people.models import Membership
from graduated.people.passwords import hash_password
from graduated.people.services_devices import NewDevice, register, set_pin
from graduated.people.services_leaving import looked_through
from graduated.people.services_staff import end_role


def lie_ready(stage: Stage) -> None:
    """Nobody's browser has their tokens: they show the list, and a PIN works on none until one is registered here."""
    began = stage.calendar.shifted(stage.today, -12)
    ends = stage.today.replace(year=stage.today.year + (stage.today.month > 8), month=8, day=31)
    hashed = hash_password("739462")
    with stage.on(began, 8, 5), acting(stage.cast.actor("samways")):
        tablet = register(NewDevice("Tablet, Year 3", ends, token_hash=_nobodys("Year 3")))
        register(NewDevice("Laptop, library", ends, token_hash=_nobodys("library")))
    with stage.on(began, 8, 40), acting(stage.cast.actor("tuck")):
        set_pin(tablet, "ST", hashed)
    with stage.on(began, 16, 10), acting(stage.cast.actor("ansell")):
        looked_through(16)
    with stage.on(stage.calendar.shifted(stage.today, -4), 15, 50), acting(stage.cast.actor("samways")):
        hiscock = select(Membership.id).where(Membership.user_id == stage.cast.users["hiscock"])
        end_role(db.session.scalars(hiscock).one(), stage.calendar.shifted(stage.today, 18))


def _nobodys(name: str) -> str:
    return sha256(f"a token that no browser has: {name}".encode()).hexdigest()
