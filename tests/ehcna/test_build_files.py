"""What a build keeps beside the pack: the list of records and the ZIP, checked as a stranger would check them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import select

from graduated.access.identity import Actor, acting, system_actor
from graduated.db.files import FileStore
from graduated.db.session import db
from graduated.db.writing import write
from graduated.ehcna.attachments import Attachment
from graduated.ehcna.build import build, draw
from graduated.ehcna.bundle import Drawn, read_me, zipped
from graduated.ehcna.queries import build_of
from graduated.ehcna.queries_files import PackFileRow, files_of_build
from graduated.ehcna.record_names import name_of_record
from graduated.ops.worker import work_once
from graduated.pupils.models import Document
from graduated.pupils.services_papers import NewPaper, PaperWords, add_document
from graduated.rules.vocabulary import DocumentKind, PackFileKind, Visibility
from tests.ehcna.rich import Rich
from tests.ehcna.words import SECRET, TYPED
from tests.support.client import PageClient
from tests.support.world import World

MOMENT = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)


@pytest.fixture
def report(rich: Rich, app: Flask, as_system: Actor) -> bytes:
    """The file of the one open paper of the rich pupil, put into the store."""
    content = b"%PDF-1.7 a report"
    stored = app.extensions["files"].put([content])
    with write("File put there"):
        for row in db.session.scalars(select(Document).where(Document.pupil_id == rich.pupil_id)):
            row.sha256, row.size = stored.sha256, stored.size
    return content


def built(app: Flask, rich: Rich, moment: datetime = MOMENT) -> dict[PackFileKind, tuple[PackFileRow, bytes]]:
    """What lies beside the pack after a build."""
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg", moment=moment)
    store: FileStore = app.extensions["files"]
    return {one.kind: (one, store.read(one.sha256)) for one in files_of_build(build_id)}


def test_the_list_of_records_has_the_fingerprint_that_is_printed_on_every_page(
    app: Flask, rich: Rich, as_system: Actor
) -> None:
    row, content = built(app, rich)[PackFileKind.MANIFEST]
    assert hashlib.sha256(content).hexdigest() == build_of(row.build_id).manifest_sha256
    listed = json.loads(content)
    assert listed["records"] == sorted(listed["records"], key=lambda one: (one["table"], one["id"]))


def test_the_list_names_records_by_kind_and_date_and_never_by_their_words(
    app: Flask, rich: Rich, as_system: Actor
) -> None:
    content = built(app, rich)[PackFileKind.MANIFEST][1].decode()
    names = [one["name"] for one in json.loads(content)["records"]]
    assert all(names)
    assert any(name.startswith("Measurement, ") for name in names)
    assert any(name.startswith("Outcome, recorded on ") for name in names)
    for words in (*TYPED, SECRET, "Szyma", "Zofia"):
        assert words not in content


def test_a_record_is_called_by_the_day_it_speaks_of() -> None:
    row = {"taken_on": MOMENT.date(), "recorded_at": MOMENT}
    assert name_of_record("measurement", row) == "Measurement, 4 November 2026"
    assert name_of_record("outcome", row) == "Outcome, recorded on 4 November 2026"
    assert name_of_record("school", {}) == "School"


def test_the_zip_holds_pack_list_papers_and_a_word_to_its_reader(
    app: Flask, rich: Rich, report: bytes, as_system: Actor
) -> None:
    files = built(app, rich)
    with zipfile.ZipFile(io.BytesIO(files[PackFileKind.ZIP][1])) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "README.txt", "pack.pdf", "manifest.json", "documents/01 Report of Dr Ŵyn Prýs.pdf",
        ]  # fmt: skip
        assert archive.read("manifest.json") == files[PackFileKind.MANIFEST][1]
        assert archive.read("pack.pdf").startswith(b"%PDF")
        assert archive.read("documents/01 Report of Dr Ŵyn Prýs.pdf") == report
        words = archive.read("README.txt").decode()
    assert hashlib.sha256(files[PackFileKind.MANIFEST][1]).hexdigest() in words
    assert "built on 4 November 2026, 3.42 pm by Hannah Legg" in words


def test_the_same_records_and_moment_give_the_same_files(
    app: Flask, rich: Rich, report: bytes, as_system: Actor
) -> None:
    first, again = built(app, rich), built(app, rich)
    assert {kind: one[1] for kind, one in first.items()} == {kind: one[1] for kind, one in again.items()}
    later = built(app, rich, datetime(2026, 11, 5, 9, 0, tzinfo=UTC))
    assert later[PackFileKind.ZIP][1] != first[PackFileKind.ZIP][1]


def test_a_paper_whose_file_is_gone_is_left_out_and_said(app: Flask, rich: Rich, as_system: Actor) -> None:
    drawn = draw(rich.pupil_id, rich.request_id, MOMENT, "Hannah Legg")
    assert not drawn.attachments
    assert [one for one in drawn.warnings if "Report of Dr Ŵyn Prýs" in one and "not in the ZIP" in one]
    assert "No papers go with this pack." in read_me(drawn)


def test_a_title_cannot_lead_out_of_the_folder_nor_break_a_system(tmp_path: Path) -> None:
    for title, name in (
        ("../../etc/passwd", "03 etc passwd.pdf"),
        ('A: "B" <C>\x00|D?*', "03 A B C D.pdf"),
        ("CON.", "03 CON.pdf"),
        ("", "03.pdf"),
        ("x" * 300, f"03 {'x' * 80}.pdf"),
    ):
        assert Attachment(3, 1, title, "0" * 64, 1, "application/pdf").file_name == name
    assert Attachment(3, 1, "Odd", "0" * 64, 1, "text/odd").file_name == "03 Odd.bin"


def test_a_pack_of_no_papers_has_an_empty_folder(tmp_path: Path) -> None:
    drawn = Drawn(MOMENT, "Hannah Legg", b"%PDF", 1, (), {"records": []}, "0" * 64, ())
    staged = FileStore(tmp_path).stage(lambda out: zipped(out, FileStore(tmp_path), drawn))
    with zipfile.ZipFile(staged.aside) as archive:
        assert archive.namelist() == ["README.txt", "pack.pdf", "manifest.json", "documents/"]
        assert {one.date_time for one in archive.infolist()} == {(2026, 11, 4, 15, 42, 0)}
    staged.drop()
    assert list(tmp_path.iterdir()) == []


def test_the_files_are_given_out_where_the_request_is_read(client: PageClient, app: Flask, rich: Rich) -> None:
    client.sign_in("senco")
    place = client.send(f"/requests/{rich.request_id}").headers["Location"]
    with app.app_context():
        assert work_once()
    page = client.text(f"/requests/{rich.request_id}") + client.text(place)
    for kind in (PackFileKind.MANIFEST, PackFileKind.ZIP):
        assert page.count(kind.label) == 2
    for number, name, kind in (
        (1, "evidence-pack-records-20", "application/json"),
        (2, "evidence-pack-20", "application/zip"),
    ):
        with client.get(f"/packs/files/{number}") as answer:
            assert answer.content_type == kind
            assert answer.headers["Content-Disposition"].startswith(f"attachment; filename={name}")
            assert answer.headers["Cache-Control"] == "no-store"


def test_what_a_build_warns_of_is_for_those_who_build(client: PageClient, app: Flask, rich: Rich, world: World) -> None:
    with app.app_context(), acting(system_actor(world.school_id, "Tests")):
        words = PaperWords(DocumentKind.REPORT, "Lost report", None, "", Visibility.STAFF)
        add_document(rich.pupil_id, NewPaper(words, "ab" * 32, 5, "application/pdf"))
        build(rich.pupil_id, rich.request_id, "Hannah Legg")
    said = "“Lost report”, could not be read"
    client.sign_in("senco")
    assert said in client.text(f"/requests/{rich.request_id}")
    client.sign_in("assistant")
    assert said not in client.text(f"/requests/{rich.request_id}")


def test_sizes_are_said_as_people_say_them() -> None:
    row = SimpleNamespace(size=0)
    for size, words in ((1, "1 KB"), (420_000, "420 KB"), (2_340_000, "2.3 MB")):
        row.size = size
        assert PackFileRow.size_words.fget(row) == words  # type: ignore[attr-defined]
