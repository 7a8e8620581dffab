"""The look for database rows in templates finds them wherever they hide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from graduated.access.identity import Actor
from graduated.db.session import db
from graduated.pupils.models import Pupil
from tests.support.entities import entities


@dataclass(frozen=True)
class Holder:
    """A dataclass that holds something."""

    thing: Any


def test_a_row_is_found_in_lists_mappings_and_dataclasses(as_system: Actor) -> None:
    pupil = db.session.scalars(select(Pupil).limit(1)).one()
    for hiding in (pupil, [pupil], {"a": pupil}, Holder(pupil), Holder([{"deep": (pupil,)}])):
        assert list(entities(hiding)), hiding


@pytest.mark.parametrize("fine", ["text", 3, None, [1, 2], {"a": Holder("b")}, ("x", Holder(None))])
def test_plain_values_are_fine(fine: Any) -> None:
    assert list(entities(fine)) == []
