"""The pack with its documents, as the worker makes it: restricted papers never, hostile ones never, and said so."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pikepdf
import pytest
from flask import Flask

from graduated.access.identity import Actor
from graduated.db.files import FileStore
from graduated.ehcna.attachments import Attachment
from graduated.ehcna.bound import bound
from graduated.ehcna.build import build
from graduated.ehcna.bundle import Drawn
from graduated.ehcna.queries import build_of
from graduated.ehcna.queries_files import PackFileRow, files_of_build
from graduated.pupils import services
from graduated.rules.vocabulary import DocumentKind, PackFileKind, Visibility
from graduated.uploads import converting
from graduated.uploads.kinds import DOCX, JPEG, PDF
from tests.ehcna.rich import Rich
from tests.pack.reading import pages_of
from tests.uploads import files

MOMENT = datetime(2026, 11, 4, 15, 42, tzinfo=UTC)
Add = Callable[..., int]


@pytest.fixture
def add(app: Flask, rich: Rich, as_system: Actor) -> Add:
    """Keep a paper of the rich pupil, as an older version of the program did: without a look at it."""
    store: FileStore = app.extensions["files"]

    def keep(title: str, content: bytes, kind: str = PDF, visibility: Visibility = Visibility.STAFF) -> int:
        stored = store.put([content])
        words = services.PaperWords(DocumentKind.REPORT, title, date(2026, 3, 2), "Dr Shah", visibility)
        return services.add_document(rich.pupil_id, services.NewPaper(words, stored.sha256, stored.size, kind))

    return keep


def made(app: Flask, rich: Rich) -> tuple[dict[PackFileKind, tuple[PackFileRow, bytes]], tuple[str, ...]]:
    build_id, _pdf, _pages = build(rich.pupil_id, rich.request_id, "Hannah Legg", moment=MOMENT)
    store: FileStore = app.extensions["files"]
    found = {one.kind: (one, store.read(one.sha256)) for one in files_of_build(build_id)}
    return found, tuple(build_of(build_id).warnings)


def test_the_papers_follow_the_pack_in_the_order_of_its_list(app: Flask, rich: Rich, add: Add, tmp_path: Path) -> None:
    add("Speech and language report", files.pdf(3))
    add("Drawing", files.with_places(), JPEG)
    found, _ = made(app, rich)
    row, content = found[PackFileKind.WITH_DOCUMENTS]
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        titles = [one.title for one in outline.root[-1].children]
        assert titles == ["1. Speech and language report", "2. Drawing"] and row.pages == len(pdf.pages)
    pages = pages_of(content, tmp_path)
    assert "Document 1, page 3 of 3 · Łucja" in pages[-2] and "Document 2, page 1 of 1 · Łucja" in pages[-1]
    assert "Built 4 November 2026" in pages[-1]
    again, _ = made(app, rich)
    assert again[PackFileKind.WITH_DOCUMENTS][1] == content


def test_restricted_papers_are_in_neither_the_bound_pack_nor_the_zip(app: Flask, rich: Rich, add: Add) -> None:
    add("Open report", files.pdf(1))
    for level in (Visibility.RESTRICTED, Visibility.KEPT):
        add(f"Chronology {level.value}", files.pdf(2), visibility=level)
    found, _ = made(app, rich)
    with pikepdf.open(io.BytesIO(found[PackFileKind.WITH_DOCUMENTS][1])) as pdf, pdf.open_outline() as outline:
        assert [one.title for one in outline.root[-1].children] == ["1. Open report"]
    with zipfile.ZipFile(io.BytesIO(found[PackFileKind.ZIP][1])) as archive:
        assert not [name for name in archive.namelist() if "Chronology" in name]


def test_a_paper_that_cannot_be_bound_has_its_page_and_is_said_before_sending(
    app: Flask, rich: Rich, add: Add, tmp_path: Path
) -> None:
    add("Locked report", files.locked())
    add("Bomb", files.bomb(300 * 1024 * 1024))
    add("Letter", files.word(), DOCX)
    add("Good report", files.pdf(1))
    found, warnings = made(app, rich)
    for title, why in (
        ("Locked report", "needs a password"), ("Bomb", "unpacks to far more"), ("Letter", "is a Word document"),
    ):  # fmt: skip
        assert [one for one in warnings if f"“{title}”, is not bound in" in one and why in one], title
    pages = [" ".join(page.split()) for page in pages_of(found[PackFileKind.WITH_DOCUMENTS][1], tmp_path)]
    assert "03 Letter.docx" in pages[-2] and "This document is not bound in here. It is a Word document" in pages[-2]
    assert "Good report" not in pages[-1] and "Document 4, page 1 of 1" in pages[-1]
    with zipfile.ZipFile(io.BytesIO(found[PackFileKind.ZIP][1])) as archive:
        assert "documents/03 Letter.docx" in archive.namelist()


def test_a_pack_without_papers_has_no_second_copy(app: Flask, rich: Rich, as_system: Actor) -> None:
    assert PackFileKind.WITH_DOCUMENTS not in made(app, rich)[0]


OFFICE = """#!/bin/sh
while [ "$1" != --outdir ]; do shift; done
cp "{pdf}" "$2/document.pdf"
"""


def test_a_word_document_is_bound_where_libreoffice_is_there(
    app: Flask, rich: Rich, add: Add, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "letter.pdf").write_bytes(files.pdf(2))
    program = tmp_path / "soffice"  # stands in for LibreOffice, which is large
    program.write_text(OFFICE.format(pdf=tmp_path / "letter.pdf"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    add("Letter", files.word(), DOCX)
    found, warnings = made(app, rich)
    assert not [one for one in warnings if "not bound in" in one]
    pages = pages_of(found[PackFileKind.WITH_DOCUMENTS][1], tmp_path)
    assert "Document 1, page 2 of 2" in pages[-1]


def test_a_sign_of_life_is_given_after_each_step_of_a_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letter.pdf").write_bytes(files.pdf(2))
    program = tmp_path / "soffice"
    program.write_text(OFFICE.format(pdf=tmp_path / "letter.pdf"))
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    store = FileStore(tmp_path / "files")
    stored = store.put([files.word()])
    paper = Attachment(1, 1, "Letter", stored.sha256, stored.size, DOCX)
    drawn = Drawn(MOMENT, "Hannah Legg", files.pdf(1), 1, (), {}, "0" * 64, (paper,), "Zofia", ())
    beats: list[None] = []
    made_of = bound(store, drawn, lambda: beats.append(None)).file
    assert made_of is not None
    made_of.staged.drop()
    assert len(beats) == 4  # looked at, converted, looked at again, bound


def test_a_libreoffice_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    (tmp_path / "letter.docx").write_bytes(files.word())
    assert not converting.as_pdf(tmp_path / "letter.docx", tmp_path / "out.pdf", seconds=0.5)
    assert not (tmp_path / "out.pdf").exists()
