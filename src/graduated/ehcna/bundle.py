"""What a build keeps beside the pack: the list of records, and one ZIP with everything; the same build, same bytes."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BufferedRandom
from typing import Any

from graduated.db.clock import local
from graduated.db.files import CHUNK, FileStore
from graduated.ehcna.attachments import Attachment
from graduated.ehcna.manifest import manifest_bytes
from graduated.ehcna.services_build import BesidePack
from graduated.rules.vocabulary import BuildKind, PackFileKind
from graduated.web.filters import moment as moment_words

_FOLDER = "documents"
FILES = {BuildKind.REQUEST: "pack.pdf", BuildKind.ADVICE: "advice.pdf"}
"""What the document of a build is called in its ZIP."""
_READ_ME = """\
What this folder holds
======================

{file}
    The {what}, built on {moment} by {builder}. It is confidential.
    It reads aloud well{summary}.

{documents}manifest.json
    Every record that it was made from: what kind of record, its date,
    and a fingerprint (SHA-256) of what it said. It holds no words of a record.

How to check that nothing was changed
-------------------------------------

The foot of every page of {file} names the beginning of the fingerprint of
manifest.json, and its first page names the whole of it:

    {fingerprint}

Whoever has this folder can work it out again:

    Windows:        certutil -hashfile manifest.json SHA256
    Mac or Linux:   shasum -a 256 manifest.json

When it is the same, the list is the one that {file} was built from. The
school can tell whether a record still says what it said then.
"""
_WITH = """\
documents
    The papers that go with the pack, by their numbers in its list of documents.

"""
_WITHOUT = """\
documents
    No papers go with this pack.

"""


@dataclass(frozen=True, slots=True)
class FamilyCopy:
    """The pack's copy for one adult, in memory."""

    adult_id: int
    pdf: bytes
    pages: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pack in memory, what goes with it, and what a person should know before sending it; `name` is the pupil’s."""

    moment: datetime
    builder: str
    pdf: bytes
    pages: int
    warnings: tuple[str, ...]
    manifest: dict[str, Any]
    manifest_sha256: str
    attachments: tuple[Attachment, ...]
    name: str = ""
    copies: tuple[FamilyCopy, ...] = ()
    kind: BuildKind = BuildKind.REQUEST

    @property
    def file_name(self) -> str:
        """What the document is called in the ZIP."""
        return FILES[self.kind]


def in_store(store: FileStore, attachments: Iterable[Attachment]) -> tuple[tuple[Attachment, ...], tuple[str, ...]]:
    """The papers whose files are there, and a warning for each whose file is not."""
    there, warnings = [], []
    for one in attachments:
        path = store.path(one.sha256)
        if path.is_file() and path.stat().st_size == one.size:
            there.append(one)
        else:
            warnings.append(
                f"The file of document {one.number}, “{one.title}”, could not be read: it is not in the ZIP."
            )
    return tuple(there), tuple(warnings)


def beside(store: FileStore, drawn: Drawn) -> Iterator[BesidePack]:
    """The copies for the family, the list of records and the ZIP, written aside; no copy goes into the ZIP."""
    for copy in drawn.copies:
        staged = store.stage_chunks([copy.pdf])
        yield BesidePack(PackFileKind.FAMILY, staged, "application/pdf", copy.pages, copy.adult_id)
    listed = manifest_bytes(drawn.manifest)
    yield BesidePack(PackFileKind.MANIFEST, store.stage_chunks([listed]), "application/json")
    whole = store.stage(lambda out: zipped(out, store, drawn))
    yield BesidePack(PackFileKind.ZIP, whole, "application/zip")


def zipped(out: BufferedRandom, store: FileStore, drawn: Drawn) -> None:
    """Write the ZIP: pack, list of records, a word to whoever opens it, and the documents, streamed from the store.

    Files are stored as they are (a PDF does not get smaller), in a fixed order and with the moment of the build.
    """
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in (
            ("README.txt", read_me(drawn).replace("\n", "\r\n").encode()),
            (drawn.file_name, drawn.pdf),
            ("manifest.json", manifest_bytes(drawn.manifest)),
        ):
            archive.writestr(_entry(name, drawn.moment), content)
        if not drawn.attachments and drawn.kind is BuildKind.REQUEST:
            archive.writestr(_entry(f"{_FOLDER}/", drawn.moment), b"")
        for one in drawn.attachments:
            entry = _entry(f"{_FOLDER}/{one.file_name}", drawn.moment)
            entry.file_size = one.size
            with store.path(one.sha256).open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, CHUNK)


def _entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, local(moment).timetuple()[:6])
    entry.create_system = 3  # else it says on which system it was made
    entry.external_attr = (0o40755 << 16) | 0x10 if name.endswith("/") else 0o100644 << 16
    return entry


def read_me(drawn: Drawn) -> str:
    """What each file is and how to check it, in plain words."""
    of_request = drawn.kind is BuildKind.REQUEST
    return _READ_ME.format(
        file=drawn.file_name,
        what=drawn.kind.inside,
        summary=", and its summary names the page of each answer" if of_request else "",
        moment=moment_words(drawn.moment),
        builder=drawn.builder,
        fingerprint=drawn.manifest_sha256,
        documents=(_WITH if drawn.attachments else _WITHOUT) if of_request else "",
    )
