"""Reading the files that builds keep beside the pack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from graduated.access.guards import finder
from graduated.access.policy import Subject
from graduated.db.clock import local
from graduated.db.session import db
from graduated.ehcna.models import PackBuild, PackFile
from graduated.pupils.models import Adult
from graduated.pupils.queries_family import adult_name
from graduated.rules.vocabulary import BuildKind, PackFileKind

_FILE = (
    select(
        PackFile.id,
        PackFile.pack_build_id,
        PackFile.pupil_id,
        PackFile.kind,
        PackFile.adult_id,
        Adult.title,
        Adult.forename,
        Adult.surname,
        PackFile.sha256,
        PackFile.size,
        PackFile.pages,
        PackFile.media_type,
        PackBuild.built_at,
        PackBuild.kind.label("of"),
    )
    .join(PackBuild, PackBuild.id == PackFile.pack_build_id)
    .outerjoin(Adult, Adult.id == PackFile.adult_id)
    .order_by(PackFile.pack_build_id, PackFile.id)
)
_OF_REQUEST = _FILE.where(PackBuild.assessment_request_id == bindparam("request_id"))
_OF_BUILD = _FILE.where(PackFile.pack_build_id == bindparam("build_id"))
_ONE = _FILE.where(PackFile.id == bindparam("pack_file_id"))
_ENDINGS = {"application/json": "json", "application/zip": "zip", "application/pdf": "pdf"}
STEMS = {BuildKind.REQUEST: "evidence-pack", BuildKind.ADVICE: "educational-advice"}
"""What files of a build are called when kept, before the day of the build."""
_PARTS = {
    PackFileKind.MANIFEST: "-records",
    PackFileKind.ZIP: "",
    PackFileKind.WITH_DOCUMENTS: "-with-documents",
    PackFileKind.FAMILY: "-family-copy",
}


def in_words(size: int) -> str:
    """The size of a file as people say it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 1_000_000 else f"{max(1, round(size / 1000))} KB"


@dataclass(frozen=True, slots=True)
class PackFileRow:
    """One file of a build; `for_whom` is the adult whose copy it is. Whether it may be given, `standing` says."""

    pack_file_id: int
    build_id: int
    pupil_id: int
    kind: PackFileKind
    adult_id: int | None
    for_whom: str
    sha256: str
    size: int
    pages: int | None
    media_type: str
    built_at: datetime
    of: BuildKind = BuildKind.REQUEST
    forename: str = ""

    @property
    def size_words(self) -> str:
        """The file's size as people say it."""
        return in_words(self.size)

    @property
    def title(self) -> str:
        """What it is, and of a copy whose: one adult's copy is not to be taken for another's."""
        return f"Copy for {self.for_whom}" if self.for_whom else self.kind.label

    @property
    def file_name(self) -> str:
        """What it is called when kept: nothing of the child; of a copy, the adult's first name and no surname."""
        day = local(self.built_at).date().isoformat()
        whose = f"-for-{self.forename}" if self.forename else ""
        return f"{STEMS[self.of]}{_PARTS[self.kind]}{whose}-{day}.{_ENDINGS[self.media_type]}"


def _row(row: Any) -> PackFileRow:
    name = adult_name(row["title"], row["forename"], row["surname"]) if row["adult_id"] else ""
    of_file = {key: row[key] for key in ("pupil_id", "kind", "adult_id", "sha256", "size", "pages", "media_type")}
    return PackFileRow(
        pack_file_id=row["id"],
        build_id=row["pack_build_id"],
        for_whom=name,
        built_at=row["built_at"],
        of=row["of"],
        forename=row["forename"] or "",
        **of_file,
    )


@finder("pack_file")
def find_pack_file(pack_file_id: int) -> Subject | None:
    """The pupil of a file of a build, when it is in scope."""
    row = db.session.execute(_ONE, {"pack_file_id": pack_file_id}).first()
    return Subject(pupil_id=row.pupil_id) if row else None


def pack_file_of(pack_file_id: int) -> PackFileRow:
    """One file. It must be in scope (the guard has looked)."""
    return _row(db.session.execute(_ONE, {"pack_file_id": pack_file_id}).mappings().one())


def files_of_request(request_id: int) -> Mapping[int, tuple[PackFileRow, ...]]:
    """By build of a request: its files beside the pack."""
    found: dict[int, list[PackFileRow]] = defaultdict(list)
    for row in map(_row, db.session.execute(_OF_REQUEST, {"request_id": request_id}).mappings()):
        found[row.build_id].append(row)
    return {build_id: tuple(rows) for build_id, rows in found.items()}


def files_of_build(build_id: int) -> tuple[PackFileRow, ...]:
    """The files beside the pack of one build."""
    return tuple(_row(row) for row in db.session.execute(_OF_BUILD, {"build_id": build_id}).mappings())


def all_pack_files() -> tuple[PackFileRow, ...]:
    """Every file of a build in sight."""
    return tuple(_row(row) for row in db.session.execute(_FILE).mappings())
