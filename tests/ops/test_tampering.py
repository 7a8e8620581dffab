"""A thousand changes by chance to the audit, by somebody with the file in hands: verify finds every one of them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.audit import chain
from graduated.audit.models import ChangeEvent
from graduated.db.clock import today
from graduated.db.session import db
from graduated.ops.verified import Verified
from graduated.ops.verify import check_chain
from graduated.pupils.services import set_status
from graduated.rules.vocabulary import SenStatus, StatusSource
from tests.support.databases import Hand, by_hand
from tests.support.world import World

CHANGES = 1000
OF_EVENT = ("sequence", "at", "pupil_id", "actor_name", "act", "digest", "previous_mac", "mac")
SCHOOL = 1


@pytest.fixture
def lived_in(app: Flask, world: World) -> Flask:
    """An installation in which some more was done."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        for status in (SenStatus.SUPPORT, SenStatus.NONE) * 6:
            set_status(world.pupils["jude"], status, today(), StatusSource.HAND)
    return app


def _other(dice: random.Random, value: object) -> object:
    """A value that is not this one, and might have been."""
    if isinstance(value, int):
        return value + dice.choice((-1000, 1000, 7000))
    if value is None:
        return 1
    text = str(value)
    place = dice.randrange(len(text)) if text else 0
    instead = dice.choice([one for one in "0123456789abcdef" if one != text[place : place + 1]])
    return f"{text[:place]}{instead}{text[place + 1 :]}"


def _change(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """One field of one event."""
    event, field = dice.choice(ids), dice.choice(OF_EVENT)
    ((value,),) = hand.execute(f"SELECT {field} FROM change_event WHERE id = {event}").fetchall()
    if field == "at":  # a moment that stays one
        hand.execute("UPDATE change_event SET at = '2019-03-01 00:00:00' WHERE id = ?", (event,))
        return f"at of {event}"
    wanted = _other(dice, value)
    shown = str(wanted) if isinstance(wanted, int) else "'" + str(wanted).replace("'", "''") + "'"
    hand.execute(f"UPDATE change_event SET {field} = {shown} WHERE id = {event}")
    return f"{field} of {event}: {value!r} became {shown}"


def _contents(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """What an event changed, or the salt of its digest."""
    event, field = dice.choice(ids), dice.choice(("salt", "payload"))
    value = "'[]'" if field == "payload" else f"'{dice.randrange(16**12):064x}'"
    hand.execute(f"UPDATE change_detail SET {field} = {value} WHERE event_id = {event}")
    return f"{field} of {event}"


def _delete(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """An event with its contents."""
    event = dice.choice(ids)
    hand.execute(f"DELETE FROM change_detail WHERE event_id = {event}")
    hand.execute(f"DELETE FROM change_event WHERE id = {event}")
    return f"deleted {event}"


def _insert(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """A copy of an event, behind the last or pushed in between (those after it counted on)."""
    event, new = dice.choice(ids), max(ids) + 1000
    columns = ", ".join(one for one in OF_EVENT if one not in {"sequence"})
    at = f"(SELECT max(sequence) + 1 FROM change_event WHERE school_id = {SCHOOL})"
    hand.execute(
        f"INSERT INTO change_event (id, school_id, actor_id, sequence, {columns}) "
        f"SELECT {new}, school_id, actor_id, {at}, {columns} FROM change_event WHERE id = {event}"
    )
    return f"inserted a copy of {event}"


def _swap(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """The places of two events in the chain."""
    one, two = dice.sample(ids, 2)
    first, second = (
        hand.execute(f"SELECT sequence FROM change_event WHERE id = {which}").fetchall()[0][0] for which in (one, two)
    )
    for which, place in ((one, 0), (two, first), (one, second)):
        hand.execute(f"UPDATE change_event SET sequence = {place} WHERE id = {which}")
    return f"swapped {one} and {two}"


def _cut(dice: random.Random, hand: Hand, ids: list[int]) -> str:
    """The last events, and the head in the database made to fit."""
    going = ids[-dice.randint(1, 4) :]
    for event in going:
        hand.execute(f"DELETE FROM change_detail WHERE event_id = {event}")
        hand.execute(f"DELETE FROM change_event WHERE id = {event}")
    last = f"SELECT max(sequence) FROM change_event WHERE school_id = {SCHOOL}"
    mac = f"SELECT mac FROM change_event WHERE school_id = {SCHOOL} AND sequence = ({last})"
    hand.execute(f"UPDATE chain_head SET sequence = ({last}), mac = ({mac}) WHERE school_id = {SCHOOL}")
    return f"cut {going}"


KINDS: tuple[Callable[[random.Random, Hand, list[int]], str], ...] = (
    _change, _change, _contents, _delete, _insert, _swap, _cut,
)  # fmt: skip


def test_each_of_a_thousand_changes_by_chance_is_found(lived_in: Flask, world: World, home: Path) -> None:
    with by_hand(home) as file:
        file.disarm()
    dice, done, unseen = random.Random(20261123), Counter[str](), []
    with lived_in.app_context(), acting(system_actor(SCHOOL, "Tests")):
        assert _wrong() == 0
        ids = list(db.session.scalars(select(ChangeEvent.id).order_by(ChangeEvent.sequence)))
        assert len(ids) > 10
        for _number in range(CHANGES):
            change = dice.choice(KINDS)
            what = change(dice, Hand(db.session.connection().connection.driver_connection), ids)
            if not _wrong():
                unseen.append(what)
            db.session.rollback()
            done[change.__name__] += 1
        assert _wrong() == 0, "each change was taken back"
    assert unseen == []
    assert sum(done.values()) == CHANGES and min(done.values()) > CHANGES // 20 and len(done) == len(set(KINDS))


def _wrong() -> int:
    """How much verify finds wrong with the school's chain, its contents, its head and what is anchored outside."""
    answer = Verified()
    check_chain(answer, SCHOOL, "The school", chain.anchored().get(SCHOOL))
    return len(answer.broken)
