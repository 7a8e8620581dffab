"""One act, one transaction: joined, rolled back whole, and harmless when sent twice."""

from __future__ import annotations

import contextlib
import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from graduated.access.identity import Actor, acting
from graduated.audit.models import ChangeEvent
from graduated.db.session import db
from graduated.db.writing import Clash, check_version, form_key, write, writes
from graduated.pupils.models import Pupil
from graduated.school.models import School
from tests.support.databases import sqlite_only
from tests.support.world import World


@writes("School renamed")
def rename(name: str) -> int:
    """A service as small as can be."""
    school = db.session.scalars(select(School)).one()
    school.name = name
    return school.id


@writes("Renamed, then failed")
def rename_and_fail(name: str) -> None:
    """Joins another service and then breaks."""
    rename(name)
    db.session.flush()
    raise RuntimeError("broke after the write")


def name_now() -> str:
    return db.session.scalars(select(School.name)).one()


def acts() -> list[str]:
    return list(db.session.scalars(select(ChangeEvent.act).order_by(ChangeEvent.sequence)))


def test_an_act_is_kept_and_stands_once_in_the_audit(as_system: Actor) -> None:
    before = len(acts())
    rename("Purbeck Lane Primary")
    db.session.remove()
    assert name_now() == "Purbeck Lane Primary"
    assert acts()[before:] == ["School renamed"]


def test_an_act_that_breaks_leaves_nothing_behind(as_system: Actor) -> None:
    before, name = len(acts()), name_now()
    with pytest.raises(RuntimeError, match="broke"):
        rename_and_fail("Half renamed")
    db.session.remove()
    assert name_now() == name
    assert len(acts()) == before


def test_a_form_sent_twice_is_done_once_and_gives_the_same_answer(as_system: Actor) -> None:
    before = len(acts())
    answers = []
    for name in ("First", "Second"):
        token = form_key.set("the-same-key")
        try:
            answers.append(rename(name))
        finally:
            form_key.reset(token)
    assert answers == [as_system.school_id, as_system.school_id]
    assert name_now() == "First"
    assert len(acts()) == before + 1


def test_eight_at_once_with_one_key_make_one_change(app: Flask, world: World, as_system: Actor) -> None:
    before = len(acts())
    db.session.remove()
    answers: list[int] = []

    def send(number: int) -> None:
        with app.app_context(), acting(as_system):
            form_key.set("pressed-eight-times")
            answers.append(rename(f"Name {number}"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [world.school_id] * 8
    assert len(acts()) == before + 1


def test_a_stale_form_is_refused_with_what_stands_now(as_system: Actor) -> None:
    with write("Test"):
        school = db.session.scalars(select(School)).one()
        with pytest.raises(Clash) as clash:
            check_version(school, school.version - 1, {"name": school.name})
    assert clash.value.current == {"name": "Purbeck Road Primary"}


def test_a_row_changed_underneath_is_noticed_in_the_update_itself(as_system: Actor) -> None:
    with pytest.raises(StaleDataError), write("Test"):
        pupil = db.session.scalars(select(Pupil).order_by(Pupil.id).limit(1)).one()
        db.session.connection().exec_driver_sql("UPDATE pupil SET version = version + 1")
        pupil.known_as = "Too late"


@sqlite_only("the pragmas of a file are under test")
def test_every_connection_has_the_pragmas_that_keep_data_safe(as_system: Actor) -> None:
    db.session.remove()
    db.engine.dispose()  # those that are there have been told to spare the disc (`tests.support.quick`)
    with contextlib.closing(db.engine.raw_connection()) as connection:
        cursor = connection.cursor()
        pragma = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "trusted_schema")
        }
    assert pragma == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
        "trusted_schema": 0,
    }
