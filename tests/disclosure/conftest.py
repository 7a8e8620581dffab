"""A record in which others are named, with papers of every kind, and a mother who asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.assess.models import Observation, View
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.services import NewRequest, record_request
from graduated.pupils.models import Bar, Document
from graduated.pupils.models_restricted import RestrictedNote
from graduated.rules import vocabulary as v
from tests.support.world import World

NAMED = "Zofia sat with Reuben Trevett while Ms Vine read; Marek Szymański rang later. Mrs Trevett saw it."
FATHERS = "Canaryfather: she is tired after school."
NOTE = "Canarynote: said something at lunch."


@dataclass(frozen=True)
class Asked:
    """Ids of what was made."""

    request_id: int
    pupil_id: int
    observation_id: int
    papers: dict[str, int]
    note_id: int
    view_id: int
    bar_id: int


def somebody(world: World, who: str, role: v.Role) -> Actor:
    """Somebody of the world, as services know them."""
    return Actor(world.users[who], world.school_id, who, frozenset({role}))


def _add(row: Any) -> int:
    db.session.add(row)
    db.session.flush()
    return int(row.id)


def _papers(app: Flask, pupil: int) -> dict[str, int]:
    papers = {}
    for level in v.Visibility:
        stored = app.extensions["files"].put([b"%PDF-1.4 canarypaper " + level.value.encode()])
        papers[level.value] = _add(
            Document(pupil_id=pupil, kind=v.DocumentKind.REPORT, title=f"Paper {level.value}", dated=today(),
                     sha256=stored.sha256, size=stored.size, media_type="application/pdf", visibility=level)
        )  # fmt: skip
    return papers


@pytest.fixture
def asked(app: Flask, world: World) -> Iterator[Asked]:
    pupil = world.pupils["zofia"]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        with write("Record made"):
            made = {
                "observation_id": _add(
                    Observation(pupil_id=pupil, kind=v.ObservationKind.STRENGTH, area=v.NeedArea.SEMH, text=NAMED,
                                source="Ms Vine", seen_on=today())
                ),
                "papers": _papers(app, pupil),
                "note_id": _add(
                    RestrictedNote(pupil_id=pupil, noted_on=today(), text=NOTE, visibility=v.Visibility.KEPT)
                ),
                "view_id": _add(
                    View(pupil_id=pupil, whose=v.ViewOf.PARENT, adult_id=world.adults["barred_parent"],
                         method=v.ViewMethod.CONVERSATION, text=FATHERS, given_on=today(), shared_with_family=False)
                ),
                "bar_id": db.session.scalars(select(Bar.id).where(Bar.pupil_id == pupil)).one(),
            }  # fmt: skip
        request_id = record_request(
            pupil,
            NewRequest(v.InformationKind.SUBJECT_ACCESS, today(), v.InformationHow.SPOKEN, v.InformationBy.PARENT,
                       "Anna Szymańska", world.adults["parent"]),
        )  # fmt: skip
    yield Asked(request_id, pupil, **made)
