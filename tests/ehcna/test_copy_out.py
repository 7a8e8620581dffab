"""The copy-out sheet of a request: the authority's questions in its order, from the same records as the pack."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import acting, system_actor
from graduated.db.session import db
from graduated.db.writing import write
from graduated.request.models import AssessmentRequest
from graduated.school.authorities import authority, authority_codes
from tests.ehcna.rich import Rich
from tests.ehcna.words import MARKUP, SECRET, TYPED
from tests.support.client import XHTML, PageClient, words


@pytest.mark.parametrize("code", authority_codes())
def test_each_profiles_questions_stand_in_their_order(app: Flask, client: PageClient, rich: Rich, code: str) -> None:
    with app.app_context(), acting(system_actor(1, "Tests")), write("Authority of the request chosen"):
        row = db.session.scalars(select(AssessmentRequest).where(AssessmentRequest.id == rich.request_id)).one()
        row.authority = code
    page = client.sign_in("senco").page(f"/requests/{rich.request_id}/copy-out")
    asked = [words(one) for one in page.iter(f"{XHTML}h2") if re.fullmatch("q[0-9]+", one.get("id", ""))]
    profile = authority(code)
    assert asked == [one.question for one in profile.form] or asked == [entry.title for entry in profile.sections]
    fields = list(page.iter(f"{XHTML}textarea"))
    assert fields
    assert all("readonly" in one.attrib for one in fields)
    told = "\n".join("".join(one.itertext()) for one in fields)
    assert SECRET not in told
    assert "Hidden Lane" not in told
    assert MARKUP in told


def test_every_word_of_the_record_can_be_copied_out_and_printed(client: PageClient, rich: Rich, tmp_path: Path) -> None:
    client.sign_in("senco")
    page = client.page(f"/requests/{rich.request_id}/copy-out")
    told = " ".join(" ".join("".join(one.itertext()) for one in page.iter(f"{XHTML}textarea")).split())
    missing = [text for text in TYPED if " ".join(text.split()) not in told]
    assert missing == ["Refused: the letter said that too few cycles were shown"]  # a form asks for it by itself
    path = tmp_path / "sheet.pdf"
    path.write_bytes(client.get(f"/requests/{rich.request_id}/copy-out.pdf").data)
    printed = subprocess.run(["pdftotext", "-raw", str(path), "-"], check=True, capture_output=True).stdout.decode()
    assert "".join(MARKUP.split()) in "".join(printed.split())


def test_what_a_person_has_to_answer_is_counted_and_listed_first(client: PageClient, rich: Rich) -> None:
    page = client.sign_in("senco").get(f"/requests/{rich.request_id}/copy-out").text
    lead = page[: page.index('id="q1"')]
    assert "questions have words on record" in lead
    fields, blank = page.count("<textarea"), page.count("No record answers")
    assert f"{fields} of {fields + blank} questions" in lead
    assert lead.count('href="#q') >= page.count("No record answers")


def test_only_who_may_build_the_pack_is_shown_the_way(client: PageClient, rich: Rich) -> None:
    assert "Copy-out sheet" in client.sign_in("senco").text(f"/requests/{rich.request_id}")
    client.post("/sign-out", data={"csrf_token": client.token()})
    client.sign_in("head")
    assert "Copy-out sheet" not in client.text(f"/requests/{rich.request_id}")
    assert client.status(f"/requests/{rich.request_id}/copy-out") == 403
    refused = client.get(f"/requests/{rich.request_id}/copy-out").get_data(as_text=True)
    assert "This page is not open to your role" in refused
    assert "You can read this" not in refused
