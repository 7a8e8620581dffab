"""Keeping a pupil's papers: the record of each, and its file, which is put into the store in the same act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select

from graduated.db.files import Staged
from graduated.db.session import db
from graduated.db.writing import check_version, writes
from graduated.pupils.models import Document
from graduated.rules.vocabulary import DocumentKind, Visibility


@dataclass(frozen=True, slots=True)
class PaperWords:
    """What is said of a paper: its kind, title, date, author, and who may read it."""

    kind: DocumentKind
    title: str
    dated: date | None
    author: str
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class NewPaper:
    """A file and what is said of it. `media_type` and what follows were found from the content, never the name.

    `pages` of a PDF, `width` and `height` of a picture in pixels, `active` what a PDF would do by itself, in words;
    `staged` what is not in the store yet and comes there with the record.
    """

    words: PaperWords
    sha256: str
    size: int
    media_type: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    active: str = ""
    preview_sha256: str = ""
    staged: tuple[Staged, ...] = ()


_DOCUMENT = select(Document).where(Document.id == bindparam("document_id"))


@writes("Paper added")
def add_document(pupil_id: int, paper: NewPaper) -> int:
    """Keep a paper about a pupil."""
    for one in paper.staged:  # here, where nobody else writes: an erasure may have taken the same file a moment ago
        one.keep()
    row = Document(
        pupil_id=pupil_id, sha256=paper.sha256, size=paper.size, media_type=paper.media_type, pages=paper.pages,
        width=paper.width, height=paper.height, active=paper.active, preview_sha256=paper.preview_sha256,
    )  # fmt: skip
    _fill(row, paper.words)
    db.session.add(row)
    db.session.flush()
    return row.id


@writes("Paper's details changed")
def edit_document(document_id: int, words: PaperWords, version: int | None = None) -> int:
    """Change what is said of a paper; the file stays what it is."""
    row = db.session.scalars(_DOCUMENT, {"document_id": document_id}).one()
    current = {"kind": row.kind, "title": row.title, "dated": row.dated, "author": row.author}
    check_version(row, version, {**current, "visibility": row.visibility})
    _fill(row, words)
    return row.id


def _fill(row: Document, words: PaperWords) -> None:
    row.kind, row.title, row.dated = words.kind, words.title.strip(), words.dated
    row.author, row.visibility = words.author.strip(), words.visibility
