"""Restricted papers and notes: who reads them, releasing one by name, and that nobody else meets them on any page."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.pupils.models import Document
from graduated.pupils.models_restricted import RestrictedNote
from graduated.pupils.services_restricted import end_release, release
from graduated.rules.vocabulary import DocumentKind, Visibility
from tests.access.matrix import PEOPLE
from tests.access.stage import Stage, rules_of
from tests.support.client import PageClient
from tests.support.world import World

RESTRICTED, KEPT = "Quillfeather", "Wintergreen"
"""Words that stand in nothing but a restricted paper and note, and in nothing but a kept paper and note."""
READS = {RESTRICTED: {"senco", "head", "safeguarding"}, KEPT: {"safeguarding"}}


def plant(app: Flask, world: World) -> dict[str, tuple[int, int]]:
    """(paper, note) of each level about Zofia."""
    made = {}
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Planted"):
        for word, level in ((RESTRICTED, Visibility.RESTRICTED), (KEPT, Visibility.KEPT)):
            stored = app.extensions["files"].put([b"%PDF-1.4 " + word.encode()])
            paper = Document(pupil_id=world.pupils["zofia"], kind=DocumentKind.REPORT, title=f"Report on {word}",
                             sha256=stored.sha256, size=stored.size, media_type="application/pdf", visibility=level,
                             dated=today(), author=word)  # fmt: skip
            note = RestrictedNote(
                pupil_id=world.pupils["zofia"], noted_on=today(), text=f"She spoke of {word}.", visibility=level
            )
            db.session.add_all([paper, note])
            db.session.flush()
            made[word] = (paper.id, note.id)
    return made


@pytest.fixture(scope="module")
def stage(template: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Stage:
    home = tmp_path_factory.mktemp("restricted") / "home"
    shutil.copytree(template[0], home)
    made = Stage(home, template[1])
    plant(made.app, template[1])
    return made


@pytest.mark.parametrize("who", [one for one in PEOPLE if one != "signed_out"])
def test_no_page_file_or_list_shows_what_is_restricted_to_who_may_not_read_it(stage: Stage, who: str) -> None:
    client = stage.app.test_client()
    with client.session_transaction() as kept:
        kept.update(stage.sign_ins.get(who, {}))
        kept["proved"] = 4_000_000_000
    leaks = []
    for rule in rules_of(stage.app):
        if "GET" not in (rule.methods or ()):
            continue
        for path in stage.paths_of(rule):
            content = client.get(path).data
            leaks += [f"{path}: {word}" for word, may in READS.items() if word.encode() in content and who not in may]
    assert leaks == []


def other(app: Flask, who: str) -> PageClient:
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client.sign_in(who)


def test_the_safeguarding_lead_writes_a_note_and_keeps_it_to_themselves(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    client.sign_in("safeguarding")
    client.send(f"/pupils/{zofia}/notes/new", 0, text="Said something at lunch", visibility="restricted")
    assert "Said something at lunch" in other(app, "senco").text(f"/pupils/{zofia}/papers")
    client.send(f"/pupils/{zofia}/notes/1", 0, visibility="kept")
    assert "Said something at lunch" not in other(app, "senco").text(f"/pupils/{zofia}/papers")
    assert "Said something at lunch" in client.text(f"/pupils/{zofia}/papers")


def test_released_by_name_it_is_read_by_that_person_alone_and_until_that_day(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia = world.pupils["zofia"]
    paper, note = plant(app, world)[RESTRICTED]
    client.sign_in("safeguarding")
    for path in (f"/pupils/{zofia}/papers/{paper}/release-to", f"/pupils/{zofia}/notes/{note}/release-to"):
        client.send(path, 0, user=str(world.users["lead"]), reason="She leads the meeting on Tuesday")
    lead, teacher = other(app, "lead"), other(app, "teacher")
    text = lead.text(f"/pupils/{zofia}/papers")
    assert f"Report on {RESTRICTED}" in text and f"She spoke of {RESTRICTED}" in text and KEPT not in text
    assert lead.status(f"/pupils/{zofia}/papers/{paper}/file") == 200
    assert lead.status(f"/pupils/{zofia}/papers/{paper}") == 403
    assert lead.status(f"/pupils/{zofia}/notes/{note}") == 404
    assert RESTRICTED not in teacher.text(f"/pupils/{zofia}/papers")
    assert teacher.status(f"/pupils/{zofia}/papers/{paper}/file") == 404
    assert "She leads the meeting on Tuesday" in client.text(f"/pupils/{zofia}/papers")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        end_release(1)
    assert lead.status(f"/pupils/{zofia}/papers/{paper}/file") == 404


def test_a_release_reaches_nobody_who_does_not_work_with_the_pupil(
    app: Flask, client: PageClient, world: World
) -> None:
    paper, _note = plant(app, world)[RESTRICTED]
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        release(world.users["other_teacher"], "By mistake", today() + timedelta(days=5), document_id=paper)
    client.sign_in("other_teacher")
    assert client.status(f"/pupils/{world.pupils['zofia']}/papers/{paper}/file") == 404


def test_a_release_lasts_no_longer_than_a_hold(client: PageClient, app: Flask, world: World) -> None:
    paper, _note = plant(app, world)[RESTRICTED]
    client.sign_in("safeguarding")
    late = today() + timedelta(days=200)
    typed = {"ends-day": str(late.day), "ends-month": str(late.month), "ends-year": str(late.year)}
    path = f"/pupils/{world.pupils['zofia']}/papers/{paper}/release-to"
    client.send(path, 0, status=422, user=str(world.users["lead"]), reason="A meeting", **typed)


def test_a_note_changed_by_two_people_at_once_asks_the_second(app: Flask, client: PageClient, world: World) -> None:
    _paper, note = plant(app, world)[KEPT]
    zofia = world.pupils["zofia"]
    client.sign_in("safeguarding")
    client.send(f"/pupils/{zofia}/notes/{note}", 0, status=409, visibility="restricted", version="0")
