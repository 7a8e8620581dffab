"""What a page asks twice is read once, and never for somebody else or after a change."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.access.once import read_once
from graduated.db.session import db
from graduated.db.writing import write
from graduated.school.models import Term
from graduated.school.queries import term_rows, terms
from tests.support.world import World

_asked: list[str] = []


@read_once
def _names(word: str) -> tuple[str, ...]:
    _asked.append(word)
    return tuple(db.session.scalars(select(Term.name)))


def test_a_question_is_answered_from_memory_within_one_look_alone(app: Flask, world: World) -> None:
    _asked.clear()
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert _names("one") is _names("one")
        _names("two")
        assert _asked == ["one", "two"]
        db.session.rollback()
        _names("one")
        assert _asked == ["one", "two", "one"]


def test_another_school_is_answered_for_itself(app: Flask, world: World) -> None:
    with app.app_context():
        with acting(system_actor(world.school_id, "Tests")):
            assert terms()
        with acting(system_actor(world.other_school_id, "Tests")):
            assert terms() == ()


def test_an_act_sees_what_it_changed_itself(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Term removed"):
        before = terms()
        db.session.delete(db.session.scalars(select(Term).where(Term.id == term_rows()[0].id)).one())
        db.session.flush()
        assert len(terms()) == len(before) - 1


_TERMS = select(Term.name)


def test_columns_asked_for_again_are_those_that_wait_to_be_written(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Term named"):
        before = db.session.scalars(_TERMS).all()
        term = db.session.scalars(select(Term).where(Term.name == before[0])).first()
        assert term is not None
        term.name = "Named anew"
        assert "Named anew" in db.session.scalars(_TERMS).all()


def test_columns_asked_for_again_are_those_of_whoever_asks(app: Flask, world: World) -> None:
    with app.app_context():
        for school_id, has_terms in ((world.school_id, True), (world.other_school_id, False)) * 2:
            with acting(system_actor(school_id, "Tests")):
                assert bool(db.session.scalars(_TERMS).all()) is has_terms
                db.session.rollback()
