"""A pupil of the world who has left, and whose record the next school has: it is due to be destroyed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Pupil
from graduated.retention import services
from graduated.rules.vocabulary import Role
from graduated.transfer.models import TransferOut, TransferReceipt
from tests.support.world import World


@dataclass(frozen=True)
class Leaver:
    """Who left, and the two people who may destroy the record."""

    world: World
    pupil_id: int
    senco: Actor
    head: Actor

    def sent(self, to_school: str) -> int:
        """One more bundle for another school, without a receipt."""
        with write("Sent"):
            row = TransferOut(pupil_id=self.pupil_id, to_school=to_school, made_by="Hannah Legg", sha256="0" * 64,
                              size=1)  # fmt: skip
            db.session.add(row)
            db.session.flush()
            return row.id

    def asked(self) -> int:
        """The SENCO asks that the record is destroyed; gives the order."""
        with acting(self.senco):
            return services.ask(self.pupil_id)

    def destroyed(self) -> None:
        """By the SENCO and the head."""
        order_id = self.asked()
        with acting(self.head):
            services.carry_out(order_id)

    def leaves(self) -> None:
        """Left 90 days ago, and the next school has said that it has the record."""
        out = self.sent("Harbour Academy")
        with write("Left, and received"):
            db.session.scalars(select(Pupil).where(Pupil.id == self.pupil_id)).one().left_on = today() - timedelta(90)
            db.session.add(
                TransferReceipt(pupil_id=self.pupil_id, transfer_out_id=out, received_by="Ines Marlow",
                                school="Harbour Academy", received_on=today() - timedelta(60), entered_by="Hannah Legg")
            )  # fmt: skip


def leaver_of(world: World, pupil_id: int) -> Leaver:
    """A pupil of the world who may be made to leave."""
    senco, head = (
        Actor(world.users[who], world.school_id, name, frozenset({role}))
        for who, name, role in (("senco", "Hannah Legg", Role.SENCO), ("head", "Ruth Chaffey", Role.HEAD))
    )
    return Leaver(world, pupil_id, senco, head)


@pytest.fixture
def leaver(app: Flask, world: World) -> Iterator[Leaver]:
    """Zofia, who left 90 days ago. Inside the app, acting as the system."""
    one = leaver_of(world, world.pupils["zofia"])
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        one.leaves()
        yield one
