"""What tombstones, the audit and who looked say of a destroyed record is never taken to be about the next child."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Concern, Observation
from graduated.audit.capture import WHOLE
from graduated.audit.models import Tombstone
from graduated.db.base import Base
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.verify import verify_all
from graduated.pupils.models import Pupil, SenStatusSpell
from graduated.rules.vocabulary import NeedArea, ObservationKind, SenStatus, StatusSource, YearGroup
from tests.retention.conftest import leaver_of
from tests.support.client import PageClient
from tests.support.world import World

PAGES = ("", "/history", "/who-looked")


@contextmanager
def _as_system(app: Flask, world: World) -> Iterator[None]:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        yield


def _admitted(forename: str, surname: str, words: str) -> int:
    """A child with a concern, a strength and a spell of SEN support; gives the pupil's id."""
    with write(f"{words} admitted"):
        pupil = Pupil(
            legal_surname=surname, legal_forename=forename, known_as=forename, year_group=YearGroup.Y4,
            born_on=today() - timedelta(3300), rights_pass_on=today() + timedelta(2600),
        )  # fmt: skip
        db.session.add(pupil)
        db.session.flush()
        db.session.add_all(
            (
                SenStatusSpell(pupil_id=pupil.id, status=SenStatus.SUPPORT, starts=today() - timedelta(200),
                               source=StatusSource.MIS),
                Concern(pupil_id=pupil.id, raised_by="Tom Fry", raised_on=today() - timedelta(99), text=words),
                Observation(pupil_id=pupil.id, kind=ObservationKind.STRENGTH, area=NeedArea.COGNITION, text=words,
                            source="Teacher", seen_on=today()),
            )
        )  # fmt: skip
        return pupil.id


def test_after_the_highest_record_was_destroyed_the_next_child_gets_other_ids_and_nothing_of_the_old(
    app: Flask, world: World, client: PageClient
) -> None:
    with _as_system(app, world):
        first = _admitted("Albie", "Canary", "Oldwords")
    client.sign_in("senco")
    for page in PAGES:
        assert "Canary" in client.get(f"/pupils/{first}{page}").text
    with _as_system(app, world):
        gone = leaver_of(world, first)
        gone.leaves()
        gone.destroyed()
        second = _admitted("Nora", "Newcomer", "Newwords")
        places = {(one.table_name, one.row_id) for one in db.session.scalars(select(Tombstone)) if one.field == WHOLE}
        assert {table for table, _row in places} >= {"pupil", "concern", "observation", "sen_status"}
        for mapper in Base.registry.mappers:
            cls = mapper.class_
            if hasattr(cls, "pupil_id") and cls.__tablename__ != "change_event":
                new = db.session.scalars(select(cls.id).where(cls.pupil_id == second)).all()
                assert not {(cls.__tablename__, one) for one in new} & places, cls.__tablename__
        verified = verify_all()
    assert second > first
    assert verified.broken == [], verified.as_text()
    for page in PAGES:
        seen = client.get(f"/pupils/{second}{page}").text
        assert "Newcomer" in seen
        assert "Oldwords" not in seen and "Canary" not in seen
