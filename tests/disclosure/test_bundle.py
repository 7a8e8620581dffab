"""What goes to who asked: others left out of the text itself, restricted things in only by decision, the same again."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask

from graduated.access.identity import acting, system_actor
from graduated.assess.models import Concern, ConcernNote
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.build import JOB_KIND, build
from graduated.disclosure.queries import request_of
from graduated.disclosure.queries_build import bundles_of
from graduated.disclosure.services_build import Choice, ask_for_bundle, decide
from graduated.disclosure.weighing import Weighed, weigh
from graduated.erasure.places import Place
from graduated.erasure.services import Wish, ask, carry_out
from graduated.ops.worker import work_once
from graduated.pupils.models_restricted import Restriction
from graduated.rules.third_parties import LEFT_OUT, ThirdParty
from graduated.rules.vocabulary import ByLaw, ConcernBy, ConcernNoteKind, DecidedOn, Disclosing, Role, Visibility
from tests.disclosure.conftest import FATHERS, NOTE, Asked, somebody
from tests.pack.accessible import assert_accessible
from tests.support.world import World

GOES, OUT = Disclosing.GOES, Disclosing.LEFT_OUT


def built(app: Flask, world: World, asked: Asked, builder: str = "Hannah Legg") -> dict[str, bytes]:
    """The files of a bundle made now."""
    with app.app_context(), acting(system_actor(world.school_id, "Worker")):
        build(asked.request_id, builder)
        content = app.extensions["files"].read(bundles_of(asked.request_id)[0].sha256)
    with zipfile.ZipFile(io.BytesIO(content)) as folder:
        assert folder.testzip() is None
        return {name: folder.read(name) for name in folder.namelist()}


def words_of(files: dict[str, bytes], folder: Path) -> str:
    """Everything that can be read in a bundle."""
    (folder / "record.pdf").write_bytes(files["record.pdf"])
    told = subprocess.run(["pdftotext", str(folder / "record.pdf"), "-"], capture_output=True, text=True, check=True)
    papers = "".join(content.decode("latin-1") for name, content in files.items() if name.startswith("papers/"))
    return " ".join(told.stdout.split()) + files["record.json"].decode() + papers


def in_sight(app: Flask, world: World, asked: Asked, who: str, role: Role) -> Weighed:
    with app.app_context(), acting(somebody(world, who, role)):
        return weigh(request_of(asked.request_id))


def test_what_nobody_decided_stays_out(app: Flask, world: World, asked: Asked, tmp_path: Path) -> None:
    files = built(app, world, asked)
    assert set(files) == {"read-me.txt", "record.pdf", "record.json"}
    text = words_of(files, tmp_path)
    for gone in ("Reuben", "Trevett", "Marek", FATHERS, NOTE, "Order of the family court", "canarypaper", "Canary"):
        assert gone not in text, gone
    assert f"Zofia sat with {LEFT_OUT} while Ms Vine read; {LEFT_OUT} rang later. Mrs {LEFT_OUT} saw it." in text


def test_nothing_of_a_name_lies_beneath_the_document(app: Flask, world: World, asked: Asked, tmp_path: Path) -> None:
    content = built(app, world, asked)["record.pdf"]
    (tmp_path / "packed.pdf").write_bytes(content)
    plain = ["qpdf", "--qdf", "--object-streams=disable", str(tmp_path / "packed.pdf"), str(tmp_path / "open.pdf")]
    subprocess.run(plain, check=True)
    assert b"Reuben" not in (tmp_path / "open.pdf").read_bytes()


def test_what_was_decided_is_done_and_done_again_in_a_rebuild(
    app: Flask, world: World, asked: Asked, tmp_path: Path
) -> None:
    seen = in_sight(app, world, asked, "safeguarding", Role.SAFEGUARDING)
    marek = next(one for one in seen.others if one.shown == "Marek Szymański")
    choices = [
        Choice(DecidedOn.ITEM, f"document:{asked.papers['kept']}", GOES, "It is about her alone"),
        Choice(DecidedOn.ITEM, f"document:{asked.papers['family']}", GOES),
        Choice(DecidedOn.ITEM, f"document:{asked.papers['staff']}", OUT),
        Choice(DecidedOn.ITEM, f"view:{asked.view_id}", GOES),
        *(Choice(DecidedOn.NAME, place.key, GOES) for place in marek.places),
        Choice(DecidedOn.WORDS, "0123456789abcdef", OUT, "rang later"),
    ]
    with app.app_context(), acting(somebody(world, "safeguarding", Role.SAFEGUARDING)):
        decide(asked.request_id, choices)
    for _ in range(2):
        files = built(app, world, asked)
        text = words_of(files, tmp_path)
        assert sorted(name for name in files if name.startswith("papers/")) == [
            "papers/01 Paper family.pdf", "papers/02 Paper kept.pdf",
        ]  # fmt: skip
        assert FATHERS in text and NOTE not in text
        assert f"{LEFT_OUT} while Ms Vine read; Marek Szymański [left out]. Mrs {LEFT_OUT} saw it." in text
    with app.app_context(), acting(somebody(world, "safeguarding", Role.SAFEGUARDING)):
        decide(asked.request_id, [Choice(DecidedOn.ITEM, f"document:{asked.papers['kept']}", OUT, "On second thought")])
    assert "papers/02 Paper kept.pdf" not in built(app, world, asked)


def test_a_name_is_asked_about_again_when_the_words_around_it_changed(app: Flask, world: World, asked: Asked) -> None:
    first = in_sight(app, world, asked, "senco", Role.SENCO)
    group = next(one for one in first.others if one.shown == "Reuben Trevett")
    assert group.kind is ThirdParty.PUPIL and group.undecided == 1
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        decide(asked.request_id, [Choice(DecidedOn.NAME, group.places[0].key, GOES)])
    again = in_sight(app, world, asked, "senco", Role.SENCO)
    assert next(one for one in again.others if one.shown == "Reuben Trevett").undecided == 0


def test_the_safeguarding_lead_alone_sees_what_is_kept_to_them(app: Flask, world: World, asked: Asked) -> None:
    senco = in_sight(app, world, asked, "senco", Role.SENCO)
    lead = in_sight(app, world, asked, "safeguarding", Role.SAFEGUARDING)
    kept = {f"document:{asked.papers['kept']}", f"restricted_note:{asked.note_id}"}
    assert {one.key for one in lead.items} - {one.key for one in senco.items} == kept
    assert f"document:{asked.papers['restricted']}" in {one.key for one in senco.items}
    assert all(one.is_restricted for one in lead.items if one.key in kept)


@pytest.mark.parametrize("level", [Visibility.RESTRICTED, Visibility.KEPT])
def test_a_marked_entry_is_decided_on_with_a_reason_and_stays_out_with_its_history_until_then(
    app: Flask, world: World, asked: Asked, tmp_path: Path, level: Visibility
) -> None:
    """Of one that is kept nobody but the safeguarding lead learns; a parent's concern is listed once."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")), write("Marked"):
        concern = Concern(pupil_id=asked.pupil_id, raised_by="Kelly Trevett", raised_as=ConcernBy.PARENT,
                          raised_on=today(), text="Canaryconcern")  # fmt: skip
        db.session.add(concern)
        db.session.flush()
        number, below = concern.id, {"pupil_id": asked.pupil_id, "concern_id": concern.id}
        db.session.add_all([
            ConcernNote(kind=ConcernNoteKind.MEETING, on=today(), text="Canarytalk", **below),
            Restriction(level=level, **below), Restriction(pupil_id=asked.pupil_id, level=level,
                                                           observation_id=asked.observation_id),
        ])  # fmt: skip
    keys = {f"concern:{number}", f"observation:{asked.observation_id}"}
    lead = in_sight(app, world, asked, "safeguarding", Role.SAFEGUARDING)
    mine = [one for one in lead.items if one.key in keys]
    assert len(mine) == 2 and all(one.is_restricted and one.is_kept is (level is Visibility.KEPT) for one in mine)
    senco = {one.key for one in in_sight(app, world, asked, "senco", Role.SENCO).items}
    assert keys & senco == (set() if level is Visibility.KEPT else keys)
    text = words_of(built(app, world, asked), tmp_path)
    assert "Canaryconcern" not in text and "Canarytalk" not in text and "Ms Vine read" not in text
    with app.app_context(), acting(somebody(world, "safeguarding", Role.SAFEGUARDING)):
        decide(asked.request_id, [Choice(DecidedOn.ITEM, key, GOES, "Hers to know") for key in keys])
    text = words_of(built(app, world, asked), tmp_path)
    assert "Canaryconcern" in text and "Canarytalk" in text and "Ms Vine read" in text


def test_staff_stay_in_unless_somebody_takes_them_out(app: Flask, world: World, asked: Asked, tmp_path: Path) -> None:
    seen = in_sight(app, world, asked, "senco", Role.SENCO)
    vine = next(one for one in seen.staff if one.shown == "Vine")
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        decide(asked.request_id, [Choice(DecidedOn.NAME, place.key, OUT) for place in vine.places])
    assert f"while Ms {LEFT_OUT} read" in words_of(built(app, world, asked), tmp_path)


def test_the_document_passes_both_validators(app: Flask, world: World, asked: Asked, tmp_path: Path) -> None:
    assert_accessible(built(app, world, asked)["record.pdf"], tmp_path)


def test_the_data_holds_every_table_and_says_what_is_in_none(app: Flask, world: World, asked: Asked) -> None:
    data = json.loads(built(app, world, asked)["record.json"])
    assert data["tables"]["pupil"]["rows"][0]["legal_forename"] == "Zofia"
    assert [row["id"] for row in data["tables"]["adult"]["rows"]] == [world.adults["parent"]]
    assert data["tables"]["bar"]["rows"] == [] and data["tables"]["restricted_note"]["rows"] == []
    assert "disclosure_decision" in data["in_no_bundle"]


def test_the_worker_builds_it_within_a_minute_and_only_once(app: Flask, world: World, asked: Asked) -> None:
    with app.app_context():
        with acting(somebody(world, "senco", Role.SENCO)):
            ask_for_bundle(asked.request_id, JOB_KIND)
        began = monotonic()
        assert work_once() and not work_once()
        assert monotonic() - began < 60
        with acting(somebody(world, "senco", Role.SENCO)):
            assert len(bundles_of(asked.request_id)) == 1


def test_when_something_goes_by_law_the_bundle_that_holds_it_goes_at_once(
    app: Flask, world: World, asked: Asked
) -> None:
    built(app, world, asked)
    store = app.extensions["files"]
    with app.app_context():
        with acting(somebody(world, "senco", Role.SENCO)):
            kept = bundles_of(asked.request_id)[0].sha256
            assert store.path(kept).is_file()
            wish = Wish(ByLaw.ERASE, "Another child was written of.", "Grace Oduya, 3 November", "", "rang later")
            order_id = ask(Place("observation", asked.observation_id, "text"), wish)
        with acting(somebody(world, "head", Role.HEAD)):
            carry_out(order_id)
            assert not store.path(kept).exists()
            bundle = bundles_of(asked.request_id)[0]
            assert (bundle.sha256, bundle.is_open) == ("", False)


def test_whose_name_is_left_out_is_not_named_as_who_put_it_together(
    app: Flask, world: World, asked: Asked, tmp_path: Path
) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        build(asked.request_id, "Miriam Vine")
        assert bundles_of(asked.request_id)[0].builder == "Miriam Vine"
    seen = in_sight(app, world, asked, "senco", Role.SENCO)
    places = [place for one in seen.staff if "Vine" in one.shown for place in one.places]
    with app.app_context(), acting(somebody(world, "senco", Role.SENCO)):
        decide(asked.request_id, [Choice(DecidedOn.NAME, place.key, OUT) for place in places])
    text = words_of(built(app, world, asked, "Miriam Vine"), tmp_path)
    assert "Vine" not in text and "Purbeck Road Primary" in text
