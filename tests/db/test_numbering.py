"""Many new rows at once get the numbers that the database would have given, each its own."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, select, update

from graduated.access.identity import Actor
from graduated.assess.models import Concern
from graduated.audit.models import ChainHead, ChangeDetail, ChangeEvent
from graduated.db.clock import today
from graduated.db.numbering import past_session
from graduated.db.session import db
from graduated.db.writing import write
from tests.support.world import World


def _raised(world: World, many: int) -> list[Concern]:
    rows = [
        Concern(pupil_id=world.pupils["zofia"], raised_by="Tom Fry", raised_on=today(), text=f"Concern {number}")
        for number in range(many)
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def test_each_of_many_rows_has_the_number_under_which_it_is_kept(as_system: Actor, world: World) -> None:
    with write("Concerns raised"):
        made = {row.id: row.text for row in _raised(world, 5)}
    assert {row.id: row.text for row in db.session.execute(select(Concern.id, Concern.text))} == made
    assert [made[number] for number in sorted(made)] == [f"Concern {number}" for number in range(5)]


def test_numbers_of_rows_that_went_are_not_given_to_many_others(as_system: Actor, world: World) -> None:
    with write("Concerns raised"):
        gone = [row.id for row in _raised(world, 4)]
    with write("Concerns removed"):
        for row in db.session.scalars(select(Concern)).all():
            db.session.delete(row)
    with write("Concerns raised"):
        assert min(row.id for row in _raised(world, 4)) > max(gone)


def test_many_rows_are_written_by_one_statement(as_system: Actor, world: World) -> None:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    with write("Concerns raised"):
        _raised(world, 50)
    event.remove(db.engine, "before_cursor_execute", note)
    assert sum(one.startswith("INSERT INTO concern ") for one in sent) == 1


def test_each_entry_of_the_audit_keeps_the_contents_of_its_own(as_system: Actor, world: World) -> None:
    with write("Concerns raised"):
        for key in ("zofia", "poppy", "reuben", "jude"):
            db.session.add(Concern(pupil_id=world.pupils[key], raised_by="Tom Fry", raised_on=today(), text=key))
    rows = db.session.execute(
        select(ChangeEvent.pupil_id, ChangeDetail.payload)
        .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
        .where(ChangeEvent.act == "Concerns raised")
    ).all()
    told = {pupil: payload[0][3]["text"][1] for pupil, payload in rows if payload}
    assert told == {world.pupils[key]: key for key in ("zofia", "poppy", "reuben", "jude")}


def test_only_the_machinery_is_asked_past_the_session(as_system: Actor, world: World) -> None:
    with write("Looked"):
        assert past_session(db.session(), select(ChainHead.sequence), {}).all()
        with pytest.raises(LookupError, match="concern"):
            past_session(db.session(), select(Concern.text), {})
        with pytest.raises(LookupError, match="concern"):
            past_session(db.session(), update(Concern).values(text="Nothing"), {})
