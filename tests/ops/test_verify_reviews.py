"""`graduated verify` over a sealed review: each column of each of its rows, and the seals themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from graduated.access.identity import acting, system_actor
from graduated.audit.capture import SILENT
from graduated.db.base import Base
from graduated.db.clock import held
from graduated.ops.verified import Verified
from graduated.review.models import (
    ActionItem,
    Addendum,
    Attendee,
    NextStepTaken,
    OutcomeJudgement,
    ProvisionJudgement,
    Review,
    Seal,
    SealParts,
)
from graduated.review.services import add_addendum
from graduated.rules.vocabulary import NextStep
from tests.ops.test_verify import check, meddle
from tests.review.scene import NOW, sealed, set_scene
from tests.support.databases import by_hand
from tests.support.world import World

OF_A_REVIEW: list[type[Base]] = [
    Review, Attendee, OutcomeJudgement, ProvisionJudgement, NextStepTaken, ActionItem, Seal, SealParts, Addendum,
]  # fmt: skip
UNWATCHED = SILENT | {"id"}
"""When and by whom a row was recorded stands in its event of the audit; a row's number is what it is known by."""


@pytest.fixture(autouse=True)
def november() -> Iterator[None]:
    with held(NOW):
        yield


@pytest.fixture
def three(app: Flask, world: World) -> list[int]:
    """Three sealed reviews in a row, the first with an addendum; the last act of the school is the last seal."""
    with app.app_context(), acting(system_actor(world.school_id, "Hannah Legg")):
        scene = set_scene(world)
        first = sealed(scene, NextStep.SPECIALIST, interim=True)
        add_addendum(first, "The report came.", "It was late.")
        second = sealed(scene, NextStep.ANOTHER_CYCLE)
        return [first, second, sealed(set_scene(world, "reuben", "other_parent"), NextStep.COME_OFF)]


def test_three_sealed_reviews_are_whole(app: Flask, three: list[int]) -> None:
    answer = check(app)
    assert answer.whole, answer.as_text()
    assert answer.checked["seals"] == len(three)


def room_of(column: Any) -> int | None:
    """How many letters a column takes."""
    length = getattr(column.type, "length", None)
    return length if isinstance(length, int) else None


def other_value(column: Any, now: Any) -> Any:
    """Another value than the one that stands, of the column's kind."""
    kind = column.type.python_type if hasattr(column.type, "python_type") else str
    if column.type.__class__.__name__ == "JSON":
        return '{"reason": "Another"}'
    if kind in (bool, int):
        return (now or 0) + 1000 if kind is int else not now
    if kind is date:
        return "2020-01-01"
    # Never longer than there is room for: some databases count.
    return (
        "2020-01-01 00:00:00" if "DateTime" in column.type.__class__.__name__ else f"ab{now or ''}"[: room_of(column)]
    )


@pytest.mark.parametrize("model", OF_A_REVIEW, ids=lambda model: str(model.__tablename__))
def test_each_column_of_a_sealed_review_is_watched(app: Flask, home: Path, three: list[int], model: type[Base]) -> None:
    table = model.__tablename__
    meddle(home)  # the triggers out of the way
    missed = []
    for column in inspect(model).columns:
        if column.name in UNWATCHED:
            continue
        with by_hand(home) as file:
            file.disarm()
            row_id, before = file.execute(f'SELECT id, "{column.name}" FROM "{table}" ORDER BY id').fetchone()
            change = f'UPDATE "{table}" SET "{column.name}" = ? WHERE id = ?'
            file.execute(change, (other_value(column, before), row_id))
        if not found(app):
            missed.append(column.name)
        with by_hand(home) as file:
            file.execute(change, (before, row_id))
    assert missed == []
    assert check(app).whole


def found(app: Flask) -> bool:
    """Whether verify names something; a value that cannot even be read is found too."""
    try:
        return not check(app).whole
    except (LookupError, ValueError):
        return True


def says(answer: Verified) -> str:
    """Everything that is broken, in one text."""
    return "\n".join(f"{one.row}: {one.says}" for one in answer.broken)


def test_a_seal_taken_out_of_the_middle_is_found(app: Flask, home: Path, three: list[int]) -> None:
    meddle(home, f"DELETE FROM seal WHERE review_id = {three[1]}")
    told = says(check(app))
    assert f"review {three[1]}: seal 0: the review is sealed but its seal is gone" in told
    assert f"review {three[2]}: seal 3: it does not follow on" in told


def test_the_last_seal_taken_away_is_found(app: Flask, home: Path, three: list[int]) -> None:
    meddle(home, f"DELETE FROM seal WHERE review_id = {three[2]}")
    told = says(check(app))
    assert f"review {three[2]}: seal 0: the review is sealed but its seal is gone" in told
    assert "it is gone, and nothing in the audit says that it went" in told


def test_a_review_taken_away_with_its_seal_is_found(app: Flask, home: Path, three: list[int]) -> None:
    of_it = ("seal", "attendee", "judgement", "provision_judgement", "next_step", "action_item")
    meddle(home, *(f"DELETE FROM {one} WHERE review_id = {three[2]}" for one in of_it),
           f"DELETE FROM review WHERE id = {three[2]}")  # fmt: skip
    told = says(check(app))
    assert f"review {three[2]}: it is gone" in told and "seal 3: it is gone" in told


def test_swapped_digests_are_found(app: Flask, home: Path, three: list[int]) -> None:
    with by_hand(home) as file:
        digests = dict(file.execute("SELECT review_id, digest FROM seal").fetchall())
    one, two = three[0], three[1]
    meddle(home, f"UPDATE seal SET digest = '{digests[two]}' WHERE review_id = {one}",
           f"UPDATE seal SET digest = '{digests[one]}' WHERE review_id = {two}")  # fmt: skip
    told = says(check(app))
    assert f"review {one}: seal 1: the review was changed" in told
    assert f"review {two}: seal 2: the review was changed" in told


def test_the_last_seal_taken_away_with_all_that_tells_of_it_is_found_by_the_anchor(
    app: Flask, home: Path, three: list[int]
) -> None:
    """Whoever makes the whole database fit, head and all, is given away by the head that was noted outside."""
    cut = "(SELECT id FROM change_event WHERE school_id = 1 AND act = 'Review sealed' ORDER BY sequence DESC LIMIT 1)"
    with by_hand(home) as file:
        (event,) = file.execute(f"SELECT {cut}").fetchone()
        (sequence,) = file.execute("SELECT sequence FROM change_event WHERE id = ?", (event,)).fetchone()
        mac = file.execute("SELECT previous_mac FROM change_event WHERE id = ?", (event,)).fetchone()[0]
    tail = f"school_id = 1 AND sequence >= {sequence}"
    meddle(
        home,
        f"DELETE FROM seal WHERE review_id = {three[2]}",
        f"UPDATE review SET status = 'open' WHERE id = {three[2]}",
        f"DELETE FROM change_detail WHERE event_id IN (SELECT id FROM change_event WHERE {tail})",
        f"DELETE FROM change_event WHERE {tail}",
        f"UPDATE chain_head SET sequence = {sequence - 1}, mac = '{mac}' WHERE school_id = 1",
    )
    answer = check(app)
    assert not answer.whole
    assert "its end was cut off" in says(answer)
