"""Restricted papers and notes: who reads them, releasing one by name, and that nobody else meets them on any page."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Concern, ConcernAction, ConcernNote, Observation
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.gather import gather
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.records import records_for
from graduated.ehcna.since_signed import entered_since
from graduated.pupils.models import Document
from graduated.pupils.models_restricted import RestrictedNote, Restriction
from graduated.pupils.services_restricted import end_release, release
from graduated.rules.vocabulary import ConcernNoteKind, DocumentKind, NeedArea, ObservationKind, Visibility
from graduated.transfer.gather import gather as bring
from graduated.transfer.words import ENTRY
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
            plant_entries(world, word, level)
    return made


def plant_entries(world: World, word: str, level: Visibility) -> tuple[int, int]:
    """(a difficulty that was withdrawn later, a concern with all that hangs on it), marked: the word is everywhere."""
    zofia = world.pupils["zofia"]
    told = {"kind": ObservationKind.DIFFICULTY, "area": NeedArea.SEMH, "source": word, "seen_on": today()}
    seen = Observation(pupil_id=zofia, text=f"{word} at home.", **told)
    concern = Concern(pupil_id=zofia, raised_by=word, raised_on=today(), text=f"She fears {word}.", evidence=word)
    db.session.add_all([seen, concern])
    db.session.flush()
    below = {"pupil_id": zofia, "concern_id": concern.id}
    db.session.add_all(
        [
            Observation(pupil_id=zofia, text=f"No {word}.", withdrawn=True, replaces_id=seen.id, **told),
            ConcernNote(kind=ConcernNoteKind.MEETING, on=today(), text=word, who=word, **below),
            ConcernAction(what=f"Keep {word} away", who=word, **below),
            Restriction(pupil_id=zofia, observation_id=seen.id, level=level),
            Restriction(pupil_id=zofia, concern_id=concern.id, level=level),
        ]
    )
    db.session.flush()
    return seen.id, concern.id


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


def entries(app: Flask, world: World, level: Visibility = Visibility.STAFF) -> tuple[int, int]:
    """A difficulty and a concern of Zofia's, marked or not."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Planted"):
        return plant_entries(world, RESTRICTED, level)


def test_the_safeguarding_lead_alone_restricts_an_entry_and_opens_it_again(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia, (seen, concern) = world.pupils["zofia"], entries(app, world)
    known, lead = f"/pupils/{zofia}/known", other(app, "lead")
    assert RESTRICTED in lead.text(known) and RESTRICTED in lead.text(f"/concerns/{concern}")
    assert other(app, "senco").status(f"/observations/{seen}/restrict") == 403
    assert lead.status(f"/concerns/{concern}/restrict") == 404
    client.sign_in("safeguarding")
    for place in (f"/observations/{seen}/restrict", f"/concerns/{concern}/restrict"):
        client.send(place, 0, visibility="kept")
    assert RESTRICTED not in lead.text(known) and lead.status(f"/concerns/{concern}") == 404
    senco = other(app, "senco")
    assert RESTRICTED not in senco.text(known) + senco.text("/concerns") + senco.text(f"/pupils/{zofia}/concerns")
    assert senco.status(f"/observations/{seen}/withdraw") == 404
    assert "Kept to the safeguarding lead" in client.text(known)
    client.send(f"/observations/{seen}/restrict", 0, visibility="restricted")
    assert f"{RESTRICTED} at home." in senco.text(known) and RESTRICTED not in lead.text(known)
    client.send(f"/observations/{seen}/restrict", 0, visibility="staff")
    assert f"{RESTRICTED} at home." in lead.text(known)


def test_an_entry_released_by_name_is_read_by_that_person_alone_and_not_for_ever(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia, (seen, concern) = world.pupils["zofia"], entries(app, world, Visibility.KEPT)
    lead, known = other(app, "lead"), f"/pupils/{zofia}/known"
    client.sign_in("safeguarding")
    for place in (f"/observations/{seen}/release-to", f"/concerns/{concern}/release-to"):
        client.send(place, 0, user=str(world.users["lead"]), reason="She leads the meeting on Tuesday")
    assert f"{RESTRICTED} at home." in lead.text(known)
    assert f"No {RESTRICTED}." in lead.text(known)
    assert f"Keep {RESTRICTED} away" in lead.text(f"/concerns/{concern}")
    assert RESTRICTED not in other(app, "teacher").text(known) + other(app, "senco").text(known)
    assert "She leads the meeting on Tuesday" in client.text(known)
    client.send(f"/observations/{seen}/restrict", 0, visibility="staff")
    client.send(f"/observations/{seen}/restrict", 0, visibility="kept")
    assert RESTRICTED not in lead.text(known), "what was released before comes not alive again"
    assert f"Keep {RESTRICTED} away" in lead.text(f"/concerns/{concern}")
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        end_release(2)
    assert lead.status(f"/concerns/{concern}") == 404


def test_what_is_kept_to_the_safeguarding_lead_from_now_on_is_released_to_nobody(
    app: Flask, client: PageClient, world: World
) -> None:
    zofia, (seen, concern) = world.pupils["zofia"], entries(app, world, Visibility.RESTRICTED)
    _paper, note = plant(app, world)[RESTRICTED]
    lead = other(app, "lead")
    client.sign_in("safeguarding")
    places = (f"/observations/{seen}", f"/concerns/{concern}", f"/pupils/{zofia}/notes/{note}")
    named = {"user": str(world.users["lead"]), "reason": "She leads the meeting on Tuesday"}

    def reads() -> list[bool]:
        return [
            f"{RESTRICTED} at home." in lead.text(f"/pupils/{zofia}/known"),
            lead.status(f"/concerns/{concern}") == 200,
            f"She spoke of {RESTRICTED}" in lead.text(f"/pupils/{zofia}/papers"),
        ]

    for place in places:
        client.send(f"{place}/release-to", 0, **named)
    assert reads() == [True, True, True]
    assert "ends what was released by name" in client.text(f"/observations/{seen}/restrict")
    for place in (f"{places[0]}/restrict", f"{places[1]}/restrict", places[2]):
        client.send(place, 0, visibility="kept")
    assert reads() == [False, False, False]
    for place in places:
        client.send(f"{place}/release-to", 0, **named)
    assert reads() == [True, True, True], "named anew, they read it"


def test_what_is_not_restricted_is_not_released(app: Flask, client: PageClient, world: World) -> None:
    seen, _concern = entries(app, world)
    client.sign_in("safeguarding")
    typed = {"user": str(world.users["lead"]), "reason": "A meeting"}
    assert "This is not restricted" in client.send(f"/observations/{seen}/release-to", 0, status=422, **typed).text


def test_an_entry_restricted_by_two_people_at_once_asks_the_second(
    app: Flask, client: PageClient, world: World
) -> None:
    seen, _concern = entries(app, world, Visibility.RESTRICTED)
    client.sign_in("safeguarding")
    client.send(f"/observations/{seen}/restrict", 0, status=409, visibility="kept", version="0")


@pytest.mark.parametrize("level", [Visibility.RESTRICTED, Visibility.KEPT])
def test_no_pack_list_of_records_transfer_or_educational_record_holds_a_marked_entry(
    app: Flask, world: World, level: Visibility
) -> None:
    zofia = world.pupils["zofia"]
    before, after = [], []
    for found in (before, after):
        with app.app_context(), acting(system_actor(world.school_id, "Tests")):
            records = records_for(zofia)
            found += [records.observations, records.concerns, manifest_of(records)["records"]]
            found += [gather(zofia, of_record=True).rows, bring(zofia).rows]
            since = datetime(2020, 1, 1, tzinfo=UTC)
            found += [len(entered_since(zofia, since))]
        if found is before:
            entries(app, world, level)
    assert [str(one) for one in after] == [str(one) for one in before]
    assert RESTRICTED not in str(after)
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        withheld = bring(zofia).withheld
    assert (withheld[ENTRY], withheld["concern_note"], withheld["concern_action"]) == (3, 1, 1)


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
