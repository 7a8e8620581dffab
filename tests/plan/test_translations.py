"""An approved translation belongs to one version of an agreed plan, and says so when the plan has changed."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.erasure.services import carry_out_paper
from graduated.erasure.services_files import ask_for_paper
from graduated.plan.models import Amendment, PlanTranslation
from graduated.plan.queries_translations import translations_of
from graduated.retention.services import end_hold
from graduated.rules.vocabulary import AmendmentKind, Role
from tests.access import scene
from tests.support.client import PageClient
from tests.support.world import World


def _pdf() -> tuple[io.BytesIO, str]:
    made = pikepdf.new()
    made.add_blank_page()
    kept = io.BytesIO()
    made.save(kept)
    return io.BytesIO(kept.getvalue()), "plan.pdf"


@pytest.fixture
def values(app: Flask, world: World) -> dict[str, Any]:
    """One record of every kind about Zofia; no translation yet but the scene's."""
    return scene.make(app, world)


def _attach(client: PageClient, cycle: int, language: str = "Polish", **more: Any) -> None:
    client.send(f"/cycles/{cycle}/translations", file=_pdf(), language=language, **more)


def test_the_family_opens_the_translation_that_stands_and_no_other(
    app: Flask, client: PageClient, world: World, values: dict[str, Any]
) -> None:
    cycle, home = values["cycle_id"], f"/family/children/{world.pupils['zofia']}"
    client.sign_in("senco")
    _attach(client, cycle, "polish ")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        old, new = translations_of(cycle)
    assert (old.stands, new.stands, new.language) == (False, True, "polish")
    client.sign_in("parent")
    assert client.text(home).count("The plan in another language:") == 1
    assert client.status(f"/family/papers/{new.document_id}") == 200
    assert client.status(f"/family/papers/{old.document_id}") == 404
    client.sign_in("other_parent")
    assert client.status(f"/family/papers/{new.document_id}") == 404


def test_an_amendment_marks_it_out_of_date_and_a_new_one_is_up_to_date(
    app: Flask, client: PageClient, world: World, values: dict[str, Any]
) -> None:
    cycle, home = values["cycle_id"], f"/family/children/{world.pupils['zofia']}"
    changed = "The plan has changed since this translation"
    assert changed not in client.sign_in("parent").text(home)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Amended"):
        db.session.add(
            Amendment(pupil_id=world.pupils["zofia"], cycle_id=cycle, kind=next(iter(AmendmentKind)), what="Minutes",
                      before="20", after="30", why="It works", who="Hannah Legg", on=today())
        )  # fmt: skip
    assert changed in client.text(home)
    client.sign_in("senco")
    assert "The plan has changed since" in client.text(f"/cycles/{cycle}/translations")
    _attach(client, cycle)
    assert changed not in client.sign_in("parent").text(home)


def test_a_withdrawn_one_is_gone_for_the_family_and_kept_with_its_reason(
    app: Flask, client: PageClient, world: World, values: dict[str, Any]
) -> None:
    place = f"/translations/{values['translation_id']}/withdraw"
    client.sign_in("senco")
    client.send(place, status=422, why=" ")
    client.send(place, why="Two words were wrong")
    assert "Withdrawn: Two words were wrong" in client.text(f"/cycles/{values['cycle_id']}/translations")
    client.send(place, status=422, why="Again")
    client.sign_in("parent")
    assert "another language" not in client.text(f"/family/children/{world.pupils['zofia']}")
    assert client.status(f"/family/papers/{values['family_document_id']}") == 404
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        assert len(db.session.scalars(select(PlanTranslation.id)).all()) == 2


def test_one_whose_file_went_by_law_is_offered_to_no_family_and_staff_read_that_it_went(
    app: Flask, client: PageClient, world: World, values: dict[str, Any]
) -> None:
    paper, head = values["family_document_id"], Actor(world.users["head"], world.school_id, "H", frozenset({Role.HEAD}))
    senco = Actor(world.users["senco"], world.school_id, "S", frozenset({Role.SENCO}))
    with app.app_context():
        with acting(senco):
            end_hold(values["legal_hold_id"], "The complaint is answered")
            order_id = ask_for_paper(paper, "It is about another child.", "Ola Reyes, 3 November")
        with acting(head):
            carry_out_paper(order_id)
    client.sign_in("parent")
    assert "another language" not in client.text(f"/family/children/{world.pupils['zofia']}")
    client.sign_in("senco")
    said = client.text(f"/cycles/{values['cycle_id']}/translations")
    assert "erased by law" in said and "The family reads it" not in said


def test_a_draft_has_no_translation(client: PageClient, values: dict[str, Any]) -> None:
    client.sign_in("senco")
    assert client.status(f"/cycles/{values['draft_cycle_id']}/translations") == 404
