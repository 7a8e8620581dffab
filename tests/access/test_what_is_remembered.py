"""What the filter remembers of statements stays small: it is there for the life of a process that answers."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from sqlalchemy import Select, select

from graduated.access import scope
from graduated.access.criteria import Viewer
from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.pupils.models import Pupil
from tests.support.world import World


def pieces(key: Any) -> int:
    """Of how many parts something nested is made."""
    return sum(map(pieces, key)) if isinstance(key, tuple) else 1


def narrowed(statement: Select[Any], viewer: Viewer) -> Any:
    return scope._narrow(statement, viewer)


def test_the_conditions_of_all_classes_make_no_statements_key_long(app: Flask) -> None:
    # With every condition written out it had some 17,000 parts: a quarter of a megabyte for each statement.
    bare = pieces(select(Pupil.id)._generate_cache_key().key)  # type: ignore[union-attr]
    for kind in ("whole", "own", "family", "system"):
        statement = select(Pupil.id)
        whole = pieces(narrowed(statement, Viewer(kind))._generate_cache_key().key)
        assert whole - bare < 3 * len(scope._scoped_classes())


def test_two_kinds_of_viewer_never_share_what_was_compiled(app: Flask) -> None:
    statement = select(Pupil.id)
    keys = {
        narrowed(statement, Viewer(kind, level, is_parent_here))._generate_cache_key().key
        for kind in ("whole", "own", "office", "family", "audit", "device", "system")
        for level in (0, 1, 2)
        for is_parent_here in (False, True)
    }
    assert len(keys) == 7 * 3 * 2


def test_one_kind_of_viewer_compiles_a_statement_once(app: Flask) -> None:
    again = [narrowed(select(Pupil.id), Viewer("own"))._generate_cache_key().key for _ in range(3)]
    assert len(set(again)) == 1


def test_after_forgetting_nothing_is_taken_for_what_it_was(app: Flask) -> None:
    earlier = narrowed(select(Pupil.id), Viewer("own"))._generate_cache_key().key
    scope.forget()
    assert narrowed(select(Pupil.id), Viewer("own"))._generate_cache_key().key != earlier


def test_a_statement_made_for_one_request_is_not_kept_after_it(app: Flask, world: World) -> None:
    def look(number: int) -> None:
        with app.test_request_context(), acting(system_actor(world.school_id, "Tests")):
            db.session.execute(select(Pupil.id).where(Pupil.id == number)).all()
            db.session.remove()

    look(0)
    gc.collect()
    before = len(scope._narrowed)
    for number in range(50):
        look(number)
    gc.collect()
    assert len(scope._narrowed) <= before
