"""One act, one transaction: joined, rolled back whole, and harmless when sent twice."""

from __future__ import annotations

import contextlib
import threading

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from graduated.access.identity import Actor, acting, system_actor
from graduated.audit.models import ChangeEvent
from graduated.db import hooks
from graduated.db.keys import owner_lookup
from graduated.db.session import db
from graduated.db.writing import Clash, Repeated, _keep, check_version, form_key, write, writes, writing
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


def test_whoever_opened_no_version_or_the_present_one_clashes_with_nobody(as_system: Actor) -> None:
    school = db.session.scalars(select(School)).one()
    check_version(school, None)
    check_version(school, school.version)
    with pytest.raises(Clash, match="somebody else saved this first") as clash:
        check_version(school, school.version + 1)
    assert clash.value.current == {}


def test_a_service_within_another_joins_its_act(as_system: Actor) -> None:
    before = len(acts())
    assert writing() is None
    with write("The whole") as whole:
        assert writing() is whole
        rename("One name")
        with write("A part") as part:
            assert part is whole
        assert writing() is whole, "the part ended, the whole goes on"
    assert writing() is None
    assert acts()[before:] == ["The whole"]


def test_a_key_belongs_to_the_outermost_service_and_is_spent_once(as_system: Actor) -> None:
    token = form_key.set("spent-once")
    try:
        rename("First")
        assert form_key.get() is None
        rename("Second")
    finally:
        form_key.reset(token)
    assert name_now() == "Second", "another act of the same request has no key to be stopped by"


def test_another_key_is_another_form_whatever_stands_in_it(as_system: Actor) -> None:
    for key in ("m", "z", "a"):
        token = form_key.set(key)
        try:
            rename(f"Named by {key}")
        finally:
            form_key.reset(token)
        assert name_now() == f"Named by {key}"


@writes("School renamed, nothing given")
def rename_in_words(name: str) -> str:
    """A service whose result is no row's id."""
    rename(name)
    return name


def test_what_is_no_id_is_not_kept_beside_the_key(as_system: Actor) -> None:
    answers: list[str | None] = []
    for name in ("First", "Second"):
        token = form_key.set("words-for-a-result")
        try:
            answers.append(rename_in_words(name))
        finally:
            form_key.reset(token)
    assert answers == ["First", None]


def test_keys_of_two_people_are_two_even_when_they_are_alike(app: Flask, world: World) -> None:
    for who, name in (("head", "His"), ("senco", "Hers"), ("admin", "Theirs")):
        with app.app_context(), acting(system_actor(world.school_id, who)):
            owner_lookup.append(lambda who=who: who)  # type: ignore[misc]
            token = form_key.set("alike")
            try:
                rename(name)
                assert name_now() == name
            finally:
                form_key.reset(token)
                owner_lookup.pop()


def test_hooks_after_the_commit_hear_of_an_act_once_and_of_none_that_broke(as_system: Actor) -> None:
    heard: list[str] = []
    hooks.after_commit.append(lambda act: heard.append(act.act))
    try:
        rename_in_words("Told")
        with pytest.raises(RuntimeError):
            rename_and_fail("Not told")
    finally:
        hooks.after_commit.pop()
    assert heard == ["School renamed, nothing given"]


def test_after_an_act_that_broke_the_next_is_a_new_one(as_system: Actor) -> None:
    before = len(acts())
    with pytest.raises(RuntimeError):
        rename_and_fail("Half renamed")
    assert writing() is None
    rename("Whole again")
    assert acts()[before:] == ["School renamed"]


def test_a_row_that_was_read_before_the_act_is_read_anew_in_it(app: Flask, as_system: Actor) -> None:
    school = db.session.scalars(select(School)).one()
    with app.app_context(), acting(as_system):
        rename("Renamed elsewhere")
        db.session.remove()
    with write("Test"):
        assert school.name == "Renamed elsewhere"


def test_a_key_that_was_kept_meanwhile_makes_the_act_a_repeat_and_undoes_it(as_system: Actor) -> None:
    before = name_now()
    with pytest.raises(Repeated) as again, write("Test"):
        db.session.scalars(select(School)).one().name = "Sent twice"
        for number in (1, 2):
            _keep("kept-meanwhile", number)
    assert again.value.result is None
    assert name_now() == before
