"""Many rows by one statement: named with their school, held against what was read, told to the audit as any others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm.exc import StaleDataError

from graduated.access import together
from graduated.access.identity import Actor, acting
from graduated.access.scope import OutsideScope
from graduated.access.together import add_many, change_many, numbers_for
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.people.models import User
from graduated.pupils.models import Need, Pupil
from graduated.rules.vocabulary import NeedType, YearGroup
from tests.support.world import World

NAMES = ("zofia", "reuben", "poppy", "jude")


def told(act: str) -> dict[int | None, list[Any]]:
    """By pupil, what the audit was told of an act."""
    rows = db.session.execute(
        select(ChangeEvent.pupil_id, ChangeDetail.payload)
        .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
        .where(ChangeEvent.act == act)
    )
    return {pupil: payload for pupil, payload in rows if payload}


def of_pupils(world: World) -> dict[str, tuple[str, str, int]]:
    rows = db.session.execute(select(Pupil.id, Pupil.registration_group, Pupil.known_as, Pupil.version))
    names = {number: name for name, number in world.pupils.items()}
    return {names[number]: (group, known_as, version) for number, group, known_as, version in rows}


def test_each_row_gets_its_own_and_its_next_version_and_others_keep_theirs(as_system: Actor, world: World) -> None:
    before = of_pupils(world)
    wanted: dict[int, dict[str, Any]] = {world.pupils[name]: {"registration_group": f"4{name}"} for name in NAMES}
    wanted[world.pupils["zofia"]]["known_as"] = "Zo"
    with write("Classes changed"):
        assert change_many(Pupil, wanted) == 4
    after = of_pupils(world)
    assert after["zofia"] == ("4zofia", "Zo", before["zofia"][2] + 1)
    for name in NAMES[1:]:
        assert after[name] == (f"4{name}", before[name][1], before[name][2] + 1)
    assert {name: after[name] for name in set(before) - set(NAMES)} == {
        name: before[name] for name in set(before) - set(NAMES)
    }


def test_the_audit_tells_of_each_pupil_what_was_and_what_is_and_nothing_that_stayed(
    as_system: Actor, world: World
) -> None:
    before = of_pupils(world)
    zofia, reuben = world.pupils["zofia"], world.pupils["reuben"]
    with write("By the session"):
        for pupil in db.session.scalars(select(Pupil).where(Pupil.id.in_([zofia, reuben]))):
            pupil.registration_group = "8H"
        db.session.flush()
    with write("Together"):
        change_many(Pupil, {zofia: {"registration_group": "8K"}, reuben: {"registration_group": "8H", "known_as": "R"}})
    assert told("By the session")[zofia] == [
        ["pupil", zofia, "changed", {"registration_group": [before["zofia"][0], "8H"]}]
    ]
    assert told("Together") == {
        zofia: [["pupil", zofia, "changed", {"registration_group": ["8H", "8K"]}]],
        reuben: [["pupil", reuben, "changed", {"known_as": [before["reuben"][1], "R"]}]],
    }


def test_what_is_so_already_is_neither_written_nor_told(as_system: Actor, world: World) -> None:
    before = of_pupils(world)
    with write("Nothing new"):
        assert change_many(Pupil, {world.pupils["zofia"]: {"registration_group": before["zofia"][0]}}) == 0
        assert change_many(Pupil, {}) == 0
    assert of_pupils(world) == before
    assert told("Nothing new") == {}


def test_as_many_as_there_are_take_one_statement(as_system: Actor, world: World) -> None:
    sent: list[tuple[str, bool]] = []

    def note(_connection: Any, _cursor: Any, statement: str, _given: Any, _context: Any, many: bool) -> None:
        sent.append((statement, many))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with write("Classes changed"):
            change_many(Pupil, {world.pupils[name]: {"registration_group": f"4{name}"} for name in NAMES})
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert [many for statement, many in sent if statement.startswith("UPDATE pupil")] == [True]


def test_new_rows_are_kept_and_told_as_the_session_would_have(as_system: Actor, world: World) -> None:
    zofia, reuben = world.pupils["zofia"], world.pupils["reuben"]
    given: dict[str, Any] = {"type": NeedType.MLD, "rank": 7, "starts": today()}
    with write("By the session"):
        own = Need(pupil_id=zofia, **given)
        db.session.add(own)
    with write("Together"):
        numbers = numbers_for({Need: 2})[Need]
        add_many(Need, [{"pupil_id": zofia, **given}, {"pupil_id": reuben, **given}], numbers)
    rows = {row.id: row for row in db.session.scalars(select(Need).where(Need.id.in_([own.id, *numbers])))}
    for number, pupil in zip(numbers, (zofia, reuben), strict=True):
        kept = (rows[number].pupil_id, rows[number].school_id, rows[number].type, rows[number].version)
        assert kept == (pupil, as_system.school_id, NeedType.MLD, 1)
        assert rows[number].recorded_by_id == as_system.user_id
    (_table, _id, what, columns) = told("By the session")[zofia][0]
    for number, pupil in zip(numbers, (zofia, reuben), strict=True):
        own_columns = {**columns, "id": [None, number], "pupil_id": [None, pupil]}
        assert told("Together")[pupil] == [["need", number, what, own_columns]]


def test_numbers_taken_ahead_are_those_that_come_next_and_given_to_nobody_else(as_system: Actor, world: World) -> None:
    highest = {cls: db.session.scalar(select(func.max(cls.id))) or 0 for cls in (Pupil, Need)}
    with write("Numbers"):
        found = numbers_for({Pupil: 3, Need: 2})
        add_many(Need, [{"pupil_id": world.pupils["zofia"], "type": NeedType.MLD, "rank": 8}] * 2, found[Need])
        later = Need(pupil_id=world.pupils["zofia"], type=NeedType.SLD, rank=9)
        db.session.add(later)
        db.session.flush()
    assert {cls: len(set(numbers)) for cls, numbers in found.items()} == {Pupil: 3, Need: 2}
    assert min(found[Pupil]) > highest[Pupil]
    assert min(found[Need]) > highest[Need]
    assert later.id > max(found[Need])


def test_what_the_session_holds_and_has_not_written_goes_first_and_is_read_anew(as_system: Actor, world: World) -> None:
    zofia = world.pupils["zofia"]
    with write("Both"):
        held = db.session.scalars(select(Pupil).where(Pupil.id == zofia)).one()
        held.known_as = "Zo"
        change_many(Pupil, {zofia: {"registration_group": "6C"}})
        assert (held.known_as, held.registration_group) == ("Zo", "6C")
        held.known_surname = "After"
    row = db.session.execute(
        select(Pupil.known_as, Pupil.registration_group, Pupil.known_surname).where(Pupil.id == zofia)
    ).one()
    assert tuple(row) == ("Zo", "6C", "After")


def test_a_row_changed_underneath_is_noticed_and_nothing_is_kept(
    as_system: Actor, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = of_pupils(world)
    send = together._send

    def late(*given: Any) -> None:
        db.session.connection().exec_driver_sql("UPDATE pupil SET version = version + 1")
        send(*given)

    monkeypatch.setattr(together, "_send", late)
    with pytest.raises(StaleDataError), write("Too late"):
        change_many(Pupil, {world.pupils[name]: {"registration_group": "9Z"} for name in NAMES})
    db.session.rollback()
    assert of_pupils(world) == before


def test_what_was_read_in_the_act_is_not_read_again_and_held_to_be_so_still(as_system: Actor, world: World) -> None:
    zofia, asked = world.pupils["zofia"], list[str]()
    before = of_pupils(world)["zofia"]
    read = {zofia: {"registration_group": before[0], "version": before[2]}}

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with write("As read"):
            change_many(Pupil, {zofia: {"registration_group": "4Q"}}, read)
            mine = list(asked)
            change_many(Pupil, {zofia: {"known_as": "Zo"}}, read)  # what it was called before was not read
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert not any("SELECT" in one and "FROM pupil" in one for one in mine)
    assert any("SELECT" in one and "FROM pupil" in one for one in asked)
    assert of_pupils(world)["zofia"] == ("4Q", "Zo", before[2] + 2)
    assert told("As read")[zofia] == [
        ["pupil", zofia, "changed", {"registration_group": [before[0], "4Q"]}],
        ["pupil", zofia, "changed", {"known_as": [before[1], "Zo"]}],
    ]
    with pytest.raises(StaleDataError), write("Too late"):
        change_many(Pupil, {zofia: {"registration_group": "4R"}}, read)
    db.session.rollback()
    assert of_pupils(world)["zofia"][0] == "4Q"


def test_a_row_of_another_school_is_not_there(app: Flask, as_system: Actor, world: World) -> None:
    elsewhere = world.pupils["elsewhere"]
    with pytest.raises(StaleDataError), write("Over the wall"):
        change_many(Pupil, {world.pupils["zofia"]: {"known_as": "X"}, elsewhere: {"known_as": "X"}})
    with acting(replace(as_system, school_id=world.other_school_id)):
        assert db.session.scalar(select(Pupil.known_as).where(Pupil.id == elsewhere)) != "X"


def test_only_who_acts_for_the_whole_school_and_inside_an_act_may(as_system: Actor, world: World) -> None:
    wanted = {world.pupils["zofia"]: {"known_as": "X"}}
    with pytest.raises(OutsideScope, match="inside an act"):
        change_many(Pupil, wanted)
    with (
        acting(replace(as_system, is_system=False)),
        pytest.raises(OutsideScope, match="whole school"),
        write("A teacher"),
    ):
        change_many(Pupil, wanted)


@pytest.mark.parametrize("name", ["school_id", "version", "id", "recorded_by_id", "nickname"])
def test_what_is_kept_by_the_house_is_not_for_a_caller_to_say(as_system: Actor, world: World, name: str) -> None:
    with pytest.raises(OutsideScope, match=name), write("By hand"):
        change_many(Pupil, {world.pupils["zofia"]: {name: 1}})
    with pytest.raises(OutsideScope, match=name), write("By hand"):
        add_many(Pupil, [{"legal_surname": "A", "legal_forename": "B", "year_group": YearGroup.R, name: 1}], [987])


def test_a_table_of_no_school_is_refused(as_system: Actor) -> None:
    with pytest.raises(OutsideScope, match="no school"), write("People"):
        add_many(User, [{"name": "Nobody"}], [987])
