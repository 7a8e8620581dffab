"""An uploaded paper goes by law: asked for and carried out through the pages, with every kept file that holds it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting
from graduated.audit.models import ChangeDetail
from graduated.db.clock import now
from graduated.db.machinery import Job, JobState
from graduated.db.session import db
from graduated.db.writing import write
from graduated.disclosure.build import build as build_bundle
from graduated.disclosure.models import DisclosureBuild
from graduated.disclosure.services import NewRequest, record_request
from graduated.disclosure.services_build import Choice, decide
from graduated.ehcna.build import build
from graduated.ehcna.models import PackBuild, PackFile
from graduated.ehcna.queries_chosen import papers_of_request
from graduated.ehcna.services_papers import release_paper
from graduated.erasure.errors import ErasureRefused
from graduated.erasure.models import ErasureOrder
from graduated.erasure.places import Place
from graduated.erasure.services import Wish, ask, carry_out, carry_out_paper, decline
from graduated.erasure.services_files import ask_for_paper
from graduated.pupils.models import Document
from graduated.request.queries import request_of
from graduated.request.services import open_request
from graduated.retention.services import hold
from graduated.review.models import PaperGiven
from graduated.review.services_given import Giving, give
from graduated.rules import vocabulary as v
from graduated.rules.vocabulary import Visibility
from graduated.transfer.making import make
from graduated.transfer.models import TransferOut
from tests.erasure.conftest import ADVICE, person
from tests.erasure.filing import ON, TITLE, WHY, Filed, filed_in, kept
from tests.review.scene import TODAY
from tests.support.client import PageClient
from tests.support.world import World


@pytest.fixture
def filed(app: Flask, world: World, client: PageClient) -> Filed:
    """The paper, open to the family."""
    return filed_in(app, world, client)


def test_a_paper_goes_by_two_people_with_all_that_holds_it(filed: Filed) -> None:
    client, (sha256, preview) = filed.client, filed.hashes()
    mother = (filed.world.adults["parent"],)
    assert preview and filed.is_kept(sha256) and filed.is_kept(preview)
    with filed.open():
        request_id = open_request(filed.pupil_id)
        build(filed.pupil_id, request_id, "Hannah Legg")
        copy = filed.app.extensions["files"].read(db.session.scalars(select(PackFile.sha256)).first())
        give(filed.pupil_id, Giving(v.PaperKind.PACK, "Pack", mother, v.GivenHow.HANDED, TODAY), copy)
        make(filed.pupil_id, "Harbour Academy", "Hannah Legg")
    files = [one for column in (PackBuild.sha256, PackFile.sha256, PaperGiven.sha256, TransferOut.sha256)
             for one in filed.column(column)]  # fmt: skip
    assert len(files) > 3 and all(map(filed.is_kept, files))

    order = filed.asked()
    said = client.text(order)
    assert "takes a second person" in said and "Erase it for good" not in said
    client.sign_in("head")
    assert filed.page in client.get(filed.papers).text
    said = client.text(order)
    for words in (TITLE, "Dr Prýs", "a built evidence pack", "the kept copy of a paper that was given",
                  "the record as it was made ready for another school", "Nobody can undo this"):  # fmt: skip
        assert words in said, words
    assert "also kept for another record" not in said and sha256 not in client.get(order).text
    client.send(order, status=422)
    client.send(order, sure="y")

    assert filed.hashes() == ("", "")
    for column in (PackBuild.sha256, PackFile.sha256, PaperGiven.sha256, TransferOut.sha256):
        assert set(filed.column(column)) == {""}, column
    assert not any(map(filed.is_kept, [sha256, preview, *files]))
    whole = json.dumps([filed.column(ChangeDetail.payload), filed.column(Job.payload)])
    assert sha256 not in whole and preview not in whole
    said = client.text(order)
    assert "The file is gone." in said and "Erase: an uploaded paper" in said
    assert "Gone with it: a built evidence pack" in said
    filed.is_whole()

    client.sign_in("dpo")
    register = client.text("/by-law")
    assert "Erase: an uploaded paper" in register and WHY in register and "Ashcombe" not in register


def test_where_the_paper_stood_its_pages_say_that_it_went(filed: Filed) -> None:
    filed.gone()
    client, file = filed.client, f"{filed.papers}/{filed.document_id}/file"
    for who in ("senco", "head", "teacher"):
        client.sign_in(who)
        said = client.text(filed.papers)
        assert ON in said and TITLE in said, who
        assert file not in client.get(filed.papers).text and filed.page not in client.get(filed.papers).text, who
        assert ON in client.text(file, status=410)
        assert client.status(f"{filed.papers}/{filed.document_id}/preview") == 404
    client.sign_in("senco")
    assert ON in client.text(f"{filed.papers}/{filed.document_id}")
    client.send(f"{filed.papers}/{filed.document_id}", title="A report that was misfiled")
    assert "A report that was misfiled" in client.text(filed.papers)
    assert ON in client.text(filed.page)
    client.sign_in("parent")
    assert "(the copy was erased by law)" in client.text(f"/family/children/{filed.pupil_id}/papers")
    assert client.status(f"/family/papers/{filed.document_id}") == 404
    client.sign_in("other_parent")
    assert client.get(f"/family/papers/{filed.document_id}").data == client.get("/family/papers/99999").data


def test_who_may_not_ask_sees_no_way_to_it(filed: Filed) -> None:
    client = filed.client
    for who in ("teacher", "assistant", "safeguarding"):
        client.sign_in(who)
        assert filed.page not in client.get(filed.papers).text, who
    client.sign_in("senco")
    assert filed.page in client.get(filed.papers).text
    assert "Ask that this paper is erased by law" in client.text(f"{filed.papers}/{filed.document_id}")
    client.send(filed.page, status=422, reason="", advised_by="")
    order = filed.asked()
    assert "It waits for a second person" in client.text(filed.page)
    refused = client.send(filed.page, status=422, reason=WHY, advised_by=ADVICE)
    assert "asked for already" in refused.text
    assert order in client.get(filed.page).text


def test_one_person_alone_and_two_without_the_heads_authority_are_refused(filed: Filed) -> None:
    senco, head = person(filed.world, "senco", v.Role.SENCO), person(filed.world, "head", v.Role.HEAD)
    with filed.open():
        with acting(head):
            order_id = ask_for_paper(filed.document_id, WHY, ADVICE)
            with pytest.raises(ErasureRefused, match="second person"):
                carry_out_paper(order_id)
            decline(order_id, "It is hers after all")
        with acting(senco):
            again = ask_for_paper(filed.document_id, WHY, ADVICE)
            with pytest.raises(ErasureRefused, match="second person"):
                carry_out_paper(again)
    assert all(map(filed.is_kept, filed.hashes()))


def test_a_hold_refuses_both_the_asking_and_the_carrying_out(filed: Filed) -> None:
    order = filed.asked()
    with filed.open(), acting(person(filed.world, "senco", v.Role.SENCO)):
        hold(filed.pupil_id, "A tribunal reads it", None)
    other = kept(filed.app, filed.world, Visibility.STAFF, "grey")
    said = filed.client.text(f"{filed.papers}/{other}/by-law")
    assert "This record has been held since" in said and "Ask for it" not in said
    senco, head = person(filed.world, "senco", v.Role.SENCO), person(filed.world, "head", v.Role.HEAD)
    with filed.open(), acting(senco), pytest.raises(ErasureRefused, match="held since"):
        ask_for_paper(other, WHY, ADVICE)
    filed.client.sign_in("head")
    assert "Erase it for good" not in filed.client.text(order)
    with filed.open(), acting(head), pytest.raises(ErasureRefused, match="held since"):
        carry_out_paper(int(order.rpartition("/")[2]))
    assert all(map(filed.is_kept, filed.hashes()))


def test_no_more_goes_than_the_second_person_saw(filed: Filed) -> None:
    order = filed.asked()
    filed.client.sign_in("head")
    action, shown = filed.client.form(order)
    with filed.open():
        build(filed.pupil_id, open_request(filed.pupil_id), "Hannah Legg")
    answer = filed.client.post(action, data={**shown, "sure": "y"})
    assert answer.status_code == 409 and "was changed since the page was opened" in answer.text
    assert filed.is_kept(filed.hashes()[0]) and "" not in filed.column(PackBuild.sha256)
    filed.client.send(order, sure="y")
    assert filed.column(PackBuild.sha256) == [""]


def test_nothing_goes_while_a_pack_is_being_built_that_may_hold_it(filed: Filed) -> None:
    order = filed.asked()
    with filed.open(), write("Job taken up"):
        db.session.add(Job(kind="pack", payload={"pupil_id": filed.pupil_id}, state=JobState.RUNNING))
    filed.client.sign_in("head")
    assert "is being made at this moment" in filed.client.send(order, status=409, sure="y").text
    assert filed.is_kept(filed.hashes()[0])
    with filed.open(), write("Job done"):
        db.session.scalars(select(Job).where(Job.kind == "pack")).one().state = JobState.DONE
    filed.client.send(order, sure="y")
    assert filed.hashes() == ("", "")


def test_a_file_that_another_record_names_stays_for_that_one_and_the_page_says_so(filed: Filed) -> None:
    other = kept(filed.app, filed.world, Visibility.KEPT)  # the same picture once more, for the safeguarding lead
    with filed.open(), write("Copied"):
        row = db.session.scalars(select(Document).where(Document.id == other)).one()
        row.sha256 = filed.hashes()[0]
    order = filed.asked()
    filed.client.sign_in("head")
    assert "The same file is also kept for another record" in filed.client.text(order)
    sha256, preview = filed.hashes()
    filed.client.send(order, sure="y")
    assert filed.is_kept(sha256) and not filed.is_kept(preview)
    assert filed.hashes(other)[0] == sha256
    filed.is_whole()


def test_its_title_and_author_go_only_when_they_are_asked_for_as_well(filed: Filed) -> None:
    filed.gone(names=["author"])
    assert TITLE in filed.column(Document.title) and "Dr Prýs" in filed.column(Document.author)
    other = kept(filed.app, filed.world, Visibility.STAFF, "grey")
    client = filed.client
    client.sign_in("senco")
    order = str(client.send(f"{filed.papers}/{other}/by-law", reason=WHY, advised_by=ADVICE, names=["title"])
                .headers["Location"])  # fmt: skip
    client.sign_in("head")
    also = re.search(r"Asked for as well: <a href=\"(/by-law/\d+)\">document: title", client.get(order).text)
    assert also is not None
    client.send(order, sure="y")
    client.send(also[1], sure="y")
    titles = filed.column(Document.title)
    assert "Paper grey" not in titles and f"[Erased on {TODAY.day} {TODAY:%B %Y}]" in titles
    filed.is_whole()


def test_a_reason_that_repeats_the_title_which_goes_is_refused_and_nothing_is_asked_for(filed: Filed) -> None:
    filed.client.sign_in("senco")
    said = filed.client.send(filed.page, status=422, reason="It is about Ashcombe", advised_by=ADVICE, names=["title"])
    assert "stands in the words that go" in said.text
    assert "It waits for a second person" not in filed.client.text(filed.page)


def test_what_is_built_and_given_afterwards_knows_the_paper_no_more(filed: Filed) -> None:
    other = kept(filed.app, filed.world, Visibility.STAFF, "grey")
    mother, handed = filed.world.adults["parent"], v.InformationHow.SPOKEN
    with filed.open():
        request_id = open_request(filed.pupil_id)
        asks = NewRequest(v.InformationKind.SUBJECT_ACCESS, TODAY, handed, v.InformationBy.PARENT, "Anna", mother)
        information_id = record_request(filed.pupil_id, asks)
        for one in (filed.document_id, other):
            decide(information_id, [Choice(v.DecidedOn.ITEM, f"document:{one}", v.Disclosing.GOES)])
        build_bundle(information_id, "Hannah Legg")
    before = filed.column(DisclosureBuild.sha256)
    filed.taken()
    assert filed.column(DisclosureBuild.sha256) == [""] and not filed.is_kept(before[0])
    filed.client.sign_in("senco")
    assert TITLE not in filed.client.text(f"/requests/{request_id}/papers")
    filed.client.sign_in("safeguarding")
    assert filed.client.status(f"/requests/{request_id}/papers/{filed.document_id}/release") == 404
    with filed.open():
        build(filed.pupil_id, request_id, "Hannah Legg")
        make(filed.pupil_id, "Harbour Academy", "Hannah Legg")
        build_bundle(information_id, "Hannah Legg", moment=now() + timedelta(minutes=1))
        store = filed.app.extensions["files"]
        pack = db.session.scalars(select(PackBuild.manifest)).one()
        record = store.read(db.session.scalars(select(TransferOut.sha256)).one())
        given = store.read(db.session.scalars(select(DisclosureBuild.sha256).where(DisclosureBuild.sha256 != "")).one())
    assert [one["id"] for one in pack["records"] if one["table"] == "document"] == [other]
    with zipfile.ZipFile(io.BytesIO(record)) as folder:
        assert [one["id"] for one in json.loads(folder.read("records/document.json"))] == [other]
    with zipfile.ZipFile(io.BytesIO(given)) as folder:
        assert len([name for name in folder.namelist() if name.startswith("papers/")]) == 1
    filed.is_whole()


def test_a_record_made_ready_for_another_school_goes_with_words_too(filed: Filed) -> None:
    with filed.open():
        make(filed.pupil_id, "Harbour Academy", "Hannah Legg")
        with acting(person(filed.world, "senco", v.Role.SENCO)):
            place = Place("document", filed.document_id, "title")
            order_id = ask(place, Wish(v.ByLaw.ERASE, WHY, ADVICE))
        with acting(person(filed.world, "head", v.Role.HEAD)):
            carry_out(order_id)
    assert filed.column(TransferOut.sha256) == [""]
    filed.client.sign_in("senco")
    assert "is handed out no more" in filed.client.text(f"/pupils/{filed.pupil_id}/leaving")
    assert filed.client.status("/leaving/1/record.zip") == 404
    filed.is_whole()


def test_a_restricted_paper_is_asked_for_by_who_reads_it_and_hidden_from_who_does_not(filed: Filed) -> None:
    closed = kept(filed.app, filed.world, Visibility.RESTRICTED, "grey")
    shut = kept(filed.app, filed.world, Visibility.KEPT, "black")
    filed.client.sign_in("senco")
    assert filed.client.status(f"{filed.papers}/{shut}/by-law") == 404
    answer = filed.client.send(f"{filed.papers}/{closed}/by-law", reason=WHY, advised_by=ADVICE)
    filed.client.sign_in("head")
    filed.client.send(str(answer.headers["Location"]), sure="y")
    assert ON in filed.client.text(filed.papers)
    filed.client.sign_in("teacher")
    assert "erased by law" not in filed.client.text(filed.papers)
    assert filed.client.status(f"{filed.papers}/{closed}/file") == 404


def test_the_release_of_a_restricted_paper_that_went_releases_nothing(filed: Filed) -> None:
    closed = kept(filed.app, filed.world, Visibility.RESTRICTED, "grey")
    assistant = Actor(filed.world.users["assistant"], filed.world.school_id, "A", frozenset({v.Role.SEN_ASSISTANT}))

    def released() -> int:
        with filed.open(), acting(assistant):
            return len(papers_of_request(request_of(request_id)).unseen)

    with filed.open():
        request_id = open_request(filed.pupil_id)
        release_paper(request_id, closed, "The authority asks for it")
    assert released() == 1
    replace(filed, document_id=closed).taken()
    assert released() == 0


def test_a_paper_kept_to_the_safeguarding_lead_goes_without_its_words_being_seen(
    app: Flask, world: World, client: PageClient
) -> None:
    title, author = "Minutes on A. Thornbury", "Dr Prýs"
    document_id = kept(app, world, Visibility.KEPT, "red", title, author)
    filed = Filed(app, world, client, world.pupils["zofia"], document_id)
    page, sha256 = f"{filed.papers}/{document_id}/restricted-by-law", filed.hashes()[0]
    for who in ("senco", "head", "teacher"):
        client.sign_in(who)
        assert client.status(page) == client.status(filed.page) == 404, who

    client.sign_in("safeguarding")
    assert page in client.get(filed.papers).text and "headteacher" in client.text(page)
    client.send(page, reason=WHY, advised_by=ADVICE, names=["title", "author"])
    assert "It waits for the headteacher" in client.text(page) and filed.is_kept(sha256)
    with filed.open():
        orders = [f"/by-law/{one}" for one in db.session.scalars(select(ErasureOrder.id).order_by(ErasureOrder.id))]
    assert len(orders) == 3 and {client.status(one) for one in orders} <= {403, 404}

    client.sign_in("senco")
    assert "has to be the headteacher" in client.text(orders[0])
    client.sign_in("head")
    for order in orders:
        before = client.text(order)
        client.send(order, sure="y")
        for said in (before, client.text(order), client.text("/by-law"), client.text(f"{order}/decline")):
            assert "Thornbury" not in said and author not in said, order
    assert "kept to the safeguarding lead" in before
    assert filed.hashes() == ("", "") and not filed.is_kept(sha256)
    assert "Thornbury" not in str(filed.column(Document.title)) and author not in str(filed.column(Document.author))
    filed.is_whole()


def test_an_open_paper_is_not_asked_for_as_a_restricted_one(filed: Filed) -> None:
    filed.client.sign_in("safeguarding")
    page = f"{filed.papers}/{filed.document_id}/restricted-by-law"
    assert filed.client.status(page) in (403, 404) and page not in filed.client.get(filed.papers).text
