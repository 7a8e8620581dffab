"""Who changed what: in the same transaction, chained, and anchored outside the database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.audit import chain
from graduated.audit.capture import ERASING, SILENT, WHOLE, plain
from graduated.audit.models import ChangeDetail, ChangeEvent
from graduated.db.clock import now
from graduated.db.session import db
from graduated.db.writing import Writing, write
from graduated.people.models import Credential
from graduated.pupils.models import Pupil
from graduated.rules.erasure import GONE
from graduated.school.models import Term
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


LINK = chain.Link(
    school_id=3,
    sequence=12,
    at=datetime(2026, 11, 23, 7, 2, 5, 60, tzinfo=UTC),
    pupil_id=41,
    actor_id=None,
    actor_name="Zoë Żuk",
    act="Plan agreed",
    digest=chain.digest([["pupil", 41, "changed", {"known_as": ["Zofia", "Zosia"]}]], "salt"),
    previous_mac="0" * 64,
)


def test_what_was_chained_by_an_earlier_version_still_holds() -> None:
    assert LINK.digest == "cbe7647fb664a59576d955208d91652ac7b463145826ae7438b7b9460f536650"
    assert LINK.mac(b"a key") == "648be93ea71f4466d0b322ccc309e98199d2189347baed47b5a782808af4f2e3"


@pytest.mark.parametrize(
    "change",
    [
        {"school_id": 4},
        {"sequence": 13},
        {"at": datetime(2026, 11, 23, 7, 2, 5, 61, tzinfo=UTC)},
        {"pupil_id": None},
        {"actor_id": 1},
        {"actor_name": "Zoe Zuk"},
        {"act": "Plan changed"},
        {"digest": "1" * 64},
        {"previous_mac": "1" * 64},
    ],
)
def test_a_mac_covers_every_part_of_an_event_and_the_key(change: dict[str, Any]) -> None:
    assert replace(LINK, **change).mac(b"a key") != LINK.mac(b"a key") != LINK.mac(b"another key")


def test_who_acted_when_and_in_which_school_stands_in_the_event(as_system: Actor, world: World) -> None:
    began = now()
    rename(world.pupils["zofia"], "Zosia")
    event, detail = db.session.execute(
        select(ChangeEvent, ChangeDetail)
        .join(ChangeDetail, ChangeDetail.event_id == ChangeEvent.id)
        .order_by(ChangeEvent.sequence.desc())
        .limit(1)
    ).one()
    assert (event.school_id, detail.school_id) == (world.school_id, world.school_id)
    assert (event.actor_id, event.actor_name) == (as_system.user_id, "Tests")
    assert began <= event.at <= now()
    assert len(detail.salt) == 32
    assert detail.erased_at is None


def test_the_same_change_twice_has_two_salts(as_system: Actor, world: World) -> None:
    for name in ("Zosia", "Zofia", "Zosia"):
        rename(world.pupils["zofia"], name)
    salts = list(db.session.scalars(select(ChangeDetail.salt)))
    assert len(salts) >= 3
    assert len(set(salts)) == len(salts)


def test_the_last_whole_line_of_each_school_is_its_anchored_head(tmp_path: Path) -> None:
    known = chain._anchor[:], chain._key[:]
    try:
        chain.configure(b"tests", tmp_path)
        assert chain.key() == b"tests"
        assert chain.anchored() == {}
        for school, number, mac in ((1, 1, "a" * 64), (2, 7, "b" * 64), (1, 2, "c" * 64)):
            chain.anchor(Writing("Test", {"chain_head": (school, number, mac)}))
        chain.anchor(Writing("Nothing changed"))
        with (tmp_path / "audit-anchor.log").open("a") as file:
            file.write(f"1 3 {'d' * 63}\n2 8 {'e' * 64} more\n2\n")
        assert chain.anchored() == {1: (2, "c" * 64), 2: (7, "b" * 64)}
    finally:
        chain._anchor[:], chain._key[:] = known


def test_an_anchor_that_cannot_be_written_is_said_in_the_log_and_stops_nobody(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = chain._anchor[:], chain._key[:]
    try:
        chain.configure(b"tests", tmp_path / "gone")
        chain.anchor(Writing("Test", {"chain_head": (1, 1, "a" * 64)}))
    finally:
        chain._anchor[:], chain._key[:] = known
    assert "could not be noted outside the database" in caplog.text


def test_a_row_is_told_whole_when_it_comes_and_when_it_goes_and_no_secret_ever(as_system: Actor, world: World) -> None:
    with write("Term added"):
        term = Term(academic_year="2030/31", name="Audit term", starts=date(2031, 1, 6), ends=date(2031, 4, 1))
        db.session.add(term)
    number = term.id
    with write("Term gone"):
        db.session.delete(db.session.scalars(select(Term).where(Term.id == number)).one())
    told = [
        one
        for payload in db.session.scalars(select(ChangeDetail.payload).order_by(ChangeDetail.id))
        for one in payload
        if one[0] == "term" and one[1] == number
    ]
    assert [one[2] for one in told] == ["added", "removed"]
    assert told[0][3]["name"] == [None, "Audit term"]
    assert told[0][3]["starts"] == [None, "2031-01-06"]
    assert told[1][3]["name"] == [None, "Audit term"]
    assert not SILENT & set(told[0][3])


def test_a_new_password_leaves_only_that_there_is_one(as_system: Actor, world: World) -> None:
    mine = select(Credential).where(Credential.user_id == world.users["senco"])
    with write("Password set"):
        db.session.scalars(mine).one().password_hash = "another hash"
    (payload,) = db.session.scalars(select(ChangeDetail.payload).order_by(ChangeDetail.id.desc()).limit(1))
    ((table, _number, what, columns),) = payload
    assert (table, what) == ("credential", "changed")
    assert columns["password_hash"] == ["(secret)", "(secret)"]
    with write("Password gone"):
        db.session.delete(db.session.scalars(mine).one())
    assert "another hash" not in str(list(db.session.scalars(select(ChangeDetail.payload))))


@pytest.mark.parametrize("place", [("pupil", "known_as"), ("pupil", WHOLE)])
def test_words_that_go_by_law_stand_in_no_entry(as_system: Actor, world: World, place: tuple[str, str]) -> None:
    zofia = world.pupils["zofia"]
    with write("Erased"):
        db.session.info[ERASING] = {(place[0], zofia, place[1])}
        db.session.scalars(select(Pupil).where(Pupil.id == zofia)).one().known_as = "Z"
    rename(zofia, "Zosia")
    gone, after = list(db.session.scalars(select(ChangeDetail.payload).order_by(ChangeDetail.id.desc()).limit(2)))[::-1]
    assert gone == [["pupil", zofia, "changed", {"known_as": [GONE, "Z"]}]]
    assert after == [["pupil", zofia, "changed", {"known_as": ["Z", "Zosia"]}]], "only that act was told to forget"


def test_an_act_that_breaks_leaves_no_changes_to_the_next(as_system: Actor, world: World) -> None:
    with pytest.raises(RuntimeError), write("Breaks"):
        db.session.scalars(select(Pupil).where(Pupil.id == world.pupils["reuben"])).one().known_as = "Ben"
        db.session.flush()
        raise RuntimeError("broke")
    rename(world.pupils["zofia"], "Zosia")
    (payload,) = db.session.scalars(select(ChangeDetail.payload).order_by(ChangeDetail.id.desc()).limit(1))
    assert [one[1] for one in payload] == [world.pupils["zofia"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [(date(2026, 9, 1), "2026-09-01"), (time(9, 5), "09:05:00"), (Decimal("12.50"), "12.50"), (3, 3), (None, None)],
)
def test_values_stand_in_the_audit_as_plain_text_or_number(value: Any, shown: Any) -> None:
    assert plain(value) == shown
