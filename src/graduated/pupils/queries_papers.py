"""Reading a pupil's papers. What is restricted never leaves the scope filter for those who may not read it.

Of a paper that was erased by law its row stays, without a file: what it was, its date and who kept it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from graduated.access.actions import RESTRICTED_READ
from graduated.access.guards import finder, may
from graduated.access.identity import acting, require_actor, system_actor
from graduated.access.policy import Area, Subject
from graduated.audit.models import Tombstone
from graduated.db.clock import local
from graduated.db.session import db
from graduated.people.models import User
from graduated.pupils.models import Document
from graduated.rules.vocabulary import DocumentKind, Visibility
from graduated.uploads.kinds import DOCX, ENDINGS, JPEG, PDF, PNG
from graduated.web.filters import short_date

_RESTRICTED = frozenset({Visibility.RESTRICTED, Visibility.KEPT})


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper about a pupil; its file lies in the file store under `sha256`."""

    document_id: int
    kind: DocumentKind
    title: str
    dated: date | None
    author: str
    sha256: str
    size: int
    media_type: str
    visibility: Visibility
    version: int
    recorded_at: datetime
    recorded_by: str
    pages: int | None = None
    width: int | None = None
    height: int | None = None
    active: str = ""
    preview_sha256: str = ""
    gone_on: date | None = None
    """The day on which its file was erased by law."""

    @property
    def is_gone(self) -> bool:
        """Whether no file is kept of it any more."""
        return not self.sha256

    @property
    def gone(self) -> str:
        """What stands where the paper stood, in words; "" for one that is kept."""
        if not self.is_gone:
            return ""
        return f"This paper was erased by law on {short_date(self.gone_on)}" if self.gone_on else "Its file is gone"

    @property
    def called(self) -> str:
        """Its title in a list to choose from; of one that is gone it says so."""
        return f"{self.title} (erased by law)" if self.is_gone else self.title

    @property
    def is_restricted(self) -> bool:
        """Whether only a few may read it."""
        return self.visibility in _RESTRICTED

    @property
    def form(self) -> str:
        """What the file is, for people: "PDF, 12 pages, 240 KB"."""
        return ", ".join([FORMS.get(self.media_type, "File"), *self._extent, size_words(self.size)])

    @property
    def _extent(self) -> list[str]:
        if self.pages:
            return [f"{self.pages:,} page{'s' if self.pages != 1 else ''}"]
        return [f"{self.width:,} × {self.height:,} pixels"] if self.width and self.height else []

    @property
    def letters(self) -> str:
        """What stands on the sheet that is shown when there is no preview: "PDF"."""
        return ENDINGS.get(self.media_type, "file").upper()

    @property
    def has_preview(self) -> bool:
        """Whether a small picture of it is kept."""
        return bool(self.preview_sha256)


FORMS = {PDF: "PDF", JPEG: "JPEG picture", PNG: "PNG picture", DOCX: "Word document"}
_COLUMNS = (
    Document.id, Document.kind, Document.title, Document.dated, Document.author, Document.sha256, Document.size,
    Document.media_type, Document.visibility, Document.version, Document.recorded_at,
    func.coalesce(User.name, "The system"), Document.pages, Document.width, Document.height, Document.active,
    Document.preview_sha256,
)  # fmt: skip
_PAPERS: Any = (
    select(*_COLUMNS)
    .outerjoin(User, User.id == Document.recorded_by_id)
    .where(Document.pupil_id == bindparam("pupil_id"))
    .order_by(Document.dated.desc(), Document.id.desc())
)
_PAPER: Any = (
    select(*_COLUMNS).outerjoin(User, User.id == Document.recorded_by_id).where(Document.id == bindparam("doc_id"))
)
_GONE = select(Tombstone.row_id, Tombstone.at).where(
    Tombstone.table_name == Document.__tablename__,
    Tombstone.field == "sha256",
    Tombstone.row_id.in_(bindparam("ids", expanding=True)),
)
_EMPTIED = select(Document.id).where(Document.sha256 == "").order_by(Document.id)
_WHOSE = select(Document.pupil_id, Document.visibility).where(Document.id == bindparam("doc_id"))


@finder("document")
def find_document(document_id: int) -> Subject | None:
    """Whose paper it is; a restricted one answers to its own row of the access table."""
    row = db.session.execute(_WHOSE, {"doc_id": document_id}).first()
    if row is None:
        return None
    closed = row.visibility in _RESTRICTED
    if closed and not may(RESTRICTED_READ, Subject(row.pupil_id)):
        closed = False  # in sight only because it was released to this person by name: read as any paper is
    return Subject(pupil_id=row.pupil_id, area=Area.RESTRICTED if closed else None)


def size_words(size: int) -> str:
    """A file's size as people say it; thousands, as file managers count."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


def documents_of(pupil_id: int) -> list[Paper]:
    """A pupil's papers that the person acting may see, the latest first; undated ones at the end."""
    rows = _said_gone([Paper(*row) for row in db.session.execute(_PAPERS, {"pupil_id": pupil_id})])
    return [paper for paper in rows if paper.dated] + [paper for paper in rows if not paper.dated]


def papers_kept(pupil_id: int) -> list[Paper]:
    """Those of which a file is kept: what can be sent on, bound into a pack or named as evidence."""
    return [paper for paper in documents_of(pupil_id) if not paper.is_gone]


def papers_without_file() -> list[int]:
    """The papers of the whole school, as far as they are in sight, of which no file is kept."""
    return list(db.session.scalars(_EMPTIED))


def gone_among(ids: Iterable[int]) -> set[int]:
    """Those of these papers of which no file is kept, whether or not who acts may read them."""
    wanted, actor = set(ids), require_actor()
    if not wanted:
        return set()
    with acting(system_actor(actor.school_id, actor.name)):
        return set(db.session.scalars(_EMPTIED.where(Document.id.in_(sorted(wanted)))))


def _said_gone(papers: list[Paper]) -> list[Paper]:
    """The papers, each that went by law with its day."""
    days = _days_gone([one.document_id for one in papers if one.is_gone])
    return [replace(one, gone_on=days.get(one.document_id)) if one.is_gone else one for one in papers]


def _days_gone(ids: list[int]) -> Mapping[int, date]:
    """By paper the day on which it went. Read as the system: the tombstones themselves are for the few."""
    if not ids:
        return {}
    actor = require_actor()
    with acting(system_actor(actor.school_id, actor.name)):
        return {row.row_id: local(row.at).date() for row in db.session.execute(_GONE, {"ids": ids})}


def latest_first(papers: Iterable[Paper]) -> list[Paper]:
    """By the date on each paper, or by the day of upload where it has none, so that a new one stands on top."""
    return sorted(papers, key=lambda one: (one.dated or local(one.recorded_at).date(), one.document_id), reverse=True)


def document(document_id: int) -> Paper:
    """One paper. It must be in scope (the guard has looked)."""
    return _said_gone([Paper(*db.session.execute(_PAPER, {"doc_id": document_id}).one())])[0]
