"""Values of a bundle changed at random, its hashes made right again: refused with a sentence, or every page opens."""

from __future__ import annotations

import copy
import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.app import create_app
from graduated.db.session import db
from graduated.pupils.models import Pupil
from graduated.transfer import services
from graduated.transfer.reading import NotABundle
from graduated.transfer.tables import links_of
from tests.conftest import settings_in
from tests.transfer.arrived import Visitor, addresses, ids_in, work_there
from tests.transfer.conftest import closed
from tests.transfer.test_hostile import Members, packed, unpacked

_MANY = 200
_TOGETHER = 20
_ODD: tuple[Any, ...] = (
    None, True, 0, -1, 7, 2_000_000_000, 10**30, 1.5, "", " ", "0", "-3", "x", "<script>", "99999999", "1900-01-01",
    "2026-11-22", "2190-12-31", "2026-13-40", "23:59", "yes", "Zoë [[#m1]]", [], ["<script>"], [1, 2], [[]], {},
    {"a": 1}, {"provision_id": []}, {"0": "25:00"}, "A" * 5000,
)  # fmt: skip
_KEYS = {"id", "pupil_id"}


def _places(rows: dict[str, Any]) -> Iterator[tuple[str, int, str]]:
    for table, some in rows.items():
        for number, row in enumerate(some):
            for name in row:
                if name not in _KEYS:
                    yield table, number, name


def _records(members: Members) -> dict[str, Any]:
    return {
        name.removeprefix("records/").removesuffix(".json"): json.loads(content)
        for name, content in members.items()
        if name.startswith("records/")
    }


def _with(members: Members, rows: dict[str, Any]) -> Members:
    return {**members, **{f"records/{table}.json": json.dumps(some).encode() for table, some in rows.items()}}


_PAPERS = {"document", "paper_given", "paper_chosen", "plan_translation"}


def _without_papers(members: Members) -> Members:
    """The same record without its uploaded papers, each of which takes a moment to look at."""
    rows = {table: some for table, some in _records(members).items() if table not in _PAPERS}
    for table, some in rows.items():
        for name, target in links_of(table).items():
            if target in _PAPERS:
                for row in some:
                    row[name] = None
    kept = {
        name: content
        for name, content in members.items()
        if not name.startswith("files/") and name.removeprefix("records/").removesuffix(".json") not in _PAPERS
    }
    return _with(kept, rows)


def _changes(rows: dict[str, Any], rng: random.Random) -> list[tuple[str, int, str, Any]]:
    """As many of each kind of record as there are kinds of column: a table with many rows is not drawn more often."""
    by_column: dict[tuple[str, str], list[int]] = {}
    for table, number, name in _places(rows):
        by_column.setdefault((table, name), []).append(number)
    found = []
    for _ in range(_MANY):
        (table, name), numbers = rng.choice(sorted(by_column.items()))
        others = [row[name] for row in rows[table]]
        value = rng.choice(others) if rng.random() < 0.25 else rng.choice(_ODD)
        found.append((table, rng.choice(numbers), name, value))
    return found


def _changed(rows: dict[str, Any], changes: list[tuple[str, int, str, Any]]) -> dict[str, Any]:
    found = copy.deepcopy(rows)
    for table, number, name, value in changes:
        found[table][number][name] = value
    return found


def _looked(app: Flask, school_id: int, path: Path) -> str:
    """What is said of it: nothing when it can be brought in."""
    with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
        try:
            return services.preview(path).refused
        except NotABundle as wrong:
            return str(wrong)


def _broken(home: Path, school_id: int, path: Path) -> tuple[str, list[str]]:
    """What is said when it is brought in at a school of its own, and which pages broke then."""
    app = create_app(settings_in(home), testing=True)
    try:
        with app.app_context(), acting(system_actor(school_id, "Ines Marlow")):
            try:
                services.bring_in(path, services.read(path).sha256)
            except NotABundle as wrong:
                return str(wrong), []
        visitor = Visitor(app, work_there(app, school_id)["senco"])
        for _rule, address in addresses(app, ids_in(app, school_id), 2):
            visitor.open(address)
        return "", visitor.broken
    finally:
        closed(app)


def test_what_is_changed_at_random_is_refused_with_a_sentence_or_leaves_every_page_whole(
    bundle: Path, next_school: tuple[Flask, int], counted: Any, tmp_path: Path
) -> None:
    app, school_id = next_school
    members, place = _without_papers(unpacked(bundle)), tmp_path / "changed.zip"
    rows, before = _records(members), counted(app)
    taken, refused = [], 0
    for change in _changes(rows, random.Random(2026)):
        said = _looked(app, school_id, packed(_with(members, _changed(rows, [change])), place))
        assert said == "" or (len(said) > 20 and said.endswith(".")), (change, said)
        refused += bool(said)
        if not said:
            taken.append(change)
    assert counted(app) == before
    assert refused > 60 and len(taken) > 40
    closed(app)
    wrong = {}
    for first in range(0, len(taken), _TOGETHER):
        some = taken[first : first + _TOGETHER]
        home = tmp_path / f"school-{first}"
        shutil.copytree(tmp_path / "next", home)
        said, broken = _broken(home, school_id, packed(_with(members, _changed(rows, some)), place))
        if broken:
            wrong[first] = (some, broken)
    assert wrong == {}
    with app.app_context(), acting(system_actor(school_id, "Tests")):
        assert db.session.scalars(select(Pupil.id)).all() == []
