"""Which papers go with a request: ticked unless left out with a reason; a restricted one only when released by name."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from graduated import __version__
from graduated.access.identity import Actor, acting, system_actor
from graduated.db.clock import today
from graduated.db.session import db
from graduated.db.writing import Clash, write
from graduated.ehcna.build import build
from graduated.ehcna.going import with_what_goes
from graduated.ehcna.manifest import manifest_of
from graduated.ehcna.models_papers import PaperChosen
from graduated.ehcna.queries import build_of
from graduated.ehcna.queries_chosen import chosen_of, papers_of_request, version_of
from graduated.ehcna.queries_files import files_of_build
from graduated.ehcna.records import records_for
from graduated.ehcna.services_papers import (
    PaperRefused,
    Sending,
    choose_papers,
    record_sent,
    release_paper,
    take_back_release,
)
from graduated.pupils.models import Document
from graduated.pupils.services_papers import NewPaper, PaperWords, add_document, edit_document
from graduated.request.models import AssessmentRequest
from graduated.request.queries import request_of
from graduated.rules.vocabulary import DocumentKind, PackFileKind, PaperChoice, SentHow, Visibility
from tests.ehcna.rich import Rich
from tests.support.client import PageClient
from tests.support.world import World
from tests.uploads import files

WORDS = PaperWords(DocumentKind.REPORT, "Report of the sleep clinic", date(2026, 3, 2), "Dr Iles", Visibility.STAFF)
SECRET = PaperWords(DocumentKind.LETTER, "Letter about the night at home", None, "", Visibility.KEPT)


@pytest.fixture
def paper(app: Flask, rich: Rich, world: World) -> int:
    """An open paper with a file."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return kept(app, rich, WORDS)


@pytest.fixture
def secret(app: Flask, rich: Rich, world: World) -> int:
    """A paper kept to the safeguarding lead, with a file."""
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        return kept(app, rich, SECRET)


def kept(app: Flask, rich: Rich, words: PaperWords) -> int:
    stored = app.extensions["files"].put([files.pdf(1)])
    return int(add_document(rich.pupil_id, NewPaper(words, stored.sha256, stored.size, "application/pdf")))


def titles(rich: Rich) -> set[str]:
    """The papers that a build made now would take."""
    return {one.title for one in records_for(rich.pupil_id, rich.request_id).papers}


def test_every_open_paper_goes_until_it_is_left_out_and_a_restricted_one_does_not(
    rich: Rich, paper: int, secret: int, as_system: Actor
) -> None:
    assert WORDS.title in titles(rich)
    assert SECRET.title not in titles(rich)
    choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    assert WORDS.title not in titles(rich)
    choose_papers(rich.request_id, {}, None)
    assert WORDS.title in titles(rich)


def test_a_paper_left_out_is_in_no_file_of_the_build_and_its_reason_in_none(
    app: Flask, rich: Rich, paper: int, as_system: Actor
) -> None:
    choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg")
    of_build = {one.kind: app.extensions["files"].read(one.sha256) for one in files_of_build(build_id)}
    listed = json.loads(of_build[PackFileKind.MANIFEST])["records"]
    assert ("document", paper) not in {(one["table"], one["id"]) for one in listed}
    assert not [one for one in listed if one["table"] == "paper_chosen"]
    with zipfile.ZipFile(io.BytesIO(of_build[PackFileKind.ZIP])) as archive:
        assert not [name for name in archive.namelist() if "sleep clinic" in name]


def test_a_paper_stays_out_only_with_a_reason_and_only_what_changed_is_recorded(
    rich: Rich, paper: int, as_system: Actor
) -> None:
    with pytest.raises(PaperRefused, match="Say why “Report of the sleep clinic” stays out"):
        choose_papers(rich.request_id, {paper: "  "}, 0)
    first = choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    assert choose_papers(rich.request_id, {paper: "Names another child"}, first) is None
    assert len(db.session.scalars(select(PaperChosen)).all()) == 1


def test_two_people_who_choose_at_once_are_told(rich: Rich, paper: int, as_system: Actor) -> None:
    choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    with pytest.raises(Clash):
        choose_papers(rich.request_id, {}, 0)


def test_a_request_at_an_end_has_its_papers_chosen(rich: Rich, paper: int, secret: int, as_system: Actor) -> None:
    with write("Ended"):
        row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == rich.request_id)).one()
        row.status = "withdrawn"  # type: ignore[assignment]
    with pytest.raises(PaperRefused, match="at an end"):
        choose_papers(rich.request_id, {}, None)
    with pytest.raises(PaperRefused, match="at an end"):
        release_paper(rich.request_id, secret, "The psychologist asks for it")


def test_a_released_paper_goes_with_this_request_and_is_listed_with_its_release(
    rich: Rich, secret: int, as_system: Actor
) -> None:
    released = release_paper(rich.request_id, secret, "The psychologist asks for it")
    assert SECRET.title in titles(rich)
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg")
    listed = {(one["table"], one["id"]): one["name"] for one in build_of(build_id).manifest["records"]}
    assert ("document", secret) in listed
    assert listed["paper_chosen", released].startswith("Release of a restricted paper for the request, recorded on ")
    with write("Another request"):
        other = AssessmentRequest(pupil_id=rich.pupil_id, opened_on=today())
        db.session.add(other)
        db.session.flush()
        other_id = other.id
    assert SECRET.title not in {one.title for one in records_for(rich.pupil_id, other_id).papers}


def test_a_release_is_good_for_the_level_at_which_it_was_given(rich: Rich, secret: int, as_system: Actor) -> None:
    release_paper(rich.request_id, secret, "The psychologist asks for it")
    edit_document(secret, PaperWords(SECRET.kind, SECRET.title, None, "", Visibility.RESTRICTED))
    assert SECRET.title not in titles(rich)


def test_a_release_is_taken_back_until_the_papers_have_left_the_school(
    rich: Rich, secret: int, as_system: Actor
) -> None:
    release_paper(rich.request_id, secret, "The psychologist asks for it")
    take_back_release(rich.request_id, secret, "The mother asked us not to")
    assert SECRET.title not in titles(rich)
    assert chosen_of(rich.request_id)[secret].choice is PaperChoice.TAKEN_BACK
    release_paper(rich.request_id, secret, "She agrees now")
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg")
    record_sent(build_id, Sending(today(), SentHow.PORTAL))
    with pytest.raises(PaperRefused, match="have left the school"):
        take_back_release(rich.request_id, secret, "Too late")


def test_an_open_paper_cannot_be_released(rich: Rich, paper: int, as_system: Actor) -> None:
    with pytest.raises(PaperRefused, match="not restricted"):
        release_paper(rich.request_id, paper, "No need")


def test_the_list_says_the_age_of_each_paper(rich: Rich, paper: int, as_system: Actor) -> None:
    papers = papers_of_request(request_of(rich.request_id))
    ages = {one.paper.title: (one.age, one.is_old) for one in papers.open}
    assert ages[WORDS.title][0].endswith(("months old", "months old or more"))
    assert papers.version == version_of(chosen_of(rich.request_id)) == 0


def test_the_senco_chooses_on_one_page_with_a_reason(client: PageClient, rich: Rich, paper: int) -> None:
    client.sign_in("senco")
    place = f"/requests/{rich.request_id}/papers"
    assert client.form(place)[1][f"goes_{paper}"] == "y"
    client.send(place, status=422, **{f"goes_{paper}": [], f"why_{paper}": ""})
    client.send(place, **{f"goes_{paper}": [], f"why_{paper}": "Names another child"})
    told = client.text(f"/requests/{rich.request_id}")
    assert "Names another child" in told
    assert "Staying out" in told


def test_only_the_safeguarding_lead_releases_and_reads_of_it(
    client: PageClient, app: Flask, rich: Rich, secret: int
) -> None:
    place = f"/requests/{rich.request_id}/papers/{secret}/release"
    client.sign_in("senco")
    assert client.status(place) == 404  # a paper kept to the safeguarding lead is not there for them
    assert SECRET.title not in client.text(f"/requests/{rich.request_id}")
    client.sign_in("safeguarding")
    assert SECRET.title in client.text(f"/requests/{rich.request_id}")
    client.send(place, status=422, why="")
    client.send(place, why="The psychologist asks for it")
    assert "restricted, released" in client.text(f"/requests/{rich.request_id}")
    client.sign_in("senco")
    told = client.text(f"/requests/{rich.request_id}")
    assert "A paper kept to the safeguarding lead was released for this request by Owen Loveless" in told
    client.sign_in("teacher")
    assert "was released" not in client.text(f"/requests/{rich.request_id}")
    client.sign_in("safeguarding")
    client.send(place, why="The mother asked us not to")
    with app.app_context(), acting(system_actor(1, "Tests")):
        assert [one.choice for one in db.session.scalars(select(PaperChosen).order_by(PaperChosen.id))] == [
            PaperChoice.RELEASED,
            PaperChoice.TAKEN_BACK,
        ]
        assert db.session.scalars(select(Document).where(Document.id == secret)).one().visibility is Visibility.KEPT


def test_the_form_to_sign_names_what_goes_and_tells_of_no_paper_for_staff(
    app: Flask, rich: Rich, paper: int, secret: int, as_system: Actor
) -> None:
    kept(
        app, rich, replace(WORDS, title="Letter of the clinic", visibility=Visibility.FAMILY, kind=DocumentKind.LETTER)
    )
    row = request_of(rich.request_id)
    told = with_what_goes("Dear Anna\n\nPlease ring your answers.\n1. Yes / no", row)
    assert "that is the pack drawn from these records, with these papers, which you can read:" in told
    assert "“Letter of the clinic” (letter, 2 March 2026)" in told
    assert WORDS.title not in told
    assert "further" not in told and "staff" not in told
    assert told.index("nothing goes to anybody else") < told.index("Please ring your answers.")
    choose_papers(rich.request_id, {paper: "Names another child"}, 0)
    assert with_what_goes("Dear Anna\n\nPlease ring your answers.\n1. Yes / no", row) == told


def test_the_manifest_names_profile_and_program(rich: Rich, as_system: Actor) -> None:
    first = manifest_of(records_for(rich.pupil_id, rich.request_id))
    assert first["program"] == f"Graduated {__version__}"
    assert len(first["authority_sha256"]) == 64
    records = records_for(rich.pupil_id, rich.request_id)
    other = replace(records, profile_of_authority=replace(records.profile_of_authority, where_to_send="Elsewhere"))
    assert manifest_of(other)["authority_sha256"] != first["authority_sha256"]
