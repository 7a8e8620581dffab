"""Who changed what: in the same transaction, chained, and anchored outside the database."""

from __future__ import annotations

from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.audit import chain
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Pupil
from tests.support.world import World


def rename(pupil_id: int, known_as: str) -> None:
    with write("Pupil's name changed"):
        db.session.scalars(select(Pupil).where(Pupil.id == pupil_id)).one().known_as = known_as


def test_each_event_covers_the_one_before_it(as_system: Actor, world: World) -> None:
    rename(world.pupils["zofia"], "Zosia")
    rename(world.pupils["reuben"], "Ben")
    events = db.session.execute(
        select(ChangeEvent, ChangeDetail)
        .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
        .order_by(ChangeEvent.sequence)
    ).all()
    previous = ""
    for number, (event, detail) in enumerate(events, start=1):
        assert event.sequence == number
        assert event.previous_mac == previous
        assert event.digest == chain.digest(detail.payload, detail.salt)
        link = chain.Link(**{name: getattr(event, name) for name in chain.Link.__slots__})
        assert event.mac == link.mac(chain.key())
        previous = event.mac
    assert chain.anchored()[world.school_id] == (events[-1][0].sequence, previous)


def test_an_event_says_from_what_to_what_about_whom(as_system: Actor, world: World) -> None:
    rename(world.pupils["zofia"], "Zosia")
    event, payload = db.session.execute(
        select(ChangeEvent, ChangeDetail.payload)
        .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
        .order_by(ChangeEvent.sequence.desc())
    ).first() or (None, None)
    assert event is not None
    assert (event.act, event.pupil_id, event.actor_name) == ("Pupil's name changed", world.pupils["zofia"], "Tests")
    assert payload == [["pupil", world.pupils["zofia"], "changed", {"known_as": ["Zofia", "Zosia"]}]]


def test_an_act_about_two_pupils_is_two_events(as_system: Actor, world: World) -> None:
    with write("Moved up a year"):
        for name in ("zofia", "reuben"):
            db.session.scalars(select(Pupil).where(Pupil.id == world.pupils[name])).one().registration_group = "6A"
    about = db.session.scalars(
        select(ChangeEvent.pupil_id).where(ChangeEvent.act == "Moved up a year").order_by(ChangeEvent.pupil_id)
    ).all()
    assert about == sorted([world.pupils["zofia"], world.pupils["reuben"]])


def test_an_act_that_changes_nothing_leaves_no_event(as_system: Actor, world: World) -> None:
    before = db.session.scalars(select(ChangeEvent.id)).all()
    rename(world.pupils["zofia"], "Zofia")
    assert db.session.scalars(select(ChangeEvent.id)).all() == before
