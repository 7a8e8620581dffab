"""The log says where a fault happened, and nothing of what anybody wrote."""

from __future__ import annotations

import io
import logging

from flask import Flask
from sqlalchemy.exc import IntegrityError

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ops.log_lines import SHAPE, NoWords
from graduated.pupils.models import Profile
from tests.support.world import World


def logged(error: BaseException) -> str:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(NoWords(SHAPE))
    log = logging.Logger("tests")
    log.addHandler(handler)
    log.error("fault, reference 1234", exc_info=error)
    return out.getvalue()


def raised(name: str) -> BaseException:
    try:
        try:
            int(name)
        except ValueError as first:
            raise LookupError(f"no such child: {name}") from first
    except LookupError as error:
        return error


def test_the_kinds_and_the_places_of_a_fault_are_there_and_its_words_are_not() -> None:
    line = logged(raised("Zofia Szymańska"))
    assert "fault, reference 1234" in line
    assert "builtins.LookupError" in line and "builtins.ValueError" in line
    assert "test_log_lines.py" in line
    assert "Zofia" not in line and "no such child" not in line


def test_a_refused_statement_does_not_tell_what_it_was_about(app: Flask, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        try:
            with write("Refused"):
                db.session.add(Profile(pupil_id=999_999, number=1, good_at="Zofia draws", written_on=None))
        except IntegrityError as error:
            assert "Zofia" not in str(error)
            assert "Zofia" not in logged(error)
        else:
            raise AssertionError("the database took a profile of nobody")
